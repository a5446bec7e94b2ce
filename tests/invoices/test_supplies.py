"""What a document says about VAT, as the rules ask it."""

from typing import Any

import pytest

from apps.intake.ubl import read
from apps.invoices.models import Invoice
from apps.invoices.rows import columns
from apps.invoices.supplies import of_document
from apps.rules.scenario import Supply
from tests.invoices.documents import THEIR_VAT, xml


def supply(vat: str) -> Supply:
    return of_document(Invoice(**columns(read(xml(vat=vat)))))


@pytest.mark.parametrize(
    ("vat", "number", "is_valid"),
    [
        ("NL8976.20.458.B.01", THEIR_VAT, True),
        ("NL8976.20.459.B.01", "NL897620459B01", False),
        ("NL 12", "NL12", False),
    ],
)
def test_the_number_of_the_supplier_says_whether_it_is_right(vat: str, number: str, is_valid: bool) -> None:
    found = supply(vat)
    assert (found.seller_vat, found.seller_vat_valid, found.country) == (number, is_valid, "NL")


@pytest.mark.parametrize("vendor", [{}, {"identifiers": [], "vat": ""}])
def test_of_no_number_nothing_is_wrong(vendor: dict[str, Any]) -> None:
    found = of_document(
        Invoice(vendor=vendor, customer={}, payment={"supply": {"representative": THEIR_VAT}})
    )
    assert (found.seller_vat, found.seller_vat_valid) == (THEIR_VAT, True)
