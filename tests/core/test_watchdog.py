from datetime import UTC, datetime, timedelta

import pytest

from apps.core.watchdog import Watchdog

FIRST = datetime(2026, 11, 20, 9, tzinfo=UTC)
LATER = FIRST + timedelta(seconds=20)


@pytest.fixture
def watchdog() -> Watchdog:
    """A watchdog of a cluster that started at 0 and beat at 10; stale after 60."""
    watchdog = Watchdog(stale=60, start=30)
    watchdog.restarted(0)
    assert watchdog.see(10, beat=FIRST, ahead=0)
    return watchdog


def test_a_cluster_that_beats_is_alive(watchdog: Watchdog) -> None:
    assert watchdog.see(60, beat=LATER, ahead=0)
    assert not watchdog.is_stale(119)


def test_a_silent_one_is_stale(watchdog: Watchdog) -> None:
    assert not watchdog.see(69, beat=FIRST, ahead=0)
    assert not watchdog.is_stale(70)
    assert watchdog.is_stale(71)


def test_a_new_cluster_gets_time_to_start() -> None:
    watchdog = Watchdog(stale=60, start=30)
    watchdog.restarted(0)
    assert not watchdog.is_stale(89)
    assert watchdog.is_stale(91)


def test_a_shrinking_queue_before_the_beat_is_life(watchdog: Watchdog) -> None:
    watchdog.see(20, beat=FIRST, ahead=5)
    for now, ahead in [(50, 4), (100, 3), (150, 2)]:
        watchdog.see(now, beat=FIRST, ahead=ahead)
        assert not watchdog.is_stale(now + 59)


def test_a_queue_that_stands_still_is_not(watchdog: Watchdog) -> None:
    for now in range(20, 71, 10):
        watchdog.see(now, beat=FIRST, ahead=5)
    assert watchdog.is_stale(71)


def test_a_neighbour_that_takes_our_beat_hides_us_once_only(watchdog: Watchdog) -> None:
    watchdog.see(20, beat=FIRST, ahead=1)
    watchdog.see(30, beat=FIRST, ahead=0)
    watchdog.see(60, beat=FIRST, ahead=0)
    assert not watchdog.is_stale(90)
    assert watchdog.is_stale(91)


def test_a_database_that_is_away_counts_for_nobody(watchdog: Watchdog) -> None:
    for now in range(20, 600, 10):
        watchdog.blind(now)
    assert not watchdog.is_stale(640)
    assert watchdog.is_stale(660)


def test_a_restart_does_not_take_the_old_silence_along(watchdog: Watchdog) -> None:
    assert watchdog.is_stale(200)
    watchdog.restarted(200)
    assert not watchdog.is_stale(260)
