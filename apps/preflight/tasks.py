"""What bells and schedules call. Decides nothing; ids only."""

from apps.clients.models import Administration
from apps.core import queue
from apps.preflight import checking


def check(administration: int) -> None:
    """Check one administration."""
    checking.check(Administration.objects.select_related("client").get(pk=administration))


def check_all() -> None:
    """Each night, behind the syncs: one task for each administration, so that none holds up another."""
    for pk in checking.everything():
        queue.ring(checking.CHECK, pk)


def division_linked(division: int) -> None:
    """Check again what a link, an unlink or another connection of a division made stale."""
    for pk in checking.made_stale(division):
        queue.ring(checking.CHECK, pk)


def mirrors_read(division: int) -> None:
    """Check an administration for the first time, once its first sync came to its end."""
    found = checking.never_checked(division)
    if found:
        queue.ring(checking.CHECK, found.pk)
