"""Turns a purchase order as sent into one as Exact would keep it, or objects (Exact facts 3.5, 4.4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from apps.core import clock
from apps.sandbox.exact import booking, masters, order_lines, store
from apps.sandbox.exact.drafting import YOUR_REF_LENGTH
from apps.sandbox.exact.errors import Problem, objection
from apps.sandbox.exact.order_lines import Buying, OrderLine
from apps.sandbox.models import Switches

Data = dict[str, Any]

CHECKED = frozenset({"Supplier", "PaymentCondition", "Item", "VATCode", "CostCenter", "CostUnit"})
_APPROVED_BY_ITSELF = 1


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """A checked order: header complete but for its number, lines in their order."""

    division: int
    header: Data
    lines: list[Data]


def draft(division: int, header: Data, lines: list[Data], kept: Collection[str] = ()) -> OrderDraft:
    """Return the checked order; raises Objection with every problem found.

    Of the lines, those with these keys stay as they are and are not looked at again.
    """
    if not lines:
        raise objection(Problem("mandatory", "PurchaseOrderLines"))
    problems: list[Problem] = []
    day = date.fromisoformat((header.get("OrderDate") or clock.today().isoformat())[:10])
    supplier = masters.supplier(division, header["Supplier"], problems)
    whole = Switches.objects.get_or_create(pk=1)[0].whole_quantities
    buying = Buying(division, supplier, day, whole, order_lines.offers(division, header["Supplier"]))
    made = [
        order_lines.kept(buying, line) if line.get("ID") in kept else order_lines.line(buying, line, problems)
        for line in lines
    ]
    terms = _terms(buying, header, problems)
    if problems:
        raise objection(*problems)
    complete = {**header, **terms, **_about(buying, header)}
    rate = booking.decimal(complete["ExchangeRate"])
    complete |= _totals(made, rate) | {"PurchaseOrderLineCount": len(made)}
    return OrderDraft(division, complete, _numbered(complete, made, rate))


def _terms(buying: Buying, header: Data, problems: list[Problem]) -> Data:
    code = header.get("PaymentCondition") or buying.supplier.get("PaymentConditionPurchase")
    row = store.by_mark("cashflow/PaymentConditions", buying.division, code) if code else None
    if header.get("PaymentCondition") and row is None:
        problems.append(Problem("reference", "PaymentCondition"))
    currency = header.get("Currency") or "EUR"
    return {
        "OrderDate": buying.day.isoformat(),
        "ReceiptDate": header.get("ReceiptDate") or buying.day.isoformat(),
        "PaymentCondition": code or None,
        "PaymentConditionDescription": row.data.get("Description") if row else None,
        "Currency": currency,
        "ExchangeRate": header.get("ExchangeRate") or float(booking.RATES.get(currency, Decimal(1))),
        "YourRef": (header.get("YourRef") or "")[:YOUR_REF_LENGTH] or None,
    }


def _about(buying: Buying, header: Data) -> Data:
    document = store.find("documents/Documents", buying.division, header.get("Document") or "")
    return {
        "SupplierCode": buying.supplier.get("Code"),
        "SupplierName": buying.supplier.get("Name"),
        "DocumentSubject": document.data.get("Subject") if document else None,
        "DropShipment": False,
        "ApprovalStatus": _APPROVED_BY_ITSELF,
        "ApprovalStatusDescription": "Automatisch",
    }


def _totals(lines: list[OrderLine], rate: Decimal) -> Data:
    """Return what the order comes to; discounts on the whole of it are kept but not worked out."""
    payable = sum((line.amounts.payable for line in lines), booking.ZERO)
    return {
        "AmountFC": float(payable),
        "AmountDC": float(booking.cents(payable * rate)),
        "AmountFCExclVat": float(sum((line.amounts.net for line in lines), booking.ZERO)),
        "VATAmount": float(sum((line.amounts.vat for line in lines), booking.ZERO)),
    }


def _numbered(header: Data, lines: list[OrderLine], rate: Decimal) -> list[Data]:
    return [
        {
            **line.data,
            "PurchaseOrderID": header["PurchaseOrderID"],
            "LineNumber": number,
            "ReceiptDate": line.data.get("ReceiptDate") or header["ReceiptDate"],
            "AmountDC": float(booking.cents(booking.decimal(line.data["AmountFC"]) * rate)),
        }
        for number, line in enumerate(lines, start=1)
    ]
