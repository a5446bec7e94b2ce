"""The lines of orders in Exact that an invoice may be for."""

from decimal import Decimal
from uuid import uuid4

import pytest

from apps.exact.models import OrderStatus
from apps.invoices.models import Invoice, InvoiceItem, State
from apps.invoices.ordered import lines_for, taken
from tests.exact.factories import DivisionFactory, ExactOrderFactory
from tests.invoices.factories import InvoiceFactory, InvoiceItemFactory, InvoiceLineFactory

pytestmark = pytest.mark.django_db
SUPPLIER, ITEM = uuid4(), uuid4()


def test_an_order_is_found_by_their_reference_or_our_number() -> None:
    division = DivisionFactory()
    order = {"division": division, "supplier": SUPPLIER, "your_ref": "PO-7", "order_number": 4711}
    ExactOrderFactory(**order)
    line = ExactOrderFactory(
        **order, line_number=1, item=ITEM, ordered=Decimal(10), amount=Decimal(100), vat_code=" 2"
    )
    for named in ("po-7", "4711"):
        (found,) = lines_for(division, SUPPLIER, [named])
        assert (found.exact_id, found.quantity, found.amount) == (line.exact_id, Decimal(10), Decimal(100))
        assert (found.order_number, found.vat_code, found.is_open) == ("4711", "2", True)
    assert lines_for(division, SUPPLIER, ["PO-8", "99999999999"]) == []
    assert lines_for(division, uuid4(), ["PO-7"]) == []
    assert lines_for(DivisionFactory(), SUPPLIER, ["PO-7"]) == []


@pytest.mark.parametrize(
    "status", [{"order_status": OrderStatus.CANCELLED}, {"invoice_status": OrderStatus.COMPLETE}]
)
def test_what_is_cancelled_or_invoiced_is_not_open(status: dict[str, int]) -> None:
    division = DivisionFactory()
    ExactOrderFactory(
        division=division, supplier=SUPPLIER, your_ref="PO-7", line_number=1, item=ITEM, **status
    )
    (found,) = lines_for(division, SUPPLIER, ["PO-7"])
    assert not found.is_open


def test_what_another_document_names_is_taken_unless_that_was_put_aside() -> None:
    division = DivisionFactory()
    mine: Invoice = InvoiceFactory()
    ExactOrderFactory(division=division, supplier=SUPPLIER, your_ref="PO-7", line_number=1, item=ITEM)
    found = lines_for(division, SUPPLIER, ["PO-7"])
    other = InvoiceFactory(administration=mine.administration)
    held = InvoiceItemFactory(line=InvoiceLineFactory(invoice=other), order_line=found[0].exact_id)
    assert taken(found, besides=mine) == {found[0].exact_id}
    assert taken(found, besides=other) == set()
    Invoice.objects.filter(pk=other.pk).update(state=State.IGNORED)
    assert taken(found, besides=mine) == set()
    assert InvoiceItem.objects.get() == held
    assert taken([], besides=mine) == set()
