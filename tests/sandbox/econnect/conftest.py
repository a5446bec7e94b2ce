"""A sandbox at noon of 5 October 2026, and the firm's software signed in to eConnect."""

import pytest

from apps.sandbox import firm, seed, time
from tests.sandbox.conftest import NOON
from tests.sandbox.econnect.driver import Econnect


@pytest.fixture
def world(db: None) -> None:
    """The firm, at noon of 5 October 2026."""
    seed.ensure()
    time.move_to(NOON)


@pytest.fixture
def econnect(world: None) -> Econnect:
    """The firm's own software."""
    return Econnect()


@pytest.fixture
def client_of_firm(world: None) -> Econnect:
    """The user of one client."""
    return Econnect(firm.parties.USERNAME, firm.parties.PASSWORD)
