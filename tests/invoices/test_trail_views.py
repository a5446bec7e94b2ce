"""The audit trail as a page and as a PDF, for those who may see the document."""

from typing import Any

import pytest
from django.urls import reverse

from apps.people.models import Role
from tests import office
from tests.office import Books
from tests.posting.factories import PostingCallFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def browser(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


def address(books: Books, name: str = "trail") -> str:
    return reverse(f"admin:invoices_invoice_{name}", args=(books.invoices["done"].pk,))


def test_the_page_tells_what_happened(books: Books, browser: Any) -> None:
    PostingCallFactory(posting=books.invoices["done"].posting, answer={"EntryNumber": 26600001})
    text = browser.get(address(books)).content.decode()
    for words in (
        "Ooievaar event",
        "the entry: made, number 26600001",
        "Ooievaar line",
        address(books, "trail_pdf"),
    ):
        assert words in text, words
    document = browser.get(reverse("admin:invoices_invoice_change", args=(books.invoices["done"].pk,)))
    assert address(books) in document.content.decode()


def test_the_pdf_is_a_download_and_the_same_each_time(books: Books, browser: Any) -> None:
    answer = browser.get(address(books, "trail_pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF-")
    assert answer.content == browser.get(address(books, "trail_pdf")).content


@pytest.mark.parametrize("name", ["trail", "trail_pdf"])
def test_a_stranger_sees_nothing(books: Books, name: str) -> None:
    stranger = office.browser(office.person(Role.REVIEWER))
    assert stranger.get(address(books, name)).status_code == 404
    assert office.browser().get(address(books, name)).status_code == 302
