"""Booking rules in the admin."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from apps.core import clock
from apps.people.models import Role
from apps.rules.models import BookingRule
from tests import office
from tests.bells import calls, rung
from tests.exact.factories import GLAccountFactory
from tests.office import Books
from tests.rules.factories import BookingRuleFactory, RuleSplitFactory

pytestmark = pytest.mark.django_db

LIST = "/rules/bookingrule/"
ADD = f"{LIST}add/"


@pytest.fixture
def books() -> Books:
    made = office.books("Ooievaar")
    for code in ("4410", "4420"):
        GLAccountFactory(division=made.division, code=code, description=f"Account {code}")
    return made


@pytest.fixture
def reviewer(books: Books) -> Any:
    return office.browser(office.person(Role.REVIEWER, books.client))


@pytest.fixture
def administrator(books: Books) -> Any:
    return office.browser(office.person(Role.ADMINISTRATOR))


def rule(*parts: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Return what the page of a rule sends."""
    filled = {
        "name": "Telecom",
        "text": "mobiel",
        "text_in": "line",
        "text_match": "contains",
        "gl_code": "" if parts else "4410",
        "position": 10,
        "active": "on",
        "splits-TOTAL_FORMS": len(parts),
        "splits-INITIAL_FORMS": sum("id" in part for part in parts),
        **values,
    }
    for number, part in enumerate(parts):
        filled |= {f"splits-{number}-{name}": value for name, value in {"position": number, **part}.items()}
    return filled


def page_of(made: BookingRule) -> str:
    return reverse("admin:rules_bookingrule_change", args=(made.pk,))


def called() -> list[str]:
    return [path for path, _args in rung()]


def test_a_reviewer_makes_a_rule_for_an_administration(books: Books, reviewer: Any) -> None:
    answer = reviewer.post(ADD, rule(administration=books.administration.pk), follow=True)
    words = "All purchases with “mobiel” on the line → 4410 Account 4410, VAT as on the document"
    assert words in answer.content.decode()
    made = BookingRule.objects.get(name="Telecom")
    assert made.administration == books.administration
    assert made.history.get().history_user.role == Role.REVIEWER
    assert "apps.invoices.tasks.rules_changed" in called()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Rules of the whole firm are for administrators"),
        ({"administration": "mine", "client": "mine"}, "not both"),
        ({"administration": "mine", "text": ""}, "at least one condition"),
        ({"administration": "mine", "gl_code": ""}, "Say what is to be done"),
        ({"administration": "mine", "gl_code": "9999"}, "has no 9999 that can be used here"),
        ({"administration": "mine", "text": "(((", "text_match": "regex"}, "cannot be read"),
        ({"administration": "mine", "description": "{x}"}, "{x} means nothing here"),
        ({"administration": "mine", "amount_from": "2", "amount_to": "1"}, "less than the amount from"),
        ({"administration": "mine", "spread": "months"}, "Say over how many months"),
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


def test_a_rule_of_the_firm_may_name_codes_that_only_some_have(books: Books, administrator: Any) -> None:
    other = office.books("Zwijgzaam")
    answer = administrator.post(ADD, rule(), follow=True).content.decode()
    assert f"Ledger account 4410 is not usable in {other.administration.name}." in answer
    assert BookingRule.objects.filter(name="Telecom").exists()


def test_a_rule_splits_in_parts_that_come_out(books: Books, reviewer: Any) -> None:
    mine = {"administration": books.administration.pk}
    half = {"percentage": "50", "gl_code": "4410"}
    refused = reviewer.post(ADD, rule(half, {"percentage": "40", "gl_code": "4420"}, **mine))
    assert "come to 90 %, not to 100 %" in refused.content.decode()
    assert reviewer.post(ADD, rule(half, {"gl_code": "4420"}, **mine)).status_code == 302
    made = BookingRule.objects.get(name="Telecom")
    assert [(part.percentage, part.gl_code) for part in made.splits.all()] == [
        (Decimal(50), "4410"),
        (None, "4420"),
    ]


