"""What follows from answers about vendors: documents move on; taken back, they wait again or are to be corrected."""

import pytest

from apps.clients.models import Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.invoices import answers, reviewing
from apps.invoices.due import ready_in
from apps.invoices.models import NOTICED, Invoice, Outcome, State
from apps.invoices.processing import process
from apps.people.models import User
from apps.posting.models import PostingState
from apps.vendors.models import Mapping, Question, Scope
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import xml
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db


def unknown(number: str, kvk: str = "11112222") -> Invoice:
    return coded(xml(number=number, vat="", kvk=kvk, iban="", domain="x.example", vendor="Zwembad Oost"))


@pytest.fixture
def mapped(books: Books, reviewer: User) -> tuple[Mapping, list[Invoice]]:
    """Two documents of one vendor, mapped and ready; a third of another vendor that waits."""
    invoices = [unknown("1"), unknown("2")]
    unknown("3", kvk="33334444")
    question = invoices[0].question
    assert question
    mapping = reviewing.map_vendor(question, books.supplier, by=reviewer).mapping
    for invoice in invoices:
        invoice.refresh_from_db()
    return mapping, invoices


def finish(invoice: Invoice, books: Books) -> None:
    """Book a document, as if Exact had answered."""
    posting = PostingFactory(division=books.division)
    posting.finish(exact_id=str(books.supplier.exact_id), number="20260001", url="", adopted=False)
    invoice.move(
        State.DONE,
        who="Exact",
        why="booked",
        at=clock.now(),
        posting=posting,
        outcome=Outcome.BOOKED,
        done_at=clock.now(),
    )


def test_a_document_says_which_mapping_decided_it(mapped: tuple[Mapping, list[Invoice]]) -> None:
    mapping, invoices = mapped
    assert [one.mapping for one in invoices] == [mapping, mapping]
    assert set(answers.touched(mapping)) == set(invoices)
    assert mapping.part == invoices[0].part


def test_undo_of_a_mapping_restores_exactly_its_documents(
    mapped: tuple[Mapping, list[Invoice]], books: Books, reviewer: User
) -> None:
    mapping, invoices = mapped
    known = coded(xml(number="4"))
    done = answers.unlearn(mapping, by=reviewer)
    assert (done.requeued, done.flagged) == (2, 0)
    for invoice in invoices:
        invoice.refresh_from_db()
        assert (invoice.state, invoice.cause, invoice.supplier, invoice.mapping) == (
            State.ATTENTION,
            Cause.VENDOR_UNKNOWN,
            None,
            None,
        )
        assert invoice.question
        assert invoice.question.answered_at is None
    known.refresh_from_db()
    assert known.state == State.READY
    assert Question.objects.open().count() == 2
    assert unknown("5").question == invoices[0].question  # it is forgotten


def test_what_is_in_exact_already_is_flagged_and_stays(
    mapped: tuple[Mapping, list[Invoice]], books: Books, reviewer: User
) -> None:
    mapping, (first, _second) = mapped
    finish(first, books)
    done = answers.unlearn(mapping, by=reviewer)
    assert (done.requeued, done.flagged) == (1, 1)
    first.refresh_from_db()
    assert first.state == State.DONE
    assert "Anker en Touw" in first.to_correct
    assert list(Invoice.objects.filter(NOTICED)) == [first]
    reviewing.note(first, by=reviewer, version=first.version)
    first.refresh_from_db()
    assert (first.to_correct, first.mapping) == ("", None)
    assert answers.go_on() == answers.Unlearned(0, 0)  # it is not flagged again


def test_twice_is_once(mapped: tuple[Mapping, list[Invoice]], reviewer: User) -> None:
    mapping, _invoices = mapped
    answers.unlearn(mapping, by=reviewer)
    assert answers.unlearn(mapping, by=reviewer) == answers.Unlearned(0, 0)


def test_a_worker_that_dies_after_taking_back_leaves_nothing_behind(
    mapped: tuple[Mapping, list[Invoice]], books: Books, reviewer: User
) -> None:
    mapping, (first, second) = mapped
    mapping.take_back(by=reviewer)  # and no more
    assert not ready_in(books.division, at_once=True).filter(pk__in=[first.pk, second.pk]).exists()
    process()
    for invoice in (first, second):
        invoice.refresh_from_db()
        assert invoice.state == State.ATTENTION


def test_a_proposal_whose_mapping_was_taken_back_is_not_accepted(books: Books, reviewer: User) -> None:
    books.administration.mode = Mode.PROPOSE
    books.administration.save(update_fields=["mode"])
    invoice = unknown("1")
    assert invoice.question
    mapping = reviewing.map_vendor(invoice.question, books.supplier, by=reviewer).mapping
    mapping.take_back(by=reviewer)
    fresh = Invoice.objects.get(pk=invoice.pk)
    with pytest.raises(reviewing.Refused):
        reviewing.accept(fresh, by=reviewer, version=fresh.version)


def test_a_document_on_its_way_is_flagged_and_arrives(
    mapped: tuple[Mapping, list[Invoice]], books: Books, reviewer: User
) -> None:
    mapping, (first, _second) = mapped
    posting = PostingFactory(division=books.division, state=PostingState.SENDING)
    first.move(State.POSTING, who="x", why="x", at=clock.now(), posting=posting)
    assert answers.unlearn(mapping, by=reviewer).flagged == 1
    first.refresh_from_db()
    assert (first.state, bool(first.to_correct)) == (State.POSTING, True)


def test_a_later_decision_leaves_what_was_booked_before_alone(
    mapped: tuple[Mapping, list[Invoice]], books: Books, reviewer: User
) -> None:
    mapping, (first, _second) = mapped
    finish(first, books)
    mapping.take_back(by=reviewer, superseded=True)
    assert answers.go_on() == answers.Unlearned(requeued=1, flagged=0)


def test_documents_of_an_answer_that_nobody_followed_move_on(books: Books, reviewer: User) -> None:
    from apps.vendors import learning

    invoices = [unknown("1"), unknown("2")]
    question = invoices[0].question
    assert question
    learning.answer(question, books.supplier, by=reviewer)  # and the worker dies
    assert answers.follow_all() == 2
    assert answers.follow_all() == 0
    invoices[1].refresh_from_db()
    assert invoices[1].state == State.READY


def test_a_decision_about_one_document_is_its_own(books: Books, reviewer: User) -> None:
    first = unknown("1")
    assert first.question
    mapped = reviewing.map_vendor(first.question, books.supplier, by=reviewer, scope=Scope.DOCUMENT)
    assert mapped.moved == 1
    again = unknown("2")
    assert again.state == State.ATTENTION
    assert answers.unlearn(mapped.mapping, by=reviewer).requeued == 1


def test_only_a_number_of_the_vendor_can_be_remembered(books: Books, reviewer: User) -> None:
    from apps.vendors.evidence import Key

    first = unknown("1")
    assert first.question
    with pytest.raises(reviewing.Refused):
        reviewing.map_vendor(first.question, books.supplier, by=reviewer, key=Key("kvk", "99887766"))
    domain = Key("domain", "x.example")
    mapping = reviewing.map_vendor(first.question, books.supplier, by=reviewer, key=domain).mapping
    assert (mapping.kind, mapping.value) == domain
