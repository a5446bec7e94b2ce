"""The page of a changed account and its steps, as people use them."""

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.clients.models import Administration
from apps.core.causes import Cause
from apps.exact.models import Relation
from apps.invoices import case_page, stages
from apps.invoices.models import Invoice, State
from apps.people.models import Role, User
from apps.vendors.models import CaseState, IBANCase
from tests import office
from tests.clients.factories import AdministrationFactory
from tests.invoices.factories import InvoiceFactory
from tests.office import Books
from tests.vendors.factories import IBANCaseFactory

pytestmark = pytest.mark.django_db

LIST = "/vendors/ibancase/"
PHONE = "020-1234567"
MOST_QUERIES = 30


@pytest.fixture
def books() -> Books:
    made = office.books("Ooievaar")
    Relation.objects.filter(pk=made.relation.pk).update(phone=PHONE)
    return made


@pytest.fixture
def ada(books: Books) -> User:
    return office.person(Role.BOOKKEEPER, books.client, first_name="Ada", last_name="Bos")


@pytest.fixture
def ben(books: Books) -> User:
    return office.person(Role.REVIEWER, books.client, first_name="Ben", last_name="Vos")


def waits(case: IBANCase, **values: Any) -> Invoice:
    made: Invoice = InvoiceFactory(
        administration=case.administration,
        supplier=case.supplier,
        state=State.ATTENTION,
        cause=Cause.IBAN_CHANGED,
        **{"payment": {"ibans": [case.iban]}, **values},
    )
    return made


def page(case: IBANCase) -> str:
    return reverse("admin:vendors_ibancase_change", args=(case.pk,))


def step(user: User, case: IBANCase, name: str, **sent: Any) -> str:
    """Do a step as the page that `user` has open sends it; return the page that follows."""
    browser = office.browser(user)
    seen = case_page.stamp(IBANCase.objects.get(pk=case.pk))
    address = reverse("admin:vendors_ibancase_step", args=(case.pk, name))
    answer = browser.post(address, {"seen": seen, **sent}, follow=True)
    case.refresh_from_db()
    text: str = answer.content.decode()
    return text


def read(user: User, case: IBANCase) -> str:
    text: str = office.browser(user).get(page(case)).content.decode()
    return text


def test_the_list_shows_what_is_open_first_and_the_menu_counts_it(books: Books, ada: User) -> None:
    decided = IBANCaseFactory(accepted=True, administration=books.administration, supplier_name="Old one")
    answer = office.browser(ada).get(LIST)
    assert [case.pk for case in answer.context["cl"].result_list] == [books.case.pk, decided.pk]
    text = answer.content.decode()
    assert "NL91 ABNA 0417 1643 00" in text
    assert "Changed IBANs" in text
    assert stages.counts(ada)["accounts"] == 1
    assert stages.counts(office.person(Role.BOOKKEEPER))["accounts"] == 0


def test_the_page_shows_the_accounts_the_card_the_documents_and_what_was_done(
    books: Books, ada: User
) -> None:
    naming, known = waits(books.case), waits(books.case, payment={"ibans": []})
    other = waits(IBANCaseFactory(administration=books.administration))
    text = read(ada, books.case)
    assert "NL91 ABNA 0417 1643 00" in text
    assert "<mark>NL20</mark> <mark>INGB</mark>" in text
    assert f'value="{PHONE}"' in text
    assert "2 documents wait" in text
    assert str(naming) in text
    assert str(known) in text
    assert str(other) not in text
    assert text.count("names this account") == 1
    assert 'data-key="c"' in text
    assert "<script>" not in text
    assert "style=" not in text.partition('class="pk-head"')[2].partition("</main>")[0]


