"""The VAT table of an administration: proposed from Exact's own codes, in force once somebody confirms it."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from apps.clients.models import Administration
from apps.core import clock
from apps.exact.models import Division, Journal, LedgerLine, VATCode, VATPercentage
from apps.rules.models import VATTable
from apps.rules.vat_proposal import Code, Proposal
from apps.rules.vat_proposal import propose as propose_from

_YEAR = timedelta(days=365)


def propose(administration: Administration) -> list[VATTable]:
    """Write a proposal for each scenario that one mirrored VAT code clearly fits; return the whole table.

    What somebody confirmed stays as it is; proposals that no longer hold go.
    """
    wanted = {each.scenario: each for each in propose_from(_codes(administration))}
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
    """Put every proposed row in force in the name of `by`; return how many."""
    return confirm_rows(administration.vat_table.all(), by)


def confirm_rows(rows: QuerySet[VATTable], by: str) -> int:
    """Put those of `rows` in force that nobody confirmed yet, one by one so that each has its history."""
    waiting = list(rows.filter(confirmed_at=None))
    for row in waiting:
        row.confirmed_at, row.confirmed_by = clock.now(), by
        row.save(update_fields=["confirmed_at", "confirmed_by"])
    return len(waiting)


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


def _codes(administration: Administration) -> list[Code]:
    mirrored = VATCode.objects.filter(division__administration=administration).order_by("code")
    today = _percentages_today(administration)
    return [
        Code(
            code=row.code,
            description=row.description,
            type=row.type,
            percentage=today.get(row.exact_id, row.percentage),
            transaction_type=row.transaction_type,
            charged=row.charged,
            blocked=row.blocked,
        )
        for row in mirrored
    ]


def _percentages_today(administration: Administration) -> dict[UUID, Decimal]:
    today = clock.today()
    dated = VATPercentage.objects.filter(division__administration=administration).order_by(
        F("start_date").asc(nulls_first=True)
    )
    return {
        row.vat_code: row.percentage
        for row in dated
        if (row.start_date is None or row.start_date <= today)
        and (row.end_date is None or row.end_date >= today)
    }
