"""Who vouches for a value, and in which order they are asked."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from apps.rules.conditions import Rule
from apps.rules.suggestion import NOTHING, Suggestion, first, from_card, from_item, from_rules, heard


def one(found: Iterable[Suggestion]) -> Suggestion:
    (only,) = found
    return only


def test_the_strongest_rule_that_says_something_speaks() -> None:
    rules = [Rule("silent"), Rule("Telecom", gl_code="4200"), Rule("late", gl_code="4300")]
    found = list(from_rules(rules, "gl_code", {"4200", "4300"}))
    assert [(each.value, each.source) for each in found] == [("4200", "rule"), ("4300", "rule")]
    assert "Telecom" in found[0].why
    assert found[0].rule is rules[1]


def test_a_code_that_the_division_does_not_have_lets_a_weaker_rule_speak() -> None:
    rules = [Rule("theirs", vat_code="X"), Rule("ours", vat_code="2")]
    assert one(from_rules(rules, "vat_code", {"2"})).value == "2"
    assert not list(from_rules(rules, "vat_code", {"9"}))


def test_a_card_without_a_default_says_nothing() -> None:
    assert from_card("", "Windzee") == NOTHING
    assert from_card("4000", "Windzee").source == "card"


def test_an_item_without_an_account_says_nothing() -> None:
    assert from_item("", "ROPE") == NOTHING
    assert from_item("4000", "ROPE").source == "item"


def test_every_rule_that_spoke_is_told_and_the_one_that_was_taken() -> None:
    own, firm = Rule("own", gl_code="4200"), Rule("firm", gl_code="4300", cost_center="K1")
    taken = {"gl_code": one(from_rules([own], "gl_code", {"4200"})), "cost_center": NOTHING}
    found = [(each.rule.name, each.field, each.won) for each in heard([own, firm], taken.items())]
    assert found == [("own", "gl_code", True), ("firm", "gl_code", False), ("firm", "cost_center", False)]


@given(st.lists(st.builds(Suggestion, st.sampled_from(["", "a", "b"]), st.just("rule"), st.just("why"))))
def test_the_first_that_has_a_value_wins(suggestions: list[Suggestion]) -> None:
    having = [one for one in suggestions if one.value]
    assert first(*suggestions) == (having[0] if having else NOTHING)
