"""A turn in a division: the right to work in it alone, for a while.

The lease of the division makes sure that never two calls are under way in it at once; how many divisions of one
connection have a turn at the same time is a setting, because one user's calls come in one stream (facts 2.2).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.core import clock, crew, leases
from apps.exact.models import Connection, Division

PATIENCE = 10.0  # seconds that somebody waits for a place among the divisions of a connection
_LOOK_AGAIN = 0.5


class TurnLost(Exception):
    """This process was too slow and another one may be at work in the division: touch nothing more."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that was taken."""

    division: Division
    lease: UUID

    def renew(self) -> None:
        """Extend the turn before the next call. Raises TurnLost."""
        if not leases.renew(self.division, self.lease, seconds=settings.DIVISION_LEASE_SECONDS):
            raise TurnLost

    def is_wanted(self) -> bool:
        """Tell whether to give way now and go on later: a posting waits for this turn, or the round is over.

        Each wish is heard once: a posting that is gone since must not hold up a sync for ever.
        """
        wanted = Division.objects.filter(pk=self.division.pk, wanted=True).update(wanted=False)
        return bool(wanted) or crew.time_is_up()


@contextmanager
def turn(division: Division, *, for_posting: bool = False) -> Iterator[Turn | None]:
    """Hold the turn in `division`; None when somebody else has it, or the connection has no place for long.

    Who comes to post and finds it taken leaves word, so that a sync gives way at its next page. Some places of
    the connection are kept for postings.
    """
    lease = _taken(division, settings.CALLS_AT_ONCE - (0 if for_posting else settings.CALLS_AT_ONCE // 8))
    if for_posting:
        Division.objects.filter(pk=division.pk, wanted=lease is not None).update(wanted=lease is None)
    try:
        yield Turn(division, lease) if lease else None
    finally:
        if lease:
            leases.free(division, lease)


def _taken(division: Division, places: int) -> UUID | None:
    until = clock.stopwatch() + PATIENCE
    while True:
        with transaction.atomic():
            if _has_place(division, places):
                return leases.take(division, seconds=settings.DIVISION_LEASE_SECONDS)
        if clock.stopwatch() >= until or crew.time_is_up():
            return None
        time.sleep(_LOOK_AGAIN)


def _has_place(division: Division, places: int) -> bool:
    """Tell whether the connection has a place left. Its row is the gate: two could both count the last one."""
    list(Connection.objects.select_for_update().filter(pk=division.connection_id).values_list("pk"))
    held = Division.objects.filter(connection=division.connection_id, leased_until__gt=clock.now())
    return held.exclude(pk=division.pk).count() < places
