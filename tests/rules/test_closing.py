"""Closed journal periods and filed VAT returns: which days take no bookings any more."""

from calendar import monthrange
from datetime import date

import pytest

from apps.rules.closing import Calendar, Trouble, span

MONTHS = tuple((date(2026, m, 1), date(2026, m, monthrange(2026, m)[1]), 2026, m) for m in range(1, 13))
CALENDAR = Calendar(
    MONTHS,
    closed=frozenset({("60", 2026, 5), ("60", 2026, 7), ("70", 2026, 9)}),
    filed=((date(2026, 1, 1), date(2026, 6, 30)),),
)


@pytest.mark.parametrize(
    ("day", "trouble"),
    [
        (date(2026, 5, 31), Trouble.CLOSED),
        (date(2026, 6, 30), Trouble.FILED),
        (date(2026, 7, 1), Trouble.CLOSED),
        (date(2026, 8, 1), None),
        (date(2026, 9, 15), None),  # another journal's
    ],
)
def test_a_day_is_closed_in_its_journal_or_filed_for_all(day: date, trouble: Trouble | None) -> None:
    assert CALENDAR.trouble("60", day) is trouble


def test_the_first_open_day_lies_after_all_that_is_closed_or_filed() -> None:
    assert CALENDAR.first_open_day("60", date(2026, 2, 10)) == date(2026, 8, 1)
    assert CALENDAR.first_open_day("70", date(2026, 2, 10)) == date(2026, 7, 1)


def test_without_an_open_period_later_on_there_is_no_such_day() -> None:
    assert CALENDAR.first_open_day("60", date(2026, 12, 5)) is None


@pytest.mark.parametrize(
    ("year", "period", "frequency", "expected"),
    [
        (2026, 2, "M", (date(2026, 2, 1), date(2026, 2, 28))),
        (2026, 3, "Q", (date(2026, 7, 1), date(2026, 9, 30))),
        (2026, 1, "Y", (date(2026, 1, 1), date(2026, 12, 31))),
        (2026, 5, "Q", None),
        (2026, 0, "M", None),
        (0, 1, "M", None),
        (2026, 1, "", None),
    ],
)
def test_a_return_spans_its_months(
    year: int, period: int, frequency: str, expected: tuple[date, date] | None
) -> None:
    assert span(year, period, frequency) == expected
