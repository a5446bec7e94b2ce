"""Everything that happened to a document, in order, with who, why and Exact's answers."""

from datetime import timedelta

import pytest

from apps.clients.models import Mode
from apps.core import clock
from apps.invoices import reviewing
from apps.invoices.models import Invoice, State
from apps.invoices.trail import trail_of
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import without_due_date, xml
from tests.people.factories import UserFactory
from tests.posting.factories import PostingCallFactory, PostingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def books(db: None) -> Books:
    return make_books(mode=Mode.PROPOSE)


def under_way(invoice: Invoice, books: Books) -> Invoice:
    """Put `invoice` into the outbox and let Exact answer twice."""
    posting = PostingFactory(division=books.division)
    invoice.move(State.POSTING, who="Postkamer", why="handed", at=clock.now(), posting=posting)
    later = clock.now() + timedelta(seconds=5)
    PostingCallFactory(
        posting=posting, at=later, step="document", resource="documents/Documents", answer={"HID": 7}
    )
    refusal = {"status": 500, "words": "Verplicht: Grootboekrekening"}
    PostingCallFactory(posting=posting, at=later + timedelta(seconds=1), **refusal)
    PostingCallFactory()  # of another document
    return invoice


def test_each_step_stands_there_in_order_with_who_and_why(books: Books) -> None:
    invoice = coded(xml())
    reviewing.accept(invoice, by=UserFactory(first_name="Rosa", last_name="Boek"), version=invoice.version)
    trail = trail_of(under_way(invoice, books))
    assert [step.title for step in trail.steps] == [
        "Received",
        "Read and routed",
        "Matched, coded and proposed",
        "Accepted",
        "On its way to Exact",
        "Call to Exact",
        "Call to Exact",
    ]
    assert [step.at for step in trail.steps] == sorted(step.at for step in trail.steps)
    received, read, _matched, accepted, *_rest = trail.steps
    assert "factuur.xml" in received.why
    assert invoice.part.original_id in received.why
    assert invoice.routing_why in read.why
    assert "Rosa" in accepted.who


def test_each_call_stands_there_with_its_answer(books: Books) -> None:
    invoice = coded(xml())
    invoice.move(State.READY, who="Rosa", why="accepted", at=clock.now())
    calls = [step for step in trail_of(under_way(invoice, books)).steps if step.technical]
    assert [(step.why, step.technical) for step in calls] == [
        ("the document: made, number 7", "POST documents/Documents 201"),
        (
            "the entry: Exact said no. Verplicht: Grootboekrekening",
            "POST purchaseentry/PurchaseEntries 500",
        ),
    ]


def test_findings_and_what_the_lines_are_booked_on_stand_there_with_the_reason(books: Books) -> None:
    invoice = coded(without_due_date(xml()))
    trail = trail_of(invoice)
    [found] = trail.lists
    assert found.title == "What the checks found"
    assert "The document has no due date." in found.sentences
    [(line, values)] = trail.lines
    assert line == invoice.lines.get()
    codes = {code: why for _name, code, why in values}
    assert set(codes) == {"4000", "V21"}
    assert all(codes.values())


def test_a_document_that_was_only_read_has_a_trail_too(books: Books) -> None:
    invoice = coded(xml(receiver="99999999"))
    assert invoice.administration is None
    assert [step.title for step in trail_of(invoice).steps] == ["Received", "Read and routed"]
