"""Ready documents become postings, and what became of those comes back to the documents."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from apps.clients.models import Administration, Mode
from apps.core import clock, leases
from apps.core.causes import Cause
from apps.exact.models import Connection, Division, Relation, VATCode
from apps.invoices.collecting import collect
from apps.invoices.delivering import deliver, deliver_due, hand_over, plan_of, resume, submit
from apps.invoices.due import divisions_due, divisions_with_work
from apps.invoices.models import Invoice, Outcome, State, ValueSource, WaitsFor
from apps.invoices.reviewing import LineEdit, accept, edit_lines, undo
from apps.people.models import User
from apps.posting.models import Posting, PostingState
from apps.sandbox import time
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, RelationFactory
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import xml
from tests.invoices.factories import InvoiceFactory, InvoiceLineFactory
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("administration", "posting", "part").get(pk=invoice.pk)


def sent(books: Books, content: bytes | None = None) -> Invoice:
    """A document that was handed to the outbox."""
    invoice = coded(content or xml())
    assert submit(invoice, books.division)
    return again(invoice)


def outbox(invoice: Invoice) -> Posting:
    assert invoice.posting
    return invoice.posting


# handing over


def test_a_ready_document_becomes_a_posting_with_its_plan(books: Books) -> None:
    invoice = sent(books)
    posting = outbox(invoice)
    assert invoice.state == State.POSTING
    assert (posting.state, posting.division, posting.due_date) == (
        PostingState.WAITING,
        books.division,
        invoice.due_date,
    )
    assert posting.plan == plan_of(invoice, books.division, posting.reference)
    assert posting.reference in invoice.events.latest("pk").why


def test_references_are_never_the_same(books: Books) -> None:
    references = {outbox(sent(books, xml(number=str(n)))).reference for n in range(5)}
    assert len(references) == 5


def test_a_document_that_somebody_else_submitted_makes_no_second_posting(books: Books) -> None:
    invoice = coded(xml())
    stale = again(invoice)
    assert submit(invoice, books.division)
    assert submit(stale, books.division) is None
    assert Posting.objects.count() == 1


def test_a_document_that_was_taken_back_makes_no_posting(books: Books, bookkeeper: User) -> None:
    invoice = coded(xml())
    stale = again(invoice)
    undo(invoice, by=bookkeeper)
    assert submit(stale, books.division) is None
    assert not Posting.objects.exists()


def test_a_vat_code_that_is_gone_sends_the_document_back_to_a_person(books: Books) -> None:
    invoice = coded(xml())
    VATCode.objects.all().delete()
    assert submit(invoice, books.division) is None
    invoice = again(invoice)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.NO_VAT_CODE)
    assert "V21" in invoice.detail


def refused(invoice: Invoice, cause: str = Cause.PERIOD_CLOSED) -> Invoice:
    """Exact refused the entry; document and attachment are there."""
    posting = outbox(invoice)
    posting.keep("document", state="done", id="d")
    posting.keep("entry", state="refused")
    posting.refuse(cause=cause, words="Periode is afgesloten: 2026 - 9")
    collect(posting.division)
    return again(invoice)


def test_a_page_that_could_not_be_made_is_said_on_the_document(books: Books) -> None:
    invoice = sent(books)
    posting = outbox(invoice)
    posting.keep("page", state="left")
    posting.finish(exact_id=str(uuid4()), number="26600001", url="", adopted=False)
    collect(books.division)
    assert [one["code"] for one in again(invoice).findings] == ["page_not_made"]


def test_a_document_is_never_booked_on_a_supplier_that_is_gone_in_exact(books: Books) -> None:
    invoice = coded(xml())
    assert invoice.supplier
    gone = Relation.everything.filter(division=books.division, exact_id=invoice.supplier)
    assert gone.update(gone_at=clock.now()) == 1
    assert submit(invoice, books.division) is None
    invoice = again(invoice)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.VENDOR_UNKNOWN)
    assert (invoice.posting, invoice.supplier) == (None, None)
    assert invoice.question
    assert books.supplier.name in invoice.events.order_by("-pk")[0].why


def test_after_a_refusal_the_same_posting_goes_on_with_the_document_that_is_there(
    books: Books, bookkeeper: User
) -> None:
    invoice = refused(sent(books))
    edit = [LineEdit(line.pk, "4000", "V21") for line in invoice.lines.all()]
    posting = outbox(invoice)
    Posting.objects.filter(pk=posting.pk).update(attempts=4, looks=2)
    edit_lines(invoice, edit, by=bookkeeper)
    assert submit(again(invoice), books.division)
    kept = Posting.objects.get()
    assert (kept.pk, kept.reference) == (posting.pk, posting.reference)
    assert (kept.state, kept.cause, kept.words, kept.attempts, kept.looks, kept.finished_at) == (
        PostingState.WAITING,
        "",
        "",
        0,
        0,
        None,
    )
    assert kept.steps["document"] == {"state": "done", "id": "d"}


def test_after_another_supplier_was_chosen_the_document_is_made_anew(books: Books) -> None:
    invoice = sent(books)
    outbox(invoice).keep("attachment", state="started")
    invoice = refused(invoice)
    other = RelationFactory(division=books.division)
    Invoice.objects.filter(pk=invoice.pk).update(
        state=State.READY, cause="", detail="", supplier=other.exact_id
    )
    assert submit(again(invoice), books.division)
    assert Posting.objects.get().steps == {"attachment": {"state": "started"}}


# what may be handed over, and when


def test_a_booking_waits_for_the_minutes_of_undo(books: Books) -> None:
    invoice = coded(xml())
    deliver_nothing_remote(books)
    assert again(invoice).state == State.READY
    time.advance(timedelta(minutes=6))
    deliver_nothing_remote(books)
    assert again(invoice).state == State.POSTING


def deliver_nothing_remote(books: Books) -> None:
    """Do what the holder of the turn does before it calls anybody."""
    division = Division.objects.select_related("app", "connection", "administration").get(
        pk=books.division.pk
    )
    hand_over(division, False, lambda: None)


def test_what_another_process_delivers_is_handed_over_by_that_one_alone(books: Books) -> None:
    invoice = coded(xml())
    time.advance(timedelta(minutes=6))
    leases.take(books.division, seconds=10_000)
    assert deliver(books.division).busy
    assert again(invoice).state == State.READY
    assert not Posting.objects.exists()


def test_handing_over_one_document_more_costs_few_queries_more(books: Books) -> None:
    def queries(documents: int) -> int:
        for _document in range(documents):
            coded(xml(number=str(Invoice.objects.count())))
        with CaptureQueriesContext(connection) as made:
            hand_over(books.division, True, lambda: None)
        return len(made)

    queries(1)
    few, many = queries(2), queries(6)
    assert (many - few) / 4 <= 9


def test_the_turn_is_extended_while_many_documents_are_handed_over(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.invoices.delivering.RENEWED_EVERY", 2)
    for number in range(5):
        coded(xml(number=str(number)))
    renewals: list[None] = []
    hand_over(books.division, True, lambda: renewals.append(None))
    assert (len(renewals), Posting.objects.count()) == (3, 5)


def test_without_a_connection_documents_stay_ready_and_say_what_they_wait_for(books: Books) -> None:
    invoice = coded(xml())
    Connection.objects.update(status="lost")
    division = Division.objects.select_related("connection").get(pk=books.division.pk)
    assert deliver(division).stopped
    assert again(invoice).waits_until == invoice.waits_until  # it can still be undone
    Invoice.objects.update(waits_until=clock.now())
    assert deliver(division).stopped
    invoice = again(invoice)
    assert (invoice.state, invoice.waits_for, invoice.waits_until) == (State.READY, WaitsFor.CONNECTION, None)
    assert divisions_with_work() == [books.division]
    Connection.objects.update(status="alive")
    deliver_nothing_remote(books)
    assert again(invoice).state == State.POSTING


def test_without_a_connection_what_was_sent_says_what_it_waits_for(books: Books) -> None:
    posting = outbox(sent(books))
    Connection.objects.update(status="lost")
    division = Division.objects.select_related("connection").get(pk=books.division.pk)
    stopped = deliver(division).stopped
    posting.refresh_from_db()
    assert (posting.words, posting.state) == (stopped, PostingState.WAITING)


def test_a_pilot_hands_nothing_over_whatever_was_ready_before_it_began(
    books: Books, bookkeeper: User
) -> None:
    Administration.objects.update(mode=Mode.PROPOSE)
    accepted = coded(xml())
    accept(accepted, by=bookkeeper, version=accepted.version)
    Administration.objects.update(mode=Mode.PILOT)
    shadow = coded(xml(number="2"))
    time.advance(timedelta(minutes=6))
    deliver_nothing_remote(books)
    assert {again(accepted).state, again(shadow).state} == {State.READY}
    assert divisions_with_work() == []


def test_divisions_with_work_are_those_with_something_to_book_or_to_take_back(books: Books) -> None:
    assert divisions_with_work() == []
    invoice = coded(xml())
    assert divisions_with_work() == [books.division]
    submit(invoice, books.division)
    assert divisions_with_work() == [books.division]
    outbox(again(invoice)).finish(exact_id=str(uuid4()), number="1", url="", adopted=False)
    assert divisions_with_work() == [books.division]
    collect(books.division)
    assert divisions_with_work() == []


def test_a_division_is_due_when_something_can_be_booked_or_taken_back_now(books: Books) -> None:
    assert divisions_due() == []
    invoice = coded(xml())
    assert divisions_due() == []  # the minutes for undo
    time.advance(timedelta(minutes=6))
    assert divisions_due() == [books.division.pk]
    assert submit(again(invoice), books.division)
    assert divisions_due() == [books.division.pk]
    posting = outbox(again(invoice))
    posting.put_off(until=clock.now() + timedelta(minutes=1), words="")
    assert divisions_due() == []
    posting.finish(exact_id=str(uuid4()), number="1", url="", adopted=False)
    assert divisions_due() == [books.division.pk]
    collect(books.division)
    assert divisions_due() == []


def test_the_division_with_the_oldest_work_is_due_first(books: Books) -> None:
    administrations = AdministrationFactory.create_batch(2)
    young, old = (DivisionFactory(administration=administration) for administration in administrations)
    now = clock.now()
    InvoiceFactory(
        administration=young.administration, state=State.READY, received_at=now - timedelta(days=1)
    )
    PostingFactory(division=old, created_at=now - timedelta(days=2), next_attempt_at=now)
    InvoiceFactory(administration=old.administration, state=State.READY, received_at=now)
    PostingFactory(division=DivisionFactory(), created_at=now, next_attempt_at=now)
    assert divisions_due() == [old.pk, young.pk]


def test_a_division_in_a_round_says_when_it_wants_to_go_on(books: Books) -> None:
    assert deliver_due(books.division.pk) is None
    later = clock.now() + timedelta(minutes=9)
    PostingFactory(division=books.division, next_attempt_at=later)
    assert deliver_due(books.division.pk) == later
    Posting.objects.update(next_attempt_at=clock.now())
    leases.take(books.division, seconds=10_000)
    soon = deliver_due(books.division.pk)
    assert soon
    assert timedelta() < soon - clock.now() < timedelta(seconds=5)


def test_what_waits_for_a_connection_keeps_no_round_going_until_that_is_mended(books: Books) -> None:
    coded(xml())
    PostingFactory(division=books.division, next_attempt_at=clock.now())
    Connection.objects.update(status="lost")
    time.advance(timedelta(minutes=6))
    assert divisions_due() == [books.division.pk]  # once, to say what it waits for
    later = deliver_due(books.division.pk)
    assert later
    assert later - clock.now() > timedelta(minutes=10)
    assert divisions_due() == []
    Connection.objects.update(status="alive")
    assert divisions_due() == [books.division.pk]


def test_a_document_that_still_waits_for_a_pilots_end_does_not_hide_the_others(books: Books) -> None:
    InvoiceFactory(administration=books.administration, state=State.READY, waits_for=WaitsFor.PILOT)
    assert divisions_with_work() == []
    coded(xml())
    assert divisions_with_work() == [books.division]


def test_only_the_asked_administrations_divisions_are_given(books: Books) -> None:
    other = make_books(kvk="99887766")
    coded(xml())
    coded(xml(receiver="99887766"))
    assert divisions_with_work() == [books.division, other.division]
    assert divisions_with_work([other.administration]) == [other.division]
    assert divisions_with_work([]) == []


# taking back


def test_a_booked_document_carries_exacts_number_and_link(books: Books) -> None:
    invoice = sent(books)
    outbox(invoice).finish(exact_id=str(uuid4()), number="26600001", url="https://e.example/1", adopted=False)
    collect(books.division)
    invoice = again(invoice)
    assert (invoice.state, invoice.outcome, invoice.exact_number, invoice.exact_url) == (
        State.DONE,
        Outcome.BOOKED,
        "26600001",
        "https://e.example/1",
    )
    assert invoice.done_at == outbox(invoice).finished_at
    assert "26600001" in invoice.events.latest("pk").why


def test_an_adopted_entry_says_that_it_was_there_already(books: Books) -> None:
    invoice = sent(books)
    outbox(invoice).finish(exact_id=str(uuid4()), number="26600001", url="", adopted=True)
    with translation.override("en"):
        collect(books.division)
    assert "already" in again(invoice).events.latest("pk").why


@pytest.mark.parametrize(
    "cause", [Cause.REJECTED_BY_EXACT, Cause.PERIOD_CLOSED, Cause.OUTCOME_UNCERTAIN, Cause.POSSIBLE_DOUBLE]
)
def test_a_refused_document_waits_with_exacts_words(books: Books, cause: str) -> None:
    invoice = refused(sent(books), cause)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, cause)
    assert invoice.detail == "Periode is afgesloten: 2026 - 9"
    event = invoice.events.latest("pk")
    assert (event.who, event.why) == ("Exact", invoice.detail)


def test_an_unknown_outcome_shows_until_it_is_known(books: Books) -> None:
    invoice = sent(books)
    posting = outbox(invoice)
    posting.put_off(until=clock.now(), words="no answer", state=PostingState.UNCLEAR)
    collect(books.division)
    collect(books.division)
    invoice = again(invoice)
    assert (invoice.state, invoice.cause, invoice.detail) == (
        State.UNCERTAIN,
        Cause.OUTCOME_UNCERTAIN,
        "no answer",
    )
    assert invoice.events.filter(to_state=State.UNCERTAIN).count() == 1
    posting.finish(exact_id=str(uuid4()), number="1", url="", adopted=False)
    collect(books.division)
    assert again(invoice).state == State.DONE


def test_what_is_still_waiting_is_left_as_it_is(books: Books) -> None:
    invoice = sent(books)
    events = invoice.events.count()
    collect(books.division)
    assert (again(invoice).state, invoice.events.count()) == (State.POSTING, events)


def test_the_plan_carries_the_documents_amounts_line_by_line(books: Books) -> None:
    administration = books.administration
    invoice = InvoiceFactory(administration=administration, supplier=books.supplier.exact_id)
    for position, net in enumerate(("60.00", "40.00"), start=1):
        InvoiceLineFactory(
            invoice=invoice,
            position=position,
            net=Decimal(net),
            tax=Decimal("10.50"),
            gl_account=books.account.exact_id,
            gl_source=ValueSource.PERSON,
            vat_code="V21",
        )
    payload = plan_of(invoice, books.division, "PK-1")["steps"][-1]["payload"]
    assert payload["Journal"] == administration.purchase_journal
    assert [(line["AmountFC"], line["VATAmountFC"]) for line in payload["PurchaseEntryLines"]] == [
        (60.0, 10.5),
        (40.0, 10.5),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_processes_hand_a_document_over_once() -> None:
    books = make_books()
    invoice = coded(xml())
    gate = threading.Barrier(4)

    def run(row: Invoice) -> Posting | None:
        gate.wait()
        try:
            return submit(row, books.division)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        postings = [one for one in pool.map(run, [again(invoice) for _ in range(4)]) if one]
    assert postings == [Posting.objects.get()]
    assert invoice.events.filter(to_state=State.POSTING).count() == 1


# the connection works again


def test_what_waited_for_the_connection_goes_on_when_it_is_mended(books: Books) -> None:
    sent_one, waiting = sent(books), coded(xml(number="another"))
    connection = books.division.connection
    assert connection
    Connection.objects.update(status="lost")
    deliver(Division.objects.select_related("connection").get(pk=books.division.pk), at_once=True)
    later = clock.now() + timedelta(minutes=15)
    Posting.objects.update(next_attempt_at=later, words="No access.")
    foreign = PostingFactory(next_attempt_at=later)
    assert again(waiting).waits_for == WaitsFor.CONNECTION
    assert resume(connection.pk) == [books.division]
    assert again(waiting).waits_for == WaitsFor.NOTHING
    posting = outbox(again(sent_one))
    assert (posting.words, posting.next_attempt_at <= clock.now()) == ("", True)
    foreign.refresh_from_db()
    assert foreign.next_attempt_at == later


def test_while_a_renewal_is_in_doubt_documents_are_still_handed_over(books: Books) -> None:
    invoice = coded(xml())
    minute = clock.now() + timedelta(minutes=1)
    Connection.objects.update(status="unsure", try_at=minute, expires_at=clock.now())
    division = Division.objects.select_related("app", "connection", "administration").get(
        pk=books.division.pk
    )
    assert deliver(division, at_once=True).stopped
    assert again(invoice).state == State.POSTING
