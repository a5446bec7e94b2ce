"""How the sync of a division stands, for screens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.core import clock
from apps.exact import budget
from apps.exact.models import CallWindow, Division, SyncPlan, SyncState
from apps.exact.pace import Pace, Stage, pace
from apps.exact.resources import RESOURCES, Feed


@dataclass(frozen=True, slots=True)
class Progress:
    """`under_way`: a run has begun and not ended; `next_at`: when the next one begins.

    `rows` and `calls` are of that run, `refused` the lists that Exact did not give in it.
    """

    pace: Pace
    under_way: bool
    began_at: datetime | None
    next_at: datetime | None
    ended_at: datetime | None
    rows: int
    calls: int
    refused: tuple[str, ...]

    @property
    def is_read(self) -> bool:
        """Whether the last run came to its end, and no new one is due."""
        is_due = self.next_at is not None and self.next_at <= clock.now()
        return self.ended_at is not None and not self.under_way and not is_due


def progress(division: Division) -> Progress:
    """Return how far the run of `division` that is under way is, or how the last one ended; three queries."""
    return progress_of([division])[division.pk]


def progress_of(divisions: Iterable[Division]) -> dict[int, Progress]:
    """Return the progress of each of `divisions`, by key; three queries in all."""
    keys = [division.pk for division in divisions]
    plans = {plan.division_id: plan for plan in SyncPlan.objects.filter(division__in=keys)}
    windows = {window.division_id: window for window in CallWindow.objects.filter(division__in=keys)}
    states: dict[int, dict[str, SyncState]] = {key: {} for key in keys}
    for state in SyncState.objects.filter(division__in=keys):
        states[state.division_id][state.resource] = state
    return {key: _progress(plans.get(key) or SyncPlan(), states[key], windows.get(key)) for key in keys}


def _progress(plan: SyncPlan, states: dict[str, SyncState], window: CallWindow | None) -> Progress:
    under_way = plan.began_at is not None and plan.ended_at is None
    stages = [_stage(feed, states.get(feed.name)) for feed in RESOURCES.values()]
    waits = [state.resume_at for state in states.values() if state.resume_at]
    left = budget.weather_of(window).minute_left - budget.KEPT_OF_A_MINUTE
    found = pace(stages, clock.now(), goes_on_at=min(waits, default=None), minute_left=max(left, 0))
    refused = tuple(name for name in RESOURCES if name in states and states[name].trouble)
    return Progress(
        found, under_way, plan.began_at, plan.due_at, plan.ended_at, plan.rows, plan.calls, refused
    )


def _stage(feed: Feed, state: SyncState | None) -> Stage:
    state = state or SyncState(resource=feed.name)
    return Stage(
        name=feed.name,
        is_done=state.resume_at is None and (state.synced_at is not None or bool(state.trouble)),
        rows=state.rows,
        calls=state.calls,
        seconds=state.seconds,
        page_size=feed.page_size,
        total=state.total,
        first=state.full,
    )


def is_read_since(
    division: Division, moment: datetime, *, needed: Iterable[str], useful: Iterable[str] = ()
) -> bool:
    """Tell whether these lists were read to their end since `moment`.

    One that is only `useful` is not waited for when Exact refuses it.
    """
    states = {state.resource: state for state in SyncState.objects.filter(division=division)}

    def is_read(name: str) -> bool:
        at = states[name].synced_at if name in states else None
        return at is not None and at >= moment

    def is_refused(name: str) -> bool:
        return name in states and bool(states[name].trouble) and states[name].resume_at is None

    return all(map(is_read, needed)) and all(is_read(name) or is_refused(name) for name in useful)
