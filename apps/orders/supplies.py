"""What an order and its lines say about VAT, as the rules ask it. Pure."""

from dataclasses import replace

from apps.orders.models import PurchaseOrder, PurchaseOrderLine
from apps.rules.scenario import Supply

STANDARD = "S"  # EN 16931 BT-151


def of_document(order: PurchaseOrder, country: str = "", vat_number: str = "") -> Supply:
    """Return what `order` says in all its lines; `country` and `vat_number` of the card count where it says nothing."""
    return Supply(
        note=order.note,
        issued=order.order_date,
        delivered=order.receipt_date,
        seller_country=order.vendor.get("country", "") or country,
        seller_vat=_bare(order.vendor.get("vat", "") or vat_number),
        buyer_vat=_bare(order.buyer.get("vat", "")),
    )


def of_line(line: PurchaseOrderLine, document: Supply) -> Supply:
    """Return what `line` of a `document` says; a sheet names a rate alone, which is the standard category then."""
    return replace(
        document,
        category=line.category or (STANDARD if line.rate else ""),
        rate=line.rate,
        text=line.description,
        delivered=line.receipt_date or document.delivered,
    )


def speaks_of_vat(line: PurchaseOrderLine) -> bool:
    """Tell whether the document says anything about the VAT of `line`."""
    return bool(line.category) or line.rate is not None


def _bare(number: str) -> str:
    return "".join(sign for sign in number.upper() if sign.isalnum())
