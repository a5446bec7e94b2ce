from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.econnect.pauses import FIRST, LONGEST, pause


def test_each_pause_is_twice_the_one_before() -> None:
    assert [pause(number).total_seconds() / 60 for number in range(1, 6)] == [1, 2, 4, 8, 16]


@given(st.integers(0, 10**6))
def test_no_pause_is_shorter_or_longer_than_allowed(attempts: int) -> None:
    assert FIRST <= pause(attempts) <= LONGEST <= timedelta(days=1)
    assert pause(attempts) <= pause(attempts + 1)
