"""The codes of one division as coding needs them, read from the mirrors and kept until they are synced anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from apps.clients.models import Administration
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
from apps.rules.models import BookingRule, VATTable
from apps.rules.suggestion import MOST_SHOWN, Rule

_RESOURCES = ("gl_accounts", "vat_codes", "cost_centers", "cost_units")


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


def rules_for(administration: Administration, *, supplier_name: str, supplier_code: str) -> list[Rule]:
    """Return the active rules that may speak about this supplier's lines, strongest first."""
    rows = BookingRule.objects.for_administration(administration)
    rules = (
        Rule(
            row.name,
            row.supplier_contains,
            row.supplier_code,
            row.text_contains,
            row.gl_code,
            row.vat_code,
            row.cost_center,
            row.cost_unit,
        )
        for row in rows
    )
    return [rule for rule in rules if rule.fits_supplier(supplier_name, supplier_code)]


def vat_table_of(administration: Administration) -> dict[str, str]:
    """Return the confirmed part of the administration's VAT table: scenario -> VAT code."""
    rows = VATTable.objects.filter(administration=administration, confirmed_at__isnull=False)
    return dict(rows.values_list("scenario", "vat_code"))


def booked_accounts(division: Division, supplier: str) -> list[str]:
    """Return the ledger accounts (ids) of the newest booked purchase lines of `supplier`, newest first.

    Without the header (line 0); the VAT lines are still among them, known by their account.
    """
    lines = LedgerLine.objects.filter(
        division=division, relation=supplier, type__in=[30, 31], line_number__gt=0
    )
    newest = lines.order_by("-date", "-pk").values_list("gl_account", flat=True)[: 3 * MOST_SHOWN]
    return [str(account) for account in newest]


_books = Kept(_read, _RESOURCES)
_calendars = Kept(_calendar, ("periods", "journal_statuses", "returns"))
