"""Lists that cost the same at any size."""

import pytest
from django.core.paginator import EmptyPage, InvalidPage
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from apps.clients.models import Client
from apps.core.admin import Paginated
from tests.clients.factories import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _low_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Paginated, "CEILING", 4)


def paginated(rows: int, per_page: int = 2) -> Paginated:
    ClientFactory.create_batch(rows)
    return Paginated(Client.objects.order_by("pk"), per_page)


def test_a_short_list_is_counted() -> None:
    pages = paginated(3)
    assert (pages.count, pages.num_pages, pages.is_more) == (3, 2, False)
    assert len(pages.page(2)) == 1
    with pytest.raises(EmptyPage):
        pages.page(3)


@pytest.mark.usefixtures("_low_ceiling")
def test_a_long_list_is_counted_no_further_than_the_ceiling() -> None:
    pages = paginated(9)
    assert (pages.count, pages.is_more) == (5, True)
    assert len(pages.page(5)) == 1
    assert list(pages.page(9)) == []


@pytest.mark.usefixtures("_low_ceiling")
def test_the_database_is_never_asked_to_count_everything() -> None:
    pages = paginated(9)
    with CaptureQueriesContext(database) as queries:
        assert pages.count == 5
    assert "LIMIT 5" in queries[0]["sql"]


@pytest.mark.usefixtures("_low_ceiling")
@pytest.mark.parametrize("number", ["0", "-1", "x"])
def test_nonsense_is_no_page(number: str) -> None:
    with pytest.raises(InvalidPage):
        paginated(9).page(number)
