"""A crew: some threads of one worker process that work side by side through keys, for the length of a round.

It knows nothing of what the work is. Two rounds of one kind never run on one host beyond a setting, so that some
workers stay free for what is quick; a round that ends with work left rings for the next.
"""

import fcntl
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import FrameType

from django.conf import settings
from django.db import close_old_connections, connections

from apps.core import clock, queue

ROUND = 55.0  # seconds that a round lasts at most
GRACE = (
    40.0  # seconds that work under way gets to come to a safe point; both together less than a task may take
)
LOOK = 2.0  # seconds between two looks for keys that have become due
HANDOVER = timedelta(minutes=1)  # who wants to go on later than that is found by the schedule
_TICK = 0.25
_SOONEST = timedelta(seconds=1)
_AFTER_FAILURE = timedelta(minutes=1)
_ENDS = (
    signal.SIGTERM,
    signal.SIGURG,
)  # the worker sends SIGURG to all at its end: who holds no round ignores it

log = logging.getLogger(__name__)
_here = threading.local()

Due = Callable[[], Iterable[int]]
Work = Callable[[int], datetime | None]


def time_is_up() -> bool:
    """Tell whether the round that this thread works in is over: long work then stops at its next safe point."""
    crew = getattr(_here, "crew", None)
    return isinstance(crew, Crew) and crew.is_over


def hold_round(task: str, due: Due, work: Work, *, stay: int = 0) -> None:
    """Hold a round of `task`, unless this host has enough of them; see `run`.

    When somebody wants to go on soon after its end, `task` is rung with that moment (seconds since 1970), so that
    the next round waits for it.
    """
    with _seat(task) as seated:
        if not seated:
            return
        left = run(due, work, threads=settings.DIVISIONS_AT_ONCE, seconds=ROUND, stay=stay)
    if left and left <= clock.now() + HANDOVER:
        queue.ring(task, int(left.timestamp()) + 1)


def run(due: Due, work: Work, *, threads: int, seconds: float, stay: int = 0) -> datetime | None:
    """Do `work` on every key that `due` names, in that order, in at most `threads` threads, for `seconds`.

    `due` is asked again and again; `work` returns when its key wants to go on (None: done), and gets it when that
    moment comes within the round. Work that fails is logged and stops nobody. The round ends early when nothing is
    left and `stay` (seconds since 1970) has passed, or by SIGTERM. Returns the first moment that somebody still
    wants. Each thread has database connections of its own and closes them.
    """
    crew = Crew(work, threads, seconds, stay)
    with _ending_early(crew):
        try:
            crew.look(due())
            while not (crew.is_over or crew.is_idle):
                crew.rest()
                crew.look(due())
        finally:
            crew.end()
    return crew.left


class Crew:
    """The keys of one round, and who is at work on which."""

    def __init__(self, work: Work, most: int, seconds: float, stay: int) -> None:
        self._work, self._most, self._stay = work, most, stay
        self._ends_at = clock.stopwatch() + seconds
        self._ended = False
        self._change = threading.Condition()
        self._waiting: dict[int, datetime] = {}
        self._going_on: dict[int, datetime] = {}
        self._busy: set[int] = set()
        self._done_at: dict[int, float] = {}
        self._threads: list[threading.Thread] = []

    @property
    def is_over(self) -> bool:
        """Whether nothing new is begun."""
        return self._ended or clock.stopwatch() >= self._ends_at

    @property
    def is_idle(self) -> bool:
        """Whether nobody is at work, and nobody wants to go on before the round is over."""
        now = clock.now()
        end = now + timedelta(seconds=self._ends_at - clock.stopwatch())
        with self._change:
            wanted = self._waiting or any(moment <= end for moment in self._going_on.values())
            return not (self._busy or wanted or now.timestamp() < self._stay)

    @property
    def left(self) -> datetime | None:
        """The first moment that a key wants to go on."""
        return min([*self._waiting.values(), *self._going_on.values()], default=None)

    def stop(self) -> None:
        """Begin nothing new. Called by a signal, so it takes no lock."""
        self._ended = True

    def look(self, keys: Iterable[int]) -> None:
        """Take in keys that are due. One that was done a moment ago rests, so that a key always due holds up nobody."""
        now, recent = clock.now(), clock.stopwatch() - LOOK
        with self._change:
            for key in keys:
                known = key in self._busy or key in self._going_on
                if not known and self._done_at.get(key, recent) <= recent:
                    self._waiting.setdefault(key, now)
            hands = min(self._most, len(self._busy) + len(self._waiting) + len(self._going_on))
            self._change.notify_all()
        while len(self._threads) < hands:
            self._threads.append(threading.Thread(target=self._hand, daemon=True))
            self._threads[-1].start()

    def rest(self) -> None:
        """Wait until it is time for another look, or nobody has anything to do."""
        until = clock.stopwatch() + LOOK
        while not self.is_over and clock.stopwatch() < until and not self.is_idle:
            with self._change:
                self._change.wait(_TICK)

    def end(self) -> None:
        """Wait until work under way has come to a safe point, GRACE seconds at most."""
        self.stop()
        until = clock.stopwatch() + GRACE
        for thread in self._threads:
            thread.join(max(0.0, until - clock.stopwatch()))
        if any(thread.is_alive() for thread in self._threads):
            log.warning("A round ended while %d keys were still under way.", len(self._busy))

    def _hand(self) -> None:
        _here.crew = self
        try:
            while (key := self._next()) is not None:
                close_old_connections()
                self._put_back(key, self._again(key))
        finally:
            connections.close_all()

    def _next(self) -> int | None:
        with self._change:
            while not self.is_over:
                key = self._ready()
                if key is not None:
                    self._busy.add(key)
                    return key
                self._change.wait(_TICK)
        return None

    def _ready(self) -> int | None:
        """Take out a key whose moment has come: who goes on before who has not begun."""
        now = clock.now()
        for waiting in (self._going_on, self._waiting):
            for key, moment in waiting.items():
                if moment <= now:
                    del waiting[key]
                    return key
        return None

    def _again(self, key: int) -> datetime | None:
        try:
            moment = self._work(key)
        except Exception:
            log.exception("Work on %s failed", key)
            return clock.now() + _AFTER_FAILURE
        return max(moment, clock.now() + _SOONEST) if moment else None

    def _put_back(self, key: int, moment: datetime | None) -> None:
        with self._change:
            self._busy.discard(key)
            if moment:
                self._going_on[key] = moment
            else:
                self._done_at[key] = clock.stopwatch()
            self._change.notify_all()


@contextmanager
def _ending_early(crew: Crew) -> Iterator[None]:
    """End the round by a signal, which then takes its usual way. Signals reach the main thread alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[int] = []

    def on_signal(signum: int, frame: FrameType | None) -> None:
        caught.append(signum)
        crew.stop()

    before = {number: signal.signal(number, on_signal) for number in _ENDS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for signum in caught:
            os.kill(os.getpid(), signum)


@contextmanager
def _seat(kind: str) -> Iterator[bool]:
    """Take one of the host's places for a round of `kind`; a place is free again when its process ends in any way."""
    folder = settings.DATA_DIR / "rounds"
    folder.mkdir(exist_ok=True)
    for place in range(settings.ROUNDS_AT_ONCE):
        with (folder / f"{kind}-{place}").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield True
            return
    yield False
