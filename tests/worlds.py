"""Worlds that many tests begin in: made once for a row of tests, and rolled back to their beginning by each of them.

To sign in, read an administration's books and link it takes a second; to roll back to a savepoint takes none. So a
world is made in transactions around the tests that begin in it, as Django's `TestCase` does for a class. Tests with
`transaction=True` and those that start processes have no part in it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.db.models import F
from django.db.transaction import Atomic
from django.utils import translation

from apps.core import clock
from apps.exact.models import SyncState
from apps.sandbox import time


def _around() -> list[Atomic]:
    """Open a transaction on each database that counts as one of Django's own tests, as the product's refusals need."""
    opened = []
    for alias in connections:
        atomic = transaction.atomic(using=alias)
        atomic.__dict__["_from_testcase"] = True  # a mark of Django's own, which its types do not know
        atomic.__enter__()
        opened.append(atomic)
    return opened


def _roll_back(opened: list[Atomic]) -> None:
    for atomic in reversed(opened):
        transaction.set_rollback(True, using=atomic.using)
        atomic.__exit__(None, None, None)


@dataclass
class World:
    """What `make` makes of the empty product and its sandbox, for tests that ask for the fixture called `fixture`."""

    fixture: str
    make: Callable[[], object]
    _opened: list[Atomic] = field(default_factory=list)
    _made_at: datetime | None = None
    _begun: int = 0

    def is_of(self, item: pytest.Item | None) -> bool:
        """Tell whether a test begins in this world."""
        marker = item and item.get_closest_marker("django_db")
        fixtures: tuple[str, ...] = getattr(item, "fixturenames", ())
        return bool(marker and self.fixture in fixtures and not marker.kwargs.get("transaction"))

    def enter(self) -> None:
        """Make the world, unless it is there; the databases must be open and hold nothing of another test."""
        if self._opened:
            return
        self._opened = _around()
        try:
            with translation.override(settings.LANGUAGE_CODE):
                self.make()
        except BaseException:
            self.leave()
            raise
        self._made_at = clock.now()

    def begin(self) -> None:
        """Begin a test: by the clock the world was made just now, so nothing in it grew older.

        A stamp of the mirrors that no other test has keeps the product from using what it kept of them (`exact.kept`).
        """
        assert self._made_at, "This test does not begin in the world."
        time.move_to(self._made_at)
        self._begun += 1
        SyncState.objects.update(synced_at=F("synced_at") + timedelta(microseconds=self._begun))

    def leave(self) -> None:
        """Roll the world back, if it is there."""
        if self._opened:
            opened, self._opened = self._opened, []
            _roll_back(opened)
            time.forget()
