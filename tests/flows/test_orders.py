"""Orders from the row to Exact: coded, accepted, made once with document, file and lines; what stops them goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from apps.clients.models import Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact import syncing
from apps.exact.models import Division, ExactOrder, Item, Relation, SupplierItem
from apps.items import answering
from apps.items.models import ItemQuestion
from apps.orders import answers, item_making, item_settling, reviewing
from apps.orders.coding import code
from apps.orders.delivering import deliver
from apps.orders.item_plans import NewItem
from apps.orders.models import ItemWrite, Outcome, PurchaseOrder, Standing, State
from apps.people.models import Role, User
from apps.posting.models import Posting, PostingState
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Row
from tests.flows.conftest import BAKERY
from tests.orders.buying import again, line_of
from tests.orders.factories import PurchaseOrderFactory, PurchaseOrderLineFactory
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ORDERS, LINES = "purchaseorder/PurchaseOrders", "purchaseorder/PurchaseOrderLines"
DOCUMENTS, FILES = "documents/Documents", "documents/DocumentAttachments"
UNCLEAR = ("error_before_commit", "error_after_commit", "dropped_before", "dropped_answer", "garbled")


@dataclass
class Shop:
    """The bakery and something that a supplier of its sells to it."""

    division: Division
    supplier: Relation
    offer: SupplierItem
    item: Item

    def order(self, **line: Any) -> PurchaseOrder:
        """Return an order of two purchase units at the supplier's price, as it came in and was coded."""
        price = line.pop("price", self.offer.price)
        made: PurchaseOrder = PurchaseOrderFactory(
            administration=self.division.administration,
            vendor_name=self.supplier.name,
            vendor_key="",
            vendor={"name": self.supplier.name, "code": self.supplier.code, "keys": []},
            net=None,
            line_count=1,
            order_date=clock.today(),
            receipt_date=clock.today() + timedelta(days=7),
        )
        known = {
            "seller_item": self.offer.supplier_code,
            "quantity": Decimal(2),
            "unit": self.offer.unit,
            "price": price,
            "net": None if price is None else (2 * price).quantize(Decimal("0.01")),
        }
        PurchaseOrderLineFactory(order=made, position=1, **known | line)
        code(again(made))
        return again(made)

    def deliver(self) -> None:
        """Let the worker come by."""
        deliver(
            Division.objects.select_related("app", "connection", "administration").get(pk=self.division.pk)
        )

    def in_exact(self, order: PurchaseOrder) -> list[Row]:
        """Return the orders in Exact with the number of `order`."""
        return [row for row in store.rows(ORDERS, BAKERY) if row.data.get("YourRef") == order.number]


@pytest.fixture(autouse=True)
def _nothing_is_awaited(settings: Settings) -> None:
    settings.SETTLE_SECONDS = settings.HOLD_BACK_MINUTES = 0


@pytest.fixture
def person(db: None) -> User:
    made: User = UserFactory(role=Role.ADMINISTRATOR)
    return made


@pytest.fixture
def shop(bakery: Division) -> Shop:
    switches.change(minute_limit=10_000)
    offers = SupplierItem.objects.filter(division=bakery, factor__gt=1, price__gt=0).exclude(supplier_code="")
    offer = offers.order_by("pk").first()
    assert offer
    supplier = Relation.objects.get(division=bakery, exact_id=offer.supplier)
    item = Item.objects.get(division=bakery, exact_id=offer.item)
    return Shop(bakery, supplier, offer, item)


@pytest.fixture
def accepted(shop: Shop, person: User) -> Callable[[PurchaseOrder], PurchaseOrder]:
    def accept(order: PurchaseOrder) -> PurchaseOrder:
        assert order.state == State.PROPOSED, (order.state, order.cause, order.detail)
        reviewing.accept(order, by=person, version=order.version)
        shop.deliver()
        return again(order)

    return accept


def test_an_order_is_made_in_exact_once_with_its_document_file_and_lines(
    shop: Shop, accepted: Callable[[PurchaseOrder], PurchaseOrder]
) -> None:
    order = accepted(shop.order(project_text="Kade 4"))
    (made,) = shop.in_exact(order)
    assert (order.state, order.outcome, order.standing) == (State.DONE, Outcome.ORDERED, Standing.OPEN)
    assert order.posting
    assert order.exact_number == str(made.data["OrderNumber"])
    assert made.key in order.exact_url
    assert made.data["Description"] == f"PO {order.number} [{order.posting.reference}]"
    document = store.rows(DOCUMENTS, BAKERY).get(key=made.data["Document"])
    assert order.posting.reference in document.data["Subject"]
    assert [row.data["FileName"] for row in store.children(FILES, BAKERY, document.key)] == [
        order.part.filename
    ]
    (line,) = store.children(LINES, BAKERY, made.key)
    assert line.data["Item"] == str(shop.item.exact_id)
    assert (line.data["QuantityInPurchaseUnits"], line.data["NetPrice"]) == (
        2.0,
        float(shop.offer.price or 0),
    )
    assert line.data["Notes"] == "Kade 4"
    assert Decimal(order.posting.plan["look"]["amount"]) == Decimal(str(made.data["AmountFC"]))
    shop.deliver()
    assert len(shop.in_exact(order)) == 1


@pytest.mark.parametrize("fault", UNCLEAR)
@pytest.mark.parametrize("path", [DOCUMENTS, FILES, ORDERS])
def test_whatever_goes_wrong_one_order_comes_of_it(
    shop: Shop, accepted: Callable[[PurchaseOrder], PurchaseOrder], fault: str, path: str
) -> None:
    order = shop.order()
    faults.arm(fault, method="POST", path=path)
    accepted(order)
    for _round in range(4):
        time.advance(timedelta(minutes=5))
        shop.deliver()
    order = again(order)
    assert order.state == State.DONE, order.detail
    assert len(shop.in_exact(order)) == 1
    assert order.posting
    reference = order.posting.reference
    subjects = [row.data["Subject"] for row in store.rows(DOCUMENTS, BAKERY)]
    assert len([subject for subject in subjects if reference in subject]) == 1