def test_one_calls_and_another_confirms(books: Books, ada: User, ben: User) -> None:
    case = books.case
    text = step(ada, case, "call", number=PHONE, source="card", spoke_to="Mr Jansen", note="yes")
    assert case.state == CaseState.CALLED
    assert f"Ada Bos called {PHONE}" in text
    assert "a colleague confirms it" in text
    assert "/step/accept/" not in text
    assert "/step/accept/" in read(ben, case)
    step(ada, case, "accept")
    assert case.state == CaseState.CALLED
    text = step(ben, case, "accept")
    assert (case.state, case.decided_by, case.is_factoring) == (CaseState.ACCEPTED, ben, False)
    assert "accepted" in text
    assert [change.history_user for change in case.history.order_by("pk")] == [None, ada, ben]


def test_a_factoring_company_is_ticked_and_shown_elsewhere(books: Books, ada: User, ben: User) -> None:
    step(ada, books.case, "call", number=PHONE, source="card", spoke_to="Mr Jansen")
    text = step(ben, books.case, "accept", is_factoring="1")
    assert books.case.is_factoring
    assert "account of a factoring company" in text
    elsewhere = IBANCaseFactory(administration=books.administration)
    assert "accepted elsewhere" in read(ada, elsewhere)


def test_a_number_on_the_document_itself_is_refused(books: Books, ada: User) -> None:
    waits(books.case, vendor={"phone": "+31 6 12 34 56 78", "keys": []})
    text = step(ada, books.case, "call", number="0612345678", source="known", spoke_to="X", note="found it")
    assert books.case.state == CaseState.OPEN
    assert "stands on the document itself" in text
    waits(books.case, vendor={"phone": "010-7654321", "keys": []}, payment={"ibans": ["NL1"]})
    step(ada, books.case, "call", number="010 7654321", source="known", spoke_to="X", note="earlier invoice")
    assert books.case.state == CaseState.CALLED


def test_without_a_telephone_on_the_card_the_page_asks_where_the_number_is_from(
    books: Books, ada: User
) -> None:
    Relation.objects.update(phone="")
    text = read(ada, books.case)
    assert "The card has no telephone number" in text
    assert 'value="card"' not in text


@pytest.mark.parametrize(("name", "sent"), [("reject", {"note": "not theirs"}), ("reject", {})])
def test_a_rejection_says_why(books: Books, ada: User, name: str, sent: dict[str, str]) -> None:
    step(ada, books.case, name, **sent)
    assert (books.case.state == CaseState.REJECTED) == bool(sent)


def test_a_decision_can_be_taken_back(books: Books, ada: User) -> None:
    step(ada, books.case, "reject", note="not theirs")
    assert "/step/reopen/" in read(ada, books.case)
    text = step(ada, books.case, "reopen", note="they called back")
    assert books.case.state == CaseState.OPEN
    assert "they called back" in text


def test_who_decides_on_an_old_page_is_told(books: Books, ada: User, ben: User) -> None:
    step(ada, books.case, "call", number=PHONE, source="card", spoke_to="Mr Jansen")
    text = step(ben, books.case, "accept", seen="called 2020-01-01")
    assert books.case.state == CaseState.CALLED
    assert "changed since you opened it" in text


@pytest.mark.parametrize("values", [{"blocked": True}, {"gone_at": "2026-01-01T00:00Z"}, None], ids=str)
def test_the_page_works_with_a_card_that_is_blocked_gone_or_never_was(
    books: Books, ada: User, values: dict[str, Any] | None
) -> None:
    if values is None:
        IBANCase.objects.filter(pk=books.case.pk).update(supplier="00000000-0000-0000-0000-000000000001")
    else:
        Relation.everything.update(**values)
    text = read(ada, books.case)
    assert ("blocked in Exact" if values == {"blocked": True} else "no longer in Exact") in text


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("trait", ["called", "accepted", "rejected"])
def test_every_state_has_its_page_and_its_history(books: Books, ada: User, trait: str) -> None:
    case = IBANCaseFactory(administration=books.administration, **{trait: True})
    assert case.get_state_display() in read(ada, case)
    history = office.browser(ada).get(reverse("admin:vendors_ibancase_history", args=(case.pk,)))
    assert history.status_code == 200


