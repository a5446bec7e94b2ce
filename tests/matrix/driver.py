"""The run itself: wave after wave of documents in each division, each wave with one combination armed.

The driver is the bookkeeper, the clock, the queue and the disaster. The clock jumps only when nobody does anything.
"""

import time as machine
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connections

from apps.core import clock, queue
from apps.exact import chain, connection_tasks, lookout
from apps.exact.models import Connection, ConnectionStatus, Division
from apps.invoices import tasks as of_invoices
from apps.orders import tasks as of_orders
from apps.people.models import User
from apps.posting.models import Posting
from apps.sandbox import time
from apps.sandbox.models import Call
from tests.matrix import firm
from tests.matrix.cluster import Cluster
from tests.matrix.combinations import Combination
from tests.matrix.desk import Call as UnderWay
from tests.matrix.desk import under_way
from tests.matrix.kind import Document, Kind
from tests.matrix.workers import Workers

TICK = 0.25  # seconds of the machine
STILL = 0.5  # seconds without anything happening, after which the clock jumps
AT_WORK = 5.0  # as long while somebody who lives may hold a turn: this machine may just be slow
JUMP = 61  # seconds: past the end of a minute, of a lease, and of what a write without an answer may take
IN_VAIN = 60  # jumps in a row that bring nothing
OF_A_WORKER: dict[str, Callable[[int], None]] = {
    lookout.LOOK: connection_tasks.look_after,
    chain.TELL: connection_tasks.tell,
    "apps.invoices.tasks.resume": of_invoices.resume,
    "apps.orders.tasks.resume": of_orders.resume,
}


@dataclass(slots=True)
class Course:
    """What one division goes through: its documents in waves, one combination with each.

    One that came too late (nobody could be killed in time) is tried again with a later wave.
    """

    division: Division
    kind: Kind
    to_come: list[Combination]
    waiting: list[Document]
    bookkeeper: User
    had: list[Combination] = field(default_factory=list)
    under_way: set[int] = field(default_factory=set)

    def begin_next(self) -> None:
        """Arm the next combination, then let the bookkeeper accept the next documents."""
        if self.had and not self.had[-1].is_hit:
            self.to_come.append(self.had[-1].once_more())
        size = max(1, len(self.waiting) // (len(self.to_come) + 1))
        wave, self.waiting = self.waiting[:size], self.waiting[size:]
        if self.to_come:
            self.had.append(self.to_come.pop(0))
            self.had[-1].arm(self.division.code, len(wave))
        self.kind.agree(wave, self.bookkeeper)
        self.under_way = {each.pk for each in wave}

    @property
    def is_over(self) -> bool:
        """Whether every document was begun and is done."""
        return not (self.under_way or self.waiting)


class Stuck(Exception):
    """The clock jumps and jumps, and nothing comes of it."""


class Driver:
    """Plays the courses to their end."""

    def __init__(self, courses: list[Course], workers: Workers, cluster: Cluster, port: int) -> None:
        self._courses, self._workers, self._cluster, self._port = courses, workers, cluster, port
        self._seen: tuple[object, ...] = ()
        self._seen_at = 0.0
        self._in_vain = 0
        self._left_behind: set[object] = set()  # the leases there were when somebody was killed
        self.jumps = self.signed_in_again = 0

    def play(self) -> None:
        """Go on until every course is over. Raises Stuck."""
        while not all(course.is_over for course in self._courses):
            self._workers.fill()
            self._go_on()
            calls = under_way(self._port)
            self._strike(calls)
            self._work_of_the_queue()
            if self._is_still(calls):
                self._jump()
            machine.sleep(TICK)

    def _go_on(self) -> None:
        """Begin the next wave wherever the present one is done."""
        for kind in {course.kind for course in self._courses}:
            courses = [course for course in self._courses if course.kind is kind]
            done = kind.done({key for course in courses for key in course.under_way})
            for course in courses:
                course.under_way -= done
                if not course.under_way and not course.is_over:
                    course.begin_next()
            if done:
                self._in_vain = 0

    def _strike(self, calls: list[UnderWay]) -> None:
        """Kill the worker, or restart the database, where the call that waits for it is under way.

        Not while an access token is being renewed: a pair that got lost with its process is another story.
        """
        wanted = [course.had[-1] for course in self._courses if course.had]
        wanted = [each for each in wanted if each.trouble.act and not each.acted]
        struck = [(each, call) for each in wanted for call in calls if _is_of(call, each) and each.is_met]
        if not struck or Connection.objects.exclude(asked_at=None).exists():
            return
        self._left_behind |= _leases()
        if any(each.trouble.act == "restart" for each, _call in struck):
            connections.close_all()
            self._cluster.restart()
        for each, call in struck:
            each.acted = each.trouble.act == "restart" or self._workers.kill(call.worker) or each.acted
        self._mark_others(calls, struck)

    def _mark_others(self, calls: list[UnderWay], struck: list[tuple[Combination, UnderWay]]) -> None:
        """A worker that dies is at work in other divisions as well: their combination happened at the same time."""
        dead = {call.worker for each, call in struck if each.trouble.act == "kill" and each.acted}
        for each, call in struck:
            each.acted = each.acted or call.worker in dead

    def _work_of_the_queue(self) -> None:
        """Do what a worker of the product would do besides rounds."""
        for bell in queue.OrmQ.objects.order_by("pk"):
            task, keys = bell.func(), bell.task["args"]
            bell.delete()
            if task in OF_A_WORKER:
                OF_A_WORKER[task](*keys)

    def _is_still(self, calls: list[UnderWay]) -> bool:
        """Tell whether no call is under way and nothing has changed for a while."""
        now = machine.monotonic()
        seen = (
            Call.objects.order_by("-pk").values_list("pk", flat=True).first(),
            tuple(Division.objects.order_by("pk").values_list("lease", "leased_until")),
            tuple(Posting.objects.open().order_by("pk").values_list("pk", "state", "next_attempt_at")),
        )
        if calls or seen != self._seen:
            self._seen, self._seen_at = seen, now
        return now - self._seen_at > (STILL if _leases() <= self._left_behind else AT_WORK)

    def _jump(self) -> None:
        """Let the clock jump to where somebody wants to go on, a minute at least."""
        self._in_vain += 1
        if self._in_vain > IN_VAIN:
            raise Stuck
        now = clock.now()
        wanted = [
            *Posting.objects.open().filter(next_attempt_at__gt=now).values_list("next_attempt_at", flat=True),
            *Division.objects.filter(leased_until__gt=now).values_list("leased_until", flat=True),
            *Connection.objects.filter(try_at__gt=now).values_list("try_at", flat=True),
        ]
        time.advance(max(min(wanted, default=now) - now, timedelta(seconds=JUMP)))
        self.jumps += 1
        self._seen_at = machine.monotonic()
        connection_tasks.watch_connections()
        if Connection.objects.filter(status=ConnectionStatus.LOST).exists():
            firm.sign_in([course.division.code for course in self._courses])
            self.signed_in_again += 1


def _leases() -> set[object]:
    held = Division.objects.filter(leased_until__gt=clock.now())
    return set(held.values_list("lease", flat=True))


def _is_of(call: UnderWay, combination: Combination) -> bool:
    step = combination.step
    return (call.division, call.method, call.path) == (combination.division, step.method, step.path)
