"""Processes that use one connection without end, and the means to kill them. Forked, so that a new one is cheap."""

import multiprocessing
import os
import signal
import time as machine
from collections import Counter
from collections.abc import Iterator
from multiprocessing.context import ForkProcess
from pathlib import Path

from django.conf import settings
from django.db import connections

from apps.core.http import RemoteError
from apps.exact.client import Exact
from apps.exact.models import Connection
from apps.sandbox import time

PAUSE = 0.25  # seconds of the machine between two calls of one process
_fork = multiprocessing.get_context("fork")


def _ask(pk: int, log: Path) -> None:
    """Ask current/Me again and again, and note what came of each call. The row is read once, as a worker does."""
    exact = Exact(Connection.objects.select_related("app").get(pk=pk))
    with log.open("a") as notes:
        while True:
            time.forget()
            try:
                exact.me()
                word = "ok"
            except RemoteError as error:
                word = type(error).__name__
            notes.write(f"{word}\n")
            notes.flush()
            machine.sleep(PAUSE)


class Askers:
    """So many processes at once; whoever is killed is replaced."""

    def __init__(self, pk: int, size: int) -> None:
        self._pk, self._size, self._made = pk, size, 0
        self._folder = Path(settings.DATA_DIR) / "askers"
        self._folder.mkdir(exist_ok=True)
        self._alive: dict[int, ForkProcess] = {}

    def fill(self) -> None:
        """Start as many as are missing."""
        connections.close_all()  # a forked process must not share them
        while len(self._alive) < self._size:
            self._made += 1
            process = _fork.Process(target=_ask, args=(self._pk, self._log(self._made)), daemon=True)
            process.start()
            self._alive[self._made] = process

    def kill(self, number: int, *, unless_renewing: bool = False) -> bool:
        """Kill one with SIGKILL. `unless_renewing`: stop it first, and let it go on when a renewal is under way."""
        process = self._alive[number]
        if unless_renewing:
            os.kill(process.pid or 0, signal.SIGSTOP)
            machine.sleep(0.02)
            if Connection.objects.filter(pk=self._pk, asked_at__isnull=False).exists():
                os.kill(process.pid or 0, signal.SIGCONT)
                return False
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        del self._alive[number]
        return True

    def kill_all(self) -> None:
        """Kill everybody between two renewals."""
        for number in self.numbers:
            while not self.kill(number, unless_renewing=True):
                machine.sleep(0.05)

    @property
    def numbers(self) -> list[int]:
        """The numbers of those that live."""
        return list(self._alive)

    def words(self) -> Counter[str]:
        """Count what came of all calls so far."""
        return Counter(word for log in self._logs() for word in log.read_text().split())

    def last_words(self) -> list[str]:
        """Return what came of the last call of each that lives, "" for one that made none yet."""
        logs = (self._log(number) for number in self.numbers)
        return [(log.read_text().split() or [""])[-1] if log.exists() else "" for log in logs]

    def _logs(self) -> Iterator[Path]:
        return self._folder.glob("*.log")

    def _log(self, number: int) -> Path:
        return self._folder / f"{number}.log"
