"""Whole groups at once: one refusal stops no other, and one press takes everything back."""

import pytest

from apps.invoices import vendor_acts
from apps.invoices.models import Invoice, State
from apps.people.models import User
from apps.vendors.models import Mapping, Question
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import xml

pytestmark = pytest.mark.django_db


def unknown(number: str, receiver: str) -> Invoice:
    content = xml(
        number=number,
        vat="",
        kvk="11112222",
        iban="",
        domain="x.example",
        vendor="Zwembad",
        receiver=receiver,
    )
    return coded(content)


@pytest.fixture
def two(books: Books) -> tuple[Books, Books]:
    return books, make_books(kvk="64134164")


def test_a_group_is_mapped_in_each_administration_to_its_own_card(
    two: tuple[Books, Books], reviewer: User
) -> None:
    first, second = two
    documents = [unknown("1", "17131139"), unknown("2", "17131139"), unknown("3", "64134164")]
    choices = {
        question: str(
            (first if question.administration == first.administration else second).supplier.exact_id
        )
        for question in Question.objects.open()
    }
    done = vendor_acts.map_group(choices, by=reviewer)
    assert (len(done.mappings), done.moved, done.refusals) == (2, 3, [])
    assert set(Mapping.objects.values_list("supplier", flat=True)) == {
        first.supplier.exact_id,
        second.supplier.exact_id,
    }
    waiting, flagged = vendor_acts.take_back(Mapping.objects.all(), [], by=reviewer)
    assert (waiting, flagged) == (3, 0)
    assert {Invoice.objects.get(pk=one.pk).state for one in documents} == {State.ATTENTION}


def test_one_refusal_stops_no_other(two: tuple[Books, Books], reviewer: User) -> None:
    first, second = two
    unknown("1", "17131139")
    unknown("2", "64134164")
    choices = {question: str(first.supplier.exact_id) for question in Question.objects.open()}
    done = vendor_acts.map_group(choices, by=reviewer)
    assert (len(done.mappings), done.moved, len(done.refusals)) == (1, 1, 1)
    assert second.administration.name in done.refusals[0]


def test_what_the_card_lacks_is_filled_in_with_the_same_press(books: Books, reviewer: User) -> None:
    from apps.invoices.models import CardWrite

    unknown("1", "17131139")
    books.supplier.chamber_of_commerce = ""
    books.supplier.save(update_fields=["chamber_of_commerce"])
    question = Question.objects.get()
    done = vendor_acts.map_group({question: str(books.supplier.exact_id)}, by=reviewer, enrich=True)
    assert (done.enriched, done.refusals) == (1, [])
    assert "11112222" in CardWrite.objects.get().values.values()


def test_documents_of_a_group_are_put_aside_and_taken_up_again(books: Books, reviewer: User) -> None:
    documents = [unknown("1", "17131139"), unknown("2", "17131139")]
    done = vendor_acts.put_aside(Question.objects.open(), by=reviewer, why="geen factuur")
    assert sorted(done.documents) == [one.pk for one in documents]
    rows = Invoice.objects.filter(pk__in=done.documents)
    assert {one.state for one in rows} == {State.IGNORED}
    assert vendor_acts.take_back([], rows.select_related("administration"), by=reviewer) == (2, 0)
    assert {one.state for one in rows.all()} == {State.ATTENTION}
    assert vendor_acts.take_back([], rows.all(), by=reviewer) == (0, 0)
