"""Syncing a division: what is due is read in its turn, within the budget, and gives way to postings.

What is due stands in the rows. `SyncPlan.due_at` says when a run begins; it makes every resource due
(`SyncState.resume_at`), and each that was read to its end is due no more. So a run that is cut off, wherever, goes on
with what is left of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q

from apps.core import clock, crew, queue
from apps.exact import cadence, mirror
from apps.exact.mirror import Halt, SyncResult
from apps.exact.models import ConnectionStatus, Division, SyncPlan, SyncState
from apps.exact.passes import Pass
from apps.exact.resources import RESOURCES
from apps.exact.turns import Turn, TurnLost, turn

LIVING = (ConnectionStatus.ALIVE, ConnectionStatus.UNSURE)


@dataclass
class Ran:
    """What one run did. `goes_on_at`: when it wants to go on, None when nothing is due; `busy`: it had no turn."""

    results: list[SyncResult] = field(default_factory=list)
    goes_on_at: datetime | None = None
    busy: bool = False


def sync_due(division: Division) -> datetime | None:
    """Read what is due of `division` now; return when it wants to go on.

    None: finished, nothing due, or in somebody else's hands, and then `divisions_due` tells when it is not any more.
    """
    ran = run(division)
    return None if ran.busy else ran.goes_on_at


def run(division: Division) -> Ran:
    """Read what is due of `division` now, in its turn. Never raises what Exact answers."""
    with turn(division) as held:
        if held is None:
            return Ran(goes_on_at=clock.now() + cadence.BUSY, busy=True)
        return _Run(division, held).go()


def make_due(division: Division) -> None:
    """Let a run of `division` begin as soon as somebody has time: after linking, or because a person asks."""
    SyncPlan.objects.update_or_create(division=division, defaults={"due_at": clock.now()})


def behind(division: Division, names: Iterable[str], moment: datetime) -> dict[str, bool]:
    """Return which of the mirrors `names` were not read since `moment`, and make them due at once.

    True: it is read soon, by itself. False: a person must end its trouble first, and then it is read at night or when
    somebody asks. One that was never read is in neither.
    """
    states = SyncState.objects.filter(division=division, resource__in=list(names), synced_at__isnull=False)
    unread = [state for state in states if not _was_read_since(state, moment)]
    idle = SyncState.objects.filter(pk__in=[state.pk for state in unread], resume_at=None, trouble="")
    if unread and idle.update(resume_at=clock.now()):
        queue.ring("apps.exact.tasks.resume_division", division.pk)
    return {state.resource: bool(state.resume_at or not state.trouble) for state in unread}


def _was_read_since(state: SyncState, moment: datetime) -> bool:
    began = state.synced_at - timedelta(seconds=state.seconds) if state.synced_at else None
    return began is not None and began >= moment


def cancel(division: Division) -> bool:
    """Let the run under way end, what was read is kept: at its next page, or now when it only waits.

    False when none is under way.
    """
    under_way = SyncPlan.objects.filter(division=division, began_at__isnull=False, ended_at=None)
    if under_way.update(stop_asked=True) != 1:
        return False
    with turn(division) as held:
        if held:
            _Run(division, held).is_cancelled()
    return True


def divisions_due() -> list[int]:
    """Return the linked divisions with something to read now: what was begun first, then what was never read.

    Only with a living connection, and not where somebody is at work.
    """
    now = clock.now()
    _plan_new(now)
    _put_right(now)
    waiting = SyncState.objects.filter(
        division=OuterRef("pk"), resume_at__isnull=False, resource__in=RESOURCES
    )
    begun = Q(sync_plan__began_at__isnull=False, sync_plan__ended_at=None)
    cut_off = begun & ~Exists(waiting)  # read to its end by a worker that died before it said so
    due = Division.objects.filter(
        Exists(waiting.filter(resume_at__lte=now)) | cut_off | Q(sync_plan__due_at__lte=now),
        administration__isnull=False,
        connection__status__in=LIVING,
    ).exclude(leased_until__gt=now)
    read = Exists(SyncState.objects.filter(division=OuterRef("pk"), synced_at__isnull=False))
    order = (ExpressionWrapper(~begun, BooleanField()), read, "sync_plan__due_at", "pk")
    return list(due.order_by(*order).values_list("pk", flat=True))


def _plan_new(now: datetime) -> None:
    """Give each linked division a plan: also those that were linked before there were plans."""
    without = Division.objects.filter(
        administration__isnull=False, connection__isnull=False, sync_plan__isnull=True
    )
    plans = [SyncPlan(division=division, due_at=now) for division in without]
    SyncPlan.objects.bulk_create(plans, ignore_conflicts=True)


def _put_right(now: datetime) -> None:
    """Make due what a clock that ran ahead, and has been put right since, has put off for days."""
    far = now + cadence.FURTHEST
    SyncPlan.objects.filter(due_at__gt=far).update(due_at=now)
    SyncState.objects.filter(resume_at__gt=far).update(resume_at=now)


class _Run:
    def __init__(self, division: Division, held: Turn) -> None:
        self.division, self.held = division, held
        self.plan = SyncPlan.objects.filter(division=division)
        self.states = SyncState.objects.filter(division=division, resource__in=RESOURCES)
        self.told = (0, 0)
        self.results: list[SyncResult] = []

    def go(self) -> Ran:
        if self.is_cancelled():
            return Ran()
        # Word that was left before this turn was taken: whoever left it had its chance.
        Division.objects.filter(pk=self.division.pk, wanted=True).update(wanted=False)
        for result in self._read():
            self.results.append(result)
            self._count(result)
            self.told = (0, 0)
        left, has_ended = self._left()
        # One that ends without reading anything was cut off at its end, and what was read told nobody.
        if any(result.changed for result in self.results) or (has_ended and not self.results):
            queue.ring("mirrors_read", self.division.pk)
        return Ran(self.results, left)

    def _read(self) -> Iterator[SyncResult]:
        now = clock.now()
        self._begin(now)
        due = self.states.filter(resume_at__lte=now).values_list("resource", flat=True)
        try:
            yield from mirror.read(self.division, due, self._watch)
        except Halt:
            return

    def _begin(self, now: datetime) -> None:
        """Make everything due when the plan is."""
        night = cadence.next_night(self.division.pk, now)
        values = {"began_at": now, "ended_at": None, "calls": 0, "rows": 0, "stop_asked": False}
        with transaction.atomic():
            if self.plan.filter(due_at__lte=now).update(due_at=night, **values):
                states = [SyncState(division=self.division, resource=name) for name in RESOURCES]
                SyncState.objects.bulk_create(states, ignore_conflicts=True)
                self.states.update(resume_at=now)

    def _watch(self, one: Pass) -> None:
        """Before each page: hold on to the turn, tell how far it is, and look whether to stop."""
        try:
            self.held.renew()
        except TurnLost as lost:
            raise Halt from lost
        self._count(one.result)
        if crew.time_is_up() or self.is_cancelled():
            raise Halt
        if self.held.is_wanted():
            self.states.filter(resume_at__lte=clock.now()).update(resume_at=clock.now() + cadence.GIVEN_WAY)
            raise Halt

    def _count(self, result: SyncResult) -> None:
        """Add to the plan what came since the last count of this resource."""
        calls, rows = result.calls - self.told[0], result.rows - self.told[1]
        if calls or rows:
            self.plan.update(calls=F("calls") + calls, rows=F("rows") + rows)
        self.told = (result.calls, result.rows)

    def is_cancelled(self) -> bool:
        """Tell whether somebody asked to stop; then the run has ended, and the next one is tonight's."""
        asked, now = self.plan.filter(stop_asked=True), clock.now()
        if not asked.exists():
            return False
        night = cadence.next_night(self.division.pk, now)
        with transaction.atomic():
            asked.update(stop_asked=False, ended_at=now, due_at=night)
            self.states.update(resume_at=None)
        return True

    def _left(self) -> tuple[datetime | None, bool]:
        """Return when what is left goes on, and whether the run has ended here for want of any."""
        waiting = self.states.filter(resume_at__isnull=False).order_by("resume_at")
        goes_on_at = waiting.values_list("resume_at", flat=True).first()
        if goes_on_at is not None:
            return goes_on_at, False
        return None, self.plan.filter(ended_at=None).update(ended_at=clock.now()) == 1
