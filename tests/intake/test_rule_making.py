"""Rules made with one click."""

import pytest

from apps.core import identifiers
from apps.intake.models import Comparison, Evidence, RoutingRule
from apps.intake.routing import Asked, route
from apps.intake.rule_making import Proposal, make, proposals, switch
from apps.people.models import User
from tests.bells import calls, rung
from tests.clients.factories import AdministrationFactory
from tests.intake.factories import PartFactory

pytestmark = pytest.mark.django_db

KVK = identifiers.kvk("12345678")
assert KVK
ASKED = Asked(
    numbers=(KVK,),
    names=("De Molen B.V.",),
    buyer_reference="magazijn",
    order_number="po-4711",
    sender="Anna <anna@bakker.example>",
    recipient="post@kantoor.example",
)


def test_each_kind_of_evidence_gives_one_proposal() -> None:
    found = [(one.evidence, one.value, one.comparison) for one in proposals(ASKED)]
    assert found == [
        (Evidence.RECEIVER, "de molen bv 12345678", Comparison.EQUALS),
        (Evidence.RECIPIENT, "post@kantoor.example", Comparison.EQUALS),
        (Evidence.SENDER, "anna@bakker.example", Comparison.EQUALS),
        (Evidence.BUYER_REFERENCE, "MAGAZIJN", Comparison.EQUALS),
        (Evidence.ORDER_NUMBER, "PO-", Comparison.STARTS),
    ]


@pytest.mark.parametrize(
    ("order", "prefix"), [("4500123456", "4500"), ("12", ""), ("X1", ""), ("", ""), ("inkoop 3", "INKOOP")]
)
def test_an_order_number_is_remembered_by_what_its_buyer_writes_first(order: str, prefix: str) -> None:
    found = [one.value for one in proposals(Asked(order_number=order))]
    assert found == ([prefix] if prefix else [])


def test_who_uploaded_it_is_nothing_to_remember() -> None:
    assert proposals(Asked(sender="Sanne Bakker", recipient="0106:12345678")) == []


def test_every_proposal_brings_the_next_one_there_by_itself(reviewer: User) -> None:
    for proposal in proposals(ASKED):
        administration = AdministrationFactory()
        rule = make(PartFactory(), proposal, administration, by=reviewer)
        assert route(ASKED).administrations == (administration.pk,), proposal
        switch(rule, on=False, by=reviewer)


def test_made_twice_is_one_rule_that_says_who_made_it_from_what(reviewer: User) -> None:
    part, administration = PartFactory(), AdministrationFactory()
    proposal = Proposal(Evidence.SENDER, "Anna@Bakker.example")
    rule = make(part, proposal, administration, by=reviewer)
    assert make(PartFactory(), proposal, administration, by=reviewer) == rule
    assert (rule.made_by, rule.made_from, rule.value) == (str(reviewer), part, "anna@bakker.example")
    assert rule.made_at
    assert rule.history.count() == 1


def test_a_rule_that_was_switched_off_counts_again_when_it_is_made_again(reviewer: User) -> None:
    administration, proposal = AdministrationFactory(), Proposal(Evidence.SENDER, "anna@bakker.example")
    rule = make(None, proposal, administration, by=reviewer)
    switch(rule, on=False, by=reviewer)
    assert not RoutingRule.objects.get().is_active
    make(None, proposal, administration, by=reviewer)
    assert RoutingRule.objects.get().is_active
    assert {row.history_user for row in rule.history.all()} >= {reviewer}


def test_what_waits_is_asked_again(reviewer: User) -> None:
    make(None, Proposal(Evidence.SENDER, "anna@bakker.example"), AdministrationFactory(), by=reviewer)
    assert rung() == calls("routing_changed")


@pytest.fixture
def reviewer() -> User:
    from tests.people.factories import UserFactory

    user: User = UserFactory()
    return user
