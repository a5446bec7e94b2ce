"""What the worker reads from Exact by itself. Nothing is promised here: the sync states say what is due."""

from datetime import datetime

from apps.core import crew
from apps.exact import syncing
from apps.exact.models import Division


def sync_division(pk: int) -> None:
    """Begin a run of one division now: it was linked, or a person asks. What is left of it is for the round."""
    division = _division(pk)
    syncing.make_due(division)
    syncing.sync_due(division)


def resume_division(pk: int) -> datetime | None:
    """Read what is due of one division; return when it wants to go on."""
    return syncing.sync_due(_division(pk))


def sync_round(stay: int = 0) -> None:
    """Read what is due of all divisions, side by side; `stay`: seconds since 1970."""
    crew.hold_round("apps.exact.tasks.sync_round", syncing.divisions_due, resume_division, stay=stay)


def _division(pk: int) -> Division:
    found: Division = Division.objects.select_related("app", "connection__app").get(pk=pk)
    return found
