"""Rules from last year's bookings."""

from typing import Any

import pytest

from apps.clients.models import Administration
from apps.exact.models import Relation
from apps.people.models import Role
from apps.rules import first_day
from apps.rules.models import BookingRule
from tests import office
from tests.exact.factories import RelationFactory
from tests.rules.factories import BookingRuleFactory
from tests.rules.test_coverage import Ledger, ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Ledger:
    return ledger()


@pytest.fixture
def reviewer(books: Ledger) -> Any:
    return office.person(Role.REVIEWER, books.administration.client)


def supplier(books: Ledger, name: str, times: int, code: str = "4510", **more: Any) -> Relation:
    card = RelationFactory(division=books.division, name=name, **more)
    books.booked(card, code, times)
    return card


def look(books: Ledger) -> first_day.Found:
    return first_day.look(books.administration, books.division)


def page(books: Ledger) -> str:
    return f"/rules/bookingrule/first-day/{books.administration.pk}/"


def test_suppliers_with_a_card_a_rule_or_a_proposal_are_ready(books: Ledger) -> None:
    supplier(books, "Card", 1, gl_account_purchase=books.accounts["4510"].exact_id)
    supplier(books, "Ruled", 1)
    supplier(books, "Proposed", 4)
    supplier(books, "Seldom", 2)
    supplier(books, "Blocked", 9, blocked=True)
    BookingRuleFactory(administration=books.administration, supplier_contains="ruled", gl_code="4510")
    found = look(books)
    assert (found.booked, found.by_card, found.by_rule, found.by_proposal, found.percent) == (4, 1, 1, 1, 75)
    assert [one.supplier.name for one in found.proposals] == ["Proposed"]


def test_accepting_makes_rules_of_the_administration_once(books: Ledger, reviewer: Any) -> None:
    supplier(books, "Ziggo", 4)
    tokens = [one.token for one in look(books).proposals]
    assert first_day.accept(books.administration, books.division, [*tokens, "9|x|9999"], by=reviewer) == 1
    assert first_day.accept(books.administration, books.division, tokens, by=reviewer) == 0
    rule = BookingRule.objects.get()
    assert (rule.administration, rule.gl_code) == (books.administration, "4510")
    assert rule.history.get().history_user == reviewer
    assert look(books).percent == 100


def test_what_a_person_removed_or_switched_off_is_not_proposed_again(books: Ledger, reviewer: Any) -> None:
    supplier(books, "Ziggo", 4)
    tokens = [one.token for one in look(books).proposals]
    first_day.accept(books.administration, books.division, tokens, by=reviewer)
    rule = BookingRule.objects.get()
    rule.active = False
    rule.save()
    assert (look(books).proposals, look(books).by_rule) == ((), 0)
    rule.delete()
    assert look(books).proposals == ()
    assert look(books).percent == 0


def test_the_chosen_ones_or_all_that_were_shown_become_rules(books: Ledger, reviewer: Any) -> None:
    for name in ("Een", "Twee", "Drie"):
        supplier(books, name, 3)
    browser = office.browser(reviewer)
    answer = browser.get(page(books))
    assert "100 % of your suppliers are ready" in answer.content.decode()
    shown = [one.token for one, _words in answer.context["proposals"]]
    assert not BookingRule.objects.exists()
    accept = f"{page(books)}accept/"
    answer = browser.post(accept, {"shown": shown, "chosen": shown[:1]}, follow=True)
    assert "1 rule is made." in answer.content.decode()
    assert "Nothing was chosen" in browser.post(accept, {"shown": shown}, follow=True).content.decode()
    browser.post(accept, {"shown": shown[1:], "all": "1"})
    assert BookingRule.objects.count() == 3
    again = browser.post(accept, {"shown": shown, "all": "1"}, follow=True).content.decode()
    assert "somebody made or removed them already" in again


def test_a_bookkeeper_may_look_and_not_accept(books: Ledger) -> None:
    supplier(books, "Ziggo", 4)
    browser = office.browser(office.person(Role.BOOKKEEPER, books.administration.client))
    answer = browser.get(page(books))
    assert "Accept the ticked ones" not in answer.content.decode()
    tokens = [one.token for one, _words in answer.context["proposals"]]
    assert browser.post(f"{page(books)}accept/", {"chosen": tokens}).status_code == 403
    assert not BookingRule.objects.exists()


def test_the_administrations_are_those_that_somebody_sees(books: Ledger, reviewer: Any) -> None:
    other = ledger()
    browser = office.browser(reviewer)
    shown = browser.get("/rules/bookingrule/first-day/").content.decode()
    assert books.administration.name in shown
    assert other.administration.name not in shown
    assert browser.get(page(other)).status_code == 404


def test_what_waits_on_the_suspense_account_says_nothing(books: Ledger) -> None:
    supplier(books, "Ziggo", 4, code="4000")
    card = supplier(books, "Both", 4, code="4000")
    books.booked(card, "4510", 5)
    Administration.objects.update(suspense_account="4000")
    found = look(books)
    assert (found.booked, [one.gl_code for one in found.proposals]) == (1, ["4510"])
