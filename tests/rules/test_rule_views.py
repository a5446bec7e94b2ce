"""What the page of a rule asks while it is filled in."""

from typing import Any

import pytest

from apps.people.models import Role
from tests import office
from tests.exact.factories import CostCenterFactory, GLAccountFactory
from tests.office import Books

pytestmark = pytest.mark.django_db

SAYS, CODES = "/rules/bookingrule/says/", "/rules/bookingrule/codes/"


@pytest.fixture
def books() -> Books:
    made = office.books("Ooievaar")
    GLAccountFactory(division=made.division, code="4410", description="Telephone")
    GLAccountFactory(division=made.division, code="4411", description="Old telephone", blocked=True)
    CostCenterFactory(division=made.division, code="KP1")
    return made


@pytest.fixture
def reviewer(books: Books) -> Any:
    return office.browser(office.person(Role.REVIEWER, books.client))


def test_a_rule_that_is_not_saved_is_said_with_its_parts(books: Books, reviewer: Any) -> None:
    sent = {
        "administration": books.administration.pk,
        "supplier_contains": "Ziggo",
        "splits-TOTAL_FORMS": 2,
        "splits-INITIAL_FORMS": 0,
        "splits-0-percentage": "60",
        "splits-0-gl_code": "4410",
        "splits-1-gl_code": "4411",
    }
    answer = reviewer.post(SAYS, sent).content.decode()
    assert "from “Ziggo” → 60 % on 4410 Telephone + the rest on 4411 Old telephone" in answer
    assert f"Ledger account 4411 is not usable in {books.administration.name}." in answer


def test_what_cannot_be_read_yet_is_left_out(books: Books, reviewer: Any) -> None:
    answer = reviewer.post(SAYS, {"supplier_contains": "Ziggo", "amount_from": "12x"}).content.decode()
    assert "All purchases from “Ziggo” → nothing yet" in answer


def test_the_codes_are_those_that_the_chosen_owner_may_use(books: Books, reviewer: Any) -> None:
    answer = reviewer.post(CODES, {"client": books.client.pk}).content.decode()
    assert '<option value="4410">Telephone</option>' in answer
    assert 'value="KP1"' in answer
    assert "4411" not in answer
    assert "4410" not in reviewer.post(CODES, {}).content.decode()


def test_nothing_is_said_of_another_client(books: Books, reviewer: Any) -> None:
    other = office.books("Zwijgzaam")
    GLAccountFactory(division=other.division, code="4999", description="Secret")
    sent = {"administration": other.administration.pk, "supplier_contains": "x", "gl_code": "4999"}
    assert "Secret" not in reviewer.post(SAYS, sent).content.decode()
    assert "4999" not in reviewer.post(CODES, sent).content.decode()


def test_who_sees_no_rules_is_told_nothing(books: Books) -> None:
    for address in (SAYS, CODES):
        assert office.browser().post(address).status_code == 302
        assert office.browser(office.person(Role.PARTNER)).get(address).status_code == 405
