"""Over which days a cost is spread."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.rules.spreading import span_of
from apps.rules.words import Spread

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_the_period_of_the_document_or_months_from_its_date() -> None:
    day, period = date(2026, 9, 15), (date(2026, 10, 1), date(2026, 12, 31))
    assert span_of(Spread.NOT, None, day, period) is None
    assert span_of(Spread.DOCUMENT, None, day, period) == period
    assert span_of(Spread.DOCUMENT, None, day, None) is None
    assert span_of(Spread.MONTHS, 12, day, period) == (day, date(2027, 9, 14))


def test_the_last_day_of_a_month_is_followed_by_a_shorter_month() -> None:
    assert span_of(Spread.MONTHS, 1, date(2026, 1, 31), None) == (date(2026, 1, 31), date(2026, 2, 27))
    assert span_of(Spread.MONTHS, 1, date(2024, 1, 31), None) == (date(2024, 1, 31), date(2024, 2, 28))


@given(DAYS, st.integers(1, 120))
def test_so_many_months_are_about_as_many_days(day: date, months: int) -> None:
    span = span_of(Spread.MONTHS, months, day, None)
    assert span
    assert span[0] == day
    assert abs((span[1] - day + timedelta(1)).days - months * 30.4375) < 4
