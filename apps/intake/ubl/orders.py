"""From bytes to an OrderDocument: UBL 2.1 Order, OrderResponse, OrderResponseSimple, OrderChange, OrderCancellation.

As Peppol BIS Ordering 3, Order Change and Order Cancellation 3 write them, and their older kin. Pure.
"""

from decimal import Decimal
from typing import TypedDict

from django.utils.translation import gettext_lazy as _
from lxml import etree

from apps.intake.detection import Format, detect
from apps.intake.order import OrderDocument, OrderKind, ResponseCode
from apps.intake.parsing import MAX_BYTES, Unreadable, parse
from apps.intake.ubl.branches import Branch
from apps.intake.ubl.correspondents import read_correspondents
from apps.intake.ubl.lines import read_taxes
from apps.intake.ubl.order_lines import read_delivery_date, read_order_lines
from apps.intake.ubl.parties import address_text
from apps.intake.ubl.payments import read_attachments
from apps.intake.ubl.values import Values

_KINDS = {
    Format.ORDER: OrderKind.ORDER,
    Format.ORDER_RESPONSE: OrderKind.RESPONSE,
    Format.ORDER_RESPONSE_SIMPLE: OrderKind.RESPONSE,
    Format.ORDER_CHANGE: OrderKind.CHANGE,
    Format.ORDER_CANCELLATION: OrderKind.CANCELLATION,
}
_WITH_LINES = (OrderKind.ORDER, OrderKind.CHANGE)  # the others may be about the order as a whole
_SIMPLE = {
    "true": ResponseCode.ACCEPTED,
    "1": ResponseCode.ACCEPTED,
    "false": ResponseCode.REJECTED,
    "0": ResponseCode.REJECTED,
}
_NOTES = ("Note", "RejectionNote", "CancellationNote")


class References(TypedDict):
    """What the document refers to."""

    order_reference: str
    sales_order_id: str
    buyer_reference: str


class Totals(TypedDict):
    """The totals without VAT, of VAT and with VAT."""

    net: Decimal | None
    tax: Decimal | None
    gross: Decimal | None


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> OrderDocument:
    """Return the order, response, change or cancellation in `data`.

    Raises Unreadable when the bytes are no XML that may be read or another document (code `not_an_order`), or when the
    number (`number`), the issue date (`date`), or the lines of an order or change (`lines`) are missing. Any other
    value that cannot be read is left out and named in `OrderDocument.oddities`.
    """
    return read_root(parse(data, max_bytes=max_bytes))


def read_root(element: etree._Element) -> OrderDocument:
    """Return the order document that a parsed root element holds. Raises as `read` does."""
    found = detect(element)
    kind = _KINDS.get(found)
    if kind is None:
        raise Unreadable(
            _("This XML is no order, order response, order change or cancellation."), "not_an_order"
        )
    root, values = Branch(element), Values(1)
    if not root.text("ID"):
        raise Unreadable(_("The order document has no number."), "number")
    if kind in _WITH_LINES and "OrderLine" not in root:
        raise Unreadable(_("The order document has no lines."), "lines")
    return _document(element, root, values, found, kind)


def _document(
    element: etree._Element, root: Branch, values: Values, found: Format, kind: OrderKind
) -> OrderDocument:
    buyer, seller = read_correspondents(element)
    delivery = root.under("Delivery")
    currency = values.currency(root, "DocumentCurrencyCode") or _currency_of_totals(root)
    issue_date = values.demanded_day(root, "IssueDate")
    lines, totals = read_order_lines(root, values), _totals(root, values, currency)
    return OrderDocument(
        kind=kind,
        format=found,
        number=root.text("ID"),
        issue_date=issue_date,
        currency=currency,
        buyer=buyer,
        seller=seller,
        response_code=_response_code(root, found),
        delivery_date=read_delivery_date(delivery, values),
        delivery_address=address_text(delivery.under("DeliveryLocation").under("Address")),
        cost_centre=root.text("AccountingCost"),
        note="\n".join(filter(None, (root.paragraph(name) for name in _NOTES))),
        lines=lines,
        attachments=read_attachments(root),
        oddities=tuple(values.oddities),
        **_references(root),
        **totals,
    )


def _references(root: Branch) -> References:
    order = root.under("OrderReference")
    return {
        "order_reference": order.text("ID"),
        "sales_order_id": root.text("SalesOrderID") or order.text("SalesOrderID"),
        "buyer_reference": root.text("CustomerReference")
        or root.text("BuyerReference")
        or order.text("CustomerReference"),
    }


def _monetary(root: Branch) -> Branch:
    """The totals, which a response calls by the name that an invoice has for them."""
    name = "AnticipatedMonetaryTotal"
    return root.under(name if name in root else "LegalMonetaryTotal")


def _totals(root: Branch, values: Values, currency: str) -> Totals:
    """An order need not sum up more than its lines; only one that names VAT expects it to be paid."""
    totals = _monetary(root)
    net, tax = values.number(totals, "TaxExclusiveAmount"), read_taxes(root, values, currency).tax
    gross = values.number(totals, "TaxInclusiveAmount")
    if gross is None and tax is not None:
        gross = values.number(totals, "PayableAmount")
    return {
        "net": values.number(totals, "LineExtensionAmount") if net is None else net,
        "tax": tax,
        "gross": gross,
    }


def _currency_of_totals(root: Branch) -> str:
    code = _monetary(root).attribute("PayableAmount", "currencyID").upper()
    return code if len(code) == 3 and code.isalpha() else ""


def _response_code(root: Branch, found: Format) -> str:
    """The answer to the order as a whole; the simple response says no more than yes or no."""
    if found is Format.ORDER_RESPONSE_SIMPLE:
        return _SIMPLE.get(root.text("AcceptedIndicator").lower(), "")
    return root.text("OrderResponseCode").upper()
