"""Lines of a purchase invoice as cost lines of the booking that it makes (Exact facts 4.4)."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from apps.sandbox.exact import booking, order_keeping, order_lines, store
from apps.sandbox.exact.errors import Problem
from apps.sandbox.exact.order_figures import CANCELLED, price
from apps.sandbox.exact.order_lines import Buying

Data = dict[str, Any]

_GROUPS = "logistics/ItemGroups"
_COPIED = ("Item", "UnitPrice", "NetPrice", "Discount", "VATCode")
_KEPT = ("Description", "Notes", "CostCenter", "CostUnit", "Project")


def line(buying: Buying, sent: Data, problems: list[Problem]) -> Data:
    """Return a line with what it is booked as (GLAccount, AmountFC); what is wrong with it goes to `problems`."""
    of_order = sent.get("PurchaseOrderLine")
    found = _from_order(buying, sent, problems) if of_order else sent
    if not found.get("Item"):
        if not of_order:
            problems.append(Problem("mandatory", "Item"))
        return {}
    item = order_lines.item(buying.division, found["Item"], buying.day, problems)
    offer = buying.offers.get(found["Item"], {})
    quantity = booking.decimal(found.get("Quantity") if found.get("Quantity") is not None else 1)
    return {
        **found,
        **_priced(found, offer, quantity),
        "ID": found.get("ID") or str(uuid4()),
        "GLAccount": _ledger(buying.division, item),
        "VATCode": found.get("VATCode") or order_lines.vat_code(buying, item, offer),
        "Description": found.get("Description") or item.get("Description"),
        "Quantity": float(quantity),
        "QuantityInDefaultUnits": float(quantity * order_lines.units(offer)),
        "Unit": offer.get("PurchaseUnit") or item.get("Unit"),
        "ItemUnit": item.get("Unit"),
        "ItemCode": item.get("Code"),
        "ItemDescription": item.get("Description"),
    }


def _from_order(buying: Buying, sent: Data, problems: list[Problem]) -> Data:
    """Return a line with quantity, item and amount of the order line: what of it is not invoiced yet."""
    row = store.find(order_keeping.LINES, buying.division, sent["PurchaseOrderLine"])
    order = order_keeping.order_of(row) if row else None
    if row is None or order is None or order.data["Supplier"] != buying.supplier.get("ID"):
        problems.append(Problem("reference", "PurchaseOrderLine"))
        return {}
    ordered = row.data
    whole = booking.decimal(ordered["Quantity"])
    left = whole - booking.decimal(ordered.get("InvoicedQuantity"))
    if order.data["OrderStatus"] == CANCELLED or not left:
        problems.append(Problem("processed"))
    share = left / whole
    return {
        **sent,
        **{name: ordered.get(name) for name in _COPIED},
        **{name: sent.get(name) or ordered.get(name) for name in _KEPT},
        "Quantity": float(booking.decimal(ordered["QuantityInPurchaseUnits"]) * share),
        "Amount": float(booking.cents(booking.decimal(ordered["AmountFC"]) * share)),
    }


def _priced(found: Data, offer: Data, quantity: Decimal) -> Data:
    """Return prices and the amount: the one that is given, else quantity times net price."""
    given = (found.get(name) for name in ("UnitPrice", "NetPrice", "Discount"))
    unit, net, discount = (None if value is None else booking.decimal(value) for value in given)
    amount = found.get("Amount")
    if amount is not None and net is None and unit is None and quantity:
        net = booking.decimal(amount) / quantity
    made = price(unit, net, discount, booking.decimal(offer.get("PurchasePrice")))
    return {
        "UnitPrice": float(made.unit),
        "NetPrice": float(made.net),
        "Discount": float(made.discount),
        "AmountFC": float(booking.cents(made.net * quantity)) if amount is None else amount,
        "VATAmountFC": found.get("VATAmount"),
    }


def _ledger(division: int, item: Data) -> str:
    """Return the account that an item is booked on: its own, else that of its group (Exact facts 4.2)."""
    group = store.find(_GROUPS, division, item.get("ItemGroup") or "")
    told = group.data if group else {}
    return str(item.get("GLCosts") or told.get("GLPurchaseAccount") or told.get("GLCosts") or "")
