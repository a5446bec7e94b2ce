import pytest

from apps.clients.models import Administration
from apps.core import clock
from apps.exact.models import Division
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import (
    DivisionFactory,
    SyncStateFactory,
)


@pytest.fixture
def books() -> Administration:
    return AdministrationFactory(purchase_journal="60", suspense_account="1999")


@pytest.fixture
def here(books: Administration) -> Division:
    division = DivisionFactory(administration=books)
    for name in ("relations", "journals", "gl_accounts", "periods", "features"):
        SyncStateFactory(division=division, resource=name, synced_at=clock.now())
    return division
