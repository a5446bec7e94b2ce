"""Supervisor of the worker: keeps one cluster of processes alive, and leaves none behind.

django-q2 can wedge with every process alive: an idle worker that is killed takes the queue's lock with it
(stack facts 2.3 and 2.6). So beats go through the queue itself, and a cluster that stays silent is killed
as a whole group and started anew. What it was doing is safe: rows keep every promise.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

from apps.core import clock, heartbeat, queue
from apps.core.models import Heartbeat
from apps.core.queue import OrmQ, ScheduledTask
from apps.core.watchdog import Watchdog

logger = logging.getLogger(__name__)

STALE = settings.Q_CLUSTER["timeout"] + 60  # seconds; longer than the longest task
GRACE = settings.Q_CLUSTER["timeout"] + 10  # seconds that running tasks get to finish at the end
START = 60  # seconds from start to first beat, on a busy machine
POLL = 0.5
INSTALL_EVERY = 60
LONGEST_PAUSE = 30


class Supervisor:
    """Runs one cluster until told to stop. `stale` and `grace` are seconds."""

    def __init__(
        self, schedules: Iterable[ScheduledTask], *, stale: float = STALE, grace: float = GRACE
    ) -> None:
        self._schedules = tuple(schedules)
        self._grace = grace
        self._beat_every = min(20.0, stale / 6)
        self._watchdog = Watchdog(stale=stale, start=START)
        self._cluster: subprocess.Popen[bytes] | None = None
        self._stops = 0
        self._starts_in_vain = 0
        self._start_at = self._install_at = self._ring_at = 0.0
        self._edge: int | None = None

    def run(self) -> None:
        """Supervise until SIGTERM or SIGINT; a second signal ends running tasks at once."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._on_signal)
        try:
            while not self._stops:
                self.step()
                time.sleep(POLL)
        finally:
            self._end()

    def step(self) -> None:
        """Look once: start what is missing, ring the next beat, kill what is silent."""
        now = clock.stopwatch()
        try:
            self._keep_schedules(now)
            self._look(now)
        except (DatabaseError, InterfaceError) as trouble:
            logger.warning("The worker cannot reach the database: %s", trouble)
            connection.close()
            self._watchdog.blind(now)
        if self._cluster and self._watchdog.is_stale(now):
            logger.error("The cluster has stopped taking work; it is killed and started anew.")
            self._kill()

    def _on_signal(self, signum: int, frame: FrameType | None) -> None:
        self._stops += 1

    def _keep_schedules(self, now: float) -> None:
        if now < self._install_at:
            return
        with transaction.atomic():
            # The row is the lock: two supervisors that start together must not both write schedules.
            Heartbeat.objects.select_for_update().get_or_create(
                name="schedules", defaults={"beat_at": clock.now()}
            )
            queue.install(self._schedules)
        self._install_at = now + INSTALL_EVERY

    def _look(self, now: float) -> None:
        if self._cluster is None or self._cluster.poll() is not None:
            self._start(now)
        if self._cluster is None:
            return
        if now >= self._ring_at:
            self._ring(now)
        ahead = OrmQ.objects.filter(pk__lte=self._edge).count() if self._edge else 0
        if self._watchdog.see(now, beat=heartbeat.last(self._name()), ahead=ahead):
            self._edge = None
            self._starts_in_vain = 0

    def _ring(self, now: float) -> None:
        queue.ring("apps.core.tasks.beat")
        self._ring_at = now + self._beat_every
        if self._edge is None:
            self._edge = OrmQ.objects.order_by("-pk").values_list("pk", flat=True).first()

    def _start(self, now: float) -> None:
        self._kill()  # a cluster whose leader died leaves its workers behind
        if now < self._start_at:
            return
        self._start_at = now + min(LONGEST_PAUSE, 2**self._starts_in_vain)
        self._starts_in_vain += 1
        command = [sys.executable, "-m", "apps.core.guard", sys.executable, "manage.py", "qcluster"]
        self._cluster = subprocess.Popen(  # noqa: S603 - our own command line
            command, stdin=subprocess.PIPE, start_new_session=True, cwd=settings.BASE_DIR
        )
        self._edge, self._ring_at = None, now
        self._watchdog.restarted(now)

    def _name(self) -> str:
        return heartbeat.worker_name(self._cluster.pid) if self._cluster else ""

    def _end(self) -> None:
        if self._cluster is None:
            return
        self._cluster.terminate()
        deadline = clock.stopwatch() + self._grace
        while self._cluster.poll() is None and self._stops < 2 and clock.stopwatch() < deadline:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._cluster.pid, signal.SIGURG)  # ends rounds early; everybody else ignores it
            time.sleep(POLL)
        self._kill()

    def _kill(self) -> None:
        if self._cluster is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._cluster.pid, signal.SIGKILL)
        self._cluster.wait()
        if self._cluster.stdin:
            self._cluster.stdin.close()
        with contextlib.suppress(DatabaseError, InterfaceError):
            heartbeat.forget(self._name())
        self._cluster = None
