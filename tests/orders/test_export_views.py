"""The list of orders as a file, for those who see the list."""

import csv
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.orders import export_views
from apps.orders.models import PurchaseOrder, State
from apps.people.models import Role
from tests import office
from tests.office import Books
from tests.orders.factories import PurchaseOrderFactory

pytestmark = pytest.mark.django_db

LIST = "/orders/purchaseorder/"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def browser(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


def address(form: str = "csv") -> str:
    return reverse("admin:orders_purchaseorder_export", args=(form,))


def numbers(answer: Any) -> list[str]:
    """Return the numbers of the orders in a csv that was served, from the top."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return [row["Number"] for row in csv.DictReader(text.splitlines(), delimiter=";")]


@pytest.mark.parametrize(
    "query",
    [{}, {"stage": "proposed"}, {"stage": "all", "kind__exact": "response"}, {"stage": "all", "q": "vendor"}],
)
def test_the_file_holds_exactly_the_list(query: dict[str, str], books: Books, browser: Any) -> None:
    office.books("Zwijgzaam")
    shown = [order.number for order in browser.get(LIST, query).context["cl"].result_list]
    assert shown
    assert numbers(browser.get(address(), query)) == shown


def test_the_list_leads_to_its_file_with_its_filters_and_without_its_page(books: Books, browser: Any) -> None:
    for _ in range(60):
        PurchaseOrderFactory(administration=books.administration, state=State.PROPOSED)
    text = browser.get(LIST, {"stage": "proposed", "q": "anker", "p": "2"}).content.decode()
    for form in ("xlsx", "csv"):
        assert f'href="{address(form)}?stage=proposed&amp;q=anker"' in text
    assert len(numbers(browser.get(address(), {"stage": "proposed", "q": "anker"}))) == 60
    assert address() not in browser.get(LIST, {"stage": "since"}).content.decode()


def test_an_xlsx_is_a_download(browser: Any) -> None:
    answer = browser.get(address("xlsx"))
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert browser.get(address("exe")).status_code == 404


def test_a_filter_that_means_nothing_is_not_found(browser: Any) -> None:
    assert browser.get(address(), {"administration__id__exact": "abc"}).status_code == 404


def test_a_list_that_is_too_long_is_to_be_narrowed(
    books: Books, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_views, "MOST", 3)
    answer = browser.get(address(), {"stage": "todo"}, follow=True)
    assert answer.redirect_chain == [(f"{LIST}?stage=todo", 302)]
    assert "more than 3 orders" in answer.content.decode()
    assert len(numbers(browser.get(address(), {"stage": "proposed"}))) == 2


def test_many_orders_cost_no_more_queries_than_few(books: Books, browser: Any) -> None:
    browser.get(address())
    for _ in range(60):
        PurchaseOrderFactory(
            administration=books.administration, state=State.PROPOSED, about=books.orders["done"]
        )
    with CaptureQueriesContext(database) as queries:
        assert len(numbers(browser.get(address(), {"stage": "proposed"}))) == 62
    assert len(queries) <= 20


def test_who_is_not_signed_in_or_sees_no_orders_gets_none(books: Books) -> None:
    assert office.browser().get(address()).status_code == 302
    stranger = office.browser(office.person(Role.BOOKKEEPER))
    assert numbers(stranger.get(address(), {"stage": "all"})) == []
    assert PurchaseOrder.objects.exists()
