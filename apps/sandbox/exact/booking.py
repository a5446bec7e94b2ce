"""Arithmetic of a purchase booking: VAT by type of code, due dates. Pure."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
ZERO = Decimal(0)
DEFAULT_DAYS = 30
# Rates that the simulated administrations use for currencies when an entry brings none.
RATES = {"USD": Decimal("0.92"), "GBP": Decimal("1.17"), "CHF": Decimal("1.05")}


def cents(amount: Decimal) -> Decimal:
    """Return an amount rounded half up to cents."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def decimal(value: Any) -> Decimal:
    """Return the exact decimal that a JSON number shows; None is nought."""
    return Decimal(str(value)) if value is not None else ZERO


@dataclass(frozen=True, slots=True)
class VATRule:
    """A VAT code on a date: type I, E, B or N (Exact facts 4.3), reverse charge, percentage as a fraction."""

    type: str = "N"
    charged: bool = False
    percentage: Decimal = ZERO

    @property
    def bears_vat(self) -> bool:
        """Whether an amount of VAT may stand beside this code."""
        return self.type in ("I", "E")


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one line comes to: its base, its VAT, and what the supplier gets for it."""

    net: Decimal
    vat: Decimal
    payable: Decimal


def amounts(amount: Decimal, rule: VATRule, vat: Decimal | None = None) -> Amounts:
    """Return what a line of `amount` comes to: net for type E, gross for type I; `vat` overrides the VAT.

    Under reverse charge the VAT is booked but not paid to the supplier.
    """
    if not rule.bears_vat:
        return Amounts(amount, ZERO, amount)
    if rule.type == "E" or rule.charged:
        due = cents(amount * rule.percentage) if vat is None else vat
        return Amounts(amount, due, amount if rule.charged else amount + due)
    due = amount - cents(amount / (1 + rule.percentage)) if vat is None else vat
    return Amounts(amount - due, due, amount)


def due_date(entry_date: date, condition: dict[str, Any] | None) -> date:
    """Return when to pay: days after the entry, or after the end of the n-th month; 30 days by default."""
    if condition is None:
        return entry_date + timedelta(days=DEFAULT_DAYS)
    months = int(condition.get("PaymentEndOfMonths") or 0)
    start = _end_of_month(entry_date, months) if months else entry_date
    return start + timedelta(days=int(condition.get("PaymentDays") or 0))


def _end_of_month(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def first_number(journal: str, year: int) -> int:
    """Return the first booking number of a journal and year, such as 26600001."""
    digits = "".join(sign for sign in journal if sign.isdigit()) or "70"
    return year % 100 * 1_000_000 + int(digits[:2].ljust(2, "0")) * 10_000 + 1
