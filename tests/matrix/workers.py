"""Worker processes that hold delivery rounds without end, and the means to kill them. Forked: a new one is cheap."""

import logging
import multiprocessing
import os
import re
import signal
import time as machine
from multiprocessing.context import ForkProcess
from pathlib import Path

from django.conf import settings
from django.db import connections

from apps.core import crew, http
from apps.intake import rendering  # noqa: F401 - loaded here once, not in each process that is forked
from apps.invoices.tasks import deliver_round
from apps.sandbox import time
from tests.matrix.combinations import PATIENCE

NAME = "worker "
LOOK = 0.3  # seconds between two looks for work, for here it comes and goes fast
_OUTAGES = ("django.db.utils.OperationalError", "django.db.utils.InterfaceError", "psycopg.")
_ERROR = re.compile(r"[\w.]+(Error|Exception|Lost|Changed)\b")
_fork = multiprocessing.get_context("fork")


def _work(log: Path) -> None:
    """Hold one round after the other, as a worker of the product does minute by minute.

    It survives a round that fails, as a task that fails does not end the product's worker either.
    """
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    http.USER_AGENT = f"{NAME}{os.getpid()}"
    settings.HTTP_TIMEOUT = (3, PATIENCE)
    time.FRESH_SECONDS, crew.LOOK = 0.0, LOOK
    while True:
        try:
            deliver_round()
        except Exception:
            logging.getLogger(__name__).exception("A round failed")
            connections.close_all()
        machine.sleep(LOOK)


class Workers:
    """So many processes at once; whoever is killed is replaced."""

    def __init__(self, size: int) -> None:
        self._size, self.kills = size, 0
        self.log = Path(settings.DATA_DIR) / "workers.log"
        self._alive: dict[str, ForkProcess] = {}

    def fill(self) -> None:
        """Start as many as are missing."""
        self._alive = {name: process for name, process in self._alive.items() if process.is_alive()}
        if len(self._alive) == self._size:
            return
        connections.close_all()  # a forked process must not share them
        while len(self._alive) < self._size:
            process = _fork.Process(target=_work, args=(self.log,), daemon=True)
            process.start()
            self._alive[f"{NAME}{process.pid}"] = process

    def kill(self, name: str) -> bool:
        """Kill one with SIGKILL; False when there is none of that name."""
        process = self._alive.pop(name, None)
        if process is None:
            return False
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        self.kills += 1
        return True

    def end(self) -> None:
        """Kill everybody: nothing is under way any more."""
        for process in self._alive.values():
            process.kill()
            process.join()
        self._alive.clear()

    def failures(self) -> list[str]:
        """Return the last lines of tracebacks that no outage of the database explains."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        last = [line for line in lines if _ERROR.match(line)]
        return sorted({line for line in last if not line.startswith(_OUTAGES)})