def test_a_caller_who_is_gone_leaves_a_way_on(books: Books, ada: User) -> None:
    case = IBANCaseFactory(administration=books.administration, called=True)
    case.called_by.delete()
    text = read(ada, case)
    assert "call again" in text
    assert "/step/reopen/" in text


def test_a_document_leads_to_the_case_that_holds_it(books: Books, ada: User) -> None:
    invoice = waits(books.case)
    browser, address = office.browser(ada), reverse("admin:invoices_invoice_case", args=(invoice.pk,))
    document = reverse("admin:invoices_invoice_change", args=(invoice.pk,))
    assert f'href="{address}"' in browser.get(document).content.decode()
    assert browser.get(address).headers["Location"] == page(books.case)
    assert browser.post(address).status_code == 405
    IBANCase.objects.all().delete()
    assert browser.get(address).headers["Location"] == document


def test_the_document_that_opened_it_is_not_named_to_who_may_not_see_it(books: Books, ada: User) -> None:
    invoice = waits(books.case)
    IBANCase.objects.filter(pk=books.case.pk).update(part=invoice.part)
    assert "Opened by" in read(ada, books.case)
    Invoice.objects.filter(pk=invoice.pk).update(administration=AdministrationFactory(), number="SECRET-1")
    text = read(ada, books.case)
    assert "Opened by" not in text
    assert "SECRET-1" not in text


# who may what


def test_a_partner_reads_and_decides_nothing(books: Books) -> None:
    partner = office.person(Role.PARTNER, books.client)
    assert "/step/" not in read(partner, books.case)
    for name in ("call", "accept", "reject", "reopen"):
        address = reverse("admin:vendors_ibancase_step", args=(books.case.pk, name))
        assert office.browser(partner).post(address, {"seen": "open", "note": "no"}).status_code == 403
    assert books.case.history.count() == 1


@pytest.mark.parametrize("role", office.ROLES)
def test_nobody_edits_a_case_by_a_form(books: Books, role: str) -> None:
    browser, case = office.browser(office.person(role, books.client)), books.case
    older = case.history.first()
    for address in (
        page(case),
        reverse("admin:vendors_ibancase_delete", args=(case.pk,)),
        reverse("admin:vendors_ibancase_add"),
        reverse("admin:vendors_ibancase_simple_history", args=(case.pk, older.pk)),
    ):
        browser.post(address, {"iban": "NL00", "state": "accepted", "post": "yes", "supplier_name": "x"})
    case.refresh_from_db()
    assert (case.iban, case.state, case.history.count()) == ("NL91ABNA0417164300", CaseState.OPEN, 1)


def test_steps_are_posted_and_only_those_that_there_are(books: Books, ada: User) -> None:
    browser = office.browser(ada)
    address = reverse("admin:vendors_ibancase_step", args=(books.case.pk, "reject"))
    assert browser.get(address).status_code == 405
    unknown = reverse("admin:vendors_ibancase_step", args=(books.case.pk, "bless"))
    assert browser.post(unknown, {"seen": "open"}).status_code == 404


def test_a_stranger_sees_and_decides_nothing(books: Books) -> None:
    stranger = office.browser(office.person(Role.REVIEWER))
    assert stranger.get(page(books.case)).status_code == 404
    address = reverse("admin:vendors_ibancase_step", args=(books.case.pk, "reject"))
    assert stranger.post(address, {"seen": "open", "note": "no"}).status_code == 404
    assert books.case.history.count() == 1


def test_the_page_costs_as_much_with_many_documents_as_with_few(books: Books, ada: User) -> None:
    browser, counts = office.browser(ada), []
    Administration.objects.update(purchase_journal="60")
    for count in (1, 30):
        for _ in range(count):
            waits(books.case)
        with CaptureQueriesContext(database) as queries:
            text = browser.get(page(books.case)).content.decode()
        counts.append(len(queries))
    assert "31 documents wait" in text
    assert counts[1] <= counts[0] <= MOST_QUERIES
