"""The page of unmapped vendors over HTTP: what its buttons do, for whom, and how it is taken back."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.core.causes import Cause
from apps.invoices.models import CardWrite, Invoice, State
from apps.people.models import Role, User
from apps.vendors.models import Mapping, Question, Scope
from tests.exact.factories import RelationFactory
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import xml
from tests.invoices.factories import InvoiceFactory
from tests.people.factories import UserFactory
from tests.vendors.factories import QuestionFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:vendors_question_changelist")
MAP, ASIDE, UNDO = (reverse(f"admin:vendors_question_{name}") for name in ("map_group", "aside", "undo"))


@pytest.fixture
def boss() -> User:
    made: User = UserFactory(role=Role.ADMINISTRATOR)
    return made


@pytest.fixture
def browser(boss: User, client: Browser) -> Browser:
    client.force_login(boss)
    return client


@pytest.fixture
def question(books: Books) -> Question:
    for number in ("1", "2"):
        coded(
            xml(
                number=number,
                vat="",
                kvk="11112222",
                iban="",
                domain="x.example",
                vendor="Zwembad &lt;b&gt;Oost",
            )
        )
    return Question.objects.get()


def states() -> set[str]:
    return set(Invoice.objects.values_list("state", flat=True))


def test_the_page_shows_the_group_and_escapes_what_the_sender_wrote(
    browser: Browser, question: Question
) -> None:
    text = browser.get(PAGE).content.decode()
    assert "Zwembad &lt;b&gt;Oost" in text
    assert "<b>Oost" not in text
    assert "KvK 11112222" in text
    assert f"supplier-{question.pk}" not in text  # nothing looks like it, so nothing is filled in


def test_one_press_maps_the_group_and_one_takes_it_back(
    browser: Browser, boss: User, question: Question, books: Books
) -> None:
    answer = browser.post(MAP, {f"supplier-{question.pk}": books.supplier.exact_id, "query": "kind=unknown"})
    assert answer.headers["Location"] == f"{PAGE}?kind=unknown"
    assert states() == {State.READY}
    assert "2" in browser.get(PAGE).content.decode()
    assert Mapping.objects.get().learned_from == boss
    browser.post(UNDO)
    assert states() == {State.ATTENTION}
    assert not Mapping.objects.valid().exists()
    browser.post(UNDO)  # nothing is left to undo
    assert states() == {State.ATTENTION}


def test_nothing_chosen_is_told(browser: Browser, question: Question) -> None:
    answer = browser.post(MAP, {f"supplier-{question.pk}": ""}, follow=True)
    assert "Choose a supplier first" in answer.content.decode()
    assert states() == {State.ATTENTION}


def test_only_these_documents_and_another_number(browser: Browser, question: Question, books: Books) -> None:
    chosen = {f"supplier-{question.pk}": str(books.supplier.exact_id)}
    browser.post(MAP, {**chosen, "key": "domain x.example"})
    assert Mapping.objects.get().kind == "domain"
    browser.post(UNDO)
    again = Question.objects.open().get()
    browser.post(MAP, {f"supplier-{again.pk}": books.supplier.exact_id, "scope": Scope.DOCUMENT})
    assert Mapping.objects.valid().get().scope == Scope.DOCUMENT


def test_a_group_is_put_aside_with_a_reason(browser: Browser, question: Question) -> None:
    browser.post(ASIDE, {"question": question.pk, "reason": "no_invoice"})
    assert states() == {State.IGNORED}
    assert "not an invoice" in Invoice.objects.order_by("pk")[0].events.latest("pk").why
    browser.post(UNDO)
    assert states() == {State.ATTENTION}
    browser.post(ASIDE, {"question": question.pk, "reason": "because"})
    assert states() == {State.ATTENTION}


@pytest.mark.parametrize("address", [MAP, ASIDE, UNDO])
def test_buttons_are_for_posts_of_people_who_map(address: str, browser: Browser, client: Browser) -> None:
    assert browser.get(address).status_code == 405
    client.force_login(UserFactory(role=Role.PARTNER))
    assert client.post(address).status_code == 403


def test_what_somebody_may_not_see_cannot_be_mapped(
    client: Browser, question: Question, books: Books
) -> None:
    client.force_login(UserFactory(role=Role.REVIEWER))
    client.post(MAP, {f"supplier-{question.pk}": books.supplier.exact_id})
    client.post(ASIDE, {"question": question.pk, "reason": "no_invoice"})
    assert states() == {State.ATTENTION}
    assert not Mapping.objects.exists()


def test_the_search_offers_cards_to_pick_within_the_group(
    browser: Browser, question: Question, books: Books
) -> None:
    RelationFactory(division=books.division, name="Anker blocked", blocked=True)
    address = reverse("admin:vendors_question_suppliers", args=(question.pk,))
    picked = browser.get(address, {"q": "anker", "pick": "1"}).content.decode()
    assert f'name="supplier-{question.pk}"' in picked
    assert "blocked" not in picked
    assert 'form="map-1"' in picked


def test_a_mapping_shows_what_it_touched_before_it_is_taken_back(
    browser: Browser, question: Question, books: Books
) -> None:
    browser.post(MAP, {f"supplier-{question.pk}": books.supplier.exact_id})
    mapping = Mapping.objects.get()
    address = reverse("admin:vendors_mapping_unlearn", args=(mapping.pk,))
    text = browser.get(address).content.decode()
    assert all(
        reverse("admin:invoices_invoice_change", args=(one.pk,)) in text for one in Invoice.objects.all()
    )
    assert states() == {State.READY}
    browser.post(address)
    assert states() == {State.ATTENTION}
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize(
    "asked", ["least=1e999999", "least=-1e40", "least=NaN", "q=%00", "kind=%00", "days=999999999999"]
)
def test_the_page_reads_any_address(asked: str, browser: Browser) -> None:
    assert browser.get(f"{PAGE}?{asked}").status_code == 200


def test_suppliers_are_looked_for_by_any_text(browser: Browser, question: Question, books: Books) -> None:
    address = reverse("admin:vendors_question_suppliers", args=[question.pk])
    found = browser.get(f"{address}?q=%00Anker")
    assert found.status_code == 200
    assert books.supplier.code in found.content.decode()


def test_on_the_page_of_a_document_it_may_be_mapped_alone_and_the_card_filled_in(
    browser: Browser, question: Question, books: Books
) -> None:
    _first, second = Invoice.objects.order_by("pk")
    address = reverse("admin:invoices_invoice_act", args=(second.pk, "map"))
    page = browser.get(reverse("admin:invoices_invoice_change", args=(second.pk,))).content.decode()
    assert reverse("admin:vendors_question_create", args=(question.pk,)) in page
    books.supplier.chamber_of_commerce = ""
    books.supplier.save(update_fields=["chamber_of_commerce"])
    chosen = {"supplier": books.supplier.exact_id, "scope": "document", "enrich": "on"}
    browser.post(address, chosen)
    assert list(Invoice.objects.filter(state=State.READY)) == [second]
    assert Mapping.objects.get().scope == Scope.DOCUMENT
    assert "11112222" in CardWrite.objects.get().values.values()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_key_of_four_digits_stays_a_key(language: str, boss: User, client: Browser, books: Books) -> None:
    boss.language = language
    boss.save(update_fields=["language"])
    client.force_login(boss)
    question = QuestionFactory(pk=1_234_567, administration=books.administration, number="11112222")
    InvoiceFactory(
        administration=books.administration,
        question=question,
        state=State.ATTENTION,
        cause=Cause.VENDOR_UNKNOWN,
    )
    question.candidates = [
        {"supplier": str(books.supplier.exact_id), "code": "10023", "name": "Anker", "usable": True}
    ]
    question.save(update_fields=["candidates"])
    text = client.get(PAGE).content.decode()
    assert 'name="supplier-1234567"' in text
    assert 'name="question" value="1234567"' in text
