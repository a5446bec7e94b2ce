"""Names and bytes of strangers, handed to a browser without harm, and to nobody who may not see them."""

from typing import Any

import pytest
from django.urls import reverse

from apps.intake.models import Part, Receipt
from apps.people.models import Role
from tests import office
from tests.intake import zips
from tests.intake.factories import OriginalFactory, PartFactory, ReceiptFactory
from tests.office import Books

pytestmark = pytest.mark.django_db

ZIP = zips.packed(("a.xml", b"<a/>"))
MAIL = b"From: a@b.example\nSubject: <script>\nMIME-Version: 1.0\nContent-Type: text/html\n\n<script>alert(1)</script>"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def browser(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


def part_of(books: Books, data: bytes, filename: str, **more: Any) -> Part:
    original = OriginalFactory(data=data)
    made: Part = PartFactory(
        administration=books.administration, original=original, filename=filename, **more
    )
    return made


def get_part(browser: Any, part: Part) -> Any:
    return browser.get(reverse("admin:intake_part_original", args=(part.pk,)))


def message_of(books: Books, data: bytes, subject: str) -> Receipt:
    original = OriginalFactory(data=data)
    made: Receipt = ReceiptFactory(message=original, subject=subject, administration=books.administration)
    return made


def get_message(browser: Any, receipt: Receipt) -> Any:
    return browser.get(reverse("admin:intake_receipt_message", args=(receipt.pk,)))


@pytest.mark.parametrize(
    ("filename", "shown"),
    [
        ('a"; filename="evil.exe.xml', 'inline; filename="a\\"; filename=\\"evil.exe.xml"'),
        ("a\r\nSet-Cookie: x=1.xml", 'inline; filename="aSet-Cookie: x=1.xml"'),
        ("a\x00b.xml", 'inline; filename="ab.xml"'),
        ("../../etc/passwd", 'inline; filename="passwd"'),
        ("factuur\u202efdp.exe", 'inline; filename="factuurfdp.exe"'),
        ("CON.xml", 'inline; filename="CON.xml"'),
        ("€.xml", "inline; filename*=utf-8''%E2%82%AC.xml"),
        ("", 'inline; filename="unnamed"'),
    ],
)
def test_a_name_is_a_name_in_the_header_and_nothing_more(
    filename: str, shown: str, books: Books, browser: Any
) -> None:
    stored = (
        filename.replace("\x00", "") if "\x00" in filename else filename
    )  # no database holds NUL in a text
    answer = get_part(browser, part_of(books, b"<a/>", stored))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == shown
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("data", "inline"),
    [
        (b"<svg onload='alert(1)'/>", True),
        (b"hello <html><script>alert(1)</script>", False),
        (b"\n%PDF-1.7 <script>", False),
        (b"GIF89a<script>", False),
        (MAIL, False),
        (zips.office(), False),
        (ZIP, False),
    ],
)
def test_bytes_never_run_in_the_page(data: bytes, inline: bool, books: Books, browser: Any) -> None:
    answer = get_part(browser, part_of(books, data, "page.html"))
    kind = "text/plain; charset=utf-8" if inline else "application/octet-stream"
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"].startswith("inline" if inline else "attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "private, no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("data", "subject", "name"),
    [(ZIP, "all.zip", "all.zip"), (MAIL, "Factuur 12", "Factuur 12.eml"), (b"%PDF-", "a/b.pdf", "b.pdf")],
)
def test_a_message_is_a_download_whatever_it_is(
    data: bytes, subject: str, name: str, books: Books, browser: Any
) -> None:
    answer = get_message(browser, message_of(books, data, subject))
    assert answer.content == data
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_message_is_for_those_who_may_see_all_that_is_in_it(books: Books, browser: Any) -> None:
    other, receipt = office.books("Zwijgzaam"), message_of(books, ZIP, "all.zip")
    part_of(books, b"<a/>", "a.xml", receipt=receipt)
    stranger = office.browser(office.person(Role.REVIEWER, other.client))
    assert (get_message(browser, receipt).status_code, get_message(stranger, receipt).status_code) == (
        200,
        404,
    )
    page = reverse("admin:intake_receipt_change", args=(receipt.pk,))
    assert reverse("admin:intake_receipt_message", args=(receipt.pk,)) in browser.get(page).content.decode()
    PartFactory(receipt=receipt, administration=other.administration, position=2)
    assert (get_message(browser, receipt).status_code, get_message(stranger, receipt).status_code) == (
        404,
        404,
    )
    assert get_message(office.browser(office.person(Role.ADMINISTRATOR)), receipt).status_code == 200
    assert get_message(office.browser(), receipt).status_code == 302


def test_an_arrival_of_loose_files_has_no_message(books: Books, browser: Any) -> None:
    receipt = ReceiptFactory(administration=books.administration)
    assert get_message(browser, receipt).status_code == 404


def test_a_message_that_the_archive_lost_is_not_found(books: Books, browser: Any) -> None:
    receipt = message_of(books, ZIP, "all.zip")
    assert receipt.message
    receipt.message.content_name = "gone"
    receipt.message.save(update_fields=["content_name"])
    assert get_message(browser, receipt).status_code == 404
