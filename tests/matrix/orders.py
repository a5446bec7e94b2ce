"""Orders in the matrix: UBL orders that become purchase orders, by a person's hand or by themselves."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar
from uuid import uuid4

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.exact.models import Division
from apps.intake.keeping import keep
from apps.invoices.processing import process as read
from apps.orders.coding import code
from apps.orders.models import PurchaseOrder, State
from apps.orders.processing import process
from apps.orders.reviewing import accept
from apps.people.models import User
from apps.posting.kinds import KINDS
from apps.posting.models import ORDER
from apps.sandbox.exact import store
from apps.sandbox.models import Row
from tests.matrix import parties
from tests.matrix.combinations import FILES, LOOKED_FOR, WRITTEN_FIRST, Step
from tests.matrix.kind import Document, Kind
from tests.matrix.paper import PDF
from tests.orders.documents import Line, Paper

ORDERS, LINES = "purchaseorder/PurchaseOrders", "purchaseorder/PurchaseOrderLines"
ITEMS, OFFERS, SUPPLIERS = "logistics/Items", "logistics/SupplierItem", "crm/Accounts"
BOX, PIECES, PRICE = "doos", 12, 24  # a box, how many pieces are in it, and what it costs


class Orders(Kind):
    """Each takes a document, one or two files and an order; Exact is asked for the order first."""

    name = "orders"
    model = PurchaseOrder
    result = KINDS[ORDER]
    steps: ClassVar = (
        Step("look before anything is written", "GET", ORDERS),
        *WRITTEN_FIRST,
        Step("order", "POST", ORDERS),
        *LOOKED_FOR,
        Step(
            "look for an order that is not there",
            "GET",
            ORDERS,
            before=("dropped_before", ORDERS),
            passed_each=1,
        ),
        Step(
            "look for an order that is there", "GET", ORDERS, before=("dropped_answer", ORDERS), passed_each=1
        ),
    )
    mirrors = ("units", "items", "supplier_items", "purchase_orders")

    def stock(self, code: int) -> None:
        """Let each supplier of the division sell each item, by the box."""
        items = [row.data for row in store.rows(ITEMS, code)]
        store.fill(
            (OFFERS, code, _offer(item, supplier.key))
            for supplier in store.rows(SUPPLIERS, code)
            for item in items
        )

    def take_in(self, division: Division, count: int) -> None:
        """Receive and code so many, each by itself; every second has a PDF beside it.

        Every second administration orders by itself from then on.
        """
        suppliers, customer = parties.suppliers(division.code), parties.customer(division.code)
        items = _codes(division.code)
        for number in range(1, count + 1):
            name, supplier = f"O{division.code % 1000:03}-{number:04}", suppliers[number % len(suppliers)]
            paper = Paper(
                number=name,
                lines=_lines(number, items),
                day=clock.today().isoformat(),
                buyer=customer.chamber,
                seller=supplier.chamber,
                seller_name=supplier.name,
            )
            contents = (paper.xml(), PDF + name.encode())
            receipt = keep(list(zip(_names(name, number), contents, strict=False)), channel="upload").pk
            read(receipt)
            process(receipt)
        if division.code % 2:
            whose = Administration.objects.filter(division=division)
            whose.update(mode=Mode.AUTOMATIC)

    def agree(self, documents: Iterable[Document], by: User) -> None:
        """Accept these, unless they go by themselves now: the first of a vendor never does."""
        rows = PurchaseOrder.objects.select_related("administration__division", "part")
        for order in rows.filter(pk__in={each.pk for each in documents}).order_by("pk"):
            code(order)
            if order.state == State.PROPOSED:
                accept(order, by=by, version=order.version)

    def differences(self, document: Document, row: Row) -> Iterator[str]:
        """Yield another number or supplier than the file names, lines that it does not order, files that are lost."""
        number = int(document.number.rpartition("-")[2])
        said = (row.data["YourRef"], row.data["SupplierName"])
        if said != (document.number, document.vendor_name):
            yield f"it is {said}"
        lines = store.children(LINES, row.division, row.key)
        made = [
            tuple(line.data[name] for name in ("SupplierItemCode", "QuantityInPurchaseUnits", "NetPrice"))
            for line in sorted(lines, key=lambda one: one.data["LineNumber"])
        ]
        wanted = [(item, boxes, PRICE) for item, boxes in _wanted(number, _codes(row.division))]
        if made != wanted:
            yield f"its lines are {made}, ordered was {wanted}"
        files = {file.data["FileName"] for file in store.children(FILES, row.division, row.data["Document"])}
        if files != set(_names(document.number, number)):
            yield f"attached are {files}"


def _names(name: str, number: int) -> list[str]:
    """Return the files that order `number` comes in with: every second has a PDF beside it."""
    return [f"{name}.xml"] if number % 2 else [f"{name}.xml", f"{name}.pdf"]


def _codes(division: int) -> list[str]:
    """Return the codes by which the suppliers of `division` sell its items."""
    return sorted({_code(row.data) for row in store.rows(ITEMS, division)})


def _code(item: dict[str, Any]) -> str:
    return f"M-{item['Code']}"


def _wanted(number: int, items: list[str]) -> list[tuple[str, int]]:
    """Return what order `number` asks for: codes and boxes."""
    first = number % len(items)
    return [(items[first], number), (items[first - 1], number + 1)]


def _lines(number: int, items: list[str]) -> tuple[Line, ...]:
    """Return the lines of order `number`: the first in boxes, the second in pieces."""
    (one, boxes), (other, more) = _wanted(number, items)
    return (
        Line(item=one, quantity=str(boxes), unit="BX", price=str(PRICE), name="By the box"),
        Line(item=other, quantity=str(more * PIECES), price=str(PRICE // PIECES), name="By the piece"),
    )


def _offer(item: dict[str, Any], supplier: str) -> dict[str, Any]:
    return {
        "ID": str(uuid4()),
        "Item": item["ID"],
        "ItemCode": item["Code"],
        "ItemDescription": item["Description"],
        "ItemUnitCode": item["Unit"],
        "Supplier": supplier,
        "SupplierItemCode": _code(item),
        "MainSupplier": False,
        "PurchasePrice": float(PRICE),
        "PurchaseUnit": BOX,
        "PurchaseUnitFactor": float(PIECES),
        "PurchaseVATCode": "2",
        "Currency": "EUR",
        "StartDate": item["StartDate"],
    }
