"""What the worker does when its bell rings, whatever lies in its way."""

import logging

import pytest
from django.core.files.storage import storages

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.core.queue import OrmQ
from apps.intake.keeping import keep, keep_message
from apps.intake.models import Channel, Original, Part, PartOutcome, Receipt
from apps.invoices import answers, tasks
from apps.invoices.models import Invoice, State, WaitsFor
from apps.invoices.processing import code_one, code_received, end_pilots, process
from apps.invoices.reading_parts import read_parts
from apps.people.models import User
from tests.intake import zips
from tests.invoices.conftest import Books, coded, read_in
from tests.invoices.documents import xml
from tests.posting.factories import PostingFactory
from tests.vendors.factories import MappingFactory

pytestmark = pytest.mark.django_db


def kept(*contents: bytes) -> Receipt:
    return keep([(f"{n}.xml", content) for n, content in enumerate(contents)], channel=Channel.UPLOAD)


def test_everything_unread_is_read_and_coded(books: Books) -> None:
    kept(xml(number="1"), b"junk", xml(number="2"))
    assert process() == 3
    assert list(Invoice.objects.values_list("state", flat=True)) == [State.READY, State.READY]
    assert not Part.objects.unread().exists()
    assert process() == 0


def test_one_receipt_is_done_by_itself(books: Books) -> None:
    mine, other = kept(xml(number="1")), kept(xml(number="2"))
    assert process(mine.pk) == 1
    assert other.parts.get().outcome == PartOutcome.RECEIVED


def test_a_document_that_was_read_and_not_coded_is_coded_later(books: Books) -> None:
    invoice = read_in(xml()).invoice
    assert invoice
    assert code_received() == 1
    invoice.refresh_from_db()
    assert invoice.state == State.READY


def test_what_was_coded_is_not_coded_again(books: Books) -> None:
    invoice = coded(xml())
    assert not code_one(invoice)
    assert invoice.events.count() == 2


def test_bytes_that_the_archive_lost_are_a_reason_and_do_not_stop_the_next(books: Books) -> None:
    receipt = kept(xml(number="1"), xml(number="2"))
    lost = receipt.parts.get(position=1)
    storages["originals"].delete(lost.original.content_name)
    assert [received.part.outcome for received in read_parts()] == [
        PartOutcome.REJECTED,
        PartOutcome.DOCUMENT,
    ]
    lost.refresh_from_db()
    assert lost.reason


