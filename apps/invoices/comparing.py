"""A booking made by hand next to the one we would have made, field by field. Pure.

Lines are compared by what they add up to, never by their order: one person books a document in three lines, another
in one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.money import ZERO
from apps.exact.models import LedgerLine, VATCode
from apps.invoices.entry_lines import EntryLine
from apps.invoices.models import Invoice

NET_CODES = {"E", "I"}  # VAT codes whose VAT is booked apart from the costs (Exact 4.4)
Sums = Mapping[str, Decimal]


class Field(models.TextChoices):
    """What is compared."""

    SUPPLIER = "supplier", _("supplier")
    DATE = "date", _("date")
    YOUR_REF = "your_ref", _("their reference")
    TOTAL = "total", _("total")
    CURRENCY = "currency", _("currency")
    ACCOUNT = "account", _("ledger account")
    VAT_CODE = "vat_code", _("VAT code")
    COST_CENTER = "cost_center", _("cost centre")


class Verdict(models.TextChoices):
    """What a comparison says."""

    EQUAL = "equal", _("equal")
    DIFFERENT = "different", _("different")
    DOUBLE = "double", _("booked twice")
    MISSING = "missing", _("not booked yet")


@dataclass(frozen=True, slots=True)
class Booking:
    """What of a purchase booking is compared. `supplier` is its id in Exact, `currency` "" when unknown.

    The sums are net amounts by code, without the VAT itself; amounts carry the sign of the document.
    """

    supplier: str
    date: date | None
    your_ref: str
    total: Decimal
    currency: str
    accounts: Sums = field(default_factory=dict)
    vat_codes: Sums = field(default_factory=dict)
    cost_centers: Sums = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs; `code` says of which account, VAT code or cost centre the sums are."""

    field: Field
    ours: object
    theirs: object
    code: str = ""

    @property
    def is_amount(self) -> bool:
        """Whether the values are amounts of money."""
        return isinstance(self.ours, Decimal)


def planned(invoice: Invoice, lines: Sequence[EntryLine], vat_codes: Mapping[str, VATCode]) -> Booking:
    """Return the booking that would be posted for `invoice`, as far as it is coded by now."""
    nets = [(line, _net(line, vat_codes.get(line.vat_code))) for line in lines]
    return Booking(
        supplier=str(invoice.supplier or ""),
        date=invoice.entry_date or invoice.issue_date,
        your_ref=invoice.number[:50].strip(),
        total=sum((line.gross for line in lines), ZERO),
        currency=invoice.currency,
        accounts=_sums((line.gl_code, net) for line, net in nets),
        vat_codes=_sums((line.vat_code, net) for line, net in nets),
        cost_centers=_sums((line.cost_center, net) for line, net in nets if line.cost_center),
    )


def _net(line: EntryLine, code: VATCode | None) -> Decimal:
    """What of a line is cost: VAT that cannot be reclaimed is part of it (Exact 4.4)."""
    is_apart = code is None or (code.type in NET_CODES and not code.charged)
    return line.net if is_apart else line.gross


def booked(lines: Sequence[LedgerLine], vat_accounts: frozenset[str], currency: str) -> Booking:
    """Return the booking that the ledger lines of one entry are; `currency` is the division's own.

    `vat_accounts` are the ids of the ledger accounts of VAT. Which foreign currency an entry is in, its lines
    do not tell.
    """
    head = next(line for line in lines if line.line_number == 0)
    is_own = not head.amount_fc or head.amount_fc == head.amount
    rest = [(line, line.amount_fc if head.amount_fc else line.amount) for line in lines if line.line_number]
    costs = [(line, amount) for line, amount in rest if str(line.gl_account) not in vat_accounts]
    return Booking(
        supplier=str(head.relation or ""),
        date=head.date,
        your_ref=head.your_ref.strip(),
        total=sum((amount for _line, amount in rest), ZERO) if rest else -(head.amount_fc or head.amount),
        currency=currency if is_own else "",
        accounts=_sums((line.gl_code, amount) for line, amount in costs),
        vat_codes=_sums((line.vat_code, amount) for line, amount in costs),
        cost_centers=_sums((line.cost_center, amount) for line, amount in costs if line.cost_center),
    )


def _sums(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for code, amount in amounts:
        found[code] = found.get(code, ZERO) + amount
    return {code: amount for code, amount in found.items() if amount}


def differences(ours: Booking, theirs: Booking) -> list[Difference]:
    """Return what differs, header first, then the sums by account, VAT code and cost centre."""
    pairs = [
        (Field.SUPPLIER, ours.supplier, theirs.supplier),
        (Field.DATE, ours.date, theirs.date),
        (Field.YOUR_REF, ours.your_ref, theirs.your_ref),
        (Field.TOTAL, ours.total, theirs.total),
        (Field.CURRENCY, ours.currency, theirs.currency or ours.currency),
    ]
    found = [Difference(name, mine, yours) for name, mine, yours in pairs if mine != yours]
    for name, mine, yours in (
        (Field.ACCOUNT, ours.accounts, theirs.accounts),
        (Field.VAT_CODE, ours.vat_codes, theirs.vat_codes),
        (Field.COST_CENTER, ours.cost_centers, theirs.cost_centers),
    ):
        found += _unlike(name, mine, yours)
    return found


def _unlike(name: Field, ours: Sums, theirs: Sums) -> list[Difference]:
    codes = sorted({*ours, *theirs})
    pairs = [(code, ours.get(code, ZERO), theirs.get(code, ZERO)) for code in codes]
    return [Difference(name, mine, yours, code) for code, mine, yours in pairs if mine != yours]
