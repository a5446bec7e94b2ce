"""The audit trail of an order as a page and as a PDF, for those who may see the order."""

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.people.models import Role
from tests import office
from tests.office import Books
from tests.orders.factories import PurchaseOrderFactory, PurchaseOrderLineFactory
from tests.posting.factories import PostingCallFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def browser(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


def address(books: Books, name: str = "trail", order: str = "done") -> str:
    return reverse(f"admin:orders_purchaseorder_{name}", args=(books.orders[order].pk,))


def test_the_page_tells_what_happened_and_the_order_leads_to_it(books: Books, browser: Any) -> None:
    posting = books.orders["done"].posting
    PostingCallFactory(posting=posting, step="order", answer={"OrderNumber": 4500001})
    text = browser.get(address(books)).content.decode()
    for words in (
        "Ooievaar event",
        "the order: made, number 4500001",
        "Ooievaar line",
        "line 1: quantity 8 → 6",
        address(books, "trail_pdf"),
    ):
        assert words in text, words
    page = reverse("admin:orders_purchaseorder_change", args=(books.orders["done"].pk,))
    assert page in text
    assert address(books) in browser.get(page).content.decode()


def test_the_pdf_is_a_download_and_the_same_each_time(books: Books, browser: Any) -> None:
    answer = browser.get(address(books, "trail_pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer.content.startswith(b"%PDF-")
    assert answer.content == browser.get(address(books, "trail_pdf")).content


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("role", office.ROLES)
def test_every_role_opens_the_trail_of_every_order(role: str, language: str, books: Books) -> None:
    browser = office.browser(office.person(role, books.client, language=language))
    for name in books.orders:
        assert browser.get(address(books, order=name)).status_code == 200, name
        assert browser.get(address(books, "trail_pdf", order=name)).status_code == 200, name


def test_a_long_story_costs_no_more_queries_than_a_short_one(books: Books, browser: Any) -> None:
    order = books.orders["done"]
    browser.get(address(books))
    for _ in range(30):
        PostingCallFactory(posting=order.posting)
        PurchaseOrderLineFactory(order=order)
        PurchaseOrderFactory(
            administration=books.administration, kind="response", about=order, state="RECEIVED"
        )
    with CaptureQueriesContext(database) as queries:
        assert browser.get(address(books)).status_code == 200
    assert len(queries) <= 20


@pytest.mark.parametrize("name", ["trail", "trail_pdf"])
def test_a_stranger_sees_nothing(books: Books, name: str) -> None:
    stranger = office.browser(office.person(Role.REVIEWER))
    assert stranger.get(address(books, name)).status_code == 404
    assert office.browser().get(address(books, name)).status_code == 302
