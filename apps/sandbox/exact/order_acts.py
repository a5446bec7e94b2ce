"""What becomes of a purchase order in Exact itself: received, invoiced, completed, cancelled (Exact facts 4.4)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.sandbox.exact import order_keeping, store
from apps.sandbox.exact.booking import decimal
from apps.sandbox.exact.order_figures import CANCELLED, COMPLETE
from apps.sandbox.exact.order_keeping import LINES
from apps.sandbox.models import Row

Data = dict[str, Any]


def receive(order: Row, share: Decimal = Decimal(1)) -> Row:
    """Receive this share (0 to 1) of what each line still has to come, in whole units; return the order."""
    order_keeping.refuse_closed(order)
    return order_keeping.write(
        order.division, order.data, [_received(line, share) for line in order_keeping.lines_of(order)]
    )


def complete(order: Row) -> Row:
    """Close an order as complete, whatever came of it; return the order. Raises Objection when it is closed."""
    order_keeping.refuse_closed(order)
    return _closed(order, OrderStatus=COMPLETE, ReceiptStatus=COMPLETE)


def cancel(order: Row) -> Row:
    """Cancel an order; return it. Raises Objection when it is closed."""
    order_keeping.refuse_closed(order)
    return _closed(order, OrderStatus=CANCELLED, ReceiptStatus=CANCELLED, InvoiceStatus=CANCELLED)


def invoice(division: int, quantities: Mapping[str, Decimal]) -> None:
    """Move what is invoiced of order lines by these quantities, in units of the item, by the key of the line."""
    rows = store.rows(LINES, division).filter(key__in=quantities)
    for key in sorted({row.parent for row in rows}):
        order = store.rows(order_keeping.ORDERS, division).get(key=key)
        lines = [_invoiced(line, quantities) for line in order_keeping.lines_of(order)]
        order_keeping.write_invoiced(order, lines)


def _received(line: Data, share: Decimal) -> Data:
    so_far = decimal(line.get("ReceivedQuantity"))
    more = ((decimal(line["Quantity"]) - so_far) * share).to_integral_value()
    return {**line, "ReceivedQuantity": float(so_far + more if share < 1 else decimal(line["Quantity"]))}


def _invoiced(line: Data, quantities: Mapping[str, Decimal]) -> Data:
    moved = decimal(line.get("InvoicedQuantity")) + quantities.get(line["ID"], Decimal())
    return {**line, "InvoicedQuantity": float(moved)}


def _closed(order: Row, **statuses: int) -> Row:
    return order_keeping.write_as(order.division, {**order.data, **statuses}, order_keeping.lines_of(order))
