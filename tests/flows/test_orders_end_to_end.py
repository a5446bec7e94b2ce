"""Orders from the door to Exact: read, accepted by a person, made there once in every field, and found again here."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection as database
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.exact.models import Division
from apps.orders import delivering
from apps.orders.coding import code
from apps.orders.models import PurchaseOrder, State
from apps.sandbox import switches
from tests.flows.arriving import by_mail, by_upload, work
from tests.flows.ordering import HOLD_BACK, accept, is_done_and_found_again, page, person, press, text
from tests.flows.purchasing import Order, card, is_posted_as_meant, offers, order, stored, wish

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
MILL, PACKAGING, DAIRY = "10001", "10005", "10002"
MOST_TO_CODE, MOST_TO_SHOW = 25, 20


@pytest.fixture
def browser(bakery: Division) -> Browser:
    switches.change(minute_limit=10_000)
    return person()


def flour(number: str = "BGA-1") -> Order:
    """Flour by the bag, by the kilogram, and by the piece."""
    mill = card(MILL)
    sold = offers(mill)
    by_bag = [one for one in sold if one["PurchaseUnitFactor"] != 1]
    by_piece = [one for one in sold if one["PurchaseUnitFactor"] == 1]
    return order(
        mill, number, wish(by_bag[0], 1), wish(by_bag[1], 2, in_item_units=True), wish(by_piece[0], 3)
    )


def test_a_ubl_order_by_mail(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    meant = flour()
    by_mail(meant.ubl(), "order.xml", monkeypatch)
    accept(browser, meant.number)
    is_posted_as_meant(meant, meant.ubl(), "order.xml")
    is_done_and_found_again(browser, meant.number, meant.ubl())


def boxes(number: str, count: int) -> Order:
    """So many lines of packaging: boxes of many, counted as boxes and, each third line, by what is in them."""
    packaging = card(PACKAGING)
    sold = offers(packaging)
    wishes = [wish(sold[place % len(sold)], place, in_item_units=place % 3 == 0) for place in range(count)]
    return order(packaging, number, *wishes)


def test_a_sheet_of_200_lines(browser: Browser) -> None:
    meant = boxes("BGA-200", 200)
    content = meant.sheet()
    by_upload(browser, content, "bestelling.xlsx")
    accept(browser, meant.number)
    is_posted_as_meant(meant, content, "bestelling.xlsx")
    is_done_and_found_again(browser, meant.number, content)


def queries_of(act: Callable[[], object]) -> int:
    """Do `act`, and return how many queries it costs."""
    with CaptureQueriesContext(database) as queries:
        act()
    return len(queries)


def test_200_lines_are_coded_handed_over_and_shown_in_few_queries(browser: Browser, bakery: Division) -> None:
    meant = boxes("BGA-200", 200)
    by_upload(browser, meant.sheet(), "bestelling.xlsx")
    coded = PurchaseOrder.objects.select_related("administration__division", "part").get(number=meant.number)
    assert coded.state == State.PROPOSED
    assert queries_of(lambda: code(coded)) <= MOST_TO_CODE
    assert queries_of(lambda: text(browser, page(coded))) <= MOST_TO_SHOW
    press(browser, coded, "accept")
    accepted = PurchaseOrder.objects.get(pk=coded.pk)
    assert queries_of(lambda: delivering.submit(accepted, bakery)) <= MOST_TO_CODE
    work(HOLD_BACK)
    assert stored(meant.number).state == State.DONE
    assert queries_of(lambda: text(browser, page(coded))) <= MOST_TO_SHOW


def test_an_order_by_hand_beside_a_pdf(browser: Browser, bakery: Division) -> None:
    dairy = card(DAIRY)
    sold = offers(dairy)
    meant = order(dairy, "BGA-3", *(wish(one, number) for number, one in enumerate(sold[:4])))
    assert bakery.administration
    sent = meant.form(bakery.administration.pk) | {"original": SimpleUploadedFile("bon.pdf", PDF)}
    answer = browser.post(reverse("admin:orders_purchaseorder_new"), sent)
    assert answer.status_code == 302, answer.context["problems"]
    work()
    accept(browser, meant.number)
    is_posted_as_meant(meant, PDF, "bon.pdf")
    is_done_and_found_again(browser, meant.number, PDF)
