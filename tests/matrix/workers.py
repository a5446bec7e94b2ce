"""Worker processes that hold delivery rounds without end, and the means to kill them. Forked: a new one is cheap.

Each holds those of invoices and those of orders side by side: what one has written the other may have to carry on.
"""

import logging
import multiprocessing
import os
import re
import signal
import threading
import time as machine
from collections import Counter
from collections.abc import Callable
from multiprocessing.context import ForkProcess
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from requests import Response

from apps.core import crew, http
from apps.intake import rendering  # noqa: F401 - loaded here once, not in each process that is forked
from apps.invoices import tasks as of_invoices
from apps.orders import tasks as of_orders
from apps.sandbox import time
from tests.matrix.combinations import PATIENCE

NAME = "worker "
CALLS = "calls.log"
_DIVISION = re.compile(r"/api/v1/(\d+)/")
LOOK = 0.5  # seconds between two looks for work, for here it comes and goes fast
_OUTAGES = ("django.db.utils.OperationalError", "django.db.utils.InterfaceError")
_ERROR = re.compile(r"[\w.]+(Error|Exception|Lost|Changed)\b")
_RECORD = re.compile(r"^\d{4}-\d\d-\d\d .* ERROR ", re.MULTILINE)
ROUNDS: tuple[Callable[[], None], ...] = (of_invoices.deliver_round, of_orders.deliver_round)
_fork = multiprocessing.get_context("fork")


def _work(log: Path) -> None:
    """Hold one round of each kind after the other, as the workers of the product do minute by minute."""
    os.dup2(_appended(log), 2)
    _note_calls(_appended(log.with_name(CALLS)))
    http.USER_AGENT = f"{NAME}{os.getpid()}"
    settings.HTTP_TIMEOUT = (3, PATIENCE)
    time.FRESH_SECONDS, crew.LOOK = 0.0, LOOK
    for each in ROUNDS[1:]:
        threading.Thread(target=_hold, args=(each,), daemon=True).start()
    _hold(ROUNDS[0])


def _hold(hold_round: Callable[[], None]) -> None:
    """Survive a round that fails, as a task that fails does not end the product's worker either."""
    while True:
        try:
            hold_round()
        except Exception:
            logging.getLogger(__name__).exception("A round failed")
            connections.close_all()
        machine.sleep(LOOK)


def _appended(file: Path) -> int:
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def _note_calls(file: int) -> None:
    """Write down from when to when each call was waited for: the sandbox does not learn when somebody gives up."""
    request = http.Guarded.request

    def noted(session: http.Guarded, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        began = machine.monotonic()
        try:
            return request(session, method, url, *args, **kwargs)
        finally:
            found = _DIVISION.search(url)
            if found:
                os.write(file, f"{found[1]} {began} {machine.monotonic()}\n".encode())

    http.Guarded.request = noted  # type: ignore[assignment]


class Workers:
    """So many processes at once; whoever is killed is replaced."""

    def __init__(self, size: int) -> None:
        self._size, self.kills = size, 0
        self.log = Path(settings.DATA_DIR) / "workers.log"
        self.log.with_name(CALLS).touch()
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

    def most_at_once(self) -> int:
        """Return for how many answers the workers waited in one division at the same moment at most."""
        edges = []
        for line in self.log.with_name(CALLS).read_text().splitlines():
            division, began, ended = line.split()
            edges += [(division, float(began), 1), (division, float(ended), -1)]
        most, now = 0, Counter[str]()
        for division, _moment, step in sorted(edges, key=itemgetter(1, 2)):
            now[division] += step
            most = max(most, now[division])
        return most

    def failures(self) -> list[str]:
        """Return what the workers logged that no outage of the database explains, by the error that came out."""
        records = _RECORD.split(self.log.read_text())[1:] if self.log.exists() else []
        raised = [[line for line in record.splitlines() if _ERROR.match(line)] for record in records]
        return sorted({lines[-1] for lines in raised if lines and not lines[-1].startswith(_OUTAGES)})
