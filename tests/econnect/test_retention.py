from datetime import UTC, datetime, timedelta

import pytest

from apps.econnect.retention import Retention, is_near

TERMS = Retention(unread=timedelta(days=90), read=timedelta(days=7))
CAME = datetime(2026, 11, 2, tzinfo=UTC)


def day(number: int) -> datetime:
    return CAME + timedelta(days=number)


@pytest.mark.parametrize(
    ("fetched", "end"),
    [(None, 90), (day(0), 7), (day(80), 87), (day(85), 90)],  # a late download gives no more time
)
def test_the_end_of_the_term(fetched: datetime | None, end: int) -> None:
    assert TERMS.ends_at(CAME, fetched) == day(end)


@pytest.mark.parametrize(("now", "near"), [(0, False), (84, False), (85, True), (95, True)])
def test_the_end_is_near_some_days_before(now: int, near: bool) -> None:
    assert is_near(TERMS.ends_at(CAME, None), day(now)) is near
