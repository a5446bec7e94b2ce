"""One line of a purchase order as Exact would keep it: item, units, price, VAT, dimensions (Exact facts 4.2, 4.4)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from apps.sandbox.exact import booking, masters, store
from apps.sandbox.exact.booking import Amounts, VATRule
from apps.sandbox.exact.errors import Problem
from apps.sandbox.exact.order_figures import Price, price
from apps.sandbox.models import Row

Data = dict[str, Any]

ITEMS, UNITS, SUPPLIER_ITEMS = "logistics/Items", "logistics/Units", "logistics/SupplierItem"


@dataclass(slots=True)
class Buying:
    """Who buys from whom on which day; `offers` are the supplier's items by item, `whole`: no fractions."""

    division: int
    supplier: Data
    day: date
    whole: bool
    offers: dict[str, Data] = field(default_factory=dict)


@dataclass(slots=True)
class OrderLine:
    """A checked line: its fields, complete but for number and order, and what it comes to."""

    data: Data
    amounts: Amounts


def offers(division: int, supplier: str) -> dict[str, Data]:
    """Return what a supplier asks for items: SupplierItem by the key of the item."""
    rows = store.rows(SUPPLIER_ITEMS, division).filter(data__Supplier=supplier)
    return {row.data["Item"]: row.data for row in rows}


def item(division: int, key: str, day: date, problems: list[Problem]) -> Data:
    """Return the fields of an item that may be bought on `day`; what stands in the way goes to `problems`."""
    row = store.find(ITEMS, division, key)
    if row is None:
        problems.append(Problem("reference", "Item"))
        return {}
    if row.data.get("IsPurchaseItem") is False:
        problems.append(Problem("invalid", "Item", "Inkoop"))
    if (row.data.get("EndDate") or "9999")[:10] < day.isoformat():
        problems.append(Problem("invalid", "Item", "Einddatum"))
    return store.fields(row)


def line(buying: Buying, sent: Data, problems: list[Problem]) -> OrderLine:
    """Return one line of an order; what is wrong with it goes to `problems`."""
    bought = item(buying.division, sent["Item"], buying.day, problems)
    offer = buying.offers.get(sent["Item"], {})
    quantity, factor = booking.decimal(sent["QuantityInPurchaseUnits"]), units(offer)
    _refuse_quantity(buying, bought, quantity, quantity * factor, problems)
    priced = _price(sent, offer)
    vat_row = masters.vat_row(
        buying.division, sent.get("VATCode") or vat_code(buying, bought, offer), problems
    )
    rule = _rule(buying, sent, vat_row)
    amount = booking.cents(quantity * priced.net)
    made = booking.amounts(amount, rule)
    data = {
        "ReceivedQuantity": 0.0,
        "InvoicedQuantity": 0.0,
        **sent,
        **_told(buying.division, bought, offer),
        **_dimensions(buying.division, sent, problems),
        "ID": sent.get("ID") or str(uuid4()),
        "Description": sent.get("Description") or bought.get("Description"),
        "Quantity": float(quantity * factor),
        "UnitPrice": float(priced.unit),
        "NetPrice": float(priced.net),
        "Discount": float(priced.discount),
        "AmountFC": float(amount),
        "VATCode": vat_row.data["Code"].strip() if vat_row else None,
        "VATDescription": vat_row.data.get("Description") if vat_row else None,
        "VATPercentage": float(rule.percentage) if vat_row else None,
        "VATAmount": float(made.vat),
    }
    return OrderLine(data, made)


def kept(buying: Buying, data: Data) -> OrderLine:
    """Return a line that stays as it is, whatever became of its item since, with what it comes to."""
    vat_row = masters.vat_row(buying.division, data.get("VATCode"), [])
    made = booking.amounts(booking.decimal(data["AmountFC"]), _rule(buying, data, vat_row))
    return OrderLine(data, made)


def units(offer: Data) -> Decimal:
    """Return how many units of an item one purchase unit of this SupplierItem holds; 1 without one."""
    return booking.decimal(offer.get("PurchaseUnitFactor") or 1)


def vat_code(buying: Buying, bought: Data, offer: Data) -> str | None:
    """Return the VAT code that a line has by itself: the SupplierItem's, the supplier's, or the item's [G]."""
    own = offer.get("PurchaseVATCode") or buying.supplier.get("PurchaseVATCode")
    if own or not bought.get("SalesVatCode"):
        return own or None
    row = store.by_mark("vat/VATCodes", buying.division, bought["SalesVatCode"])
    return row.mark if row and row.data.get("VATTransactionType") != "S" else None


def _refuse_quantity(
    buying: Buying, bought: Data, quantity: Decimal, in_units: Decimal, problems: list[Problem]
) -> None:
    broken = in_units != in_units.to_integral_value()
    if not quantity or (buying.whole and broken and not bought.get("IsFractionAllowedItem")):
        problems.append(Problem("invalid", "QuantityInPurchaseUnits"))


def _price(sent: Data, offer: Data) -> Price:
    given = (sent.get(name) for name in ("UnitPrice", "NetPrice", "Discount"))
    unit, net, discount = (None if value is None else booking.decimal(value) for value in given)
    return price(unit, net, discount, booking.decimal(offer.get("PurchasePrice")))


def _rule(buying: Buying, sent: Data, vat_row: Row | None) -> VATRule:
    rule = masters.rule(buying.division, vat_row, buying.day)
    if sent.get("VATPercentage") is None or not rule.bears_vat:
        return rule
    return VATRule(rule.type, rule.charged, booking.decimal(sent["VATPercentage"]))


def _told(division: int, bought: Data, offer: Data) -> Data:
    code = offer.get("PurchaseUnit") or bought.get("Unit")
    unit = store.by_mark(UNITS, division, code) if code else None
    return {
        "ItemCode": bought.get("Code"),
        "ItemDescription": bought.get("Description"),
        "ItemBarcode": bought.get("Barcode"),
        "ItemDivisable": bool(bought.get("IsFractionAllowedItem")),
        "SupplierItemCode": offer.get("SupplierItemCode"),
        "Unit": code,
        "UnitDescription": unit.data.get("Description") if unit else None,
    }


def _dimensions(division: int, sent: Data, problems: list[Problem]) -> Data:
    found: Data = {}
    for name in ("CostCenter", "CostUnit"):
        row = masters.dimension(division, name, sent.get(name), problems)
        found |= {name: row.mark if row else None, f"{name}Description": row and row.data.get("Description")}
    return found