def test_a_file_that_trips_us_up_is_rejected_with_a_reason_and_does_not_stop_the_next(
    books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    receipt = kept(xml(number="1"), xml(number="2"))
    first = receipt.parts.get(position=1)
    Original.objects.filter(pk=first.original_id).update(content_name="../../outside")
    with caplog.at_level(logging.ERROR):
        assert process() == 2
    first.refresh_from_db()
    assert (first.outcome, Invoice.objects.get().number) == (PartOutcome.REJECTED, "2")
    assert "SuspiciousFileOperation" in first.reason
    assert str(first.pk) in caplog.text


def test_a_message_that_trips_us_up_is_rejected_with_a_reason_and_does_not_stop_the_next(
    books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = (
        keep_message(zips.packed((f"{n}.xml", xml(number=str(n)))), channel=Channel.UPLOAD) for n in range(2)
    )
    Original.objects.filter(pk=first.message_id).update(content_name="../../outside")
    with caplog.at_level(logging.ERROR):
        assert process() == 1
    part = first.parts.get()
    assert (part.outcome, part.original) == (PartOutcome.REJECTED, first.message)
    assert "SuspiciousFileOperation" in part.reason
    assert second.parts.get().outcome == PartOutcome.DOCUMENT


def test_a_document_that_cannot_be_coded_is_set_aside_and_does_not_stop_the_next(
    books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    invoices = [read_in(xml(number=str(n))).invoice for n in range(2)]
    assert invoices[0]
    Invoice.objects.filter(pk=invoices[0].pk).update(payment={"subtotals": [["S", "21", "100", "many"]]})
    with caplog.at_level(logging.ERROR):
        assert code_received() == 2
    first, second = Invoice.objects.order_by("pk")
    assert (first.state, first.cause) == (State.ATTENTION, Cause.UNREADABLE)
    assert "InvalidOperation" in first.detail
    assert second.state == State.READY
    assert code_received() == 0


def test_what_waited_for_a_pilot_that_has_ended_is_decided_anew(books: Books) -> None:
    Administration.objects.update(mode=Mode.PILOT)
    invoices = [coded(xml(number=str(n))) for n in range(2)]
    assert end_pilots() == 0
    Administration.objects.update(mode=Mode.PROPOSE)
    process()
    for invoice in invoices:
        invoice.refresh_from_db()
        assert (invoice.state, invoice.waits_for) == (State.PROPOSED, "")
    assert end_pilots() == 0


def test_a_document_that_cannot_be_coded_after_a_pilot_is_set_aside_as_well(books: Books) -> None:
    Administration.objects.update(mode=Mode.PILOT)
    first, second = coded(xml(number="1")), coded(xml(number="2"))
    Invoice.objects.filter(pk=first.pk).update(payment={"subtotals": [["S", "21", "100", "many"]]})
    Administration.objects.update(mode=Mode.AUTOMATIC)
    process()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.cause, second.waits_for) == (Cause.UNREADABLE, WaitsFor.HOLD_BACK)


def test_the_bells_of_intake_and_of_each_minute_do_the_work(books: Books) -> None:
    receipt = kept(xml(number="1"))
    tasks.process(receipt.pk)
    assert Invoice.objects.get().state == State.READY
    kept(xml(number="2"))
    OrmQ.objects.all().delete()
    tasks.sweep()
    assert Invoice.objects.filter(state=State.READY).count() == 2


# what answers about vendors left to do


def of_a_mapping(books: Books, kvk: str = "27124701") -> Invoice:
    """Return a document that is booked on a supplier by a mapping alone."""
    MappingFactory(
        administration=books.administration, kind="kvk", value=kvk, supplier=books.supplier.exact_id
    )
    invoice = coded(xml(number=kvk, kvk=kvk, vat="", iban="", domain=""))
    assert invoice.mapping
    return invoice


def test_what_exact_refused_after_its_mapping_was_taken_back_is_not_to_be_corrected_there(
    books: Books, bookkeeper: User
) -> None:
    invoice = of_a_mapping(books)
    assert invoice.mapping
    posting = PostingFactory(division=books.division)
    invoice.move(State.POSTING, who="test", why="", at=clock.now(), posting=posting)
    assert answers.unlearn(invoice.mapping, by=bookkeeper).flagged == 1
    invoice.refresh_from_db()
    assert invoice.to_correct
    cause = Cause.REJECTED_BY_EXACT
    invoice.move(State.ATTENTION, who="Exact", why="no", at=clock.now(), cause=cause)
    process()
    invoice.refresh_from_db()
    assert (invoice.cause, invoice.to_correct) == (Cause.VENDOR_UNKNOWN, "")


def test_a_poisoned_document_stops_nobody_behind_it_when_a_mapping_is_taken_back(
    books: Books, bookkeeper: User, caplog: pytest.LogCaptureFixture
) -> None:
    poisoned, healthy = of_a_mapping(books), of_a_mapping(books, "53006624")
    Invoice.objects.filter(pk=poisoned.pk).update(payment=["no mapping"])
    for invoice in (poisoned, healthy):
        assert invoice.mapping
        invoice.mapping.take_back(by=bookkeeper)
    with caplog.at_level(logging.CRITICAL):
        process()
    for invoice in (poisoned, healthy):
        invoice.refresh_from_db()
    assert (poisoned.state, poisoned.cause) == (State.ATTENTION, Cause.UNREADABLE)
    assert healthy.cause == Cause.VENDOR_UNKNOWN
    events = poisoned.events.count()
    process()
    assert poisoned.events.count() == events
