"""Purchase orders and their lines: create, change, remove, each in one transaction (Exact facts 4.4)."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from apps.sandbox.exact import order_drafting, order_keeping, removal, store
from apps.sandbox.exact.booking import decimal
from apps.sandbox.exact.errors import Problem, objection, stream
from apps.sandbox.exact.order_drafting import OrderDraft
from apps.sandbox.exact.order_figures import OPEN
from apps.sandbox.exact.order_keeping import LINES, ORDERS
from apps.sandbox.models import Row, Switches

Data = dict[str, Any]

BY_API = 11
_DONE = ("ReceivedQuantity", "InvoicedQuantity")


def create(division: int, sent: Data, _base: str) -> Row:
    """Keep an order with its lines; raises Objection."""
    header = {
        **order_keeping.AT_FIRST,
        **sent,
        "PurchaseOrderID": sent.get("PurchaseOrderID") or str(uuid4()),
        "Source": BY_API,
    }
    lines = header.pop("PurchaseOrderLines")
    return _keep(order_drafting.draft(division, header, lines))


def change(order: Row, sent: Data, _base: str) -> Row:
    """Change header fields of an order that is not closed; raises Objection."""
    order_keeping.refuse_closed(order)
    header = {**order.data, **sent}
    if "Currency" in sent and "ExchangeRate" not in sent:
        header.pop("ExchangeRate")
    if sent.get("OrderNumber", "kept") is None:
        header["OrderNumber"] = order.data["OrderNumber"]
    lines = order_keeping.lines_of(order)
    kept = set() if "Supplier" in sent else _keys(lines)
    return _keep(order_drafting.draft(order.division, header, lines, kept))


def delete(order: Row) -> None:
    """Remove an order of which nothing came yet, with its lines; its document stays. Raises Objection."""
    order_keeping.refuse_closed(order)
    if (order.data["ReceiptStatus"], order.data["InvoiceStatus"]) != (OPEN, OPEN):
        raise objection(Problem("processed"))
    removal.remove([*store.children(LINES, order.division, order.key), order])


def add_line(division: int, sent: Data, _base: str) -> Row:
    """Add a line to an order, where that may be done [G]; return the line. Raises Refused or Objection."""
    if not Switches.objects.get_or_create(pk=1)[0].order_lines_alone:
        raise stream("Purchase order lines cannot be created on their own.")
    order = store.rows(ORDERS, division).get(key=sent["PurchaseOrderID"])
    line = {**sent, "ID": sent.get("ID") or str(uuid4())}
    lines = order_keeping.lines_of(order)
    _rewrite(order, [*lines, line], _keys(lines))
    return store.rows(LINES, division).get(key=line["ID"])


def change_line(row: Row, sent: Data, _base: str) -> Row:
    """Change a line, only what is sent; return it. Raises Objection."""
    changed = {**row.data, **sent, "PurchaseOrderID": row.parent}
    for name in _outdated(row.data, sent) - sent.keys():
        changed.pop(name, None)
    if changed["Item"] != row.data["Item"] and _done(row):
        raise objection(Problem("processed"))
    if abs(decimal(changed["QuantityInPurchaseUnits"])) < _done(row):
        raise objection(Problem("invalid", "QuantityInPurchaseUnits"))
    order = order_keeping.order_of(row)
    lines = [changed if line["ID"] == row.key else line for line in order_keeping.lines_of(order)]
    _rewrite(order, lines, _keys(lines) - {row.key})
    return store.rows(LINES, row.division).get(key=row.key)


def delete_line(row: Row) -> None:
    """Remove a line of which nothing came yet; an order must keep at least one. Raises Objection."""
    order = order_keeping.order_of(row)
    order_keeping.refuse_closed(order)
    if any(row.data.get(name) for name in _DONE):
        raise objection(Problem("processed"))
    left = [line for line in order_keeping.lines_of(order) if line["ID"] != row.key]
    draft = order_drafting.draft(order.division, order.data, left, _keys(left))
    removal.remove([row])
    _keep(draft)


def _outdated(before: Data, sent: Data) -> set[str]:
    """Return the fields that what is sent makes untrue, so that they are worked out anew."""
    names: set[str] = set()
    if sent.get("Item", before["Item"]) != before["Item"]:
        names |= {"Description", "UnitPrice", "NetPrice", "Discount", "VATCode", "VATPercentage"}
    if "UnitPrice" in sent or "Discount" in sent:
        names |= {"NetPrice"}
    if "VATCode" in sent:
        names |= {"VATPercentage"}
    return names


def _done(row: Row) -> Decimal:
    """Return how much of a line came or was invoiced already, in purchase units."""
    factor = decimal(row.data["Quantity"]) / decimal(row.data["QuantityInPurchaseUnits"])
    return max(abs(decimal(row.data.get(name))) for name in _DONE) / factor


def _keys(lines: list[Data]) -> set[str]:
    return {line["ID"] for line in lines}


def _rewrite(order: Row, lines: list[Data], kept: set[str]) -> Row:
    order_keeping.refuse_closed(order)
    return _keep(order_drafting.draft(order.division, order.data, lines, kept))


def _keep(draft: OrderDraft) -> Row:
    draft.header["OrderNumber"] = _number(draft)
    return order_keeping.write(draft.division, draft.header, draft.lines)


def _number(draft: OrderDraft) -> int:
    """Return the number of an order, unique in its division: given, or the next of the year's series."""
    given = draft.header.get("OrderNumber")
    if given is not None:
        if _is_taken(draft, given):
            raise objection(Problem("in_use", "OrderNumber"))
        return int(given)
    year = int(draft.header["OrderDate"][:4])
    name, first = f"order:{year}", year % 100 * 10_000 + 1
    number = store.next_number(name, draft.division, first)
    while _is_taken(draft, number):
        number = store.next_number(name, draft.division)
    return number


def _is_taken(draft: OrderDraft, number: int) -> bool:
    found = store.rows(ORDERS, draft.division).filter(mark=str(number))
    return found.exclude(key=draft.header["PurchaseOrderID"]).exists()
