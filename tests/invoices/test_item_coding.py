"""Which item each line of a purchase invoice is, and what of its coding is left to Exact."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.causes import Cause
from apps.exact.models import Item, SupplierItem
from apps.invoices.coding import code
from apps.invoices.item_coding import is_of_item, undone
from apps.invoices.models import Invoice, InvoiceItem, InvoiceLine, State, ValueSource
from apps.items.models import ItemQuestion
from apps.people.models import User
from tests.invoices.buying import takes_items
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import changed, xml
from tests.invoices.factories import InvoiceLineFactory
from tests.items.factories import ItemMappingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def item(books: Books) -> Item:
    return takes_items(books)


def row_of(invoice: Invoice) -> InvoiceItem:
    return InvoiceItem.objects.get(line__invoice=invoice, line__position=1)


def recoded(invoice: Invoice) -> Invoice:
    fresh = Invoice.objects.select_related("administration", "posting", "part").get(pk=invoice.pk)
    code(fresh)
    return fresh


def test_the_item_is_found_by_the_code_of_the_supplier_and_says_the_account(books: Books, item: Item) -> None:
    invoice = coded(xml())
    assert (invoice.state, invoice.cause) == (State.READY, "")
    row = row_of(invoice)
    assert (row.item, row.item_code, row.source) == (item.exact_id, "TOUW", ValueSource.CARD)
    assert (row.quantity, row.unit) == (Decimal(10), "stuk")
    line = invoice.lines.get()
    assert (line.gl_code, line.gl_source) == ("4000", ValueSource.ITEM)
    assert line.vat_code == "V21"


def test_without_a_known_account_nothing_is_missing(books: Books, item: Item) -> None:
    Item.objects.update(gl_account=None)
    books.supplier.gl_account_purchase = None
    books.supplier.save(update_fields=["gl_account_purchase"])
    invoice = coded(xml())
    assert (invoice.state, invoice.lines.get().gl_code) == (State.READY, "")


def test_an_unknown_item_is_asked_once_for_all_its_lines(books: Books, item: Item) -> None:
    SupplierItem.objects.all().delete()
    invoice = coded(xml(lines=2))
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.ITEM_UNKNOWN)
    assert "line 1" in invoice.detail and "line 2" in invoice.detail
    assert ItemQuestion.objects.count() == 2
    assert row_of(invoice).question is not None
    recoded(coded(xml(lines=2, number="F-2")))
    assert ItemQuestion.objects.count() == 2


def test_what_a_person_mapped_is_followed_and_kept_with_the_line(books: Books, item: Item) -> None:
    SupplierItem.objects.all().delete()
    mapping = ItemMappingFactory(
        administration=books.administration,
        supplier=books.supplier.exact_id,
        value="T-1",
        item=item.exact_id,
        item_code="TOUW",
    )
    row = row_of(coded(xml()))
    assert (row.mapping, row.source, row.is_chosen) == (mapping, ValueSource.PERSON, False)


def test_what_a_person_chose_for_a_line_stays_until_exact_does_not_have_it(books: Books, item: Item) -> None:
    SupplierItem.objects.all().delete()
    invoice = coded(xml())
    InvoiceItem.objects.update(
        item=item.exact_id, item_code="TOUW", source=ValueSource.PERSON, question=None, why="chosen"
    )
    assert recoded(invoice).state == State.READY
    InvoiceItem.objects.update(item=uuid4(), item_code="WEG")
    lost = recoded(invoice)
    assert (lost.state, lost.cause) == (State.ATTENTION, Cause.ITEM_UNKNOWN)
    assert "WEG" in lost.detail


def test_pieces_are_counted_in_purchase_units(books: Books, item: Item) -> None:
    SupplierItem.objects.update(unit="doos", factor=Decimal(5))
    row = row_of(coded(xml()))
    assert (row.quantity, row.unit) == (Decimal(2), "doos")


def test_a_unit_that_exact_does_not_know_it_by_needs_approval(books: Books, item: Item) -> None:
    invoice = coded(changed(xml(), 'unitCode="C62"', 'unitCode="KGM"'))
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    assert "KGM" in invoice.detail


def test_a_line_of_words_needs_no_item(books: Books) -> None:
    words = InvoiceLineFactory.build(invoice=None, net=Decimal(0), quantity=None, tax=None)
    assert not is_of_item(words)
    assert is_of_item(InvoiceLineFactory.build(invoice=None, net=Decimal(0), quantity=Decimal(1)))


def test_what_rules_spread_is_taken_off_and_told() -> None:
    line = InvoiceLine(position=3, description="Touw", net=Decimal(100), treatment={"private_use": "25"})
    (words,) = undone(line)
    assert "line 3 Touw" in words and line.treatment == {}
    assert undone(line) == []


def test_what_goes_to_a_g_account_a_person_looks_at(books: Books, item: Item) -> None:
    invoice = coded(xml())
    Invoice.objects.update(g_account=Decimal(20))
    again = recoded(invoice)
    assert again.state == State.PROPOSED
    assert "G-account" in again.proposed_because


def test_other_methods_ask_for_no_items(books: Books) -> None:
    coded(xml())
    assert not InvoiceItem.objects.exists()


def test_hundreds_of_lines_cost_no_more_queries(books: Books, item: Item) -> None:
    SupplierItem.objects.all().delete()
    counts = []
    for number, lines in (("F-1", 2), ("F-2", 60)):
        invoice = coded(xml(number=number, lines=lines))
        with CaptureQueriesContext(connection) as counted:
            recoded(invoice)
        counts.append(len(counted))
    assert counts[1] <= counts[0] + 2


def test_the_items_of_other_books_are_forgotten(books: Books, item: Item, bookkeeper: User) -> None:
    invoice = coded(xml())
    invoice.lines.uncode()
    assert not InvoiceItem.objects.exists()