def test_a_changed_rule_is_newer_than_corrections_and_one_that_is_only_saved_is_not(
    books: Books, reviewer: Any
) -> None:
    made = BookingRuleFactory(administration=books.administration, name="Telecom", supplier_contains="",
                              text="mobiel", gl_code="4410", position=10)  # fmt: skip
    then = clock.now().replace(year=2020)
    BookingRule.objects.update(changed_at=then)
    mine = {"administration": books.administration.pk}
    for values, is_newer in (({}, False), ({"name": "Other"}, False), ({"gl_code": "4420"}, True)):
        assert reviewer.post(page_of(made), rule(**mine, **values)).status_code == 302
        made.refresh_from_db()
        assert (made.changed_at > then) == is_newer, values
        assert bool(rung()) == is_newer
    assert made.name == "Telecom"


def test_a_changed_part_changes_its_rule_and_stands_in_its_history(books: Books, reviewer: Any) -> None:
    made = BookingRuleFactory(administration=books.administration, name="Telecom", supplier_contains="",
                              text="mobiel", position=10)  # fmt: skip
    parts = [
        RuleSplitFactory(rule=made, percentage=50, gl_code="4410"),
        RuleSplitFactory(rule=made, gl_code="4420"),
    ]
    then = clock.now().replace(year=2020)
    BookingRule.objects.update(changed_at=then)
    sent = [{"id": part.pk, "rule": made.pk, "gl_code": part.gl_code} for part in parts]
    sent[0]["percentage"] = "60"
    answer = reviewer.post(page_of(made), rule(*sent, administration=books.administration.pk))
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.changed_at > then
    history = reviewer.get(reverse("admin:rules_bookingrule_history", args=(made.pk,))).content.decode()
    assert "parts: 50 % = 4410; rest = 4420 → 60 % = 4410; rest = 4420" in history


def test_rules_of_the_firm_are_read_by_all_and_changed_by_administrators(
    books: Books, reviewer: Any, administrator: Any
) -> None:
    of_firm = BookingRuleFactory(name="Of the firm")
    page = page_of(of_firm)
    assert reviewer.get(page).status_code == 200
    assert reviewer.post(page, rule()).status_code == 403
    assert reviewer.post(reverse("admin:rules_bookingrule_delete", args=(of_firm.pk,))).status_code == 403
    assert administrator.post(page, rule()).status_code == 302
    assert administrator.post(ADD, rule(name="Another")).status_code == 302


def test_what_a_removed_rule_said_is_looked_at_again(books: Books, reviewer: Any) -> None:
    made = BookingRuleFactory(administration=books.administration)
    page = reverse("admin:rules_bookingrule_delete", args=(made.pk,))
    assert reviewer.post(page, {"post": "yes"}).status_code == 302
    assert not BookingRule.objects.filter(pk=made.pk).exists()
    assert called() == [path for path, _args in calls("rules_changed")]


def test_the_choices_of_a_rule_are_ones_own(books: Books, reviewer: Any) -> None:
    other = office.books("Zwijgzaam")
    assert "Zwijgzaam" not in reviewer.get(ADD).content.decode()
    assert reviewer.post(ADD, rule(administration=other.administration.pk)).status_code == 200


def test_a_bookkeeper_makes_no_rules(books: Books) -> None:
    assert office.browser(office.person(Role.BOOKKEEPER, books.client)).get(ADD).status_code == 403


def test_the_list_shows_sentences_and_finds_rules(books: Books, reviewer: Any) -> None:
    BookingRuleFactory(administration=books.administration, supplier_contains="Ziggo", gl_code="4410")
    found = reviewer.get(f"{LIST}?q=ziggo&whose=administration").content.decode()
    assert "All purchases from “Ziggo” → 4410 Account 4410, VAT as on the document" in found
    assert "Ziggo" not in reviewer.get(f"{LIST}?whose=firm").content.decode()


def test_what_is_seldom_used_is_closed_until_something_stands_in_it(books: Books, reviewer: Any) -> None:
    plain = BookingRuleFactory(administration=books.administration)
    special = BookingRuleFactory(administration=books.administration, seller_item="A1")
    closed = [
        reviewer.get(page_of(one)).content.decode().count("<details><summary>") for one in (plain, special)
    ]
    assert closed == [2, 1]


def test_trying_it_on_the_past_is_offered_once_that_page_is_there(
    books: Books, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = BookingRuleFactory(administration=books.administration)
    for address, is_offered in (("admin:rules_bookingrule_says", True), ("admin:nowhere", False)):
        monkeypatch.setattr("apps.rules.admin.booking_rules.REPLAY", address)
        assert ("Try it on the past" in reviewer.get(page_of(made)).content.decode()) == is_offered
