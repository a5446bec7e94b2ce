"""Keeping the mirrors equal to Exact: only what changed is read, and how far we came is kept page by page."""

from collections.abc import Callable, Iterable, Iterator

from apps.core.http import RemoteError
from apps.exact import setbacks
from apps.exact.budget import Purpose
from apps.exact.client import Exact
from apps.exact.cursors import restart
from apps.exact.models import Division
from apps.exact.passes import LEDGER, Halt, Pass, SyncResult
from apps.exact.resources import MIRRORS, RESOURCES

__all__ = ["Halt", "SyncResult", "is_empty", "read", "restart", "sync", "sync_ledger", "sync_now"]

Watch = Callable[[Pass], None]


def sync(division: Division, names: Iterable[str] | None = None) -> list[SyncResult]:
    """Bring the mirrors called `names` (all of `resources.RESOURCES` when None) up to date.

    A resource that fails keeps its words in `SyncState.trouble` and does not stop the others, unless these would meet
    the same. Never raises what Exact answers. The caller sees to it that nobody else is at work in the division.
    """
    return list(read(division, RESOURCES if names is None else names))


def read(division: Division, names: Iterable[str], watch: Watch | None = None) -> Iterator[SyncResult]:
    """Do what `sync` does and yield each result; `watch` is called before each page and may raise Halt."""
    exact, wanted = Exact(division, Purpose.SYNC), set(names)
    error: RemoteError | None = None
    stop: RemoteError | None = None
    for name in RESOURCES:
        if name not in wanted:
            continue
        one = Pass(exact, division, RESOURCES[name], watch)
        before = error
        try:
            error = one.fail(stop) if stop else one.go()
        except Halt:
            yield one.result
            raise
        stop = stop or (error if setbacks.stops_all(error, before) else None)
        yield one.result


def sync_ledger(division: Division, watch: Watch | None = None) -> SyncResult:
    """Bring the ledger lines up to date: what a drain does first. As `sync_now`."""
    return sync_now(division, LEDGER, watch)


def sync_now(division: Division, name: str, watch: Watch | None = None) -> SyncResult:
    """Bring the mirror called `name` up to date before something is written. Raises what Exact answers.

    `watch` is called before each page: a first reading may take many.
    """
    one = Pass(Exact(division, Purpose.POSTING), division, RESOURCES[name], watch)
    error = one.go()
    if error:
        raise error
    return one.result


def is_empty(division: Division) -> bool:
    """Tell whether some mirror of `division` was never read to its end. What Exact refuses is not waited for."""
    states = division.sync_states.values_list("resource", "synced_at", "trouble", "resume_at")
    read = {name for name, synced_at, _trouble, _resume_at in states if synced_at}
    refused = {name for name, _synced_at, trouble, resume_at in states if trouble and not resume_at}
    return not read or not MIRRORS.keys() <= read | refused
