"""A person says which item a line is, for that line alone."""

import pytest

from apps.core.causes import Cause
from apps.exact.models import Item, SupplierItem
from apps.invoices.models import Invoice, InvoiceItem, State, ValueSource
from apps.invoices.reviewing import LineEdit, Refused, edit_lines
from apps.people.models import User
from tests.invoices.buying import takes_items
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import xml

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def item(books: Books) -> Item:
    return takes_items(books)


@pytest.fixture
def unknown(books: Books, item: Item) -> Invoice:
    SupplierItem.objects.all().delete()
    invoice = coded(xml())
    assert invoice.cause == Cause.ITEM_UNKNOWN
    return invoice


def choose(invoice: Invoice, code: str, by: User) -> None:
    line = invoice.lines.get()
    edit_lines(invoice, [LineEdit(line.pk, line.gl_code, line.vat_code, item=code)], by=by)


def test_the_chosen_item_stands_on_the_line_and_the_document_goes_on(
    unknown: Invoice, item: Item, bookkeeper: User
) -> None:
    choose(unknown, "TOUW", bookkeeper)
    row = InvoiceItem.objects.get()
    assert (row.item, row.source, row.question) == (item.exact_id, ValueSource.PERSON, None)
    assert row.why == f"chosen by {bookkeeper}"
    assert unknown.state == State.READY


def test_emptied_it_is_looked_for_again(unknown: Invoice, bookkeeper: User) -> None:
    choose(unknown, "TOUW", bookkeeper)
    Invoice.objects.filter(pk=unknown.pk).update(state=State.PROPOSED, waits_for="", waits_until=None)
    again = Invoice.objects.get(pk=unknown.pk)
    choose(again, "", bookkeeper)
    assert (again.state, again.cause) == (State.ATTENTION, Cause.ITEM_UNKNOWN)
    assert InvoiceItem.objects.get().question is not None


def test_what_exact_does_not_have_is_refused(unknown: Invoice, bookkeeper: User) -> None:
    with pytest.raises(Refused, match="NIETS"):
        choose(unknown, "NIETS", bookkeeper)
    assert InvoiceItem.objects.get().item is None


def test_a_line_where_no_item_was_asked_keeps_what_it_has(books: Books, item: Item, bookkeeper: User) -> None:
    books.administration.mode = "propose"
    books.administration.save(update_fields=["mode"])
    invoice = coded(xml())
    line = invoice.lines.get()
    edit_lines(invoice, [LineEdit(line.pk, line.gl_code, line.vat_code)], by=bookkeeper)
    assert InvoiceItem.objects.get().source == ValueSource.CARD
