"""Over which days a cost is spread in the books (PurchaseEntryLines.From and To, Exact facts 4.4). Pure."""

from calendar import monthrange
from datetime import date, timedelta

from apps.rules.words import Spread

Span = tuple[date, date]


def span_of(spread: str, months: int | None, day: date, period: Span | None) -> Span | None:
    """Return the first and last day that a rule with this `spread` means; None for none.

    `day` is the date of the document, `period` what it says it is about (BT-73, BT-74).
    """
    if spread == Spread.DOCUMENT:
        return period
    if spread == Spread.MONTHS and months:
        return day, _months_later(day, months) - timedelta(days=1)
    return None


def _months_later(day: date, months: int) -> date:
    """Return the same day so many months later; the last one of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
