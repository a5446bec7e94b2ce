"""What of a document counts against the ceilings."""

from decimal import Decimal

import pytest

from apps.invoices.ceilings import amount_of
from tests.invoices.conftest import Books
from tests.invoices.factories import InvoiceFactory

pytestmark = pytest.mark.django_db


def test_an_amount_is_told_in_the_divisions_currency(books: Books) -> None:
    invoice = InvoiceFactory(administration=books.administration, gross=Decimal(100), currency="USD")
    assert amount_of(invoice, books.administration) is None
    invoice.rate = Decimal("0.9")  # the sender's own word lifts no ceiling
    assert amount_of(invoice, books.administration) is None
    invoice.currency = books.division.currency
    assert amount_of(invoice, books.administration) == 100
