"""What follows from answers about items, also where a bell was lost or a worker died."""

import pytest

from apps.clients.models import Mode
from apps.core.causes import Cause
from apps.exact.models import Item, SupplierItem
from apps.invoices import item_answers, tasks
from apps.invoices.models import Invoice, InvoiceItem, Outcome, State, ValueSource
from apps.items import answering, askers
from apps.items.models import ItemMapping, ItemQuestion
from apps.people.models import User
from tests.invoices.buying import takes_items
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import xml

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def item(books: Books) -> Item:
    made = takes_items(books)
    SupplierItem.objects.all().delete()
    return made


@pytest.fixture
def waiting(books: Books, item: Item) -> Invoice:
    return coded(xml())


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def answered(item: Item, by: User) -> ItemMapping:
    mapping = answering.answer(ItemQuestion.objects.get(), item, by=by)
    assert mapping
    return mapping


def test_what_waits_is_counted_with_its_question(waiting: Invoice) -> None:
    question = ItemQuestion.objects.get()
    documents, amounts, models = askers.counted(ItemQuestion.objects.all())
    assert list(models.values()) == [[("invoices.invoice", "invoices")]]
    assert (documents, amounts) == ({question.pk: 1}, {question.pk: waiting.net})


def test_what_was_put_aside_does_not_wait(waiting: Invoice) -> None:
    Invoice.objects.update(state=State.IGNORED, cause="")
    assert askers.counted(ItemQuestion.objects.all()) == ({}, {}, {})


def test_an_open_question_moves_nothing(waiting: Invoice) -> None:
    assert item_answers.item_answered(ItemQuestion.objects.get().pk) == 0


def test_the_answer_moves_what_asked(waiting: Invoice, item: Item, bookkeeper: User) -> None:
    mapping = answered(item, bookkeeper)
    tasks.item_answered(ItemQuestion.objects.get().pk)
    assert again(waiting).state == State.READY
    assert again(waiting).touched
    row = InvoiceItem.objects.get()
    assert (row.mapping, row.question) == (mapping, None)
    tasks.item_answered(ItemQuestion.objects.get().pk)
    assert waiting.events.filter(to_state=State.READY).count() == 1


def test_a_lost_bell_is_made_up_for(waiting: Invoice, item: Item, bookkeeper: User) -> None:
    answered(item, bookkeeper)
    assert item_answers.sweep() == 1
    assert again(waiting).state == State.READY
    assert item_answers.sweep() == 0


def test_taken_back_it_is_asked_again_and_does_not_go_by_itself(
    waiting: Invoice, item: Item, books: Books, bookkeeper: User
) -> None:
    mapping = answered(item, bookkeeper)
    item_answers.sweep()
    assert books.administration.mode == Mode.AUTOMATIC
    answering.take_back(mapping, by=bookkeeper)
    tasks.item_mapping_taken_back(mapping.pk)
    assert (again(waiting).state, again(waiting).cause) == (State.ATTENTION, Cause.ITEM_UNKNOWN)
    assert item_answers.sweep() == 0


def test_what_is_booked_is_flagged_once(waiting: Invoice, item: Item, bookkeeper: User) -> None:
    mapping = answered(item, bookkeeper)
    item_answers.sweep()
    Invoice.objects.update(
        state=State.DONE,
        outcome=Outcome.BOOKED,
        done_at=waiting.received_at,
        waits_for="",
        waits_until=None,
    )
    answering.take_back(mapping, by=bookkeeper)
    assert item_answers.sweep() == 1
    assert "TOUW was taken back" in again(waiting).to_correct
    row = InvoiceItem.objects.get()
    assert (row.mapping, row.source, row.is_chosen) == (None, ValueSource.NOBODY, False)
    Invoice.objects.update(to_correct="")
    assert item_answers.sweep() == 0
    assert again(waiting).to_correct == ""
