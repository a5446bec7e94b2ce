"""A sandbox filled with the small firm, and a client that is signed in to it."""

from datetime import UTC, datetime

import pytest

from apps.sandbox import seed, switches, time
from apps.sandbox.exact import store
from tests.sandbox import small_firm
from tests.sandbox.driver import Exact

NOON = datetime(2026, 10, 5, 12, 0, 10, tzinfo=UTC)


@pytest.fixture
def small(db: None) -> None:
    """The small firm beside the large one, at noon of 5 October 2026; limits that do not get in the way."""
    seed.ensure()
    store.fill(small_firm.rows())
    time.move_to(NOON)
    switches.change(minute_limit=100_000, day_limit=100_000, error_limit=100_000)


@pytest.fixture
def exact(small: None) -> Exact:
    """A client of the first administration."""
    return Exact()
