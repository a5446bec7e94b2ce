"""Uploads, receipts and the door to original files."""

import base64
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.intake.models import Part, PartOutcome, Receipt
from apps.invoices.processing import process
from apps.people.models import Role
from tests import office
from tests.intake.factories import OriginalFactory, PartFactory
from tests.office import SAMPLE, Books

pytestmark = pytest.mark.django_db

UPLOAD = "/intake/receipt/upload/"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def browser(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


def original(part: Part) -> str:
    return reverse("admin:intake_part_original", args=(part.pk,))


def file_of(books: Books, data: bytes, filename: str = "a.bin") -> Part:
    part: Part = PartFactory(
        administration=books.administration, original=OriginalFactory(data=data), filename=filename
    )
    return part


def test_several_files_are_kept_at_once_and_their_receipt_opens(books: Books, browser: Any) -> None:
    files = [SimpleUploadedFile(name, content) for name, content in (("a.xml", b"<a/>"), ("b.xml", b"<b/>"))]
    answer = browser.post(UPLOAD, {"documents": files, "administration": books.administration.pk})
    receipt = Receipt.objects.latest("pk")
    assert answer.headers["Location"] == reverse("admin:intake_receipt_change", args=(receipt.pk,))
    assert [part.filename for part in receipt.parts.order_by("position")] == ["a.xml", "b.xml"]
    assert [part.original.content() for part in receipt.parts.order_by("position")] == [b"<a/>", b"<b/>"]
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "0 of 2 files are read" in page
    process(receipt.pk)
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "files are read" not in page
    assert "not an invoice in a known format" in page


def test_a_bookkeeper_says_for_whom_a_reviewer_may_leave_it_open(books: Books, browser: Any) -> None:
    file = {"documents": SimpleUploadedFile("a.xml", b"<a/>")}
    before = Receipt.objects.count()
    assert browser.post(UPLOAD, file).status_code == 200
    assert Receipt.objects.count() == before
    reviewer = office.browser(office.person(Role.REVIEWER, books.client))
    answer = reviewer.post(UPLOAD, {"documents": SimpleUploadedFile("a.xml", b"<a/>")}, follow=True)
    assert answer.status_code == 200
    assert Receipt.objects.count() == before + 1


def test_empty_and_too_large_files_are_refused_by_name(books: Books, browser: Any, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 3
    for file, words in ((b"", "empty"), (b"four", "big.xml is larger than")):
        values = {
            "documents": SimpleUploadedFile("big.xml", file),
            "administration": books.administration.pk,
        }
        assert words in browser.post(UPLOAD, values).content.decode()
    assert "required" in browser.post(UPLOAD, {"administration": books.administration.pk}).content.decode()


def test_a_partner_uploads_nothing(books: Books) -> None:
    partner = office.browser(office.person(Role.PARTNER, books.client))
    assert partner.get(UPLOAD).status_code == 403


def test_nothing_goes_to_another_clients_administration(books: Books, browser: Any) -> None:
    other = office.books("Zwijgzaam")
    before = Receipt.objects.count()
    values = {"documents": SimpleUploadedFile("a.xml", b"<a/>"), "administration": other.administration.pk}
    assert browser.post(UPLOAD, values).status_code == 200
    assert Receipt.objects.count() == before


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 rest", "application/pdf"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\xff\xd8\xffrest", "image/jpeg"),
        (b"\xef\xbb\xbf <?xml?><a/>", "text/plain; charset=utf-8"),
        (b"<html><script>alert(1)</script>", "text/plain; charset=utf-8"),
    ],
)
def test_what_may_be_shown_is_shown_by_its_bytes(data: bytes, kind: str, books: Books, browser: Any) -> None:
    answer = browser.get(original(file_of(books, data, "page.html")))
    assert answer.content == data
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    if kind != "application/pdf":
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_anything_else_is_a_download(books: Books, browser: Any) -> None:
    answer = browser.get(original(file_of(books, b"MZ\x00program", "invoice.pdf")))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    answer = browser.get(original(file_of(books, b"%PDF-1.7")) + "?download")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_lost_bytes_are_not_found_and_no_traceback(books: Books, browser: Any) -> None:
    part = file_of(books, b"%PDF-lost")
    part.original.content_name = "gone"
    part.original.save(update_fields=["content_name"])
    assert browser.get(original(part)).status_code == 404


def test_a_file_inside_an_e_invoice_is_served_on_its_own(books: Books, browser: Any) -> None:
    encoded = base64.b64encode(b"%PDF-inside").decode()
    reference = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        f'<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="in.pdf">{encoded}'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    text = SAMPLE.read_text()
    text = text.replace("<cac:AccountingSupplierParty>", reference + "<cac:AccountingSupplierParty>", 1)
    part = file_of(books, text.encode(), "with.xml")
    address = reverse("admin:intake_part_attachment", args=(part.pk, 1))
    assert browser.get(address).content == b"%PDF-inside"
    assert browser.get(reverse("admin:intake_part_attachment", args=(part.pk, 2))).status_code == 404
    broken = file_of(books, b"<no invoice/>")
    assert browser.get(reverse("admin:intake_part_attachment", args=(broken.pk, 1))).status_code == 404


def test_the_list_counts_what_became_of_the_parts(books: Books, browser: Any) -> None:
    text = browser.get("/intake/receipt/").content.decode()
    assert "1 document, 1 duplicate" in text


def test_a_duplicate_leads_to_the_first_one(books: Books, browser: Any) -> None:
    part = Part.objects.get(outcome=PartOutcome.DUPLICATE, administration=books.administration)
    text = browser.get(reverse("admin:intake_receipt_change", args=(part.receipt_id,))).content.decode()
    first = part.duplicate_of
    assert first is not None
    assert reverse("admin:invoices_invoice_change", args=(first.invoice.pk,)) in text