def test_the_next_order_of_the_vendor_goes_by_itself(
    shop: Shop, accepted: Callable[[PurchaseOrder], PurchaseOrder]
) -> None:
    accepted(shop.order())
    second = shop.order()
    assert second.state == State.READY
    shop.deliver()
    assert again(second).state == State.DONE


def test_an_unknown_item_waits_for_its_answer(
    shop: Shop, person: User, accepted: Callable[[PurchaseOrder], PurchaseOrder]
) -> None:
    order = shop.order(seller_item="NIEUW-1", description="Iets nieuws")
    assert (order.state, order.cause) == (State.ATTENTION, Cause.ITEM_UNKNOWN)
    question = line_of(order).item_question
    assert question
    answering.answer(question, shop.item, by=person)
    answers.item_answered(question.pk)
    assert accepted(again(order)).state == State.DONE


def test_a_blocked_supplier_waits_until_it_is_released(
    shop: Shop, person: User, accepted: Callable[[PurchaseOrder], PurchaseOrder]
) -> None:
    Relation.objects.filter(pk=shop.supplier.pk).update(blocked=True)
    order = shop.order()
    assert (order.state, order.cause) == (State.ATTENTION, Cause.SUPPLIER_BLOCKED)
    Relation.objects.filter(pk=shop.supplier.pk).update(blocked=False)
    reviewing.retry(order, by=person)
    assert accepted(again(order)).state == State.DONE


def test_a_price_outside_the_band_is_approved(
    shop: Shop, person: User, accepted: Callable[[PurchaseOrder], PurchaseOrder]
) -> None:
    order = shop.order(price=(shop.offer.price or Decimal(1)) * 2)
    assert (order.state, order.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    reviewing.order_anyway(order, by=person, version=order.version)
    assert accepted(again(order)).state == State.DONE


def test_a_number_that_exact_has_already_is_ordered_anyway(
    shop: Shop, person: User, accepted: Callable[[PurchaseOrder], PurchaseOrder]
) -> None:
    first = accepted(shop.order())
    assert first.posting
    Posting.objects.filter(pk=first.posting.pk).update(method="removal", exact_id=None)  # somebody else's now
    syncing.make_due(shop.division)
    syncing.run(shop.division)
    assert ExactOrder.objects.filter(division=shop.division, your_ref=first.number).exists()
    order = shop.order(quantity=Decimal(3), net=None)
    PurchaseOrder.objects.filter(pk=order.pk).update(number=first.number)
    code(again(order))
    order = again(order)
    assert (order.state, order.cause) == (State.ATTENTION, Cause.POSSIBLE_DOUBLE)
    assert first.exact_number in order.detail
    reviewing.order_anyway(order, by=person)
    order = accepted(again(order)) if again(order).state == State.PROPOSED else again(order)
    shop.deliver()
    assert again(order).state == State.DONE
    assert len(shop.in_exact(first)) == 2


def test_an_order_is_taken_back_and_made_again(
    shop: Shop, person: User, accepted: Callable[[PurchaseOrder], PurchaseOrder]
) -> None:
    order = accepted(shop.order())
    reviewing.undo(order, by=person, version=order.version)
    shop.deliver()
    order = again(order)
    assert order.state == State.PROPOSED, order.detail
    assert shop.in_exact(order) == []
    order = accepted(order)
    assert order.state == State.DONE
    assert len(shop.in_exact(order)) == 1


def test_what_was_received_meanwhile_stays(
    shop: Shop, person: User, accepted: Callable[[PurchaseOrder], PurchaseOrder]
) -> None:
    order = accepted(shop.order())
    (made,) = shop.in_exact(order)
    made.data["ReceiptStatus"] = 20
    made.save(update_fields=["data"])
    reviewing.undo(order, by=person)
    shop.deliver()
    order = again(order)
    assert (order.state, order.outcome) == (State.DONE, Outcome.ORDERED)
    assert len(shop.in_exact(order)) == 1


def test_on_pilot_nothing_is_written(shop: Shop, person: User) -> None:
    administration = shop.division.administration
    assert administration
    administration.mode = Mode.PILOT
    administration.save(update_fields=["mode"])
    order = shop.order()
    shop.deliver()
    assert again(order).state == State.READY
    assert not Posting.objects.exists()


def test_a_new_item_is_made_and_is_the_answer(
    shop: Shop, person: User, accepted: Callable[[PurchaseOrder], PurchaseOrder]
) -> None:
    order = shop.order(seller_item="NIEUW-2", description="Iets nieuws", unit="stuk", price=Decimal(4))
    question = ItemQuestion.objects.get(seller_item="NIEUW-2")
    new = NewItem(code="NIEUW2", description="Iets nieuws", unit="stuk", price=Decimal(4))
    item_making.make(question, new, by=person)
    for _round in range(3):
        shop.deliver()
        item_settling.settle(shop.division.pk)
        syncing.run(shop.division)
        item_settling.settle()
    write = ItemWrite.objects.select_related("posting").get()
    assert write.posting.state == PostingState.DONE, write.sentence
    assert write.ended_at
    question.refresh_from_db()
    assert question.answered_at
    answers.item_answered(question.pk)
    order = accepted(again(order))
    assert order.state == State.DONE, order.detail
    assert line_of(order).item_code == "NIEUW2"
