"""The end of a trial: nothing that people booked is booked again, and nothing is booked by itself."""

from datetime import date, timedelta
from typing import Any

import pytest

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import SyncState
from apps.invoices import reviewing, shadowing
from apps.invoices.comparing import Verdict
from apps.invoices.going_live import Refused, go_live, settle
from apps.invoices.models import Invoice, Outcome, State
from apps.invoices.processing import end_pilots, process
from apps.people.models import User
from apps.posting.models import Posting, PostingState
from apps.rules.models import VATTable
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import anonymous, xml
from tests.invoices.hand_bookings import book, read_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(db: None) -> Books:
    made = make_books(mode=Mode.PILOT)
    read_ledger(made.division)
    return made


def end(books: Books) -> None:
    go_live(books.administration, by="Rosa")
    process()


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("posting").get(pk=invoice.pk)


def test_what_people_booked_is_ended_with_their_number(books: Books) -> None:
    invoice = coded(xml())
    entry = book(invoice, books.division)
    end(books)
    invoice = again(invoice)
    assert (invoice.state, invoice.outcome, invoice.touched) == (State.DONE, Outcome.BOOKED, True)
    assert invoice.posting
    assert (invoice.posting.exact_id, invoice.posting.adopted) == (entry, True)
    assert invoice.exact_number == invoice.posting.exact_number == "26600000"
    assert str(entry) in invoice.exact_url
    event = invoice.events.order_by("pk").last()
    assert event
    assert event.who == "Rosa"
    assert "26600000" in event.why


@pytest.mark.parametrize("change", [{"day": date(2026, 9, 20)}, {"accounts": {"4100": "150.00"}}])
def test_a_booking_by_hand_that_differs_is_not_booked_again_either(
    books: Books, change: dict[str, Any]
) -> None:
    invoice = coded(xml())
    book(invoice, books.division, **change)
    end(books)
    assert again(invoice).state == State.DONE


def test_the_others_become_proposals_and_nothing_is_on_its_way(books: Books) -> None:
    invoice = coded(xml())
    end(books)
    books.administration.refresh_from_db()
    assert books.administration.mode == Mode.PROPOSE
    assert again(invoice).state == State.PROPOSED
    assert not Posting.objects.exists()


def test_a_document_that_waits_for_a_person_is_ended_as_well(books: Books) -> None:
    invoice = coded(anonymous())
    assert invoice.cause == Cause.VENDOR_UNKNOWN
    book(invoice, books.division, supplier=books.supplier.exact_id)
    end(books)
    assert (again(invoice).state, again(invoice).cause) == (State.DONE, "")


def test_a_document_that_may_be_booked_waits_for_a_person(books: Books) -> None:
    invoice = coded(xml())
    book(invoice, books.division, number="something else")
    end(books)
    invoice = again(invoice)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.POSSIBLE_DOUBLE)
    assert "something else" in invoice.detail


def test_a_document_that_waits_for_something_else_is_asked_about_as_well(books: Books) -> None:
    VATTable.objects.all().delete()
    invoice = coded(xml())
    assert invoice.cause == Cause.NO_VAT_CODE
    book(invoice, books.division, number="something else")
    end(books)
    assert again(invoice).cause == Cause.POSSIBLE_DOUBLE
    reviewing.book_anyway(again(invoice), by="Rosa")
    assert again(invoice).cause == Cause.NO_VAT_CODE
    assert settle(books.administration) == 0  # it was asked, and answered


def test_the_answer_about_its_vendor_is_none_about_whether_it_was_booked(
    books: Books, bookkeeper: User
) -> None:
    invoice = coded(anonymous())
    question = invoice.question
    assert question
    book(invoice, books.division, supplier=books.supplier.exact_id, day=date(2026, 10, 30))
    end(books)
    assert again(invoice).cause == Cause.POSSIBLE_DOUBLE
    reviewing.map_vendor(question, books.supplier, by=bookkeeper)
    assert again(invoice).cause == Cause.POSSIBLE_DOUBLE


def test_a_document_booked_twice_by_hand_says_so(books: Books) -> None:
    invoice = coded(xml())
    book(invoice, books.division)
    book(invoice, books.division, day=date(2026, 9, 16))
    end(books)
    event = again(invoice).events.order_by("pk").last()
    assert event
    assert "26600000, 26600003" in event.why


def test_an_entry_ends_one_document_only(books: Books) -> None:
    first, second = coded(xml(number="1")), coded(xml(number="2"))
    book(first, books.division, number="")
    end(books)
    assert (again(first).state, again(second).state) == (State.DONE, State.PROPOSED)
    assert shadowing.compared(again(second), books.division).verdict == Verdict.MISSING


def test_an_earlier_refused_posting_becomes_the_one_that_took_the_entry(books: Books) -> None:
    invoice = coded(xml())
    posting = Posting.objects.create(
        reference="PK-EARLIER",
        division=books.division,
        plan={"steps": [], "look": {}},
        state=PostingState.REFUSED,
        cause=Cause.REJECTED_BY_EXACT,
        created_at=clock.now(),
        next_attempt_at=clock.now(),
        finished_at=clock.now(),
    )
    Invoice.objects.filter(pk=invoice.pk).update(
        posting=posting, state=State.ATTENTION, cause=Cause.REJECTED_BY_EXACT, waits_for=""
    )
    book(invoice, books.division)
    end(books)
    assert again(invoice).posting == posting
    assert again(invoice).state == State.DONE


def test_what_may_still_arrive_is_not_ended_by_it(books: Books) -> None:
    invoice = coded(xml())
    posting = Posting.objects.create(
        reference="PK-UNCLEAR",
        division=books.division,
        plan={"steps": [], "look": {}},
        state=PostingState.REFUSED,
        cause=Cause.OUTCOME_UNCERTAIN,
        created_at=clock.now(),
        next_attempt_at=clock.now(),
        finished_at=clock.now(),
    )
    Invoice.objects.filter(pk=invoice.pk).update(
        posting=posting, state=State.ATTENTION, cause=Cause.OUTCOME_UNCERTAIN, waits_for=""
    )
    book(invoice, books.division)
    end(books)
    assert again(invoice).state == State.ATTENTION


def test_a_trial_is_ended_once_and_only_with_a_fresh_ledger(books: Books) -> None:
    SyncState.objects.update(synced_at=clock.now() - timedelta(hours=2))
    with pytest.raises(Refused):
        go_live(books.administration, by="Rosa")
    assert Administration.objects.get().mode == Mode.PILOT
    SyncState.objects.update(synced_at=clock.now())
    go_live(books.administration, by="Rosa")
    with pytest.raises(Refused):
        go_live(Administration.objects.get(), by="Rosa")
    history = Administration.objects.get().history.order_by("pk").last()
    assert history.mode == Mode.PROPOSE


def test_a_trial_that_was_ended_on_the_page_of_the_administration_books_nothing_again_either(
    books: Books,
) -> None:
    booked, other = coded(xml(number="1")), coded(xml(number="2"))
    book(booked, books.division)
    Administration.objects.update(mode=Mode.AUTOMATIC)
    assert end_pilots() == 2
    assert again(booked).state == State.DONE
    assert again(other).state == State.READY
    assert again(other).waits_for == "hold_back"


def test_who_decided_meanwhile_is_not_overruled(books: Books) -> None:
    invoice = coded(xml())
    book(invoice, books.division)
    Invoice.objects.filter(pk=invoice.pk).update(state=State.IGNORED, waits_for="")
    assert settle(books.administration) == 0
