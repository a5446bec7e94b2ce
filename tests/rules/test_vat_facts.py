from dataclasses import replace
from decimal import Decimal

from apps.rules.vat_facts import doubt, facts_of, sentence
from apps.rules.vat_proposal import Code

CODE = Code("V", "Btw hoog", "E", Decimal("0.2100"), "P", charged=False)


def test_what_is_kept_can_be_compared_and_told() -> None:
    facts = facts_of(CODE)
    assert facts["percentage"] == "0.21"
    assert sentence(facts) == "Btw hoog (excluding VAT, 21 %, purchases)"
    assert doubt(facts, replace(CODE, percentage=Decimal("0.21"))) == ""


def test_everything_that_changed_is_told_at_once() -> None:
    words = doubt(facts_of(CODE), replace(CODE, type="N", percentage=None, transaction_type="B"))
    assert words == (
        "The type was “excluding VAT” and is “no VAT”. The percentage was 21 % and is -. "
        "It was for purchases and is for purchases and sales."
    )


def test_of_a_code_that_nothing_is_known_of_only_its_being_there_counts() -> None:
    assert doubt({}, replace(CODE, type="N")) == ""
    assert doubt({}, None)
    assert sentence({}) == ""
