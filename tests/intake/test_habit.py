"""When a silence says something."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.intake.habit import LEAST_DAYS, habit_of, working_days

MONDAY = date(2026, 11, 2)
WORKDAYS = [MONDAY + timedelta(days=n) for n in range(19) if n % 7 < 5]  # three weeks, each working day


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        (MONDAY, MONDAY, 0),
        (MONDAY, date(2026, 11, 3), 1),
        (date(2026, 11, 6), date(2026, 11, 8), 0),  # Friday to Sunday
        (date(2026, 11, 6), date(2026, 11, 9), 1),  # Friday to Monday
        (MONDAY, date(2026, 11, 16), 10),
        (MONDAY, date(2026, 10, 1), 0),
    ],
)
def test_working_days_are_counted(after: date, until: date, days: int) -> None:
    assert working_days(after, until) == days


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_working_days_are_what_a_calendar_says(after: date, count: int) -> None:
    days = [after + timedelta(days=n) for n in range(1, count + 1)]
    assert working_days(after, after + timedelta(days=count)) == sum(day.weekday() < 5 for day in days)


def test_a_daily_channel_is_quiet_after_three_working_days() -> None:
    last = WORKDAYS[-1]  # a Friday
    told = {n: habit_of(WORKDAYS, last + timedelta(days=n)) for n in (2, 4, 5)}
    assert [habit.is_broken for habit in told.values() if habit] == [False, False, True]
    assert told[5] and (told[5].last_on, told[5].wait, told[5].longest) == (last, 3, 1)


def test_a_weekly_channel_is_quiet_when_it_skips_a_week() -> None:
    weekly = [MONDAY + timedelta(weeks=n) for n in range(8)]
    within, after = (habit_of(weekly, weekly[-1] + timedelta(days=n)) for n in (7, 8))
    assert within and not within.is_broken
    assert after and after.is_broken


def test_too_few_days_make_no_habit() -> None:
    assert habit_of(WORKDAYS[: LEAST_DAYS - 1], MONDAY + timedelta(days=60)) is None
    assert habit_of([], MONDAY) is None
    old = [MONDAY - timedelta(weeks=60) + timedelta(days=n) for n in range(5)]
    assert habit_of([*old, MONDAY], MONDAY) is None


def test_days_after_today_are_not_counted() -> None:
    habit = habit_of([*WORKDAYS, MONDAY + timedelta(days=90)], WORKDAYS[-1])
    assert habit and habit.last_on == WORKDAYS[-1]
