"""The pages of a trial, and the button that ends it."""

from typing import Any

import pytest
from django.urls import reverse

from apps.clients.models import Mode
from apps.invoices.models import Invoice, State
from apps.invoices.processing import process
from apps.people.models import Role
from apps.sandbox.models import Call
from tests import office
from tests.exact.factories import RelationFactory
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import xml
from tests.invoices.hand_bookings import book, read_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(db: None) -> Books:
    made = make_books(mode=Mode.PILOT)
    read_ledger(made.division)
    return made


@pytest.fixture
def bookkeeper(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.administration.client))


@pytest.fixture
def administrator(books: Books) -> Any:
    return office.browser(office.person(Role.ADMINISTRATOR, is_superuser=True))


def report(books: Books) -> str:
    return reverse("admin:invoices_invoice_pilot", args=(books.administration.pk,))


def live(books: Books) -> str:
    return reverse("admin:invoices_invoice_live", args=(books.administration.pk,))


def page(invoice: Invoice) -> str:
    return reverse("admin:invoices_invoice_change", args=(invoice.pk,))


def test_the_page_of_a_document_shows_the_entry_and_what_differs_from_the_one_by_hand(
    books: Books, bookkeeper: Any
) -> None:
    invoice = coded(xml())
    text = bookkeeper.get(page(invoice)).content.decode()
    assert "The exact entry that would be posted" in text
    assert "not booked yet" in text
    other = RelationFactory(division=books.division, code="7", name="Sister")
    book(invoice, books.division, supplier=other.exact_id, accounts={"4100": "100.00"})
    text = bookkeeper.get(page(invoice)).content.decode()
    for words in ("26600000", "7 Sister", "Anker en Touw B.V.", "Ledger account 4000", "Ledger account 4100"):
        assert words in text, words


def test_a_document_outside_a_trial_is_compared_with_nothing(books: Books, bookkeeper: Any) -> None:
    invoice = coded(xml())
    books.administration.mode = Mode.PROPOSE
    books.administration.save(update_fields=["mode"])
    assert "Next to the books" not in bookkeeper.get(page(invoice)).content.decode()


def test_the_report_names_each_document_and_what_differs(books: Books, bookkeeper: Any) -> None:
    equal, different, missing = (coded(xml(number=f"F-{n}")) for n in range(3))
    book(equal, books.division)
    book(different, books.division, accounts={"4100": "100.00"})
    answer = bookkeeper.get(report(books))
    text = answer.content.decode()
    for invoice in (equal, different, missing):
        assert page(invoice) in text
    assert "ledger account 4100: 0.00 / 100.00" in text
    assert "50 %" in text
    assert "Go live" not in text


def test_a_trial_without_documents_or_division_has_a_report_too(books: Books, bookkeeper: Any) -> None:
    assert "No document waits here" in bookkeeper.get(report(books)).content.decode()
    books.division.administration = None
    books.division.save(update_fields=["administration"])
    assert bookkeeper.get(report(books)).status_code == 200


def test_the_list_names_the_trials(books: Books, bookkeeper: Any) -> None:
    coded(xml())
    text = bookkeeper.get(reverse("admin:invoices_invoice_pilots")).content.decode()
    assert report(books) in text
    stranger = office.browser(office.person(Role.BOOKKEEPER))
    assert report(books) not in stranger.get(reverse("admin:invoices_invoice_pilots")).content.decode()


def test_going_live_is_for_who_may_change_the_administration(books: Books, bookkeeper: Any) -> None:
    assert bookkeeper.post(live(books)).status_code == 403
    books.administration.refresh_from_db()
    assert books.administration.mode == Mode.PILOT


def test_going_live_ends_what_is_booked_and_proposes_the_rest(books: Books, administrator: Any) -> None:
    booked, other = coded(xml(number="1")), coded(xml(number="2"))
    book(booked, books.division)
    assert "Go live" in administrator.get(report(books)).content.decode()
    assert administrator.get(live(books)).status_code == 405
    answer = administrator.post(live(books), follow=True)
    assert "is live" in answer.content.decode()
    process()
    assert [again.state for again in Invoice.objects.order_by("pk")] == [State.DONE, State.PROPOSED]
    assert other.posting is None
    assert "not on pilot any more" in administrator.get(report(books)).content.decode()


def test_a_ledger_that_was_not_read_lately_is_a_reason_to_wait(books: Books, administrator: Any) -> None:
    books.division.sync_states.update(synced_at=None)
    answer = administrator.post(live(books), follow=True)
    assert "Read it first" in answer.content.decode()
    books.administration.refresh_from_db()
    assert books.administration.mode == Mode.PILOT


def test_the_pages_ask_nothing_of_exact(books: Books, bookkeeper: Any) -> None:
    invoice = coded(xml())
    before = Call.objects.count()
    for address in (page(invoice), report(books), reverse("admin:invoices_invoice_pilots")):
        assert bookkeeper.get(address).status_code == 200
    assert Call.objects.count() == before
