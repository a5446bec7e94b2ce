"""A firm that books many invoices while everything goes wrong, as one seed tells it. Prints one JSON line.

Runs inside a place of its own (tests.processes): `world.py <seed> <postings>`.
"""

import json
import os
import sys
import time as machine
from datetime import timedelta
from typing import Any

import django
from django.conf import settings

os.environ["EMAIL_URL"] = "memorymail://"
django.setup()

from django.db import connection as database  # noqa: E402
from django.db.models import Min  # noqa: E402
from django.utils import translation  # noqa: E402

from apps.clients.models import Administration  # noqa: E402
from apps.core import clock, queue  # noqa: E402
from apps.exact import (  # noqa: E402
    chain,
    connection,
    connection_tasks,
    lookout,
)
from apps.exact.models import Connection, ConnectionStatus, Division  # noqa: E402
from apps.invoices import delivering, due, reviewing, tasks  # noqa: E402
from apps.invoices.models import Invoice, State  # noqa: E402
from apps.people.models import User  # noqa: E402
from apps.posting import halting  # noqa: E402
from apps.posting.models import Halt, Posting  # noqa: E402
from apps.sandbox import switches  # noqa: E402
from tests import batches  # noqa: E402
from tests.soak import fate, verdict  # noqa: E402

CODES = (4_300_001, 4_300_002, 4_300_003)
ENTRIES = "purchaseentry/PurchaseEntries"
TO_DO = (State.READY, State.POSTING, State.UNCERTAIN)
ROUNDS = 4000  # more than any story took; who needs more is stuck
LONG = timedelta(minutes=2)
OF_A_WORKER = {
    lookout.LOOK: connection_tasks.look_after,
    chain.TELL: connection_tasks.tell,
    settings.BELLS["connection_mended"]: tasks.resume,
}


