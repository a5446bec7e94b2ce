"""A purchase invoice is written only as its lines stand now; else it is coded anew first."""

from uuid import uuid4

import pytest

from apps.core import clock
from apps.exact.models import Item, SupplierItem
from apps.invoices import item_delivery, plans
from apps.invoices.delivering import submit
from apps.invoices.models import ActiveMethod, Invoice, InvoiceItem, State
from apps.items.models import ItemMapping
from apps.posting.models import Method, PostingState
from tests.exact.factories import ExactOrderFactory
from tests.invoices.buying import takes_items
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import xml
from tests.items.factories import ItemMappingFactory
from tests.posting.factories import PostingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def item(books: Books) -> Item:
    return takes_items(books)


@pytest.fixture
def ready(books: Books, item: Item) -> Invoice:
    invoice = coded(xml())
    assert invoice.state == State.READY
    return invoice


def test_what_is_ready_becomes_a_posting_of_a_purchase_invoice(books: Books, ready: Invoice) -> None:
    posting = submit(ready, books.division)
    assert posting and posting.method == Method.INVOICE
    assert [step["name"] for step in posting.plan["steps"]][-1] == "purchase invoice"
    assert posting.plan["look"] == plans.look_of(ready, ready.gross)


def test_what_was_coded_as_an_entry_is_itemised_first(books: Books) -> None:
    invoice = coded(xml())
    assert not InvoiceItem.objects.exists()
    takes_items(books)
    assert item_delivery.is_uncoded(invoice)
    assert submit(invoice, books.division) is None
    assert InvoiceItem.objects.get().item_code == "TOUW"
    assert not item_delivery.is_uncoded(invoice)


def test_what_may_be_in_exact_by_the_earlier_method_stays_that(books: Books, ready: Invoice) -> None:
    steps = {"purchase invoice": {"state": "started"}}
    ready.posting = PostingFactory(
        division=books.division,
        method=Method.INVOICE,
        state=PostingState.REFUSED,
        cause="rejected_by_exact",
        finished_at=clock.now(),
        steps=steps,
        plan={"steps": [], "look": {"supplier": str(ready.supplier)}},
    )
    ready.save(update_fields=["posting"])
    ActiveMethod.objects.update(method=Method.ENTRY)
    posting = submit(ready, books.division)
    assert posting and posting.method == Method.INVOICE


def test_an_item_that_ended_in_exact_is_looked_for_again(books: Books, ready: Invoice, item: Item) -> None:
    assert not item_delivery.overtaken(ready, books.division)
    Item.objects.filter(pk=item.pk).update(is_purchase_item=False)
    assert item_delivery.overtaken(ready, books.division)
    assert submit(ready, books.division) is None


def test_a_mapping_that_was_taken_back_holds_what_it_decided(books: Books, item: Item) -> None:
    SupplierItem.objects.all().delete()
    decided = {"supplier": books.supplier.exact_id, "value": "T-1", "item": item.exact_id}
    mapping = ItemMappingFactory(administration=books.administration, **decided)
    invoice = coded(xml())
    ItemMapping.objects.filter(pk=mapping.pk).update(
        forgotten_at=clock.now(), forgotten_by=mapping.learned_from
    )
    assert submit(invoice, books.division) is None
    assert invoice.state == State.ATTENTION


def test_an_order_line_that_is_gone_or_invoiced_is_not_named(books: Books, ready: Invoice) -> None:
    key = uuid4()
    InvoiceItem.objects.update(order_line=key, order_number="4711")
    assert item_delivery.overtaken(ready, books.division)
    line = ExactOrderFactory(division=books.division, exact_id=key, line_number=1)
    assert not item_delivery.overtaken(ready, books.division)
    line.invoiced = 4
    line.save(update_fields=["invoiced"])
    assert item_delivery.overtaken(ready, books.division)
