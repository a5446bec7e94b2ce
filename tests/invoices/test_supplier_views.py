"""The form of a new supplier, and the click that fills in a card. Neither calls Exact."""

from typing import Any

import pytest
from django.urls import reverse

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.invoices.models import CardAct, CardWrite
from apps.people.models import Role
from apps.posting.models import Method, Posting, PostingState
from apps.sandbox.models import Call
from apps.vendors.models import Question
from tests import office
from tests.invoices.test_card_reading import VENDOR
from tests.office import Books

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:vendors_question_changelist")


@pytest.fixture
def books() -> Books:
    made = office.books("Ooievaar")
    Question.objects.filter(pk=made.question.pk).update(party={**VENDOR, "identity": ["kvk", "34567892"]})
    made.invoices["vendor"].vendor = VENDOR
    made.invoices["vendor"].save(update_fields=["vendor"])
    made.division.save(update_fields=["name"])
    return made


@pytest.fixture
def browser(books: Books) -> Any:
    return office.browser(office.person(Role.REVIEWER, books.client))


def create(books: Books) -> str:
    return reverse("admin:vendors_question_create", args=(books.question.pk,))


def enrich(books: Books) -> str:
    return reverse("admin:vendors_question_enrich", args=(books.question.pk,))


def refuse(write: CardWrite, **values: Any) -> None:
    Posting.objects.filter(pk=write.posting_id).update(
        **{
            "state": PostingState.REFUSED,
            "finished_at": clock.now(),
            "cause": Cause.REJECTED_BY_EXACT,
            "words": "Ongeldig: Naam",
            **values,
        }
    )


def test_the_form_is_filled_in_and_says_from_where(books: Books, browser: Any) -> None:
    page = browser.get(create(books)).content.decode()
    for text in (
        'value="Anker en Touw"',
        'value="34567892"',
        f"from document {books.invoices['vendor'].number}",
    ):
        assert text in page
    assert "<script>" not in page
    assert " style=" not in page.split("pk-narrow")[1].split("</form>")[0]
    assert not CardWrite.objects.exists()


def test_sending_it_asks_for_the_supplier_and_calls_nobody(books: Books, browser: Any) -> None:
    answer = browser.post(create(books), {"name": "Anker", "country": "NL", "vat": "wrong 1"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Anker is being created in Exact" in answer.content.decode()
    write = CardWrite.objects.get()
    assert (write.question, write.act, write.values) == (
        books.question,
        CardAct.CREATE,
        {"name": "Anker", "country": "NL", "vat": "wrong 1"},
    )
    assert (write.posting.method, write.posting.division) == (Method.SUPPLIER, books.division)
    assert not Call.objects.exists()
    again = browser.post(create(books), {"name": "Anker"})
    assert "being created in Exact already" in again.content.decode()
    assert CardWrite.objects.count() == 1
    page = browser.get(create(books)).content.decode()
    assert "Is being created in Exact." in page
    assert "Create in Exact" not in page


def test_what_exact_would_refuse_is_said_beside_its_field(books: Books, browser: Any) -> None:
    page = browser.post(
        create(books), {"name": "", "country": "NLD", "email": "x", "iban": "NL00BUNQ0649621411"}
    )
    text = page.content.decode()
    assert "Exact demands a name." in text
    assert "This is no e-mail address." in text
    assert "This fails its check" in text
    assert not CardWrite.objects.exists()


def test_a_number_that_is_on_a_card_already_names_the_card(books: Books, browser: Any) -> None:
    books.relation.chamber_of_commerce = "34567892"
    books.relation.save(update_fields=["chamber_of_commerce"])
    page = browser.post(
        create(books), {"name": "Anker", "country": "NL", "kvk": "3456 7892"}
    ).content.decode()
    assert "Ooievaar supplier" in page
    assert not CardWrite.objects.exists()


def test_on_pilot_there_is_no_form_but_a_sentence(books: Books, browser: Any) -> None:
    Administration.objects.filter(pk=books.administration.pk).update(mode=Mode.PILOT)
    page = browser.get(create(books)).content.decode()
    assert "On pilot nothing is written into Exact" in page
    assert "Create in Exact" not in page
    browser.post(create(books), {"name": "Anker"})
    assert not CardWrite.objects.exists()


def test_what_was_refused_comes_back_as_it_was_sent(books: Books, browser: Any) -> None:
    browser.post(create(books), {"name": "Other name", "country": "NL"})
    refuse(CardWrite.objects.get())
    page = browser.get(create(books)).content.decode()
    assert 'value="Other name"' in page
    assert "Ongeldig: Naam" in page
    browser.post(create(books), {"name": "Right name"})
    write = CardWrite.objects.get()
    assert (write.name, write.posting.state) == ("Right name", PostingState.WAITING)


def test_once_the_card_is_there_only_its_account_is_asked_for(books: Books, browser: Any) -> None:
    browser.post(create(books), {"name": "Anker", "iban": "NL00BUNQ0649621411"})
    refuse(CardWrite.objects.get(), steps={"account": {"state": "done", "id": "1"}})
    page = browser.get(create(books)).content.decode()
    assert 'name="iban"' in page
    assert 'name="kvk"' not in page
    answer = browser.post(create(books), {"iban": "NL47BUNQ0649621411"}, follow=True)
    assert answer.redirect_chain
    assert CardWrite.objects.get().values == {"name": "Anker", "iban": "NL47BUNQ0649621411"}


def test_ticked_gaps_are_asked_for(books: Books, browser: Any) -> None:
    sent = {"supplier": str(books.relation.exact_id), "field": ["kvk", "email", "name"]}
    answer = browser.post(enrich(books), sent, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    write = CardWrite.objects.get()
    assert (write.act, write.relation, set(write.values)) == (
        CardAct.ENRICH,
        books.relation.exact_id,
        {"kvk", "email"},
    )
    assert write.posting.method == Method.CARD
    assert not Call.objects.exists()
    assert "being filled in already" in browser.post(enrich(books), sent, follow=True).content.decode()


@pytest.mark.parametrize("supplier", ["", "nonsense", "3b2ae8b4-5f5c-4c3f-9b5e-111111111111"])
def test_a_card_that_is_none_is_refused(books: Books, browser: Any, supplier: str) -> None:
    answer = browser.post(enrich(books), {"supplier": supplier, "field": ["kvk"]}, follow=True)
    assert "Choose a supplier of this administration." in answer.content.decode()
    assert not CardWrite.objects.exists()


def test_only_those_who_map_vendors_of_this_client_may(books: Books) -> None:
    stranger: Any = office.browser(office.person(Role.REVIEWER))
    partner: Any = office.browser(office.person(Role.PARTNER, books.client))
    sent = {"name": "Anker", "supplier": str(books.relation.exact_id), "field": ["kvk"]}
    for address in (create(books), enrich(books)):
        assert stranger.post(address, sent).status_code == 404
        assert partner.post(address, sent).status_code == 403
    assert stranger.get(create(books)).status_code == 404
    assert partner.get(create(books)).status_code == 403
    assert not CardWrite.objects.exists()
    browser: Any = office.browser(office.person(Role.REVIEWER, books.client))
    assert browser.get(enrich(books)).status_code == 405


def test_an_answered_question_takes_no_new_supplier(books: Books, browser: Any) -> None:
    Question.objects.filter(pk=books.question.pk).update(
        answered_at=clock.now(), supplier=books.relation.exact_id
    )
    assert "answered already" in browser.get(create(books)).content.decode()
    browser.post(create(books), {"name": "Anker"})
    assert not CardWrite.objects.exists()
