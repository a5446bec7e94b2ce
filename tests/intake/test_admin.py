"""Uploads, receipts and the door to original files."""

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.intake.models import Folder, Part, PartOutcome, Receipt
from apps.intake.opening import open_message
from apps.invoices.processing import process
from apps.people.models import Role
from tests import office
from tests.intake import zips
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


def upload(browser: Any, books: Books, *files: tuple[str, bytes], mark: str = "", **more: Any) -> Any:
    documents = [SimpleUploadedFile(name, content) for name, content in files]
    values = {"documents": documents, "administration": books.administration.pk, "mark": mark}
    return browser.post(UPLOAD, {**values, **more.pop("values", {})}, **more)


def test_empty_and_too_large_files_are_refused_by_name(books: Books, browser: Any, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES, settings.MAX_MAIL_BYTES = 3, 50
    before = Receipt.objects.count()
    big_zip = zips.packed(("a.xml", b"<a/>"))
    for name, file, words in (
        ("none.xml", b"", "“none.xml” was refused: it is empty."),
        ("big.xml", b"four", "“big.xml” was refused: it is larger than"),
        ("big.zip", big_zip, "“big.zip” was refused: it is larger than"),
    ):
        assert words in upload(browser, books, (name, file)).content.decode()
    assert "required" in browser.post(UPLOAD, {"administration": books.administration.pk}).content.decode()
    assert Receipt.objects.count() == before


def test_one_refused_file_costs_the_others_nothing(books: Books, browser: Any) -> None:
    answer = upload(browser, books, ("a.xml", b"<a/>"), ("none.xml", b""), ("b.xml", b"<b/>"), follow=True)
    receipt = Receipt.objects.latest("pk")
    assert [part.filename for part in receipt.parts.order_by("position")] == ["a.xml", "b.xml"]
    page = answer.content.decode()
    assert "2 files are kept" in page
    assert "“none.xml” was refused: it is empty." in page


def test_a_zip_file_and_a_mail_are_arrivals_of_their_own(books: Books, browser: Any, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 100
    mail = b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\n\nno file"
    packed = zips.packed(("map/in.xml", b"<in/>"), ("large.xml", b"<" + b"x" * 100))
    files = [("a.xml", b"<a/>"), ("all.zip", packed), ("b.xml", b"<b/>"), ("one.eml", mail)]
    before = Receipt.objects.count()
    answer = upload(browser, books, *files)
    assert answer.headers["Location"] == reverse("admin:intake_receipt_changelist")
    found = list(Receipt.objects.order_by("pk")[before:])
    assert [(one.subject, one.message_id is None) for one in found] == [
        ("2 files", True),
        ("all.zip", False),
        ("one.eml", False),
    ]
    page = reverse("admin:intake_receipt_change", args=(found[1].pk,))
    assert "will be opened now" in browser.get(page).content.decode()
    for receipt in found:
        open_message(receipt)
    parts = found[1].parts.order_by("position")
    assert [(part.filename, part.outcome) for part in parts] == [
        ("in.xml", "received"),
        ("large.xml", "rejected"),
    ]
    assert {part.administration for part in parts} == {books.administration}
    assert "no file in this mail" in found[2].parts.get().reason
    assert "will be opened now" not in browser.get(page).content.decode()


def test_a_second_press_is_the_same_upload_and_other_files_are_not(books: Books, browser: Any) -> None:
    mark, packed = "0f" * 16, zips.packed(("a.xml", b"<a/>"))
    before = Receipt.objects.count()
    for _press in range(2):
        answer = upload(browser, books, ("a.xml", b"<a/>"), ("a.zip", packed), mark=mark)
        assert answer.status_code == 302
    assert Receipt.objects.count() == before + 2
    upload(browser, books, ("b.xml", b"<b/>"), mark=mark)  # gone back to the same page
    upload(browser, books, ("c.xml", b"<a/>"), mark=mark)
    assert Receipt.objects.count() == before + 4
    upload(browser, books, ("a.xml", b"<a/>"), mark="1f" * 16)
    upload(browser, books, ("a.xml", b"<a/>"))
    upload(browser, books, ("a.xml", b"<a/>"))
    assert Receipt.objects.count() == before + 7
    assert upload(browser, books, ("a.xml", b"<a/>"), mark="../x").status_code == 200
    assert Receipt.objects.count() == before + 7


def test_each_page_has_a_mark_of_its_own(browser: Any) -> None:
    marks = {
        re.search(r'name="mark" value="([0-9a-f]{32})"', browser.get(UPLOAD).content.decode()) for _ in "ab"
    }
    assert len({found[1] for found in marks if found}) == 2


def test_in_the_background_the_answer_is_the_next_page_or_the_reasons(books: Books, browser: Any) -> None:
    accept = {"HTTP_ACCEPT": "application/json"}
    answer = upload(browser, books, ("a.xml", b"<a/>"), ("none.xml", b""), **accept)
    receipt = Receipt.objects.latest("pk")
    address = reverse("admin:intake_receipt_change", args=(receipt.pk,))
    assert answer.json() == {"address": address}
    assert "“none.xml” was refused" in browser.get(address).content.decode()
    answer = upload(browser, books, ("none.xml", b""), values={"administration": ""}, **accept)
    assert (answer.status_code, len(answer.json()["errors"])) == (400, 2)
    assert "“none.xml” was refused: it is empty." in answer.json()["errors"]


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


def test_the_list_counts_only_what_one_sees(books: Books, browser: Any) -> None:
    mixed = PartFactory(receipt__subject="mixed", administration=books.administration).receipt
    PartFactory(receipt=mixed, outcome=PartOutcome.REJECTED, reason="half a file")
    text = browser.get("/intake/receipt/", {"q": "mixed"}).content.decode()
    assert "1 received" in text
    assert "1 rejected" not in text


def test_a_duplicate_leads_to_the_first_one(books: Books, browser: Any) -> None:
    part = Part.objects.get(outcome=PartOutcome.DUPLICATE, administration=books.administration)
    text = browser.get(reverse("admin:intake_receipt_change", args=(part.receipt_id,))).content.decode()
    first = part.duplicate_of
    assert first is not None
    assert reverse("admin:invoices_invoice_change", args=(first.invoice.pk,)) in text


@pytest.fixture
def administrator(books: Books) -> Any:
    return office.browser(office.person(Role.ADMINISTRATOR))


FOLDERS = "/intake/folder/"


def test_an_administrator_adds_a_folder_and_it_is_made(
    books: Books, administrator: Any, settings: Any, tmp_path: Path
) -> None:
    settings.FOLDERS_ROOT = tmp_path / "root"
    values = {"administration": books.administration.pk, "path": "ooievaar\\scans/", "is_open": "on"}
    answer = administrator.post(f"{FOLDERS}add/", values, follow=True)
    assert answer.redirect_chain
    folder = Folder.objects.get(path="ooievaar/scans")
    assert (tmp_path / "root/ooievaar/scans/.taken").is_dir()
    for path in ("../out", "/etc", "a/done", "ooievaar/scans"):
        answer = administrator.post(f"{FOLDERS}add/", {**values, "path": path})
        assert answer.status_code == 200, path
        assert "errornote" in answer.content.decode() or "error" in answer.content.decode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["root"]
    change = f"{FOLDERS}{folder.pk}/change/"
    administrator.post(change, {**values, "path": "elsewhere", "is_open": ""})
    folder.refresh_from_db()
    assert (folder.path, folder.is_open) == ("ooievaar/scans", False)


def test_a_folder_that_cannot_be_made_is_no_folder(
    books: Books, administrator: Any, settings: Any, tmp_path: Path
) -> None:
    settings.FOLDERS_ROOT = tmp_path / "file"
    settings.FOLDERS_ROOT.write_text("not a folder")
    values = {"administration": books.administration.pk, "path": "scans", "is_open": "on"}
    assert "cannot be reached" in administrator.post(f"{FOLDERS}add/", values).content.decode()
    assert not Folder.objects.filter(path="scans").exists()


def test_the_list_of_folders_says_what_is_wrong_and_only_administrators_change_it(
    books: Books, browser: Any, administrator: Any
) -> None:
    folder = Folder.objects.get(administration=books.administration)
    Folder.objects.filter(pk=folder.pk).update(trouble="Two\nsentences <b>.", waiting=7)
    page = browser.get(FOLDERS).content.decode()
    assert "sentences &lt;b&gt;." in page
    assert ">7<" in page
    for who, status in ((browser, 403), (administrator, 200)):
        assert who.get(f"{FOLDERS}add/").status_code == status


def test_a_search_finds_the_names_of_files_that_one_sees_and_of_no_others() -> None:
    mine, theirs = office.books("Ooievaar"), office.books("Zwijgzaam")
    receipt = PartFactory(administration=mine.administration, filename="mijn-bon.pdf").receipt
    PartFactory(receipt=receipt, administration=theirs.administration, filename="hun-geheim.pdf")
    browser = office.browser(office.person(Role.BOOKKEEPER, mine.client))
    found = [
        [row.pk for row in browser.get("/intake/receipt/", {"q": name}).context["cl"].queryset]
        for name in ("mijn-bon", "hun-geheim")
    ]
    assert found == [[receipt.pk], []]
