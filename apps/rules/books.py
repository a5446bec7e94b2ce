"""The codes of one division as coding needs them, read from the mirrors and kept until they are synced anew."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, Q, QuerySet

from apps.core import clock
from apps.exact.kept import Kept, Stamps
from apps.exact.models import (
    CostCenter,
    CostUnit,
    Division,
    FinancialPeriod,
    GLAccount,
    JournalStatus,
    LedgerLine,
    VATCode,
    VATReturn,
)
from apps.rules.closing import REALISED, VAT_RETURN, Calendar, span
from apps.rules.history import MOST_READ, History, Past

_RESOURCES = ("gl_accounts", "vat_codes", "cost_centers", "cost_units")
PURCHASES = (30, 31)  # entry and credit note (Exact facts 4.8)
PAST = ("gl_code", "vat_code", "cost_center", "cost_unit", "description", "date", "entry_id")
# What the client was asked about says nothing about the next document.
SUSPENDED = Q(gl_code=F("division__administration__suspense_account")) & ~Q(gl_code="")


@dataclass(frozen=True)
class Books:
    """Ledger accounts (by id and by code), VAT codes, cost centres and cost units of a division."""

    accounts: Mapping[str, GLAccount]
    accounts_by_code: Mapping[str, GLAccount]
    vat_codes: Mapping[str, VATCode]
    cost_centers: frozenset[str]
    cost_units: frozenset[str]

    @cached_property
    def bookable(self) -> Mapping[str, str]:
        """Ids of the accounts that a purchase may be booked on, by their codes."""
        return {
            code: str(account.exact_id)
            for code, account in self.accounts_by_code.items()
            if account.takes_entries
        }


def books_of(division: Division, stamps: Stamps | None = None) -> Books:
    """Return the books of `division`, read anew when one of their mirrors was synced since."""
    return _books.of(division, stamps)


def _read(division: Division) -> Books:
    accounts = list(GLAccount.objects.filter(division=division, blocked=False).defer("raw"))
    vat_codes = VATCode.objects.filter(division=division, blocked=False).defer("raw")
    return Books(
        accounts={str(account.exact_id): account for account in accounts},
        accounts_by_code={account.code: account for account in accounts},
        vat_codes={code.code: code for code in vat_codes},
        cost_centers=_in_use(CostCenter.objects.filter(division=division)),
        cost_units=_in_use(CostUnit.objects.filter(division=division)),
    )


def calendar_of(division: Division, stamps: Stamps | None = None) -> Calendar:
    """Return which days of `division` are closed or filed, read anew as `books_of` is.

    Apart from the books: who may not read returns shall not read all the rest anew for each document.
    """
    return _calendars.of(division, stamps)


def _calendar(division: Division) -> Calendar:
    periods = FinancialPeriod.objects.filter(division=division)
    closed = JournalStatus.objects.filter(division=division, closed=True)
    filed = VATReturn.objects.filter(division=division, type=VAT_RETURN, status__gte=REALISED)
    spans = (span(*row) for row in filed.values_list("year", "period", "frequency"))
    return Calendar(
        tuple(periods.values_list("start_date", "end_date", "year", "period")),
        frozenset(closed.values_list("journal", "year", "period")),
        tuple(one for one in spans if one),
    )


def _in_use(codes: QuerySet[Any]) -> frozenset[str]:
    """Return the codes that were not ended before today."""
    open_ended = Q(end_date=None) | Q(end_date__gte=clock.today())
    return frozenset(codes.filter(open_ended).values_list("code", flat=True))


def booked_lines(division: Division) -> QuerySet[LedgerLine]:
    """Return the lines of purchase entries and credit notes in the ledger of `division`, without their headers.

    Lines of VAT are among them: `past_of` knows them by their account. What waits on the suspense account is not.
    """
    rows: QuerySet[LedgerLine] = LedgerLine.objects.filter(
        division=division, relation__isnull=False, type__in=PURCHASES, line_number__gt=0
    )
    return rows.exclude(SUSPENDED)


def history_of(division: Division, supplier: str, accounts: Mapping[str, GLAccount]) -> History:
    """Return what was booked for `supplier` in the ledger, newest first; `accounts` are those of the books, by id."""
    lines = booked_lines(division).filter(relation=supplier).order_by("-date", "-pk")
    return History(list(past_of(lines.values_list("gl_account", *PAST)[:MOST_READ], accounts)))


def past_of(rows: Iterable[Sequence[Any]], accounts: Mapping[str, GLAccount]) -> Iterator[Past]:
    """Yield ledger lines (account's id, then the columns of Past) as history sees them, without the lines of VAT.

    An account that is blocked or gone is not among `accounts`. Its lines stay: it is not proposed any more, but
    what was booked on it was not booked on another one.
    """
    for key, code, vat_code, cost_center, cost_unit, text, day, entry in rows:
        account = accounts.get(str(key))
        if account is None or account.takes_entries:
            now = account.code if account else code
            yield Past(now, vat_code, cost_center, cost_unit, text, day, str(entry))


_books = Kept(_read, _RESOURCES)
_calendars = Kept(_calendar, ("periods", "journal_statuses", "returns"))
