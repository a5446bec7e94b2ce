"""What a document says of the items on its lines besides what is stored of every line: read from its bytes once more.

Most documents are booked on ledger accounts and need none of this, so it is kept only where items are wanted.
"""

from collections.abc import Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation

from apps.intake import reading
from apps.intake.document import Line
from apps.intake.parsing import Unreadable
from apps.invoices.models import Invoice, InvoiceItem, InvoiceLine
from apps.items.wanted import Wanted

LONGEST = 100  # characters of one value
_NUMBERS = {  # what is kept -> field of a line that was read
    "buyer_item": "buyer_item",
    "gtin": "standard_item",
    "unit": "unit",
    "order": "order_reference",
    "order_line": "order_line",
}


def rows_of(invoice: Invoice, lines: Sequence[InvoiceLine]) -> list[InvoiceItem]:
    """Return the item of each of `lines`, in their order; those not kept yet unsaved, with what the document says."""
    kept = {row.line_id: row for row in InvoiceItem.objects.filter(line__invoice=invoice)}
    said = {} if all(line.pk in kept for line in lines) else _read_again(invoice)
    return [kept.get(line.pk) or InvoiceItem(line=line, said=said.get(line.position, {})) for line in lines]


def wanted_of(line: InvoiceLine, row: InvoiceItem) -> Wanted:
    """Return what `line` says about its item; of a discount or charge that is its description alone."""
    return Wanted(
        seller_item=line.seller_item,
        buyer_item=row.said.get("buyer_item", ""),
        gtin=row.said.get("gtin", ""),
        description=line.description,
        unit=row.said.get("unit", ""),
        quantity=line.quantity,
        price=Decimal(row.said["price"]) if "price" in row.said else None,
    )


def _read_again(invoice: Invoice) -> dict[int, dict[str, str]]:
    """Return what the document says of its lines, by their positions; nothing when it cannot be read any more."""
    try:
        document = reading.read(invoice.part.original.content())
    except Unreadable:
        return {}
    return {position: _said(line) for position, line in enumerate(document.lines, start=1)}


def _said(line: Line) -> dict[str, str]:
    found = {name: getattr(line, field).strip()[:LONGEST] for name, field in _NUMBERS.items()}
    price = _price(line)
    found["price"] = "" if price is None else str(price)
    return {name: text for name, text in found.items() if text}


def _price(line: Line) -> Decimal | None:
    """Return the price of one; the document may give that of a hundred."""
    if line.unit_price is None:
        return None
    try:
        return round(line.unit_price / (line.base_quantity or 1), 6)
    except (DivisionByZero, InvalidOperation):
        return None
