"""Booking rules and VAT tables in the admin."""

from typing import Any

import pytest
from django.urls import reverse

from apps.people.models import Role
from apps.rules.models import BookingRule, VATTable
from tests import office
from tests.office import Books
from tests.rules.factories import BookingRuleFactory, VATTableFactory

pytestmark = pytest.mark.django_db

ADD = "/rules/bookingrule/add/"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def reviewer(books: Books) -> Any:
    return office.browser(office.person(Role.REVIEWER, books.client))


def rule(**values: Any) -> dict[str, Any]:
    return {
        "name": "Telecom",
        "text_contains": "mobiel",
        "gl_code": "4410",
        "position": 10,
        "active": "on",
        **values,
    }


def test_a_reviewer_makes_a_rule_for_an_administration(books: Books, reviewer: Any) -> None:
    assert reviewer.post(ADD, rule(administration=books.administration.pk)).status_code == 302
    made = BookingRule.objects.get(name="Telecom")
    assert made.administration == books.administration
    assert made.history.get().history_user.role == Role.REVIEWER


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Rules of the whole firm are for administrators"),
        ({"administration": "mine", "client": "mine"}, "not both"),
        ({"administration": "mine", "text_contains": ""}, "at least one condition"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(
    values: dict[str, str], words: str, books: Books, reviewer: Any
) -> None:
    mine = {"administration": books.administration.pk, "client": books.client.pk}
    filled = {name: mine[name] if value == "mine" else value for name, value in values.items()}
    answer = reviewer.post(ADD, rule(**filled))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not BookingRule.objects.filter(name="Telecom").exists()


def test_rules_of_the_firm_are_read_by_all_and_changed_by_administrators(books: Books, reviewer: Any) -> None:
    of_firm = BookingRuleFactory(name="Of the firm")
    page = reverse("admin:rules_bookingrule_change", args=(of_firm.pk,))
    assert reviewer.get(page).status_code == 200
    assert reviewer.post(page, rule()).status_code == 403
    assert reviewer.post(reverse("admin:rules_bookingrule_delete", args=(of_firm.pk,))).status_code == 403
    administrator = office.browser(office.person(Role.ADMINISTRATOR))
    assert administrator.post(page, rule()).status_code == 302
    assert administrator.post(ADD, rule(name="Another")).status_code == 302


def test_the_choices_of_a_rule_are_ones_own(books: Books, reviewer: Any) -> None:
    other = office.books("Zwijgzaam")
    assert "Zwijgzaam" not in reviewer.get(ADD).content.decode()
    assert reviewer.post(ADD, rule(administration=other.administration.pk)).status_code == 200


def test_a_bookkeeper_makes_no_rules(books: Books) -> None:
    assert office.browser(office.person(Role.BOOKKEEPER, books.client)).get(ADD).status_code == 403


def test_proposed_rows_of_a_vat_table_are_confirmed_together(books: Books, reviewer: Any) -> None:
    row = VATTableFactory(
        administration=books.administration, scenario="nl_low", confirmed_at=None, confirmed_by=""
    )
    values = {"action": "confirm", "_selected_action": [row.pk]}
    assert "1 rows confirmed" in reviewer.post("/rules/vattable/", values, follow=True).content.decode()
    row.refresh_from_db()
    assert row.confirmed_at is not None
    assert row.confirmed_by


def test_filling_in_a_row_by_hand_confirms_it(books: Books, reviewer: Any) -> None:
    values = {"administration": books.administration.pk, "scenario": "nl_zero", "vat_code": "3", "why": ""}
    assert reviewer.post("/rules/vattable/add/", values).status_code == 302
    assert VATTable.objects.get(scenario="nl_zero").confirmed_at is not None
