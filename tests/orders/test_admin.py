"""The list of orders as people use it."""

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.causes import Cause
from apps.orders.models import OrderTerms, PurchaseOrder, State
from apps.people.models import Role
from tests import office
from tests.office import Books
from tests.orders.factories import PurchaseOrderFactory, PurchaseOrderLineFactory

pytestmark = pytest.mark.django_db

LIST = "/orders/purchaseorder/"
MOST_QUERIES = 20


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def browser(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


def names(answer: Any, books: Books) -> set[str]:
    """Return which of the office's orders a list shows."""
    keys = {order.pk for order in answer.context["cl"].result_list}
    return {name for name, order in books.orders.items() if order.pk in keys}


@pytest.mark.parametrize(
    ("stage", "shown"),
    [
        ("", {"vendor", "item", "price", "unreadable"}),
        ("todo", {"vendor", "item", "price", "unreadable"}),
        ("proposed", {"proposed", "answer"}),
        ("refused", {"refused"}),
        ("ready", {"ready", "pilot"}),
        ("since", set()),
        ("done", {"done"}),
        ("ignored", {"ignored"}),
    ],
)
def test_each_tab_shows_its_stage(stage: str, shown: set[str], books: Books, browser: Any) -> None:
    assert names(browser.get(LIST, {"stage": stage} if stage else {}), books) == shown


@pytest.mark.parametrize(
    "values", [{"to_correct": "the mapping was taken back"}, {"noticed_at": "2026-10-01T12:00Z"}]
)
def test_what_somebody_changed_in_exact_is_work(values: dict[str, str], books: Books, browser: Any) -> None:
    PurchaseOrder.objects.filter(pk=books.orders["done"].pk).update(**values)
    assert names(browser.get(LIST, {"stage": "since"}), books) == {"done"}
    PurchaseOrder.objects.filter(pk=books.orders["done"].pk).update(to_correct="", noticed_seen=True)
    assert names(browser.get(LIST, {"stage": "since"}), books) == set()


def test_an_order_is_found_by_what_exact_calls_its_supplier(books: Books, browser: Any) -> None:
    """As the page of unknown items asks for it."""
    PurchaseOrder.objects.filter(pk=books.orders["item"].pk).update(supplier_name="Touwslagerij Van Gent")
    assert names(browser.get(LIST, {"q": "van gent"}), books) == {"item"}


def test_a_cause_stands_in_words_with_who_must_act(browser: Any) -> None:
    text = browser.get(LIST).content.decode()
    assert "item unknown" in text
    assert "bookkeeper" in text


def test_search_finds_number_vendor_and_item_code(books: Books, browser: Any) -> None:
    found = PurchaseOrderFactory(
        administration=books.administration, vendor_name="Zilvermeeuw", number="Q-77", state=State.PROPOSED
    )
    PurchaseOrderLineFactory(order=found, seller_item="KAB-25", item_code="0815", gtin="8712345000004")
    for typed in ("zilverm", "q-77", "kab-2", "0815", "8712345000004"):
        answer = browser.get(LIST, {"stage": "all", "q": typed})
        assert [order.pk for order in answer.context["cl"].result_list] == [found.pk], typed
    assert not browser.get(LIST, {"stage": "all", "q": "KAB-99"}).context["cl"].result_list


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"older": "2"}, {"price"}),
        ({"cause__exact": Cause.ITEM_UNKNOWN}, {"item"}),
        ({"stage": "all", "kind__exact": "response"}, {"answer"}),
    ],
)
def test_filters_leave_what_fits(query: dict[str, str], shown: set[str], books: Books, browser: Any) -> None:
    assert names(browser.get(LIST, query), books) == shown


def test_lists_cost_the_same_with_more_orders(books: Books, browser: Any) -> None:
    for _ in range(60):
        PurchaseOrderFactory(
            administration=books.administration, state=State.ATTENTION, cause=Cause.ITEM_UNKNOWN
        )
    with CaptureQueriesContext(database) as queries:
        answer = browser.get(LIST)
    assert answer.context["cl"].result_count == 64
    assert len(queries) <= MOST_QUERIES


