"""Orders at the keyboard: accepted with a key, filled in without touching the mouse, an item chosen."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from apps.clients.models import Mode
from apps.orders.models import PurchaseOrder, State
from apps.people.models import User
from tests.browser.conftest import needs_chromium
from tests.exact.factories import ItemFactory
from tests.orders.buying import Buying, make_buying

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

LIST = "/orders/purchaseorder/"


@pytest.fixture
def buying(reviewer: User) -> Buying:
    made = make_buying(mode=Mode.PROPOSE)
    reviewer.assignments.create(client=made.administration.client)
    return made


def test_proposals_are_accepted_one_after_the_other_and_the_last_is_taken_back(
    page: Page, buying: Buying
) -> None:
    orders = [buying.coded(number=f"PO-{number}") for number in range(3)]
    page.goto(f"{LIST}?stage=proposed")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    for order in orders[:2]:
        expect(page.locator(".pk-head", has_text=order.number)).to_be_visible()
        page.keyboard.press("a")
        expect(page.locator(".pk-undo", has_text=order.number)).to_be_visible()
    expect(page.locator(".pk-head", has_text=orders[2].number)).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".pk-head", has_text=orders[1].number)).to_be_visible()
    states = list(PurchaseOrder.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.READY, State.PROPOSED, State.PROPOSED]
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()


def test_an_order_of_twelve_lines_is_filled_in_with_the_keyboard_alone(page: Page, buying: Buying) -> None:
    ItemFactory(division=buying.division, code="TOUW14", description="Touw 14 mm", is_purchase_item=True)
    page.goto(LIST)
    page.keyboard.press("n")
    page.locator("#id_supplier").press_sequentially("Anker")
    expect(page.locator("#pk-supplier option")).to_have_count(1)
    page.locator("#id_supplier").fill(str(page.locator("#pk-supplier option").get_attribute("value")))
    page.locator("#id_number").fill("PO-2026-1")
    page.locator("[name=lines-0-item]").focus()
    for number in range(12):
        page.keyboard.type(buying.item.code)
        for _ in range(4):
            page.keyboard.press("Tab")
        page.keyboard.type(str(number + 1))
        page.keyboard.press("Tab")
        page.keyboard.type("doos")
        page.keyboard.press("Tab")
        page.keyboard.type("150,00")
        page.keyboard.press("Enter")
        focused = page.evaluate("document.activeElement.name")
        assert focused == f"lines-{number + 1}-item"
    page.keyboard.press("Control+Enter")
    expect(page.locator(".pk-head", has_text="PO-2026-1")).to_be_visible()
    order = PurchaseOrder.objects.get()
    assert (order.typed, order.lines.count(), order.state) == (True, 12, State.PROPOSED)
    page.keyboard.press("e")
    expect(page.locator(".pk-edit")).to_be_visible()


def test_what_is_wrong_is_said_and_what_was_typed_stays(page: Page, buying: Buying) -> None:
    page.goto(reverse("admin:orders_purchaseorder_new"))
    page.locator("#id_administration").select_option(label=buying.administration.name)
    page.locator("#id_supplier").fill(buying.supplier.code)
    page.locator("#id_number").fill("PO-2026-2")
    page.locator("[name=lines-0-seller_item]").fill("T-12")
    page.locator("[name=lines-0-quantity]").fill("veel")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[role=alert] a[href='#row-1']")).to_be_visible()
    assert page.locator("[name=lines-0-quantity]").input_value() == "veel"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_unknown_item_is_chosen_on_the_page_of_the_order(page: Page, buying: Buying) -> None:
    order = buying.coded({"seller_item": "ONBEKEND", "description": "Iets heel anders"})
    page.goto(reverse("admin:orders_purchaseorder_change", args=(order.pk,)))
    page.keyboard.press("/")
    page.keyboard.type("touw")
    expect(page.locator(".pk-question datalist option")).to_have_count(1)
    page.locator("[name=named]").fill(buying.item.code)
    page.keyboard.press("Enter")
    expect(page.get_by_text(buying.item.code).first).to_be_visible()
    question = order.lines.get().item_question
    assert question is None or question.item == buying.item.exact_id
