from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.clock import DUTCH
from apps.exact.cadence import DELETIONS_KEPT, WEEK, next_night, tells_deletions, wants_full
from apps.exact.resources import Strategy

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@given(st.integers(1, 10**9), moments)
def test_each_night_has_one_slot_for_each_division(number: int, after: datetime) -> None:
    slot = next_night(number, after)
    assert timedelta(0) < slot - after <= timedelta(hours=25)
    assert 1 <= slot.astimezone(DUTCH).hour < 5
    again = next_night(number, slot)
    assert timedelta(hours=22) < again - slot < timedelta(hours=26)


def test_the_divisions_lie_evenly_over_the_night() -> None:
    quarters = Counter(
        (next_night(number, NOW).hour, next_night(number, NOW).minute // 15) for number in range(1, 401)
    )
    assert len(quarters) == 16
    assert max(quarters.values()) <= 2 * 400 / 16


@pytest.mark.parametrize(
    ("strategy", "age", "deletions", "wanted"),
    [
        (Strategy.WHOLE, 0, None, True),
        (Strategy.BY_MODIFIED, 6, None, False),
        (Strategy.BY_MODIFIED, 7, None, True),
        (Strategy.BALANCES, 7, None, True),
        (Strategy.BALANCES, 1, None, False),
        (Strategy.BY_TIMESTAMP, 900, True, False),
        (Strategy.BY_TIMESTAMP, 900, None, False),
        (Strategy.BY_TIMESTAMP, 6, False, False),
        (Strategy.BY_TIMESTAMP, 7, False, True),
    ],
)
def test_when_everything_is_compared(
    strategy: Strategy, age: int, deletions: bool | None, wanted: bool
) -> None:
    full_at = NOW - timedelta(days=age)
    assert wants_full(strategy, full_at=full_at, deletions=deletions, now=NOW) is wanted


def test_deletions_are_relied_on_while_they_reach_back_far_enough() -> None:
    assert tells_deletions(read_at=None, refused=False, now=NOW)
    assert tells_deletions(read_at=NOW - WEEK, refused=False, now=NOW)
    assert not tells_deletions(read_at=NOW - DELETIONS_KEPT, refused=False, now=NOW)
    assert not tells_deletions(read_at=NOW, refused=True, now=NOW)
