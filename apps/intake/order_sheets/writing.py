"""An order as a file after the template, which `reading.read` reads back. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import override

from apps.core.tables import sheets
from apps.intake.document import LANGUAGE
from apps.intake.order import ONE, OrderDocument, OrderLine
from apps.intake.order_sheets import figures
from apps.intake.order_sheets.columns import COLUMNS, HEAD, LINE


def written(document: OrderDocument) -> bytes:
    """Return `document` as csv, in the language of the books.

    What the template has no column for is left out; a price of several units becomes that of one.
    """
    with override(LANGUAGE):
        return sheets.csv_of(rows_of(document))


def rows_of(document: OrderDocument) -> Iterator[Sequence[str]]:
    """Yield the header, in the language of the moment, and a row for each line, the head repeated on it."""
    yield COLUMNS.titles()
    head = _head(document)
    for line in document.lines or (OrderLine(),):
        values = head | _line(line)
        yield [values[column] for column in (*HEAD, *LINE)]


def _head(document: OrderDocument) -> dict[str, str]:
    seller, buyer = document.seller, document.buyer
    return {
        "order_number": document.number,
        "order_date": _day(document.issue_date),
        "supplier_name": seller.name,
        "supplier_vat": seller.vat,
        "supplier_kvk": seller.legal_id,
        "supplier_code": document.seller_code,
        "buyer_kvk": buyer.legal_id,
        "buyer_vat": buyer.vat,
        "administration": document.administration,
        "reference": document.buyer_reference,
        "delivery_date": _day(document.delivery_date),
        "currency": document.currency,
    }


def _line(line: OrderLine) -> dict[str, str]:
    price = line.price
    if price is not None and line.price_base != ONE:
        price /= line.price_base
    return {
        "line": line.number,
        "supplier_item": line.seller_item,
        "our_item": line.buyer_item,
        "gtin": line.gtin,
        "description": line.title,
        "quantity": figures.written(line.quantity),
        "unit": line.unit,
        "price": figures.written(price),
        "discount": figures.written(line.discount),
        "vat_rate": figures.written(line.rate),
        "line_delivery_date": _day(line.delivery_date),
        "cost_centre": line.cost_centre,
        "cost_unit": line.cost_unit,
        "project": line.project,
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
