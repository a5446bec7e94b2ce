"""Many rules changed at once, in the browser."""

import re
from typing import Any

import pytest

from apps.people.models import Role
from apps.rules.models import BookingRule
from tests import office
from tests.office import Books
from tests.rules.factories import BookingRuleFactory

pytestmark = pytest.mark.django_db

LIST, MANY = "/rules/bookingrule/", "/rules/bookingrule/many/"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def reviewer(books: Books) -> Any:
    return office.browser(office.person(Role.REVIEWER, books.client))


def test_rules_are_selected_shown_and_changed(books: Books, reviewer: Any) -> None:
    rule = BookingRuleFactory(administration=books.administration, name="Telecom", gl_code="4410")
    asked = reviewer.post(LIST, {"action": "change_many", "_selected_action": [rule.pk]}).content.decode()
    assert "All purchases from “e” → 4410" in asked
    sent = {"rule": [rule.pk], "gl_code": "4420", "vat_code": "-"}
    shown = reviewer.post(MANY, sent).content.decode()
    assert "<del>4410</del> → <b>4420</b>" in shown
    rule.refresh_from_db()
    assert rule.gl_code == "4410"
    mark = re.search(r'name="mark" value="([^"]+)"', shown)
    assert mark
    answer = reviewer.post(MANY, {**sent, "mark": [mark[1]], "do": "1"}, follow=True)
    assert "1 rule is changed." in answer.content.decode()
    rule.refresh_from_db()
    assert rule.gl_code == "4420"


def test_filling_in_nothing_is_told(books: Books, reviewer: Any) -> None:
    rule = BookingRuleFactory(administration=books.administration)
    assert "Fill in what is to be changed" in reviewer.post(MANY, {"rule": [rule.pk]}).content.decode()


def test_what_one_may_not_choose_or_see_is_refused(books: Books, reviewer: Any) -> None:
    other = office.books("Zwijgzaam")
    theirs = BookingRuleFactory(administration=other.administration, name="Secret")
    answer = reviewer.post(MANY, {"rule": [theirs.pk], "position": "1", "do": "1"}, follow=True)
    assert "0 rules are changed" in answer.content.decode()
    answer = reviewer.post(MANY, {"rule": [theirs.pk], "owner": f"client {other.client.pk}"})
    assert "Secret" not in answer.content.decode()
    assert BookingRule.objects.get(pk=theirs.pk).position == 100
    bookkeeper = office.browser(office.person(Role.BOOKKEEPER, books.client))
    assert bookkeeper.post(MANY, {}).status_code == 403
