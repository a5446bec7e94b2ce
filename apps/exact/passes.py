"""One pass over one resource of one division: read page by page, each page kept together with how far it brings us.

A pass that is cut off, by a crash, by a spent budget or by a person, goes on behind its last page. A full pass begins
at zero and gives what it sees its number (`generation`); what has an older one when it ends is gone in Exact.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from apps.core import clock
from apps.core.http import Rejected, RemoteError
from apps.exact import balances, cadence, cursors, deletions, packages, setbacks, writing
from apps.exact.client import Exact, Page
from apps.exact.cursors import Superseded
from apps.exact.models import Division, SyncState
from apps.exact.resources import FEATURES, Feed, Resource, Strategy
from apps.exact.values import filter_moment, integer_of, moment_of

LEDGER = "ledger"
_DAWN = datetime(1900, 1, 1, tzinfo=UTC)
_KEPT = ("timestamp", "modified", "next_page", "calls", "rows", "seconds", "total", "pending")


class Halt(Exception):
    """Who watches the pass wants it to end here. What was read is kept, and the state stays due."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What reading one resource took: calls, rows written, seconds; `trouble` in words when it failed.

    `changed`: rows may differ from before.
    """

    resource: str
    calls: int
    rows: int
    seconds: float
    trouble: str = ""
    changed: bool = False


class Pass:
    """One pass, or the rest of one that was cut off. `watch` is called before each page and may raise Halt."""

    def __init__(
        self, exact: Exact, division: Division, feed: Feed, watch: "Callable[[Pass], None] | None" = None
    ) -> None:
        self.exact, self.division, self.feed, self._watch = exact, division, feed, watch
        self.state, _made = SyncState.objects.get_or_create(division=division, resource=feed.name)
        self.rows, self.trouble, self._changed = 0, "", False
        self._calls, self._seconds = exact.calls, clock.stopwatch()
        self._began = self._calls, self._seconds

    @property
    def calls(self) -> int:
        """Calls made so far."""
        return self.exact.calls - self._began[0]

    @property
    def result(self) -> SyncResult:
        """What it took so far."""
        seconds = round(clock.stopwatch() - self._began[1], 3)
        return SyncResult(self.feed.name, self.calls, self.rows, seconds, self.trouble, self._changed)

    def go(self) -> RemoteError | None:
        """Read to the end; return the error that stopped it, which is then kept in words too. Raises Halt."""
        began_at = clock.now()
        try:
            self._begin(began_at)
            if packages.has(self.division, self.feed):  # else there is nothing to read
                for page in self._pages():
                    self._keep(page)
            self._finish(began_at)
        except Superseded:
            return None
        except RemoteError as error:
            return self.fail(error)
        return None

    def fail(self, error: RemoteError) -> RemoteError:
        """Keep the words of `error`; what the clock solves goes on by itself."""
        resume_at = setbacks.resume_at(error, clock.now())
        if isinstance(error, Rejected) and self.feed.strategy is Strategy.BALANCES and not self.state.full:
            resume_at = clock.now()  # Exact advises to filter balances on the year alone (Exact facts 4.3)
            with suppress(Superseded):
                cursors.ask_full(self.state)
        self.trouble = setbacks.words(self.feed.title, error)
        self._note(resume_at=resume_at, trouble=self.trouble)
        return error

    def _begin(self, now: datetime) -> None:
        if not self.state.next_page:
            if not self.state.full and self._wants_full(now):
                cursors.ask_full(self.state)
            self._note(calls=0, rows=0, seconds=0.0, total=None)
        if self.state.resume_at is None or self.state.resume_at > now:
            self._note(resume_at=now)

    def _wants_full(self, now: datetime) -> bool:
        if not isinstance(self.feed, Resource):
            return False
        if self.feed.strategy is Strategy.BALANCES and balances.too_many(self.state):
            return True
        deletable = self.feed.name in deletions.TYPES.values()
        tells = cursors.tells_deletions(self.division, now) if deletable else None
        return cadence.wants_full(self.feed.strategy, full_at=self.state.full_at, deletions=tells, now=now)

    def _pages(self) -> Iterator[Page]:
        """Yield the pages; Exact's own link is tried first where a pass was cut off, then the cursor."""
        pages = self._read()
        while True:
            if self._watch:
                self._watch(self)
            page = next(pages, None)
            if page is None:
                return
            yield page
            if not page.following:
                return

    def _read(self) -> Iterator[Page]:
        if self.state.next_page and self.feed.strategy is not Strategy.BY_TIMESTAMP:
            pages = self.exact.read(self.state.next_page)
            try:
                first = next(pages)
            except Rejected:
                self._note(next_page="")
            except RemoteError as error:
                if error.status not in (None, 401, 429) and not error.reason:
                    self._note(next_page="")  # perhaps it is the link that Exact does not bear any more
                raise
            else:
                yield first
                yield from pages
                return
        since = self._since()
        if since is None:
            return
        strategy = self.feed.strategy
        address = self.exact.address(
            self.feed.path,
            select=self.feed.select,
            filter=since,
            order="Modified" if strategy is Strategy.BY_MODIFIED else "",
            count=self.feed.page_size == 60 and self.state.full,
        )
        yield from self.exact.read(address)

    def _since(self) -> str | None:
        """Return the `$filter` of the pass; None when there is nothing to read."""
        if self.feed.strategy is Strategy.BY_TIMESTAMP:
            return f"Timestamp gt {self.state.timestamp}L"
        if self.feed.strategy is Strategy.BALANCES:
            wanted = balances.begin(self.state, clock.today())
            if wanted and not self.state.full:
                cursors.ask_part(self.state)
            self._note(pending=self.state.pending)
            return wanted or None
        if self.feed.strategy is Strategy.WHOLE or self.state.modified is None:
            return ""
        return f"Modified gt {filter_moment(self.state.modified - cadence.OVERLAP)}"

    def _keep(self, page: Page) -> None:
        """Write one page and how far it brings us, together: a killed run goes on behind its last page."""
        with transaction.atomic():
            state = self._locked()
            rows = self._write(page, state)
            self._advance(state, page)
            self._count(state, rows)
            state.save(update_fields=_KEPT)
        self.state = state
        self.rows += rows
        self._changed |= bool(rows) and self.feed.strategy is not Strategy.WHOLE

    def _write(self, page: Page, state: SyncState) -> int:
        if isinstance(self.feed, Resource):
            if self.feed.name == LEDGER and not state.full:
                balances.note(self.division, balances.touched(self.division, page.rows))
            return writing.write(self.feed, self.division, state.generation, page.rows)
        if self.feed is FEATURES:
            return packages.take_features(self.division, page.rows, first=not state.next_page)
        return deletions.apply(self.division, page.rows)

    def _advance(self, state: SyncState, page: Page) -> None:
        state.next_page = page.following
        state.total = state.total if page.total is None else page.total
        if self.feed.strategy is Strategy.BY_TIMESTAMP and page.rows:
            state.timestamp = max(state.timestamp, *(integer_of(row.get("Timestamp")) for row in page.rows))
        elif self.feed.strategy is Strategy.BY_MODIFIED and page.rows:
            newest = max(moment_of(row.get("Modified")) or _DAWN for row in page.rows)
            state.modified = max(min(newest, _wall_clock(clock.now())), state.modified or _DAWN)

    def _count(self, state: SyncState, rows: int) -> None:
        calls, seconds = self.exact.calls, clock.stopwatch()
        state.calls += calls - self._calls
        state.rows += rows
        state.seconds = round(state.seconds + seconds - self._seconds, 3)
        self._calls, self._seconds = calls, seconds

    def _finish(self, began_at: datetime) -> None:
        """Mark what a full pass did not see as gone, and close the pass."""
        with transaction.atomic():
            state, now = self._locked(), clock.now()
            gone = self._mark_gone(state, now)
            if self.feed.strategy is Strategy.BY_MODIFIED:
                state.modified = max(state.modified or _DAWN, _wall_clock(began_at))
            self._count(state, 0)
            if self.feed.name == LEDGER and state.full and state.full_at:
                cursors.ask_all_balances(self.division)
            if state.full:
                state.full_at = now
            self._changed |= bool(gone) or state.synced_at is None
            state.full, state.next_page, state.trouble = False, "", ""
            state.synced_at, state.resume_at = now, None
            state.save(update_fields=[*_KEPT, "full", "full_at", "trouble", "synced_at", "resume_at"])
        self.state = state

    def _mark_gone(self, state: SyncState, now: datetime) -> int:
        if not isinstance(self.feed, Resource):
            return 0
        scope = Q() if state.full else None
        if self.feed.strategy is Strategy.BALANCES:
            scope = balances.end(state, clock.today())
        if scope is None:
            return 0
        return writing.mark_gone(self.feed, self.division, state.generation, now, scope)

    def _locked(self) -> SyncState:
        state: SyncState = SyncState.objects.select_for_update().get(pk=self.state.pk)
        if state.generation != self.state.generation:
            raise Superseded
        return state

    def _note(self, **values: Any) -> None:
        SyncState.objects.filter(pk=self.state.pk).update(**values)
        for name, value in values.items():
            setattr(self.state, name, value)


def _wall_clock(moment: datetime) -> datetime:
    return moment.astimezone(clock.DUTCH).replace(tzinfo=UTC)
