"""From the mirrors of one administration to the facts of its preflight: a fixed number of queries, and no call."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock, identifiers
from apps.core.identifiers import Identifier
from apps.exact.models import (
    BankAccount,
    Division,
    GLAccount,
    LedgerLine,
    Relation,
    SyncState,
    VATCode,
)
from apps.exact.models import Journal as JournalMirror
from apps.invoices.models import InvoiceLine
from apps.posting.models import Posting
from apps.preflight import access
from apps.preflight.access_facts import User
from apps.preflight.facts import Books, Cards, Facts, Journal, Others
from apps.preflight.models import Preflight
from apps.rules.books import PURCHASES, calendar_of
from apps.rules.closing import Trouble
from apps.rules.models import BookingRule
from apps.rules.scenario import Scenario

_ALWAYS = frozenset({Scenario.NL_HIGH.value, Scenario.NL_LOW.value})  # no books without these
_YEAR, _MONTH = timedelta(days=365), timedelta(days=30)
_NUMBERS: dict[str, Callable[[Relation], Identifier | None]] = {
    "kvk": lambda card: identifiers.kvk(card.chamber_of_commerce),
    "vat": lambda card: identifiers.vat(card.vat_number, card.country),
    "oin": lambda card: identifiers.oin(card.oin),
    "gln": lambda card: identifiers.gln(card.gln),
}


def gather(administration: Administration) -> Facts:
    """Return what is known of `administration` now."""
    division = (
        Division.objects.select_related("app", "connection", "administration")
        .filter(administration=administration)
        .first()
    )
    if division is None:
        return Facts(User(is_linked=False))
    states = {state.resource: state for state in SyncState.objects.filter(division=division)}
    mailbox = access.mailbox_row(administration)
    return Facts(
        access.user_of(division, states),
        access.licence_of(division, states, access.methods_of(administration), mailbox),
        _books(administration, division, states),
        _cards(division, states),
        _others(administration, division),
        access.mailbox_of(mailbox),
    )


def _books(administration: Administration, division: Division, states: dict[str, SyncState]) -> Books:
    journal = _journal(administration, division, states)
    calendar, today = calendar_of(division), clock.today()
    trouble = calendar.trouble(journal.code, today)
    return Books(
        journal=journal,
        has_period=calendar.has_period(today) if access.is_read(states, "periods") else None,
        is_open=trouble != Trouble.CLOSED,
        is_filed=any(start <= today <= end for start, end in calendar.filed),
        accounts=tuple(_unusable(administration, division)),
        are_accounts_read=access.is_read(states, "gl_accounts"),
        **_vat(administration, division, is_read=access.is_read(states, "vat_codes")),
    )


def _journal(administration: Administration, division: Division, states: dict[str, SyncState]) -> Journal:
    code = administration.purchase_journal
    row = JournalMirror.objects.filter(division=division, code=code).first() if code else None
    if row is None:
        return Journal(code, exists=False if access.is_read(states, "journals") else None)
    takes_vat = row.raw.get("AllowVAT")
    return Journal(
        code,
        exists=True,
        is_purchase=row.type == JournalMirror.PURCHASE,
        is_blocked=row.blocked,
        takes_vat=takes_vat if isinstance(takes_vat, bool) else None,
        currency=row.currency,
    )


def _vat(administration: Administration, division: Division, *, is_read: bool) -> dict[str, Any]:
    rows = list(administration.vat_table.all())
    usable = set(VATCode.objects.filter(division=division, blocked=False).values_list("code", flat=True))
    since = clock.now() - _YEAR
    used = InvoiceLine.objects.filter(
        invoice__administration=administration, invoice__received_at__gte=since
    ).exclude(scenario="")
    wanted = _ALWAYS | set(used.order_by().values_list("scenario", flat=True).distinct())
    return {
        "has_table": bool(rows),
        "scenarios": tuple(sorted(wanted - {row.scenario for row in rows})),
        "unconfirmed": sum(row.confirmed_at is None or bool(row.doubt) for row in rows),
        "blocked_codes": tuple(sorted({row.vat_code for row in rows} - usable)) if is_read else (),
        "are_codes_read": is_read,
    }


def _unusable(administration: Administration, division: Division) -> Iterator[tuple[str, str]]:
    """Yield the ledger accounts that cards, rules or the suspense account name and that take no entries."""
    accounts = list(GLAccount.objects.filter(division=division).defer("raw"))
    by_code = {account.code: account for account in accounts}
    wrong: dict[Any, GLAccount] = {
        account.exact_id: account for account in accounts if not account.takes_entries
    }
    suspense = by_code.get(administration.suspense_account)
    if suspense and not suspense.takes_entries:
        yield suspense.code, str(_("suspense account"))
    group = administration.client.group_id
    firm = Q(administration=None, client=None) & (Q(client_group=None) | Q(client_group=group))
    mine = Q(administration=administration) | Q(administration=None, client=administration.client_id) | firm
    rules = BookingRule.objects.filter(mine, active=True).exclude(gl_code="").values_list("gl_code", "name")
    for code, name in rules.order_by("position", "pk"):
        if code in by_code and not by_code[code].takes_entries:
            yield code, name
    cards = Relation.objects.filter(
        division=division, is_supplier=True, blocked=False, gl_account_purchase__in=list(wrong)
    )
    for key, name in cards.order_by("name").values_list("gl_account_purchase", "name"):
        yield wrong[key].code, name


def _cards(division: Division, states: dict[str, SyncState]) -> Cards:
    if not access.is_read(states, "relations"):
        return Cards()
    cards = list(
        Relation.objects.filter(division=division, is_supplier=True, blocked=False)
        .defer("raw")
        .order_by("code")
    )
    accounts = _accounts(division)
    carried: dict[str, dict[str, list[str]]] = {kind: defaultdict(list) for kind in ("kvk", "vat", "iban")}
    bare = 0
    for card in cards:
        numbers = _numbers(card) | {("iban", value) for value in accounts.get(card.exact_id, ())}
        bare += not numbers and not card.peppol
        for kind, value in numbers:
            if kind in carried:
                carried[kind][value].append(str(card))
    return Cards(
        count=len(cards),
        bare=bare,
        bare_percent_allowed=settings.PREFLIGHT_CARDS_PERCENT,
        same={
            kind: tuple((value, tuple(names)) for value, names in sorted(found.items()) if len(names) > 1)
            for kind, found in carried.items()
        },
    )


def _numbers(card: Relation) -> set[tuple[str, str]]:
    read = ((kind, reader(card)) for kind, reader in _NUMBERS.items())
    return {(kind, one.value) for kind, one in read if one and one.valid and not one.is_placeholder}


def _accounts(division: Division) -> dict[Any, set[str]]:
    found: dict[Any, set[str]] = defaultdict(set)
    rows = BankAccount.objects.filter(division=division, blocked=False)
    for relation, text in rows.values_list("relation", "iban"):
        number = identifiers.iban(text)
        if number and number.valid and not number.is_placeholder:
            found[relation].add(number.value)
    return found


def _others(administration: Administration, division: Division) -> Others:
    """Entries of the last month that are not ours; who made them the ledger does not tell."""
    kept = Preflight.objects.filter(administration=administration).first()
    since = clock.today() - _MONTH
    entries = LedgerLine.objects.filter(
        division=division, type__in=PURCHASES, line_number=0, booked_on__gte=since
    )
    ours = Posting.objects.filter(division=division, exact_id__isnull=False).values("exact_id")
    return Others(
        active=kept.others_active if kept else None,
        said=kept.others_said if kept else "",
        entries=entries.exclude(entry_id__in=ours).count(),
    )