def test_bulk_acts_do_what_fits_and_say_why_not_for_the_rest(books: Books, browser: Any) -> None:
    chosen = [books.orders["proposed"].pk, books.orders["done"].pk]
    answer = browser.post(
        f"{LIST}?stage=all", {"action": "accept_selected", "_selected_action": chosen}, follow=True
    )
    text = answer.content.decode()
    assert "Done with 1 document." in text
    assert "Only a proposed order can be accepted." in text
    assert PurchaseOrder.objects.get(pk=chosen[0]).state == State.READY


def test_many_are_put_aside_at_once(books: Books, browser: Any) -> None:
    chosen = [books.orders[name].pk for name in ("item", "price")]
    browser.post(LIST, {"action": "ignore_selected", "_selected_action": chosen})
    assert set(PurchaseOrder.objects.filter(pk__in=chosen).values_list("state", flat=True)) == {State.IGNORED}


def test_everything_with_one_cause_is_tried_again_and_nothing_else(books: Books, browser: Any) -> None:
    address = reverse("admin:orders_purchaseorder_retry_all")
    assert address in browser.get(LIST, {"cause__exact": Cause.NEEDS_APPROVAL}).content.decode()
    tried, other = books.orders["price"], books.orders["refused"]
    before = tried.events.count(), other.events.count()
    answer = browser.post(address, {"cause": Cause.NEEDS_APPROVAL}, follow=True)
    assert "1 document was tried again." in answer.content.decode()
    assert (tried.events.count(), other.events.count()) == (before[0] + 1, before[1])
    assert browser.post(address, {"cause": "nonsense"}).status_code == 404


def test_the_menu_counts_what_waits(books: Books, browser: Any) -> None:
    items = browser.get(LIST).context["sidebar_navigation"]
    links = {item["title"]: item for group in items for item in group["items"]}
    assert links["Orders"]["badge"] == "7"
    assert links["Unknown items"]["badge"] == "1"
    assert "Terms for orders" not in links


def test_examples_to_fill_in_are_handed_out(browser: Any) -> None:
    for form, start in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        answer = browser.get(reverse("admin:orders_purchaseorder_example", args=(form,)))
        assert b"".join(answer.streaming_content).startswith(start)
    assert browser.get(reverse("admin:orders_purchaseorder_example", args=("exe",))).status_code == 404


# terms


def test_an_administrator_sets_the_terms_of_an_administration() -> None:
    books = office.books("Ooievaar")
    OrderTerms.objects.all().delete()
    browser = office.browser(office.person(Role.ADMINISTRATOR))
    address = reverse("admin:orders_orderterms_add")
    values = {"administration": books.administration.pk, "takes_orders": "on", "price_band": "7.5"}
    refused = browser.post(address, {**values, "description": "Order {nummer}"})
    assert "Only {number} may stand in braces" in refused.content.decode()
    assert browser.post(address, {**values, "description": "Order {number}"}).status_code == 302
    terms = OrderTerms.of(books.administration)
    assert (str(terms.price_band), terms.description) == ("7.50", "Order {number}")
    page = browser.get(reverse("admin:orders_orderterms_changelist")).content.decode()
    assert "Ooievaar B.V." in page


def test_a_bookkeeper_does_not_change_terms(books: Books, browser: Any) -> None:
    address = reverse("admin:orders_orderterms_change", args=(books.administration.order_terms.pk,))
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"takes_orders": ""}).status_code == 403


def test_who_stops_taking_orders_is_told_what_goes_on() -> None:
    books = office.books("Ooievaar")
    browser = office.browser(office.person(Role.ADMINISTRATOR))
    address = reverse("admin:orders_orderterms_change", args=(books.administration.order_terms.pk,))
    values = {"administration": books.administration.pk, "price_band": "5", "description": "PO {number}"}
    kept = browser.post(address, {**values, "takes_orders": "on"}, follow=True).content.decode()
    assert "came in before" not in kept
    count = PurchaseOrder.objects.exclude(state__in=["DONE", "IGNORED"]).count()
    stopped = browser.post(address, values, follow=True).content.decode()
    assert f"{count} orders that came in before go on" in stopped
