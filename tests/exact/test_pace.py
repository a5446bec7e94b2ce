from datetime import UTC, datetime, timedelta
from typing import Any

from apps.exact.pace import CALLS_A_MINUTE, Stage, pace

NOW = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)


def stage(**values: Any) -> Stage:
    usual: dict[str, Any] = {
        "name": "relations",
        "is_done": False,
        "rows": 0,
        "calls": 0,
        "seconds": 0.0,
        "page_size": 60,
        "total": None,
        "first": False,
    }
    return Stage(**{**usual, **values})


def test_a_finished_run_has_no_end_to_expect() -> None:
    done = stage(is_done=True, rows=10, calls=2, seconds=1.0)
    found = pace([done, done], NOW)
    assert (found.done, found.of, found.rows, found.calls) == (2, 2, 20, 4)
    assert (found.ends_at, found.at_least) == (None, False)


def test_the_total_says_how_many_calls_are_left() -> None:
    assert stage(total=601, rows=60).calls_left == 10
    assert stage(total=60, rows=60).calls_left == 1
    assert stage(page_size=None, total=None).calls_left == 1
    assert stage(is_done=True, total=600).calls_left == 0


def test_the_end_follows_the_speed_that_was_seen() -> None:
    found = pace([stage(total=600, rows=300, calls=5, seconds=10.0)], NOW, minute_left=50)
    assert found.ends_at == NOW + timedelta(seconds=5 * 2.0)
    assert not found.at_least


def test_a_full_minute_waits_for_the_next_ones() -> None:
    left = 3 * CALLS_A_MINUTE + 10
    found = pace([stage(total=60 * left, calls=5, seconds=0.5)], NOW, minute_left=10)
    assert found.ends_at == NOW.replace(second=0) + timedelta(minutes=1 + 2)


def test_nothing_ends_before_it_goes_on() -> None:
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    found = pace([stage(calls=1, seconds=1.0)], NOW, goes_on_at=midnight, minute_left=57)
    assert found.ends_at == midnight + timedelta(seconds=1)


def test_a_first_reading_without_a_total_is_at_least_that_long() -> None:
    assert pace([stage(page_size=1000, first=True)], NOW).at_least
    assert not pace([stage(page_size=1000)], NOW).at_least
    assert not pace([stage(page_size=None, first=True)], NOW).at_least
