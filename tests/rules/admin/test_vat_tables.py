"""VAT tables in the admin."""

from typing import Any

import pytest

from apps.core import clock
from apps.people.models import Role
from apps.rules.models import VATTable
from tests import office
from tests.exact.factories import VATCodeFactory
from tests.office import Books
from tests.rules.factories import VATTableFactory

pytestmark = pytest.mark.django_db

LIST, ADD = "/rules/vattable/", "/rules/vattable/add/"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def reviewer(books: Books) -> Any:
    return office.browser(office.person(Role.REVIEWER, books.client))


def row(books: Books, **values: Any) -> VATTable:
    known = {"administration": books.administration, "scenario": "nl_low", "vat_code": "4"}
    made: VATTable = VATTableFactory(**{**known, **values})
    return made


def confirm(reviewer: Any, *rows: VATTable) -> str:
    values = {"action": "confirm", "_selected_action": [each.pk for each in rows]}
    content: str = reviewer.post(LIST, values, follow=True).content.decode()
    return content


def test_proposed_rows_are_confirmed_together_with_what_exact_says_of_the_code(
    books: Books, reviewer: Any
) -> None:
    one = row(books, confirmed_at=None, confirmed_by="")
    assert "1 row confirmed" in confirm(reviewer, one)
    one.refresh_from_db()
    assert one.confirmed_at is not None
    assert one.confirmed_by
    assert one.facts["type"] == "E"


def test_a_doubted_row_is_confirmed_again_unless_its_code_is_gone(books: Books, reviewer: Any) -> None:
    changed, gone = row(books, doubt="The type"), row(books, scenario="nl_zero", vat_code="9", doubt="Gone")
    page = confirm(reviewer, changed, gone)
    assert "1 row confirmed" in page
    assert "1 row needs another code" in page
    assert set(VATTable.objects.exclude(doubt="")) == {gone}


def test_filling_in_a_row_by_hand_confirms_it(books: Books, reviewer: Any) -> None:
    values = {"administration": books.administration.pk, "scenario": "nl_zero", "vat_code": "4", "why": ""}
    assert reviewer.post(ADD, values).status_code == 302
    made = VATTable.objects.get(scenario="nl_zero")
    assert made.confirmed_at is not None
    assert made.facts["percentage"] == "0.21"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("77", "Exact has no VAT code 77 in use here. It has: 4, S"),
        ("X", "no VAT code X"),
        ("S", "sales only"),
    ],
)
def test_a_code_that_cannot_be_booked_on_is_refused(
    code: str, words: str, books: Books, reviewer: Any
) -> None:
    VATCodeFactory(division=books.division, code="S", transaction_type="S")
    VATCodeFactory(division=books.division, code="X", blocked=True)
    values = {"administration": books.administration.pk, "scenario": "nl_zero", "vat_code": code, "why": ""}
    assert words in reviewer.post(ADD, values).content.decode()
    assert not VATTable.objects.filter(scenario="nl_zero").exists()


def test_the_list_shows_boxes_facts_doubt_and_who_confirmed(books: Books, reviewer: Any) -> None:
    facts = {"type": "E", "charged": True, "percentage": "0.21", "transaction_type": "P", "description": "EU"}
    row(books, scenario="eu_goods", facts=facts, doubt="The type was other.", confirmed_by="Sanne")
    row(books, scenario="nl_zero", confirmed_at=None, confirmed_by="", why="Exact calls it so")
    page = reviewer.get(LIST).content.decode()
    for words in ("4b + 5b", "EU (excluding VAT, 21 %, reverse charge, purchases)", "The type was other."):
        assert words in page
    for words in ("to be confirmed again", "proposed", "confirmed", "Exact calls it so", "Sanne"):
        assert words in page
    assert "Nobody of the firm signed off" in page


def test_the_page_of_a_row_shows_the_same(books: Books, reviewer: Any) -> None:
    one = row(books, scenario="import", doubt="It is blocked.", confirmed_at=clock.now())
    page = reviewer.get(f"{LIST}{one.pk}/change/").content.decode()
    assert "4a + 5b" in page
    assert "It is blocked." in page
