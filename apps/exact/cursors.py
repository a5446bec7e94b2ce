"""Asking for passes: guarded updates of how far a resource of a division is read."""

from datetime import datetime
from typing import Any

from django.db.models import F

from apps.core import clock
from apps.exact import balances, cadence
from apps.exact.models import Division, SyncState
from apps.exact.resources import DELETED, RESOURCES, Strategy

_FROM_ZERO: dict[str, Any] = {"timestamp": 0, "modified": None, "next_page": "", "full": True, "total": None}


class Superseded(Exception):
    """A new full pass was asked for meanwhile: the one under way must not move its cursor."""


def ask_full(state: SyncState) -> None:
    """Let the pass that begins be a full one. Raises Superseded when somebody else asked at the same time."""
    _renumber(state, **_FROM_ZERO)


def ask_part(state: SyncState) -> None:
    """Give the pass that begins a number of its own, so that it knows what it saw. Raises Superseded."""
    _renumber(state)


def ask_all_balances(division: Division) -> None:
    """Let the next reading of the balances be a full pass: any period may have changed."""
    states = SyncState.objects.filter(division=division, resource=balances.NAME)
    states.update(**_FROM_ZERO, generation=F("generation") + 1)


def restart(division: Division) -> None:
    """Read everything anew that is read by row version: Exact has given all rows new ones (Exact facts 3.6).

    What is mirrored stays in use meanwhile. A pass under way stops at its next page.
    """
    names = [feed.name for feed in RESOURCES.values() if feed.strategy is Strategy.BY_TIMESTAMP]
    states = SyncState.objects.filter(division=division, resource__in=names)
    states.update(**_FROM_ZERO, generation=F("generation") + 1, resume_at=clock.now())


def tells_deletions(division: Division, now: datetime) -> bool:
    """Tell whether sync/Deleted of this division may be read, and reaches back far enough."""
    state = SyncState.objects.filter(division=division, resource=DELETED.name).first()
    if state is None:
        return True
    refused = bool(state.trouble) and (state.synced_at is None or now - state.synced_at >= cadence.WEEK)
    return cadence.tells_deletions(read_at=state.synced_at, refused=refused, now=now)


def _renumber(state: SyncState, **values: Any) -> None:
    same = SyncState.objects.filter(pk=state.pk, generation=state.generation)
    if same.update(**values, generation=state.generation + 1) != 1:
        raise Superseded
    for name, value in {**values, "generation": state.generation + 1}.items():
        setattr(state, name, value)
