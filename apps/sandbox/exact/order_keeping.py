"""The rows of a purchase order and its lines, and how far it has come (Exact facts 4.4)."""

from decimal import Decimal
from typing import Any

from apps.sandbox.exact import store
from apps.sandbox.exact.booking import decimal
from apps.sandbox.exact.errors import Problem, objection
from apps.sandbox.exact.order_figures import CANCELLED, COMPLETE, OPEN, progress
from apps.sandbox.models import Row

Data = dict[str, Any]

ORDERS, LINES = "purchaseorder/PurchaseOrders", "purchaseorder/PurchaseOrderLines"
AT_FIRST = dict.fromkeys(("OrderStatus", "ReceiptStatus", "InvoiceStatus"), OPEN)


def order_of(line: Row) -> Row:
    """Return the order that a line belongs to."""
    return store.rows(ORDERS, line.division).get(key=line.parent)


def lines_of(order: Row) -> list[Data]:
    """Return the fields of the lines of an order, in their order."""
    rows = [row.data for row in store.children(LINES, order.division, order.key)]
    return sorted(rows, key=lambda line: line["LineNumber"])


def refuse_closed(order: Row) -> None:
    """Raise Objection ("Reeds verwerkt") when an order is complete or cancelled."""
    if order.data["OrderStatus"] in (COMPLETE, CANCELLED):
        raise objection(Problem("processed"))


def write(division: int, header: Data, lines: list[Data]) -> Row:
    """Keep an order and its lines, all with new row versions; return the order.

    The statuses follow the quantities; that an order is as far as its receipt is a guess [G].
    """
    received, invoiced = (_progress(lines, name) for name in ("ReceivedQuantity", "InvoicedQuantity"))
    told = {"OrderStatus": received, "ReceiptStatus": received, "InvoiceStatus": invoiced}
    return write_as(division, {**header, **told}, lines)


def write_invoiced(order: Row, lines: list[Data]) -> Row:
    """Keep how much of an order is invoiced; what else it says of itself stays. Return the order."""
    if order.data["OrderStatus"] == CANCELLED:
        return write_as(order.division, order.data, lines)
    told = {"InvoiceStatus": _progress(lines, "InvoicedQuantity")}
    return write_as(order.division, {**order.data, **told}, lines)


def write_as(division: int, header: Data, lines: list[Data]) -> Row:
    """Keep an order and its lines with the statuses that the header says; return the order."""
    order = store.put(ORDERS, division, header)
    store.put_all(LINES, division, lines)
    return order


def _progress(lines: list[Data], name: str) -> int:
    steps: list[tuple[Decimal, Decimal]] = [
        (decimal(line.get(name)), decimal(line["Quantity"])) for line in lines
    ]
    return progress(steps)
