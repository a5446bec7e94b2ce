"""Things built from the mirrors of a division, kept in this process until those mirrors are synced anew."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Generic, TypeVar

from apps.exact.models import Division, SyncState

T = TypeVar("T")
Stamps = Mapping[str, datetime]


def stamps_of(division: Division) -> Stamps:
    """Return when each mirror of `division` was last read to its end; one query."""
    states = SyncState.objects.filter(division=division, synced_at__isnull=False)
    return {resource: at for resource, at in states.values_list("resource", "synced_at") if at}


class Kept(Generic[T]):
    """One thing per division, made by `build` from the mirrors called `resources`."""

    def __init__(self, build: Callable[[Division], T], resources: tuple[str, ...]) -> None:
        self._build = build
        self._resources = resources
        self._lock = threading.Lock()
        self._things: dict[int, tuple[list[datetime | None], T]] = {}

    def of(self, division: Division, stamps: Stamps | None = None) -> T:
        """Return the thing of `division`, built anew when one of its mirrors was synced since.

        It is kept only when every mirror was read to its end: until then rows come in that no stamp tells of.
        `stamps` spares the query for them.
        """
        stamps = stamps_of(division) if stamps is None else stamps
        stamp = [stamps.get(resource) for resource in self._resources]
        if None in stamp:
            return self._build(division)
        with self._lock:
            kept = self._things.get(division.pk)
            if kept is None or kept[0] != stamp:
                kept = (stamp, self._build(division))
                self._things[division.pk] = kept
            return kept[1]
