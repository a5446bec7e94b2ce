"""What a document says of its items is read from its bytes once, and kept."""

from decimal import Decimal

import pytest

from apps.invoices.item_reading import rows_of, wanted_of
from apps.invoices.models import Invoice, InvoiceLine
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import changed, xml

pytestmark = pytest.mark.django_db


def lines(invoice: Invoice) -> list[InvoiceLine]:
    return list(invoice.lines.order_by("position"))


def test_unit_price_and_order_are_read_from_the_document(books: Books) -> None:
    invoice = coded(xml())
    (line,) = lines(invoice)
    (row,) = rows_of(invoice, [line])
    assert row.said == {"unit": "C62", "order_line": "1", "price": "10.000000"}
    wanted = wanted_of(line, row)
    assert (wanted.seller_item, wanted.unit, wanted.quantity, wanted.price) == (
        "T-1",
        "C62",
        Decimal(10),
        Decimal(10),
    )


def test_the_price_of_a_hundred_is_that_of_one(books: Books) -> None:
    price = '<cbc:PriceAmount currencyID="EUR">10.00</cbc:PriceAmount>'
    hundred = price.replace("10.00", "1000.00") + '<cbc:BaseQuantity unitCode="C62">100</cbc:BaseQuantity>'
    invoice = coded(changed(xml(), price, hundred))
    (row,) = rows_of(invoice, lines(invoice))
    assert Decimal(row.said["price"]) == Decimal(10)


def test_what_is_kept_is_not_read_again(books: Books) -> None:
    invoice = coded(xml())
    for row in rows_of(invoice, lines(invoice)):
        row.said = {"unit": "BX"}
        row.save()
    (kept,) = rows_of(invoice, lines(invoice))
    assert kept.said == {"unit": "BX"}
