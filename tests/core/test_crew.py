"""Many keys at work side by side: order, going on later, failures, ends, and places on a host."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from apps.core import clock, crew, queue
from tests.shared import ROOT

TASK = "apps.core.tasks.tick"


class Keys:
    """Keys that are due until they are done, and what was done with them, as real work would leave it."""

    def __init__(self, *keys: int) -> None:
        self.open = list(keys)
        self.done: list[int] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()

    def due(self) -> list[int]:
        """Return the keys that nobody finished."""
        return list(self.open)

    def finish(self, key: int) -> None:
        """Note that `key` is done."""
        with self._lock:
            self.open.remove(key)
            self.done.append(key)

    def work(self, key: int) -> datetime | None:
        """Take a moment and finish."""
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.at_once, self.most_at_once)
        time.sleep(0.05)
        with self._lock:
            self.at_once -= 1
        self.finish(key)
        return None


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(crew, "LOOK", 0.1)
    settings.DATA_DIR = tmp_path
    yield


def run(
    keys: Keys, work: Callable[[int], datetime | None], seconds: float = 10, **more: int
) -> datetime | None:
    options: dict[str, Any] = {"threads": 3, "seconds": seconds, **more}
    return crew.run(keys.due, work, **options)


pytestmark = pytest.mark.django_db(transaction=True)


def test_every_key_is_done_once_and_never_more_at_a_time_than_threads() -> None:
    keys = Keys(*range(10))
    assert run(keys, keys.work) is None
    assert sorted(keys.done) == list(range(10))
    assert keys.most_at_once == 3


def test_keys_are_taken_in_the_order_given() -> None:
    keys = Keys(7, 3, 9, 1)
    run(keys, keys.work, threads=1)
    assert keys.done == [7, 3, 9, 1]


def test_nothing_due_ends_at_once() -> None:
    begun = clock.stopwatch()
    assert run(Keys(), Keys().work) is None
    assert clock.stopwatch() - begun < 1


def test_who_wants_to_go_on_within_the_round_does_so_then() -> None:
    keys, seen = Keys(1), []

    def work(key: int) -> datetime | None:
        seen.append(clock.now())
        if len(seen) == 1:
            return clock.now() + timedelta(seconds=1.5)
        keys.finish(key)
        return None

    assert run(keys, work) is None
    assert timedelta(seconds=1.4) < seen[1] - seen[0] < timedelta(seconds=4)


def test_who_goes_on_does_so_before_who_has_not_begun() -> None:
    keys, order = Keys(*range(1, 31)), []

    def work(key: int) -> datetime | None:
        order.append(key)
        if order == [1]:
            return clock.now() + timedelta(seconds=1)
        return keys.work(key)

    run(keys, work, threads=1)
    assert 1 in order[2:26]


def test_who_wants_to_go_on_later_is_left_and_the_round_ends() -> None:
    later = clock.now() + timedelta(minutes=5)
    begun = clock.stopwatch()
    assert run(Keys(1), lambda _key: later) == later
    assert clock.stopwatch() - begun < 2


def test_a_moment_in_the_past_does_not_become_a_race() -> None:
    times: list[int] = []

    def work(key: int) -> datetime:
        times.append(key)
        return clock.now() - timedelta(hours=1)

    run(Keys(1), work, seconds=2.5)
    assert 2 <= len(times) <= 3


def test_a_key_that_is_always_due_is_not_a_race_either() -> None:
    times: list[int] = []

    def work(key: int) -> None:
        times.append(key)
        time.sleep(0.3 if key == 2 else 0)

    run(Keys(1, 2), work, seconds=1)
    assert times.count(1) <= 11


def test_what_becomes_due_during_the_round_is_taken_in() -> None:
    keys = Keys(1)

    def work(key: int) -> datetime | None:
        if key == 1:
            keys.open.append(2)
            time.sleep(0.4)
        keys.finish(key)
        return None

    run(keys, work)
    assert sorted(keys.done) == [1, 2]


def test_no_key_is_at_work_twice_at_once() -> None:
    keys = Keys(1)

    def work(key: int) -> datetime | None:
        time.sleep(0.5)
        return keys.work(key)

    run(keys, work)
    assert keys.done == [1]


def test_a_failure_is_logged_and_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    keys = Keys(1, 2, 3)

    def work(key: int) -> datetime | None:
        if key == 1:
            raise KeyError("a poisoned division")
        return keys.work(key)

    with caplog.at_level(logging.ERROR):
        left = run(keys, work, seconds=3)
    assert sorted(keys.done) == [2, 3]
    assert "a poisoned division" in caplog.text
    assert left is not None
    assert left > clock.now() + timedelta(seconds=30)


def test_at_the_end_nothing_is_begun_and_work_under_way_is_told() -> None:
    keys, told = Keys(1, 2), []

    def work(key: int) -> datetime | None:
        while not crew.time_is_up():
            time.sleep(0.01)
        told.append(key)
        return clock.now()

    begun = clock.stopwatch()
    left = run(keys, work, seconds=0.5, threads=1)
    assert told == [1]
    assert clock.stopwatch() - begun < 3
    assert left is not None
    assert left <= clock.now() + timedelta(seconds=1)


def test_outside_of_a_round_time_is_never_up() -> None:
    assert not crew.time_is_up()


def test_work_that_does_not_come_to_an_end_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(crew, "GRACE", 0.3)
    gate = threading.Event()

    def work(key: int) -> None:
        gate.wait(10)

    begun = clock.stopwatch()
    run(Keys(1), work, seconds=0.2)
    assert clock.stopwatch() - begun < 3
    assert "still under way" in caplog.text
    gate.set()


def test_no_connection_to_the_database_outlives_the_round() -> None:
    keys, opened = Keys(1, 2, 3), []

    def work(key: int) -> datetime | None:
        queue.schedules().count()
        opened.append(connection.connection)
        return keys.work(key)

    run(keys, work)
    assert len(opened) == 3
    assert len({id(one) for one in opened}) <= 3
    assert all(_is_closed(one) for one in opened)


def _is_closed(made: Any) -> bool:
    try:
        made.cursor().execute("SELECT 1")
    except Exception:
        return True
    return False


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGURG])
def test_a_signal_ends_the_round_early_and_then_goes_its_usual_way(signum: int) -> None:
    heard: list[int] = []
    before = signal.signal(signum, lambda number, frame: heard.append(number))
    threading.Timer(0.5, os.kill, (os.getpid(), signum)).start()
    try:
        begun = clock.stopwatch()
        run(Keys(1), lambda _key: clock.now() + timedelta(seconds=1), seconds=30)
        assert clock.stopwatch() - begun < 5
        assert heard == [signum]
    finally:
        signal.signal(signum, before)


# rounds of a host


def rung() -> list[tuple[int, ...]]:
    return [bell.task["args"] for bell in queue.OrmQ.objects.all()]


def test_a_round_with_work_left_rings_for_the_next_which_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crew, "ROUND", 0.5)
    soon = clock.now() + timedelta(seconds=3)
    crew.hold_round(TASK, Keys(1).due, lambda _key: soon)
    assert rung() == [(int(soon.timestamp()) + 1,)]
    begun = clock.stopwatch()
    monkeypatch.setattr(crew, "ROUND", 20)
    crew.hold_round(TASK, list, Keys().work, stay=rung()[0][0])
    assert 1.5 < clock.stopwatch() - begun < 6


@pytest.mark.parametrize("wish", [None, timedelta(hours=1)])
def test_a_round_with_nothing_to_do_soon_does_not_ring(wish: timedelta | None) -> None:
    keys = Keys(1)

    def work(key: int) -> datetime | None:
        keys.finish(key)
        return clock.now() + wish if wish else None

    crew.hold_round(TASK, keys.due, work)
    assert rung() == []


HOLDER = """
import sys, time
import django
django.setup()
from apps.core import crew
crew.hold_round("some.task", lambda: [1], lambda key: print("held", flush=True) or time.sleep(60))
"""


def test_only_so_many_rounds_of_a_kind_on_one_host_and_a_killed_one_frees_its_place(
    settings: Settings, tmp_path: Path
) -> None:
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment.pop("DATABASE_URL", None)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        keys = Keys(1)
        crew.hold_round("some.task", keys.due, keys.work)
        assert keys.done == []
        crew.hold_round("another.task", keys.due, keys.work)
        assert keys.done == [1]
    finally:
        holder.kill()
        holder.communicate()
    keys = Keys(2)
    crew.hold_round("some.task", keys.due, keys.work)
    assert keys.done == [2]
