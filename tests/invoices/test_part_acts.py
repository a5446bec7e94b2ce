"""What became no document can be offered again, put aside with a reason, or kept with a document."""

import pytest
from django.core.files.storage import storages

from apps.core.causes import Cause
from apps.intake.keeping import keep, keep_message
from apps.intake.models import Channel, Offering, Part, PartOutcome, Receipt
from apps.invoices.models import Invoice, State
from apps.invoices.part_acts import Refused, attach_to, offer_again, set_aside
from apps.invoices.processing import process
from apps.people.models import User
from tests.intake import zips
from tests.intake.factories import PartFactory
from tests.invoices.conftest import Books
from tests.invoices.documents import xml
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 terms"


def came_in(*files: tuple[str, bytes]) -> dict[str, Part]:
    receipt = keep(files, channel=Channel.MAIL)
    process(receipt.pk)
    return {part.filename: part for part in receipt.parts.select_related("receipt", "original")}


def test_a_rejected_part_is_read_once_more_and_its_history_says_what_it_was(
    books: Books, bookkeeper: User
) -> None:
    part = came_in(("half.xml", b"<Invoice>half"))["half.xml"]
    reason = part.reason
    offer_again(part, by=bookkeeper)
    assert part.outcome == PartOutcome.RECEIVED
    process(part.receipt_id)
    part.refresh_from_db()
    assert (part.outcome, part.reason) == (PartOutcome.REJECTED, reason)
    offering = Offering.objects.get()
    assert (offering.was, offering.reason, offering.who) == (PartOutcome.REJECTED, reason, str(bookkeeper))


def test_a_duplicate_that_is_offered_again_is_found_again(books: Books, bookkeeper: User) -> None:
    came_in(("a.xml", xml()))
    second = came_in(("b.xml", xml()))["b.xml"]
    offer_again(second, by=bookkeeper)
    process(second.receipt_id)
    second.refresh_from_db()
    assert second.outcome == PartOutcome.DUPLICATE
    assert Invoice.objects.count() == 1


def test_an_attachment_that_is_offered_again_is_none_until_somebody_says_so(
    books: Books, bookkeeper: User
) -> None:
    parts = came_in(("1.xml", xml()), ("1.pdf", PDF))
    offer_again(parts["1.pdf"], by=bookkeeper)
    assert Invoice.objects.get().payment["files"] == []
    process(parts["1.pdf"].receipt_id)
    pdf = Part.objects.select_related("receipt", "original").get(filename="1.pdf")
    assert pdf.outcome == PartOutcome.REJECTED
    attach_to(pdf, parts["1.xml"], by=bookkeeper)
    assert [name for _sha, name, _pdf in Invoice.objects.get().payment["files"]] == ["1.pdf"]


def test_of_two_equal_attachments_one_is_taken_back(books: Books, bookkeeper: User) -> None:
    parts = came_in(("1.xml", xml()), ("1.pdf", PDF), ("1 .pdf", PDF))
    assert len(Invoice.objects.get().payment["files"]) == 2
    offer_again(parts["1 .pdf"], by=bookkeeper)
    assert len(Invoice.objects.get().payment["files"]) == 1


def test_a_message_that_could_not_be_opened_is_opened_once_more(books: Books, bookkeeper: User) -> None:
    packed = zips.packed(("1.xml", xml()))
    receipt = keep_message(packed, channel=Channel.UPLOAD, subject="facturen.zip")
    assert receipt.message
    PartFactory(receipt=receipt, original=receipt.message, outcome=PartOutcome.REJECTED, reason="damaged")
    Receipt.objects.update(opened_at=receipt.received_at)
    part = receipt.parts.select_related("receipt", "original").get()
    offer_again(part, by=bookkeeper)
    process(receipt.pk)
    part.refresh_from_db()
    assert (part.outcome, part.settled_by) == (PartOutcome.IGNORED, str(bookkeeper))
    assert receipt.parts.get(filename="1.xml").outcome == PartOutcome.DOCUMENT
    with pytest.raises(Refused):
        offer_again(Part.objects.get(filename="1.xml"), by=bookkeeper)


