"""Keeping the mirrors equal to Exact: only what changed is read, and how far we came is kept page by page."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models, transaction

from apps.core import clock
from apps.core.http import RemoteError, Temporary
from apps.exact.budget import Purpose
from apps.exact.client import Exact
from apps.exact.models import Division, Entity, Mirrored, SyncState
from apps.exact.resources import RESOURCES, Resource
from apps.exact.values import filter_moment, guid_of, integer_of, moment_of

OVERLAP = timedelta(hours=2)  # the doubled hour of autumn, and clocks that differ (Exact facts 3.3)
RUN = timedelta(minutes=5)  # a run that is silent for longer was killed
_BATCH = 500
_DAWN = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What reading one resource took: calls, rows written, seconds; `trouble` in words when it failed."""

    resource: str
    calls: int
    rows: int
    seconds: float
    trouble: str = ""


def sync(division: Division, names: Iterable[str] | None = None) -> list[SyncResult]:
    """Bring the mirrors called `names` (all of `resources.RESOURCES` when None) up to date.

    A resource that fails keeps its words in `SyncState.trouble` and does not stop the others; only after
    "too many calls" the rest waits too. Never raises what Exact answers.
    """
    results: list[SyncResult] = []
    full: RemoteError | None = None
    for name in RESOURCES if names is None else names:
        run = _Run(division, RESOURCES[name])
        error = run.fail(full) if full else run.go()
        results.append(run.result)
        if isinstance(error, Temporary) and error.retry_at_ms:
            full = error
    return results


def sync_ledger(division: Division) -> SyncResult:
    """Bring the ledger lines up to date: what a drain does first. Raises what Exact answers."""
    run = _Run(division, RESOURCES["ledger"], Purpose.POSTING)
    error = run.go()
    if error:
        raise error
    return run.result


def is_empty(division: Division) -> bool:
    """Tell whether some mirror of `division` was never read to its end."""
    read = division.sync_states.filter(synced_at__isnull=False).values_list("resource", flat=True)
    return not RESOURCES.keys() <= set(read)


def unfinished(division: Division) -> list[str]:
    """Return the names of the mirrors whose last run did not come to its end and may go on now."""
    due = division.sync_states.filter(resume_at__lte=clock.now(), resource__in=RESOURCES)
    return list(due.order_by("pk").values_list("resource", flat=True))


class _Run:
    """One pass over one resource of one division."""

    def __init__(self, division: Division, resource: Resource, purpose: Purpose = Purpose.SYNC) -> None:
        self.division, self.resource, self.purpose = division, resource, purpose
        self.state, _made = SyncState.objects.get_or_create(division=division, resource=resource.name)
        self.calls = self.rows = 0
        self.begun, self.began_at = clock.stopwatch(), clock.now()
        self.trouble = ""

    @property
    def result(self) -> SyncResult:
        seconds = round(clock.stopwatch() - self.begun, 3)
        return SyncResult(self.resource.name, self.calls, self.rows, seconds, self.trouble)

    def go(self) -> RemoteError | None:
        """Read to the end; return the error that stopped it, which is then kept in words too."""
        self._note(resume_at=self.began_at + RUN)
        try:
            for page in self._pages():
                self._keep(page)
        except RemoteError as error:
            return self.fail(error)
        self._advance(modified=_wall_clock(self.began_at))
        self._note(resume_at=None, trouble="", synced_at=clock.now(), **self._cost())
        return None

    def fail(self, error: RemoteError) -> RemoteError:
        """Keep the words of `error`; what the clock solves goes on by itself."""
        self.trouble = error.words or str(error)
        self._note(resume_at=_resume_at(error), trouble=self.trouble, **self._cost())
        return error

    def _pages(self) -> Generator[list[dict[str, Any]], None, None]:
        exact = Exact(self.division, self.purpose)
        try:
            order = "" if self.resource.by_timestamp else "Modified"
            yield from exact.pages(
                self.resource.path, select=self.resource.select, filter=self._since(), order=order
            )
        finally:
            self.calls = exact.calls

    def _since(self) -> str:
        if self.resource.by_timestamp:
            return f"Timestamp gt {self.state.timestamp}L"
        if self.state.modified is None:
            return ""
        return f"Modified gt {filter_moment(self.state.modified - OVERLAP)}"

    def _keep(self, page: list[dict[str, Any]]) -> None:
        """Write one page and how far it brings us, together: a killed run goes on behind its last page."""
        rows = list(_rows(self.resource, self.division, page))
        with transaction.atomic():
            _upsert(self.resource.model, rows)
            self._advance(
                timestamp=max((integer_of(row.get("Timestamp")) for row in page), default=0),
                modified=max((moment_of(row.get("Modified")) or _DAWN for row in page), default=None),
            )
        self.rows += len(rows)
        self._note(resume_at=clock.now() + RUN)

    def _advance(self, *, timestamp: int = 0, modified: datetime | None = None) -> None:
        """Move the cursor, only ever forward: another run may be ahead of this one."""
        same = SyncState.objects.filter(pk=self.state.pk)
        if self.resource.by_timestamp:
            same.filter(timestamp__lt=timestamp).update(timestamp=timestamp)
        elif modified is not None:
            earlier = models.Q(modified=None) | models.Q(modified__lt=modified)
            same.filter(earlier).update(modified=modified)

    def _note(self, **values: Any) -> None:
        SyncState.objects.filter(pk=self.state.pk).update(**values)

    def _cost(self) -> dict[str, Any]:
        return {"calls": self.calls, "rows": self.rows, "seconds": self.result.seconds}


def _wall_clock(moment: datetime) -> datetime:
    return moment.astimezone(clock.DUTCH).replace(tzinfo=UTC)


def _resume_at(error: RemoteError) -> datetime | None:
    if not isinstance(error, Temporary):
        return None
    if error.retry_at_ms:
        return datetime.fromtimestamp(error.retry_at_ms / 1000, UTC)
    return clock.now() + RUN


def _rows(resource: Resource, division: Division, page: list[dict[str, Any]]) -> Iterable[Entity]:
    """Return the page as rows of the mirror, each id once; rows of another division are left out."""
    limits = {field.name: field.max_length for field in resource.model._meta.fields if field.max_length}
    found: dict[Any, Entity] = {}
    for row in page:
        guid, ours = guid_of(row.get("ID")), row.get("Division") in (None, division.code)
        columns = resource.columns(row) if ours else None
        if guid and columns:
            fitting = {
                name: value[: limits[name]] if isinstance(value, str) else value
                for name, value in columns.items()
            }
            values = {resource.model.KEY: guid, **_raw(resource.model, row), **fitting}
            found[guid] = resource.model(division=division, **values)
    return found.values()


def _raw(model: type[Entity], row: dict[str, Any]) -> dict[str, Any]:
    return {"raw": row} if issubclass(model, Mirrored) else {}


def _upsert(model: type[Entity], rows: list[Entity]) -> None:
    columns = [f.name for f in model._meta.fields if f.name not in ("id", "division", model.KEY)]
    model._default_manager.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["division", model.KEY],
        update_fields=columns,
    )
