"""Worker processes that do without end what the product's schedules call, and the means to kill them."""

import logging
import multiprocessing
import os
import signal
import time as machine
from collections.abc import Callable
from multiprocessing.context import ForkProcess
from pathlib import Path

from django.db import connections

from apps.econnect import tasks as econnect_tasks
from apps.intake import mailboxes
from apps.intake import tasks as intake_tasks
from apps.invoices import processing

PAUSE = 0.2  # seconds between two rounds
_fork = multiprocessing.get_context("fork")


def _read_mailboxes() -> None:
    for mailbox in mailboxes.due():
        intake_tasks.read_mailbox(mailbox)


ROUND: tuple[Callable[[], object], ...] = (
    _read_mailboxes,
    intake_tasks.look_into_folders,
    intake_tasks.fetch_peppol,
    processing.process,
    econnect_tasks.remove_kept,
)


def _work(log: Path, first: int) -> None:
    """Do one task after the other; workers begin at different ones. One that fails does not end the worker."""
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    turn = first
    while True:
        try:
            ROUND[turn % len(ROUND)]()
        except Exception:
            logging.getLogger(__name__).exception("A round failed")
            connections.close_all()
        turn += 1
        if turn % len(ROUND) == first % len(ROUND):
            machine.sleep(PAUSE)


class Workers:
    """So many workers at a time, each replaced when it is killed."""

    def __init__(self, count: int, log: Path) -> None:
        self.kills, self._log, self._made = 0, log, 0
        self._all = [self._start() for _number in range(count)]

    def kill(self, number: int) -> None:
        """Kill one worker wherever it is, with no time to finish, and start another."""
        place = number % len(self._all)
        os.kill(self._all[place].pid or 0, signal.SIGKILL)
        self._all[place].join()
        self.kills += 1
        self._all[place] = self._start()

    def end(self) -> None:
        """End them all."""
        for worker in self._all:
            worker.kill()
            worker.join()

    def _start(self) -> ForkProcess:
        connections.close_all()
        worker = _fork.Process(target=_work, args=(self._log, self._made), daemon=True)
        self._made += 1
        worker.start()
        return worker