def test_a_file_that_comes_when_exact_has_the_document_is_told_of(books: Books, bookkeeper: User) -> None:
    parts = came_in(("1.xml", xml(number="1")), ("2.xml", xml(number="2")), ("terms.pdf", PDF))
    Invoice.objects.filter(number="2").update(
        state=State.UNCERTAIN, cause=Cause.OUTCOME_UNCERTAIN, waits_for="", posting=PostingFactory()
    )
    attach_to(parts["terms.pdf"], parts["2.xml"], by=bookkeeper)
    invoice = Invoice.objects.get(number="2")
    assert "files" not in invoice.payment
    assert [one["values"]["file"] for one in invoice.findings if one["code"] == "file_came_late"] == [
        "terms.pdf"
    ]


def test_a_document_is_not_offered_again(books: Books, bookkeeper: User) -> None:
    part = came_in(("a.xml", xml()))["a.xml"]
    with pytest.raises(Refused):
        offer_again(part, by=bookkeeper)
    assert not Offering.objects.exists()


def test_two_people_offer_it_once(bookkeeper: User) -> None:
    part = PartFactory(outcome=PartOutcome.REJECTED, reason="half a file")
    stale = Part.objects.get(pk=part.pk)
    offer_again(part, by=bookkeeper)
    with pytest.raises(Refused):
        offer_again(stale, by=bookkeeper)
    assert Offering.objects.count() == 1


def test_what_is_put_aside_says_who_and_why(bookkeeper: User) -> None:
    part = PartFactory(outcome=PartOutcome.REJECTED, reason="half a file")
    set_aside(part, by=bookkeeper, why="an advertisement")
    part.refresh_from_db()
    assert (part.outcome, part.reason, part.settled_by) == (
        PartOutcome.IGNORED,
        "an advertisement (half a file)",
        str(bookkeeper),
    )
    with pytest.raises(Refused):
        set_aside(part, by=bookkeeper, why="once more")


def test_a_file_is_kept_with_a_document_that_came_with_it(books: Books, bookkeeper: User) -> None:
    parts = came_in(("1.xml", xml(number="1")), ("2.xml", xml(number="2")), ("terms.pdf", PDF))
    attach_to(parts["terms.pdf"], parts["2.xml"], by=bookkeeper)
    terms = Part.objects.get(filename="terms.pdf")
    assert (terms.outcome, terms.attached_to, terms.settled_by) == (
        PartOutcome.ATTACHMENT,
        parts["2.xml"],
        str(bookkeeper),
    )
    assert [name for _sha, name, _pdf in Invoice.objects.get(number="2").payment["files"]] == ["terms.pdf"]


def test_a_file_is_not_kept_with_what_came_otherwise(books: Books, bookkeeper: User) -> None:
    loose = came_in(("terms.pdf", PDF))["terms.pdf"]
    other = came_in(("1.xml", xml()))["1.xml"]
    with pytest.raises(Refused):
        attach_to(loose, other, by=bookkeeper)
    loose.refresh_from_db()
    assert loose.outcome == PartOutcome.REJECTED


def test_a_file_that_exact_does_not_take_is_kept_with_the_document_and_said(
    books: Books, bookkeeper: User
) -> None:
    parts = came_in(("a.xml", xml()), ("terms.docx", b"PK\x03\x04 no picture"))
    attach_to(parts["terms.docx"], parts["a.xml"], by=bookkeeper)
    invoice = Invoice.objects.get()
    assert parts["terms.docx"].outcome == PartOutcome.ATTACHMENT
    assert invoice.payment.get("files", []) == []
    assert [one["values"] for one in invoice.findings if one["code"] == "enclosure_unsafe"] == [
        {"file": "terms.docx"}
    ]


def test_a_file_with_a_virus_or_without_its_bytes_is_kept_with_nothing(
    books: Books, bookkeeper: User
) -> None:
    parts = came_in(("a.xml", xml()), ("terms.docx", b"PK\x03\x04 one"), ("b.docx", b"PK\x03\x04 two"))
    parts["terms.docx"].original.virus = "Eicar"
    lost = parts["b.docx"].original
    storages["originals"].delete(lost.content_name)
    for name in ("terms.docx", "b.docx"):
        with pytest.raises(Refused):
            attach_to(parts[name], parts["a.xml"], by=bookkeeper)
        parts[name].refresh_from_db()
        assert parts[name].outcome == PartOutcome.REJECTED
