"""A rule as JSON and back."""

import json
from decimal import Decimal

import pytest

from apps.rules.conditions import Share
from apps.rules.models import BookingRule
from apps.rules.replay_spec import rule_from, spec_of, strength_in, values_in
from apps.rules.rule_book import rule_of
from tests.clients.factories import AdministrationFactory
from tests.rules.factories import BookingRuleFactory, RuleSplitFactory

pytestmark = pytest.mark.django_db


def test_a_saved_rule_comes_back_as_coding_sees_it() -> None:
    row = BookingRuleFactory(
        text="internet",
        amount_from=Decimal("10.50"),
        private_use=Decimal(25),
        spread="months",
        spread_months=12,
    )
    RuleSplitFactory(rule=row, percentage=Decimal(60), gl_code="4000")
    RuleSplitFactory(rule=row, position=2, gl_code="4100", cost_center="K1")
    row.refresh_from_db()
    spec = json.loads(json.dumps(spec_of(row, row.splits.all())))
    found, wanted = rule_from(spec), rule_of(row)
    for name in ("name", "pk", "text", "amount_from", "private_use", "spread_months", "splits"):
        assert getattr(found, name) == getattr(wanted, name), name
    assert found.splits[1].cost_center == "K1"


def test_a_rule_that_is_not_saved_can_be_made_of_it() -> None:
    administration = AdministrationFactory()
    filled_in = BookingRule(
        name="New", administration=administration, text="huur", gl_code="4000", position=7
    )
    spec = json.loads(json.dumps(spec_of(filled_in, [])))
    assert rule_from(spec).pk == 0
    made = BookingRule(**values_in(spec))
    made.full_clean()
    assert (made.administration, made.text, made.position) == (administration, "huur", 7)


def test_a_part_without_anything_is_the_rest() -> None:
    spec = spec_of(BookingRule(name="New"), [Share(gl_code="4000")])
    assert rule_from(spec).splits == (Share(gl_code="4000"),)


def test_rules_of_an_administration_are_stronger_and_what_is_not_saved_comes_last() -> None:
    administration = AdministrationFactory()
    rows = [
        BookingRuleFactory(administration=administration, position=200),
        BookingRuleFactory(client=administration.client, position=1),
        BookingRuleFactory(position=5),
        BookingRule(name="New", position=5),
    ]
    strengths = [strength_in(spec_of(row, [])) for row in rows]
    assert strengths == sorted(strengths)
    assert len(set(strengths)) == 4
