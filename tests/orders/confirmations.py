"""An order that is in the simulated Exact, and answers of its supplier."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db.models import Count

from apps.core import clock
from apps.exact.models import Division, Item, SupplierItem
from apps.orders.models import Kind, Outcome, PurchaseOrder, PurchaseOrderLine, Standing, State, ValueSource
from apps.orders.plans import order_plan
from apps.posting.drain import drain
from apps.posting.models import Method, Posting, PostingState, new_reference
from apps.sandbox.exact import store
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, ItemFactory, SupplierItemFactory, VATCodeFactory
from tests.orders.factories import PurchaseOrderFactory, PurchaseOrderLineFactory
from tests.posting.factories import PostingFactory

ORDERS, LINES = "purchaseorder/PurchaseOrders", "purchaseorder/PurchaseOrderLines"
DAY = date(2026, 9, 29)
PRICE = Decimal("12.50")


def make_division(count: int = 5, **values: Any) -> Division:
    """Return a linked division in which one supplier sells `count` items by the piece, without any call to Exact."""
    division: Division = DivisionFactory(administration=AdministrationFactory(**values))
    supplier = uuid4()
    VATCodeFactory(division=division, code="2")
    for number in range(1, count + 1):
        item = ItemFactory(division=division, description=f"item {number}", unit="stuk")
        SupplierItemFactory(
            division=division, item=item.exact_id, supplier=supplier, supplier_code=f"S-{number}", unit="stuk"
        )
    return division


def draft(division: Division, count: int = 5, **values: Any) -> PurchaseOrder:
    """Return an order that is ready: 10, 20, 30 ... of `count` items that one supplier sells, at 12.50 each."""
    usable = Item.objects.filter(division=division, is_purchase_item=True, ends_on=None).values("exact_id")
    sold = SupplierItem.objects.filter(division=division, item__in=usable)
    most = sold.order_by().values("supplier").annotate(n=Count("pk")).order_by("-n", "supplier").first()
    assert most is not None
    order: PurchaseOrder = PurchaseOrderFactory(
        administration=division.administration,
        supplier=most["supplier"],
        state=State.READY,
        receipt_date=DAY,
        **values,
    )
    items = {item.exact_id: item for item in Item.objects.filter(division=division)}
    for position, one in enumerate(sold.filter(supplier=most["supplier"]).order_by("pk")[:count], start=1):
        item, ordered = items[one.item], Decimal(10 * position)
        PurchaseOrderLineFactory(
            order=order,
            position=position,
            seller_item=one.supplier_code,
            description=item.description,
            quantity=ordered,
            unit=one.unit or item.unit,
            price=PRICE,
            net=ordered * PRICE,
            receipt_date=DAY,
            item=item.exact_id,
            item_code=item.code,
            purchase_unit=one.unit or item.unit,
            factor=one.factor,
            ordered=ordered,
            ordered_price=PRICE,
            ordered_source=ValueSource.DOCUMENT,
            vat_code="2",
        )
    return order


def standing(division: Division, count: int = 5) -> PurchaseOrder:
    """Return such an order that counts as being in Exact; nothing is there."""
    order = draft(division, count)
    finished = {
        "state": PostingState.DONE,
        "finished_at": clock.now(),
        "exact_id": uuid4(),
        "exact_number": "26500001",
    }
    posting = PostingFactory(division=division, method=Method.ORDER, **finished)
    done = {
        "outcome": Outcome.ORDERED,
        "done_at": clock.now(),
        "posting": posting,
        "exact_number": "26500001",
    }
    order.move(State.DONE, who="test", why="ordered", at=clock.now(), standing=Standing.OPEN, **done)
    return order


def put(division: Division, count: int = 5) -> PurchaseOrder:
    """Return such an order that is in Exact."""
    order = draft(division, count)
    reference = new_reference()
    plan = order_plan(order, division, reference, list(order.lines.all()))
    posting = Posting.objects.begin(division, Method.ORDER, plan, reference=reference)
    drain(division, at_once=True)
    posting.refresh_from_db()
    assert posting.state == PostingState.DONE, posting.words
    done = {"outcome": Outcome.ORDERED, "done_at": clock.now(), "posting": posting}
    order.move(
        State.DONE, who="test", why="ordered", at=clock.now(), exact_number=posting.exact_number, **done
    )
    return order


def answer(
    order: PurchaseOrder,
    changes: dict[int, dict[str, Any]] | None = None,
    *,
    kind: str = Kind.RESPONSE,
    left_out: tuple[int, ...] = (),
    **values: Any,
) -> PurchaseOrder:
    """Return an answer just come in, which repeats the lines of `order` but for `changes` of them, by position."""
    values = {"receipt_date": order.receipt_date, "response_code": "CA", **values}
    made: PurchaseOrder = PurchaseOrderFactory(
        administration=order.administration, kind=kind, about=order, format="ubl order response", **values
    )
    for line in order.lines.all():
        if line.position in left_out:
            continue
        repeated = {
            name: getattr(line, name)
            for name in ("description", "seller_item", "quantity", "unit", "price", "receipt_date")
        }
        repeated |= {
            "net": None,
            "position": line.position,
            "about_line": line.number,
            **(changes or {}).get(line.position, {}),
        }
        PurchaseOrderLineFactory(order=made, **repeated)
    return made


def in_exact(order: PurchaseOrder) -> dict[str, dict[str, Any]]:
    """Return every field of the order and of its lines in Exact: by number of the line, 0 for the order."""
    assert order.posting is not None
    key, division = str(order.posting.exact_id), order.posting.division.code
    head = store.rows(ORDERS, division).get(key=key).data
    lines = {str(row.data["LineNumber"]): dict(row.data) for row in store.children(LINES, division, key)}
    return {"0": dict(head), **lines}


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> set[tuple[str, str]]:
    """Return which fields of which lines differ between two looks: (number of the line, field).

    A change of an order is a new version of all its lines (Exact facts 3.6): when is not looked at.
    """
    assert before.keys() == after.keys()
    return {
        (number, name)
        for number, row in after.items()
        for name in {*row, *before[number]}
        if name != "Modified" and row.get(name) != before[number].get(name)
    }


def lines_of(order: PurchaseOrder) -> dict[int, PurchaseOrderLine]:
    """Return the lines of `order` by position, read anew."""
    return {line.position: line for line in PurchaseOrderLine.objects.filter(order=order)}
