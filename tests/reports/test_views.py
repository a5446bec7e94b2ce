"""Dashboard and reports as people see them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.core.causes import Cause
from apps.invoices.models import State
from apps.orders.models import PurchaseOrder
from apps.people.models import Role
from tests import office
from tests.invoices.factories import InvoiceFactory
from tests.office import Books
from tests.orders.factories import PurchaseOrderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


def opened(role: str, books: Books, address: str = "/", language: str = "en") -> Any:
    return office.browser(office.person(role, books.client, language=language)).get(address)


def test_a_count_in_the_matrix_opens_exactly_that_list(books: Books) -> None:
    browser = office.browser(office.person(Role.BOOKKEEPER, books.client))
    text = browser.get("/").content.decode()
    invoices = (("todo", 3), ("proposed", 1), ("ready", 2), ("done", 1))
    orders = (("todo", 4), ("proposed", 2), ("refused", 1), ("ready", 2), ("done", 1))
    for lists, counts in (("/invoices/invoice/", invoices), ("/orders/purchaseorder/", orders)):
        for stage, count in counts:
            address = f"{lists}?stage={stage}&amp;administration__client__id__exact={books.client.pk}"
            assert f'<a href="{address}">{count}</a>' in text
            assert browser.get(address.replace("&amp;", "&")).context["cl"].result_count == count


def test_what_waits_long_opens_exactly_that_list(books: Books) -> None:
    browser = office.browser(office.person(Role.BOOKKEEPER, books.client))
    for _ in range(2):
        PurchaseOrderFactory(
            administration=books.administration,
            state=State.PROPOSED,
            received_at=clock.now() - timedelta(days=3),
        )
    page = browser.get("/")
    text = page.content.decode()
    assert (page.context["late"], page.context["late_orders"]) == (1, 3)
    for lists, count in (("/invoices/invoice/", 1), ("/orders/purchaseorder/", 3)):
        address = f"{lists}?stage=waiting&amp;older=2"
        assert f'href="{address}"' in text
        assert browser.get(address.replace("&amp;", "&")).context["cl"].result_count == count


def test_what_orders_wait_for_stands_among_the_causes(books: Books) -> None:
    browser = office.browser(office.person(Role.BOOKKEEPER, books.client))
    text = browser.get("/").content.decode()
    for stage, cause in (("todo", "item_unknown"), ("refused", "rejected_by_exact")):
        address = f"/orders/purchaseorder/?stage={stage}&amp;cause__exact={cause}"
        assert f'href="{address}"' in text
        assert browser.get(address.replace("&amp;", "&")).context["cl"].result_count == 1


def test_orders_that_somebody_changed_in_exact_stand_on_the_dashboard(books: Books) -> None:
    browser = office.browser(office.person(Role.BOOKKEEPER, books.client))
    address = 'href="/orders/purchaseorder/?stage=since"'
    assert address not in browser.get("/").content.decode()
    PurchaseOrder.objects.filter(pk=books.orders["done"].pk).update(noticed_at=clock.now())
    assert address in browser.get("/").content.decode()


def test_what_is_not_routed_opens_as_a_list_of_its_own(books: Books) -> None:
    lost = InvoiceFactory(administration=None, state=State.ATTENTION, cause=Cause.NOT_OURS)
    browser = office.browser(office.person(Role.REVIEWER, books.client))
    address = "/invoices/invoice/?stage=todo&amp;administration__isnull=True"
    assert f'<a href="{address}">1</a>' in browser.get("/").content.decode()
    shown = browser.get(address.replace("&amp;", "&")).context["cl"].result_list
    assert [invoice.pk for invoice in shown] == [lost.pk]


def test_a_partner_sees_the_portfolio_and_not_the_queue(books: Books) -> None:
    text = opened(Role.PARTNER, books).content.decode()
    assert "Clients by hand work" in text
    assert "My clients" not in text
    assert "My clients" in opened(Role.BOOKKEEPER, books).content.decode()


def test_nothing_to_do_is_celebrated() -> None:
    browser = office.browser(office.person(Role.BOOKKEEPER))
    assert "Nothing to do." in browser.get("/").content.decode()
    assert "Nothing waits here." in browser.get("/invoices/invoice/").content.decode()


def test_who_has_orders_alone_is_not_told_that_there_is_nothing_to_do() -> None:
    order = PurchaseOrderFactory(state=State.ATTENTION, cause=Cause.ITEM_UNKNOWN)
    client = order.administration.client
    text = office.browser(office.person(Role.BOOKKEEPER, client)).get("/").content.decode()
    assert "Nothing to do." not in text
    assert client.name in text
    assert f"/orders/purchaseorder/?stage=todo&amp;administration__client__id__exact={client.pk}" in text


def test_what_changed_in_exact_is_something_to_do() -> None:
    order = PurchaseOrderFactory(
        state=State.DONE,
        outcome="ordered",
        done_at=clock.now() - timedelta(days=3),
        to_correct="the mapping was taken back",
    )
    text = (
        office.browser(office.person(Role.BOOKKEEPER, order.administration.client)).get("/").content.decode()
    )
    assert "Nothing to do." not in text
    assert "Only what was changed in Exact is left to look at." in text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_report_of_a_client_opens_in_both_languages(language: str, books: Books) -> None:
    answer = opened(Role.PARTNER, books, f"/reports/{books.client.slug}/", language)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert ("Geboekt zonder handwerk" if language == "nl" else "Booked without a touch") in text
    chart = json.loads(answer.context["chart"])
    assert len(chart["labels"]) == 12
    assert [sum(one["data"]) for one in chart["datasets"]] == [9, 1, 1, 1]


def test_reports_are_not_for_bookkeepers(books: Books) -> None:
    assert opened(Role.BOOKKEEPER, books, "/reports/").status_code == 403


def test_a_partner_opens_no_report_of_another_client(books: Books) -> None:
    other = office.books("Zwijgzaam")
    assert opened(Role.PARTNER, books, f"/reports/{other.client.slug}/").status_code == 404
    assert "Zwijgzaam" not in opened(Role.PARTNER, books, "/reports/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/reports/",
        "/reports/ooievaar/",
        "/orders/purchaseorder/",
        "/vendors/question/",
        "/invoices/invoice/",
        "/intake/receipt/",
    ],
)
def test_pages_cost_few_queries(address: str, books: Books) -> None:
    office.books("Zwijgzaam")
    browser = office.browser(office.person(Role.ADMINISTRATOR))
    browser.get(address)
    with CaptureQueriesContext(database) as queries:
        assert browser.get(address).status_code == 200
    assert len(queries) <= 20, [query["sql"][:80] for query in queries]


def test_the_first_page_of_a_partner_costs_few_queries(books: Books) -> None:
    browser = office.browser(office.person(Role.PARTNER, books.client))
    browser.get("/")
    with CaptureQueriesContext(database) as queries:
        assert browser.get("/").status_code == 200
    assert len(queries) <= 20, [query["sql"][:80] for query in queries]


def test_no_page_calls_an_outside_host(books: Books) -> None:
    for address in ("/", "/invoices/invoice/", f"/reports/{books.client.slug}/"):
        text = opened(Role.ADMINISTRATOR, books, address).content.decode()
        assert 'src="http' not in text
        assert 'rel="stylesheet" href="http' not in text
