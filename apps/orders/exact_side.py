"""An order as Exact shows it, and what of it is not as Postkamer put it there. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from apps.exact.models import ExactOrder
from apps.exact.values import date_of, decimal_of, guid_of, integer_of, text_of
from apps.orders.amounts import PRICE
from apps.orders.difference import Difference
from apps.orders.differing import Answered, Ordered, compare
from apps.orders.models import Standing

ORDERS, LINES = "purchaseorder/PurchaseOrders", "purchaseorder/PurchaseOrderLines"
ORDER_FIELDS = ("PurchaseOrderID", "OrderStatus", "ReceiptStatus", "ReceiptDate")
LINE_FIELDS = (
    *("ID", "LineNumber", "Item", "ItemDescription", "QuantityInPurchaseUnits", "NetPrice", "ReceiptDate"),
)
PARTIAL, COMPLETE, CANCELLED = 20, 30, 40  # of OrderStatus and ReceiptStatus (Exact facts 4.4)


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line in Exact: `quantity` in purchase units, `price` as Exact has it, with VAT where its code includes that."""

    exact_id: UUID | None
    number: int = 0
    item: UUID | None = None
    name: str = ""
    quantity: Decimal = Decimal()
    price: Decimal | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An order in Exact: how it stands, its day, its lines."""

    standing: Standing
    day: date | None = None
    lines: tuple[SeenLine, ...] = ()


GONE = Seen(Standing.GONE)


def standing_of(order_status: int, receipt_status: int) -> Standing:
    """Return how an order stands, by two of its three states."""
    if order_status == CANCELLED:
        return Standing.CANCELLED
    if order_status == COMPLETE or receipt_status == COMPLETE:
        return Standing.COMPLETE
    return Standing.PARTIAL if PARTIAL in (order_status, receipt_status) else Standing.OPEN


def seen_from(heads: Sequence[Mapping[str, Any]], lines: Iterable[Mapping[str, Any]]) -> Seen:
    """Return the order in answers of Exact: rows of purchaseorder/PurchaseOrders and PurchaseOrderLines."""
    if not heads:
        return GONE
    head = heads[0]
    standing = standing_of(integer_of(head.get("OrderStatus")), integer_of(head.get("ReceiptStatus")))
    return Seen(standing, date_of(head.get("ReceiptDate")), tuple(_line(row) for row in lines))


def mirrored(head: ExactOrder, lines: Iterable[ExactOrder]) -> Seen:
    """Return the order in rows of the mirror; `head` may be of one that is gone."""
    if head.gone_at is not None:
        return GONE
    found = (
        SeenLine(
            line.exact_id,
            line.line_number,
            line.item,
            line.item_code,
            line.ordered or Decimal(),
            line.net_price,
            line.receipt_date,
        )
        for line in lines
    )
    return Seen(standing_of(head.order_status, head.receipt_status), head.receipt_date, tuple(found))


def _line(row: Mapping[str, Any]) -> SeenLine:
    return SeenLine(
        exact_id=guid_of(row.get("ID")),
        number=integer_of(row.get("LineNumber")),
        item=guid_of(row.get("Item")),
        name=text_of(row.get("ItemDescription")),
        quantity=decimal_of(row.get("QuantityInPurchaseUnits"), 6) or Decimal(),
        price=decimal_of(row.get("NetPrice"), 6),
        day=date_of(row.get("ReceiptDate")),
    )


def unlike(
    ours: Sequence[Ordered],
    seen: Seen,
    matched: Mapping[int, SeenLine],
    *,
    day: date | None,
    gross: Mapping[int, Decimal],
) -> list[Difference]:
    """Return in what the order in Exact is not as ours: ours under *ordered*, what stands there under *confirmed*.

    `matched`: the line in Exact by the key of ours; `gross`: by what our price is multiplied there. What ours does not
    say is not compared.
    """
    known = {line.key: line for line in ours}
    answered = [
        Answered(
            position=one.number,
            of=key,
            quantity=one.quantity,
            price=_net(one.price, gross.get(key, Decimal(1))),
            day=one.day if known[key].day else None,
        )
        for key, one in matched.items()
        if key in known
    ]
    strange = [one for one in seen.lines if one not in matched.values()]
    answered += [
        Answered(position=one.number, number=str(one.number), name=one.name, quantity=one.quantity)
        for one in strange
    ]
    there = seen.day if day else None
    return compare(ours, answered, day=day, answered_day=there, is_whole=True)


def _net(price: Decimal | None, gross: Decimal) -> Decimal | None:
    return None if price is None else (price / gross).quantize(PRICE, rounding=ROUND_HALF_UP)
