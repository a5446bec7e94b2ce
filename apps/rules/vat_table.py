"""The VAT table of an administration: proposed from Exact's own codes, in force once somebody confirms it."""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.exact.models import Division, Journal, LedgerLine
from apps.rules.models import VATTable
from apps.rules.vat_facts import facts_of
from apps.rules.vat_percentages import codes_on
from apps.rules.vat_proposal import Code, Proposal
from apps.rules.vat_proposal import propose as propose_from

_YEAR = timedelta(days=365)


def propose(administration: Administration) -> list[VATTable]:
    """Write a proposal for each scenario that one mirrored VAT code clearly fits; return the whole table.

    What somebody confirmed stays as it is; proposals that no longer hold go.
    """
    wanted = {each.scenario: each for each in propose_from(codes_of(administration))}
    with transaction.atomic():
        kept = {row.scenario: row for row in administration.vat_table.all()}
        for scenario, row in kept.items():
            if row.confirmed_at is None and scenario not in wanted:
                row.delete()
        for scenario, proposal in wanted.items():
            _write(administration, kept.get(scenario), proposal)
    return list(administration.vat_table.order_by("pk"))


def forget(administration: Administration) -> None:
    """Take everything out of the table, confirmed or not: the codes of one division mean nothing in another."""
    for row in administration.vat_table.all():  # one by one, so that each has its history
        row.delete()


def confirm(administration: Administration, by: str) -> int:
    """Put every proposed row in force in the name of `by`, and every doubted one again; return how many."""
    return confirm_rows(administration.vat_table.all(), by)


def confirm_rows(rows: QuerySet[VATTable], by: str) -> int:
    """Put those of `rows` in force that nobody confirmed yet or that changed since; return how many.

    One by one, so that each has its history. A row whose code Exact has no longer, or has blocked, stays as it is:
    it needs another code. The documents that wait for them go on.
    """
    waiting = rows.filter(Q(confirmed_at=None) | ~Q(doubt="")).select_related("administration")
    known: dict[int, dict[str, Code]] = {}
    done = 0
    for row in waiting:
        codes = known.setdefault(
            row.administration_id, {code.code: code for code in codes_of(row.administration)}
        )
        code = codes.get(row.vat_code)
        if row.doubt and (code is None or code.blocked):
            continue
        put_in_force(row, code, by)
        row.save()
        done += 1
    for key in known:
        queue.ring("vat_table_changed", key)
    return done


def put_in_force(row: VATTable, code: Code | None, by: str) -> None:
    """Set on `row`, without saving it, that `by` confirms it, with what Exact says of its `code` now."""
    row.confirmed_at, row.confirmed_by, row.doubt = clock.now(), by, ""
    row.facts = facts_of(code) if code else {}


def propose_journal(administration: Administration) -> str:
    """Return the code of the journal for purchases, "" when that is not clear.

    The one open journal of type 22; of several, the one most used in last year's ledger lines.
    """
    division = Division.objects.filter(administration=administration).first()
    if division is None:
        return ""
    journals = Journal.objects.filter(division=division, type=Journal.PURCHASE, blocked=False)
    codes = list(journals.values_list("code", flat=True))
    if len(codes) == 1:
        return codes[0]
    recent = LedgerLine.objects.filter(
        division=division, journal__in=codes, line_number=0, date__gte=clock.today() - _YEAR
    )
    used = Counter(recent.values_list("journal", flat=True)).most_common(2)
    clear = used and (len(used) == 1 or used[0][1] > used[1][1])
    return used[0][0] if clear else ""


def fill_journal(administration: Administration) -> None:
    """Give an administration without a purchase journal the one that is clear; a person may choose another."""
    journal = "" if administration.purchase_journal else propose_journal(administration)
    if journal:
        administration.purchase_journal = journal
        administration.save(update_fields=["purchase_journal"])


def _write(administration: Administration, row: VATTable | None, proposal: Proposal) -> None:
    why = proposal.why[:255]
    if row is None:
        VATTable.objects.create(
            administration=administration, scenario=proposal.scenario, vat_code=proposal.code, why=why
        )
    elif row.confirmed_at is None and (row.vat_code, row.why) != (proposal.code, why):
        row.vat_code, row.why = proposal.code, why
        row.save(update_fields=["vat_code", "why"])


def codes_of(administration: Administration) -> list[Code]:
    """Return the VAT codes of the administration's division as the mirror has them, with the percentage of today."""
    division = Division.objects.filter(administration=administration).first()
    if division is None:
        return []
    return [
        Code(
            code=row.code,
            description=row.description,
            type=row.type,
            percentage=percentage,
            transaction_type=row.transaction_type,
            charged=row.charged,
            blocked=row.blocked,
            country=str(row.raw.get("Country") or "").strip(),
        )
        for row, percentage in codes_on(division, clock.today())
    ]
