"""A rule against one line of the past."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from apps.rules.conditions import DocumentFacts, LineFacts, Patience, Rule, Share
from apps.rules.replaying import Extras, Judgement, Sample, Verdict, judge
from apps.rules.words import Spread, TextIn, TextMatch

USABLE = {"gl_code": {"4510", "4000"}, "vat_code": {"V21"}, "cost_center": {"K1"}, "cost_unit": set()}
BOOKED = {"gl_code": "4510", "vat_code": "V21", "cost_center": "", "cost_unit": ""}
LEDGER = Sample(
    DocumentFacts(supplier_name="Ziggo B.V.", supplier_code="123", classification=""),
    LineFacts(text="Internet januari", amount=Decimal(50)),
    BOOKED,
    {"gl_code": "4000", "vat_code": "V21"},
)
OWN = replace(LEDGER, extras=Extras())


def rule(**values: Any) -> Rule:
    return Rule("Ziggo", **{"supplier_contains": "ziggo", "gl_code": "4510", **values})


def judged(one: Rule, sample: Sample = LEDGER, *stronger: Rule) -> Judgement:
    return judge(one, sample, stronger, USABLE)


def test_it_agrees_when_it_books_as_it_was_booked_and_says_whether_that_changes_the_proposal() -> None:
    found = judged(rule())
    assert (found.verdict, found.changes, found.would) == (Verdict.AGREES, True, {"gl_code": "4510"})
    same = replace(LEDGER, proposed={"gl_code": "4510"})
    assert not judged(rule(), same).changes


@pytest.mark.parametrize(
    "codes", [{"gl_code": "4000"}, {"cost_center": "K1"}, {"gl_code": "4000", "vat_code": "V21"}]
)
def test_it_differs_when_one_of_its_codes_does(codes: dict[str, str]) -> None:
    assert judged(rule(**codes)).verdict == Verdict.DIFFERS


def test_a_line_that_it_does_not_fit_is_not_concerned() -> None:
    assert judged(rule(supplier_contains="kpn")).verdict == Verdict.NOT_CONCERNED


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ({"order_number": "PO"}, "order_number"),
        ({"vendor_key": "kvk 12345678"}, "vendor_key"),
        ({"seller_item": "A1"}, "seller_item"),
        ({"scenario": "nl_high"}, "scenario"),
        ({"text": "internet", "text_in": TextIn.HEADER}, "header"),
        ({"text": "telefoon", "text_in": TextIn.ANYWHERE}, "header"),
    ],
)
def test_what_the_ledger_does_not_tell_is_never_agreement(condition: dict[str, Any], why: str) -> None:
    found = judged(rule(**condition))
    assert (found.verdict, found.why, found.changes) == (Verdict.CANNOT_SAY, why, False)


def test_an_unanswered_condition_does_not_matter_where_another_one_fails() -> None:
    assert judged(rule(supplier_contains="kpn", order_number="PO")).verdict == Verdict.NOT_CONCERNED


def test_a_booking_without_a_known_account_cannot_agree() -> None:
    unknown = replace(LEDGER, booked={"vat_code": "V21"})
    assert judged(rule(), unknown).why == "booked"
    assert judged(rule(vat_code="V0"), unknown).verdict == Verdict.CANNOT_SAY


def test_a_code_that_the_administration_does_not_have_cannot_agree() -> None:
    assert judged(rule(gl_code="9999")).why == "unknown_code"


def test_a_rule_without_codes_has_nothing_to_compare() -> None:
    assert judged(rule(gl_code="", never_automatic=True)).why == "no_codes"


def test_a_stronger_rule_that_speaks_leaves_nothing() -> None:
    assert judged(rule(), LEDGER, rule(gl_code="4000")).verdict == Verdict.NOT_CONCERNED
    assert judged(rule(), LEDGER, rule(gl_code="", vat_code="V21")).verdict == Verdict.AGREES
    assert judged(rule(), LEDGER, rule(gl_code="9999")).verdict == Verdict.AGREES  # says nothing here


def test_whether_a_stronger_rule_speaks_may_not_be_known() -> None:
    assert judged(rule(), LEDGER, rule(gl_code="4000", order_number="PO")).why == "stronger"
    assert judged(rule(), LEDGER, rule(order_number="PO")).verdict == Verdict.AGREES


HALVES = (Share(percentage=Decimal(50), gl_code="4510"), Share(gl_code="4000"))


def test_how_a_line_was_split_only_our_own_documents_tell() -> None:
    split = rule(gl_code="", splits=HALVES)
    assert judged(split).why == "parts"
    assert judged(split, replace(LEDGER, booked={"gl_code": "4600"})).verdict == Verdict.DIFFERS
    assert judged(split, OWN).verdict == Verdict.DIFFERS
    assert judged(split, replace(OWN, extras=Extras(parts=HALVES))).verdict == Verdict.AGREES
    assert judged(rule(), replace(OWN, extras=Extras(parts=HALVES))).verdict == Verdict.DIFFERS


def test_private_use_is_compared_where_it_is_known() -> None:
    private = rule(private_use=Decimal(25))
    assert judged(private).why == "private_use"
    assert judged(private, OWN).verdict == Verdict.DIFFERS
    assert (
        judged(private, replace(OWN, extras=Extras(private_use=Decimal("25.00")))).verdict == Verdict.AGREES
    )


def test_spreading_is_never_taken_for_agreement() -> None:
    spread = rule(spread=Spread.MONTHS, spread_months=12)
    assert judged(spread).why == "spread"
    assert judged(spread, OWN).verdict == Verdict.DIFFERS
    assert judged(spread, replace(OWN, extras=Extras(spread=True))).why == "spread"


def test_what_an_expression_that_is_too_slow_would_say_cannot_be_said() -> None:
    slow = rule(text="(a+)+$", text_match=TextMatch.REGEX)
    patience = Patience({slow.text})
    found = judge(slow, LEDGER, (), USABLE, patience)
    assert (found.verdict, found.why) == (Verdict.CANNOT_SAY, "text")
    stronger = replace(slow, gl_code="4000")
    found = judge(rule(), LEDGER, [stronger], USABLE, patience)
    assert (found.verdict, found.why) == (Verdict.CANNOT_SAY, "stronger")
