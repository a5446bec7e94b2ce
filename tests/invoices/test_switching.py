"""Which method delivers documents of one kind, and when it may be changed."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse

from apps.clients.models import Administration, Mode
from apps.core.causes import Cause
from apps.invoices import tasks
from apps.invoices.going_live import settle
from apps.invoices.models import ActiveMethod, Invoice, Kind, State, WaitsFor
from apps.invoices.switching import SwitchRefused, methods_of, switch, under_way
from apps.people.models import Role, User
from apps.posting.models import Method
from tests import office
from tests.clients.factories import AdministrationFactory
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import anonymous, xml
from tests.invoices.factories import ActiveMethodFactory, InvoiceFactory
from tests.invoices.hand_bookings import book
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db


def method(books: Books, kind: str = Kind.INVOICE) -> str:
    return ActiveMethod.objects.method_for(books.administration.pk, kind)


def test_an_entry_is_made_unless_somebody_chose_otherwise_for_that_kind(books: Books, reviewer: User) -> None:
    assert method(books) == Method.ENTRY
    assert switch(books.administration, Kind.INVOICE, Method.DOCUMENT, by=reviewer)
    assert (method(books), method(books, Kind.CREDIT_NOTE)) == (Method.DOCUMENT, Method.ENTRY)
    assert not switch(books.administration, Kind.INVOICE, Method.DOCUMENT, by=reviewer)
    assert ActiveMethod.objects.get().history.first().history_user == reviewer


def test_there_is_one_method_for_a_kind_and_no_second(books: Books) -> None:
    ActiveMethodFactory(administration=books.administration)
    with pytest.raises(IntegrityError):
        ActiveMethodFactory(administration=books.administration, method=Method.ENTRY)


@pytest.mark.parametrize("wanted", [Method.REMOVAL, "", "mailbox"])
def test_what_is_no_method_of_delivery_is_refused(books: Books, reviewer: User, wanted: str) -> None:
    with pytest.raises(SwitchRefused):
        switch(books.administration, Kind.INVOICE, wanted, by=reviewer)
    assert method(books) == Method.ENTRY


def test_while_documents_are_under_way_switching_is_refused_and_says_how_many(
    books: Books, reviewer: User, english: None
) -> None:
    administration = books.administration
    InvoiceFactory(administration=administration, state=State.READY, waits_for=WaitsFor.HOLD_BACK)
    InvoiceFactory(administration=administration, state=State.POSTING, posting=PostingFactory())
    uncertain = {"state": State.UNCERTAIN, "cause": Cause.OUTCOME_UNCERTAIN}
    InvoiceFactory(administration=administration, posting=PostingFactory(), **uncertain)
    InvoiceFactory(administration=administration, state=State.READY, waits_for=WaitsFor.PILOT)
    InvoiceFactory(administration=administration, state=State.READY, kind=Kind.CREDIT_NOTE)
    InvoiceFactory(administration=administration, state=State.PROPOSED)
    InvoiceFactory(state=State.READY)
    assert under_way(administration, Kind.INVOICE) == 3
    with pytest.raises(SwitchRefused, match="3 documents are under way"):
        switch(administration, Kind.INVOICE, Method.DOCUMENT, by=reviewer)
    assert method(books) == Method.ENTRY


def test_what_waits_is_decided_anew_after_a_switch_in_both_directions(books: Books, reviewer: User) -> None:
    Administration.objects.update(mode=Mode.PROPOSE)
    waiting = coded(anonymous(), administration=books.administration)
    assert (waiting.state, waiting.cause) == (State.ATTENTION, Cause.VENDOR_UNKNOWN)
    assert switch(books.administration, Kind.INVOICE, Method.DOCUMENT, by=reviewer)
    tasks.method_switched(books.administration.pk, Kind.INVOICE)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.cause, waiting.question) == (State.PROPOSED, "", None)
    assert switch(books.administration, Kind.INVOICE, Method.ENTRY, by=reviewer)
    tasks.method_switched(books.administration.pk, Kind.INVOICE)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.cause) == (State.ATTENTION, Cause.VENDOR_UNKNOWN)


# the page of the administration


def test_whoever_may_change_the_administration_switches_on_its_page() -> None:
    mine = office.books("Ooievaar")
    Invoice.objects.filter(administration=mine.administration).update(
        state=State.IGNORED, cause="", waits_for="", outcome="", done_at=None
    )
    page = reverse("admin:clients_administration_change", args=(mine.administration.pk,))
    address = reverse("admin:invoices_invoice_method", args=(mine.administration.pk,))
    chosen = {"kind": Kind.INVOICE, "method": Method.DOCUMENT}

    def browser(role: str) -> Any:
        return office.browser(office.person(role, mine.client))

    administrator, bookkeeper = browser(Role.ADMINISTRATOR), browser(Role.BOOKKEEPER)
    assert 'name="method"' in administrator.get(page).content.decode()
    assert 'name="method"' not in bookkeeper.get(page).content.decode()
    assert bookkeeper.post(address, chosen).status_code == 403
    assert administrator.post(address, {**chosen, "kind": "poem"}).status_code == 404
    assert not ActiveMethod.objects.exists()
    assert administrator.post(address, chosen).status_code == 302
    assert ActiveMethod.objects.get().method == Method.DOCUMENT
    Invoice.objects.filter(administration=mine.administration).update(state=State.READY)
    told = administrator.post(address, {**chosen, "method": Method.ENTRY}, follow=True).content.decode()
    assert str(under_way(mine.administration, Kind.INVOICE)) in told
    assert ActiveMethod.objects.get().method == Method.DOCUMENT
    assert (
        administrator.post(reverse("admin:invoices_invoice_method", args=(10**6,)), chosen).status_code == 404
    )


def test_a_switch_is_no_answer_about_what_people_may_have_booked(books: Books, reviewer: User) -> None:
    Administration.objects.update(mode=Mode.PILOT)
    waiting = coded(xml())
    book(waiting, books.division, number="something else")
    Administration.objects.update(mode=Mode.AUTOMATIC)
    settle(books.administration)
    assert switch(books.administration, Kind.INVOICE, Method.DOCUMENT, by=reviewer)
    tasks.method_switched(books.administration.pk, Kind.INVOICE)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.cause) == (State.ATTENTION, Cause.POSSIBLE_DOUBLE)


def test_purchase_invoices_are_offered_where_the_package_has_them(books: Books, reviewer: User) -> None:
    division = books.division
    division.features = ["Items and purchase orders"]
    division.save(update_fields=["features"])
    administration = Administration.objects.get(pk=books.administration.pk)
    assert Method.INVOICE in methods_of(administration)
    assert switch(administration, Kind.CREDIT_NOTE, Method.INVOICE, by=reviewer)
    assert method(books, Kind.CREDIT_NOTE) == Method.INVOICE


def test_elsewhere_they_are_not_offered_and_refused_in_words(
    books: Books, reviewer: User, english: None
) -> None:
    division = books.division
    division.features = ["General ledger"]
    division.save(update_fields=["features"])
    assert Method.INVOICE not in methods_of(books.administration)
    with pytest.raises(SwitchRefused, match="has no purchase invoices"):
        switch(books.administration, Kind.INVOICE, Method.INVOICE, by=reviewer)
    assert method(books) == Method.ENTRY


def test_where_no_division_is_linked_they_are_refused(reviewer: User) -> None:
    administration = AdministrationFactory()
    with pytest.raises(SwitchRefused):
        switch(administration, Kind.INVOICE, Method.INVOICE, by=reviewer)
