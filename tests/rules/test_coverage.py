"""The suppliers without a rule and without an account on their card."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.clients.models import Administration
from apps.core import clock
from apps.exact.models import Division, GLAccount, Relation
from apps.people.models import Role
from apps.rules import coverage
from tests import office
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, GLAccountFactory, LedgerLineFactory, RelationFactory
from tests.intake.factories import PartFactory
from tests.rules.factories import BookingRuleFactory, CorrectionFactory

pytestmark = pytest.mark.django_db


@dataclass
class Ledger:
    """An administration with two ledger accounts, one of VAT, and bookings."""

    administration: Administration
    division: Division
    accounts: Mapping[str, GLAccount]

    def booked(self, card: Relation, code: str, times: int, text: str = "Internet", days: int = 30) -> None:
        for _time in range(times):
            common = {
                "division": self.division,
                "entry_id": uuid4(),
                "type": 30,
                "relation": card.exact_id,
                "date": clock.today() - timedelta(days=days),
            }
            LedgerLineFactory(line_number=0, **common)
            LedgerLineFactory(
                line_number=1,
                description=text,
                gl_code=code,
                gl_account=self.accounts[code].exact_id,
                **common,
            )
            vat = self.accounts["1500"]
            LedgerLineFactory(line_number=2, gl_code="1500", gl_account=vat.exact_id, **common)


def ledger() -> Ledger:
    administration = AdministrationFactory()
    division = DivisionFactory(administration=administration)
    codes = {"4510": 121, "4000": 121, "1500": 24}
    accounts = {
        code: GLAccountFactory(division=division, code=code, type=kind) for code, kind in codes.items()
    }
    return Ledger(administration, division, accounts)


@pytest.fixture
def books() -> Ledger:
    return ledger()


@pytest.fixture
def reviewer(books: Ledger) -> Any:
    return office.person(Role.REVIEWER, books.administration.client)


def names(user: Any) -> list[str]:
    return [gap.card.name for gap in coverage.gaps(user)]


def test_those_with_most_bookings_come_first_and_old_ones_do_not_count(books: Ledger, reviewer: Any) -> None:
    few, many, old = (RelationFactory(division=books.division, name=name) for name in ("Few", "Many", "Old"))
    books.booked(few, "4510", 1)
    books.booked(many, "4510", 3)
    books.booked(old, "4510", 5, days=400)
    assert names(reviewer) == ["Many", "Few"]
    assert [gap.entries for gap in coverage.gaps(reviewer)] == [3, 1]


def test_what_a_card_or_a_rule_speaks_for_is_no_gap(books: Ledger, reviewer: Any) -> None:
    account = books.accounts["4510"].exact_id
    on_card = RelationFactory(division=books.division, name="Card", gl_account_purchase=account)
    by_name, by_number = (RelationFactory(division=books.division, name=name) for name in ("Name", "Number"))
    by_number.chamber_of_commerce = "34567892"
    by_number.save()
    other, blocked = (
        RelationFactory(division=books.division, name="Other"),
        RelationFactory(division=books.division, name="Blocked", blocked=True),
    )
    for card in (on_card, by_name, by_number, other, blocked):
        books.booked(card, "4510", 2)
    BookingRuleFactory(supplier_contains="name", gl_code="4510")
    here = {"administration": books.administration}
    BookingRuleFactory(supplier_contains="", vendor_key="kvk 34567892", gl_code="4510", **here)
    BookingRuleFactory(supplier_contains="other", gl_code="", cost_center="K1")
    BookingRuleFactory(supplier_contains="other", gl_code="4510", active=False)
    BookingRuleFactory(supplier_contains="other", gl_code="4510", administration=AdministrationFactory())
    assert names(reviewer) == ["Other"]


def test_documents_that_people_corrected_are_touches(books: Ledger, reviewer: Any) -> None:
    card = RelationFactory(division=books.division)
    books.booked(card, "4510", 1)
    part = PartFactory(administration=books.administration)
    for _field in range(2):
        CorrectionFactory(administration=books.administration, supplier=card.exact_id, part=part)
    [gap] = coverage.gaps(reviewer)
    assert gap.touches == 1


def test_the_rule_that_would_save_most_is_offered(books: Ledger, reviewer: Any) -> None:
    card = RelationFactory(division=books.division, code="123", name="Ziggo")
    books.booked(card, "4510", 24)
    [offer] = coverage.offers(coverage.gaps(reviewer))
    assert offer.rule
    assert (offer.rule.gl_code, offer.rule.times, offer.rule.of, offer.saves) == ("4510", 24, 24, 2)
    assert offer.columns["administration"] == books.administration


def test_a_blocked_account_is_not_offered(books: Ledger, reviewer: Any) -> None:
    card = RelationFactory(division=books.division)
    books.booked(card, "4510", 4)
    GLAccount.objects.filter(code="4510").update(blocked=True)
    [offer] = coverage.offers(coverage.gaps(reviewer))
    assert (offer.rule, offer.saves) == (None, 0)


def test_nobody_sees_another_clients_suppliers(reviewer: Any) -> None:
    other = ledger()
    other.booked(RelationFactory(division=other.division), "4510", 3)
    assert names(reviewer) == []


def test_the_page_costs_the_same_with_many_administrations(books: Ledger) -> None:
    everything = office.person(Role.ADMINISTRATOR)
    asked = []
    for _round in range(2):
        for _more in range(3):
            more = ledger()
            more.booked(RelationFactory(division=more.division), "4510", 3)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert coverage.offers(coverage.gaps(everything))
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 10


def test_the_page_shows_them_and_leads_to_the_form(books: Ledger, reviewer: Any) -> None:
    card = RelationFactory(division=books.division, code="123", name="Ziggo")
    books.booked(card, "4510", 24)
    browser = office.browser(reviewer)
    answer = browser.get("/rules/bookingrule/coverage/")
    shown = answer.content.decode()
    assert "this rule would save 2 touches a month" in shown
    [(_offer, words, address)] = answer.context["rows"]
    assert words == "All purchases from supplier 123 Ziggo → 4510 General costs, VAT as on the document"
    form = browser.get(address).content.decode()
    assert 'value="4510"' in form
    assert browser.get("/rules/bookingrule/coverage/?p=2").context["rows"] == []


def test_a_bookkeeper_may_look_but_makes_no_rules(books: Ledger) -> None:
    card = RelationFactory(division=books.division)
    books.booked(card, "4510", 24)
    browser = office.browser(office.person(Role.BOOKKEEPER, books.administration.client))
    assert "Make this rule" not in browser.get("/rules/bookingrule/coverage/").content.decode()