class World:
    """The firm, and what people did in Exact besides us: entries by hand, entries removed."""

    def __init__(self, seed: int, postings: int) -> None:
        self.fate = fate.begin(seed)
        self.choose = self.fate.choose
        settings.HTTP_MOUNT = "tests.soak.fate.FatefulSandbox"
        settings.HTTP_TIMEOUT = (3, 600)  # a slow machine is no fault
        settings.RENDER_PDF = self.choose.random() < 0.3
        connection.PATIENCE, connection._LOOK_AGAIN = 1.0, 1.1  # who died holding a lease is not waited for
        self.person = User.objects.create_superuser("person@example.com", "a password", language="en")
        self.codes = CODES[: max(1, min(len(CODES), postings // 20))]
        self.divisions = batches.open_books(self.codes, whole=True)
        self.to_come = postings
        self.by_hand: dict[int, str] = {}
        self.removed: set[int] = set()
        self.rounds = 0

    def live(self) -> None:
        """Let everything happen until all is booked, or waits for a person."""
        while (self.to_come or self._to_do()) and self.rounds < ROUNDS:
            self._people_act()
            self._work()
            self._time_passes()

    def settle(self) -> int:
        """Let people mend what waits for them, and nothing go wrong any more; return how many documents waited."""
        waited = 0
        self.fate.faults_per_call = self.fate.deaths_per_round = 0.0
        for _again in range(3):
            self._mend()
            waiting = Invoice.objects.filter(state=State.ATTENTION).select_related(
                "administration", "posting"
            )
            waited += reviewing.retry_all(waiting.order_by("pk"), by=self.person)
            while self._to_do() and self.rounds < ROUNDS:
                self._mend()
                self._work()
                self._time_passes()
        return waited

    def _to_do(self) -> bool:
        return Invoice.objects.filter(state__in=TO_DO).exists()

    def _work(self) -> None:
        """Do what the workers would in this minute, in processes that may die at any statement."""
        self.rounds += 1
        for pk in lookout.due():
            with self.fate.tried():
                connection_tasks.look_after(pk)
        for bell in queue.OrmQ.objects.order_by("pk"):
            task, keys = bell.func(), bell.task["args"]
            bell.delete()
            if task in OF_A_WORKER:
                with self.fate.tried():
                    OF_A_WORKER[task](*keys)
        for pk in due.divisions_due():
            with self.fate.tried():
                delivering.deliver_due(pk)

    def _time_passes(self) -> None:
        self.fate.wait(self.choose.uniform(5, 70))
        wanted = Posting.objects.open().aggregate(at=Min("next_attempt_at"))["at"]
        if wanted and wanted > clock.now() + LONG and not due.divisions_due():
            self.fate.wait((wanted - clock.now()).total_seconds())

    def _people_act(self) -> None:
        if Connection.objects.filter(status=ConnectionStatus.LOST).exists():
            self.fate.happened["signed in again"] += 1
            batches.sign_in(self.codes)
        acts = (
            (0.7, self._take_in),
            (0.1, self._pause),
            (0.3, self._resume),
            (0.3, self._book_by_hand),
            (0.15, self._remove),
        )
        for likely, act in acts:
            if self.choose.random() < likely:
                act()
        for halt in Halt.objects.filter(halted_at__isnull=False).order_by("pk"):
            if self.choose.random() < 0.5:
                self.fate.happened["halt lifted"] += halting.go_on(halt, by=self.person)

    def _take_in(self) -> None:
        """Let some documents of one division come in."""
        some = min(self.choose.randrange(1, 30), self.to_come)
        if some:
            batches.stack(self.choose.choice(self.divisions), some)
            self.to_come -= some

    def _pause(self) -> None:
        administration = self.choose.choice(self.divisions).administration
        assert administration
        self.fate.happened["pause"] += Administration.objects.get(pk=administration.pk).pause(by=self.person)

    def _resume(self) -> None:
        for administration in Administration.objects.filter(paused_at__isnull=False).order_by("pk"):
            administration.resume(by=self.person)

    def _book_by_hand(self) -> None:
        """Book in Exact what we have not begun: from then on it is there, and ours to adopt."""
        unbegun = list(
            Invoice.objects.filter(state=State.READY, posting=None)
            .exclude(pk__in=self.by_hand)
            .order_by("pk")
        )
        if not unbegun:
            return
        invoice = self.choose.choice(unbegun)
        division = Division.objects.select_related("app", "connection").get(
            administration=invoice.administration
        )
        if division.connection is None or division.connection.status != ConnectionStatus.ALIVE:
            return
        payload = dict(delivering.plan_of(invoice, division, "")["steps"][-1]["payload"])
        del payload["ExternalLinkReference"]
        self.by_hand[invoice.pk] = verdict.book(division, payload)
        self.fate.happened["booked by hand"] += 1

    def _remove(self) -> None:
        """Remove an entry in Exact that is booked: nobody asked us to book it again."""
        booked = list(Invoice.objects.filter(state=State.DONE).exclude(pk__in=self.removed).order_by("pk"))
        if booked:
            invoice = self.choose.choice(booked)
            posting = Posting.objects.select_related("division").get(invoice=invoice)
            switches.delete(ENTRIES, posting.division.code, str(posting.exact_id))
            self.removed.add(invoice.pk)
            self.fate.happened["removed in Exact"] += 1

    def _mend(self) -> None:
        self._resume()
        for halt in Halt.objects.filter(halted_at__isnull=False):
            halting.go_on(halt, by=self.person)
        if Connection.objects.filter(status=ConnectionStatus.LOST).exists():
            batches.sign_in(self.codes)


def main(seed: int, postings: int) -> dict[str, Any]:
    """Live the story of `seed` to its end and judge it."""
    begun = machine.monotonic()
    with translation.override("en"):
        world = World(seed, postings)
        world.live()
        waited = world.settle()
        found = verdict.judge(world.by_hand, world.removed)
    return {
        "seed": seed,
        "postings": postings,
        "database": database.vendor,
        **found,
        "waited_for_a_person": waited,
        "rounds": world.rounds,
        "hours": round((world.fate.now - fate.START).total_seconds() / 3600, 1),
        "happened": dict(sorted(world.fate.happened.items())),
        "fingerprint": world.choose.randrange(2**32),
        "seconds": round(machine.monotonic() - begun, 1),
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201
