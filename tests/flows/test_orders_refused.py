"""Orders that wait, each for its cause: the page says it in both languages, its button mends it, one is made."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.core.causes import Cause
from apps.exact.client import Exact
from apps.exact.models import Division, Item, Relation
from apps.items.models import ItemMapping, ItemQuestion
from apps.orders import acts
from apps.orders.models import PurchaseOrder, State
from apps.sandbox import switches
from apps.sandbox.exact import store
from tests.flows.arriving import by_mail, by_upload, work
from tests.flows.conftest import BAKERY
from tests.flows.ordering import (
    HOLD_BACK,
    accept,
    is_done_and_found_again,
    page,
    person,
    press,
    text,
    waits_for,
)
from tests.flows.purchasing import (
    CARDS,
    ORDERS,
    Order,
    card,
    in_exact,
    is_posted_as_meant,
    offers,
    order,
    stored,
    wish,
)
from tests.intake.pdf.test_examining import page as pdf_page
from tests.intake.pdf.test_examining import written as pdf_of

pytestmark = pytest.mark.django_db

MILL, BLOCKED = "10001", "10018"


@pytest.fixture
def browser(bakery: Division) -> Browser:
    switches.change(minute_limit=10_000)
    return person()


def sent(browser: Browser, meant: Order) -> Order:
    """Upload an order as UBL."""
    by_upload(browser, meant.ubl(), f"{meant.number}.xml")
    return meant


def flour(number: str = "BGA-9", **of_first: Any) -> Order:
    """Two lines of flour by the bag, the first one with other values."""
    mill = card(MILL)
    bags = [one for one in offers(mill) if one["PurchaseUnitFactor"] != 1]
    return order(mill, number, wish(bags[0], 1).but(**of_first), wish(bags[1], 2))


def ends_well(browser: Browser, meant: Order) -> None:
    """Accept an order that was mended, and hold it against what its sender meant."""
    accept(browser, meant.number)
    is_posted_as_meant(meant, meant.ubl(), f"{meant.number}.xml")
    is_done_and_found_again(browser, meant.number, meant.ubl())


def sync(browser: Browser, division: Division) -> None:
    """Have the division read from Exact, by the button for that."""
    assert browser.post(reverse("admin:exact_division_sync", args=(division.pk,))).status_code == 302
    work()


def test_an_unknown_item_is_mapped_on_its_page(browser: Browser, bakery: Division) -> None:
    meant = sent(browser, flour(code="NIEUW-7"))
    waits_for(stored(meant.number), Cause.ITEM_UNKNOWN, acts.MAP_ITEM)
    unknown = reverse("admin:items_itemquestion_changelist")
    question = ItemQuestion.objects.get()
    assert f"{unknown}?administration={question.administration_id}" in text(
        browser, page(stored(meant.number))
    )
    assert "NIEUW-7" in text(browser, unknown)
    item = Item.objects.get(division=bakery, exact_id=meant.wishes[0].offer["Item"])
    chosen = {f"item-{question.pk}": str(item.exact_id)}
    assert browser.post(reverse("admin:items_itemquestion_map_group"), chosen).status_code == 302
    work()
    ends_well(browser, meant)
    assert ItemMapping.objects.valid().get().item == item.exact_id


def test_the_next_order_with_an_item_that_was_mapped_goes_by_itself(
    browser: Browser, bakery: Division
) -> None:
    first = sent(browser, flour(code="NIEUW-7"))
    press(browser, stored(first.number), "item", named=first.wishes[0].offer["ItemCode"])
    work()
    ends_well(browser, first)
    second = sent(browser, flour("BGA-10", code="NIEUW-7", quantity=Decimal(6)))
    assert stored(second.number).state == State.READY
    work(HOLD_BACK)
    is_posted_as_meant(second, second.ubl(), "BGA-10.xml")


def test_a_blocked_supplier_is_released_in_exact_and_tried_again(browser: Browser, bakery: Division) -> None:
    blocked = card(BLOCKED)
    meant = sent(browser, order(blocked, "BGA-9", *(wish(one, 1) for one in offers(blocked))))
    waits_for(stored(meant.number), Cause.SUPPLIER_BLOCKED, acts.RETRY)
    press(browser, stored(meant.number), "retry")
    assert stored(meant.number).cause == Cause.SUPPLIER_BLOCKED
    store.put(CARDS, BAKERY, {**blocked, "Blocked": False})
    sync(browser, bakery)
    assert not Relation.objects.get(division=bakery, exact_id=blocked["ID"]).blocked
    press(browser, stored(meant.number), "retry")
    ends_well(browser, meant)


def test_in_a_wrong_unit_a_person_says_how_many(browser: Browser) -> None:
    meant = sent(browser, flour(unit="m"))
    waiting = stored(meant.number)
    waits_for(waiting, Cause.NEEDS_APPROVAL, acts.MEND)
    line = waiting.lines.get(position=1)
    press(browser, waiting, "edit", **{f"ordered-{line.pk}": "3"})
    accept(browser, meant.number)
    right = flour(quantity=Decimal(3))
    is_posted_as_meant(right, meant.ubl(), "BGA-9.xml")


@pytest.mark.parametrize("factor", [Decimal("1.5"), Decimal("0.5")])
def test_a_price_outside_the_band_is_approved(browser: Browser, factor: Decimal) -> None:
    usual = flour().wishes[0].price
    meant = sent(browser, flour(price=(usual * factor).quantize(Decimal("0.01"))))
    waits_for(stored(meant.number), Cause.NEEDS_APPROVAL, acts.APPROVE)
    press(browser, stored(meant.number), "order_anyway")
    ends_well(browser, meant)


def test_a_number_that_came_in_before_is_ordered_anyway(browser: Browser) -> None:
    sent(browser, flour())
    first = stored("BGA-9")
    meant = flour(quantity=Decimal(6))
    by_upload(browser, meant.ubl(), "again.xml")
    second = PurchaseOrder.objects.exclude(pk=first.pk).get()
    assert second.double_of == first
    waits_for(second, Cause.POSSIBLE_DOUBLE, acts.ANYWAY)
    assert page(first) in text(browser, page(second))
    press(browser, first, "ignore")
    press(browser, second, "order_anyway")
    assert PurchaseOrder.objects.get(pk=second.pk).state == State.PROPOSED
    press(browser, second, "accept")
    work(HOLD_BACK)
    is_posted_as_meant(meant, meant.ubl(), "again.xml", ours=PurchaseOrder.objects.get(pk=second.pk))


def by_hand(division: Division, meant: Order) -> str:
    """Make the order in Exact as somebody would there, read the mirrors, and return its number."""
    lines = [{"Item": one.offer["Item"], "QuantityInPurchaseUnits": 1.0} for one in meant.wishes]
    made = Exact(division).post(
        ORDERS, {"Supplier": meant.supplier["ID"], "YourRef": meant.number, "PurchaseOrderLines": lines}
    )
    return str(made["OrderNumber"])


def test_a_number_that_somebody_used_in_exact_is_ordered_anyway(browser: Browser, bakery: Division) -> None:
    number = by_hand(bakery, flour())
    sync(browser, bakery)
    meant = sent(browser, flour())
    waiting = stored(meant.number)
    assert number in waiting.detail
    waits_for(waiting, Cause.POSSIBLE_DOUBLE, acts.ANYWAY)
    press(browser, waiting, "order_anyway")
    accept(browser, meant.number, before=1)
    ours = stored(meant.number)
    assert [row.key for row in in_exact(meant.number) if row.data["OrderNumber"] != int(number)] == [
        str(ours.posting and ours.posting.exact_id)
    ]
    assert len(in_exact(meant.number)) == 2


def test_a_number_that_somebody_uses_in_exact_meanwhile_is_found_before_it_is_made(
    browser: Browser, bakery: Division
) -> None:
    meant = sent(browser, flour())
    press(browser, stored(meant.number), "accept")
    number = by_hand(bakery, meant)
    work(HOLD_BACK)
    waiting = stored(meant.number)
    assert number in waiting.detail
    waits_for(waiting, Cause.POSSIBLE_DOUBLE, acts.ANYWAY)
    assert len(in_exact(meant.number)) == 1
    press(browser, waiting, "order_anyway")
    accept(browser, meant.number, before=1)
    assert len(in_exact(meant.number)) == 2
    assert stored(meant.number).state == State.DONE


def test_a_pdf_that_came_by_mail_is_filled_in_beside_it(
    browser: Browser, bakery: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "(Inkooporder BGA-9) Tj 0 -20 Td (twee zakken bloem) Tj"
    pdf = pdf_of(pdf_page(stream=f"BT /F1 12 Tf 50 700 Td {words} ET".encode()))
    by_mail(pdf, "inkooporder.pdf", monkeypatch)
    waiting = PurchaseOrder.objects.get()
    waits_for(waiting, Cause.NOT_OURS, acts.ROUTE)
    press(browser, waiting, "route", administration=str(bakery.administration_id))
    waiting = PurchaseOrder.objects.get()
    waits_for(waiting, Cause.UNREADABLE, acts.FILL_IN)
    address = reverse("admin:orders_purchaseorder_fill_in", args=(waiting.pk,))
    assert address in text(browser, page(waiting))
    assert reverse("admin:intake_part_original", args=(waiting.part_id,)) in text(browser, address)
    meant = flour()
    answer = browser.post(address, meant.form() | {"version": waiting.version})
    assert answer.headers["Location"] == page(waiting)
    accept(browser, meant.number)
    is_posted_as_meant(meant, pdf, "inkooporder.pdf")
    is_done_and_found_again(browser, meant.number, pdf)
