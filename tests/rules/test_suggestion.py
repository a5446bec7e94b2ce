"""Who vouches for a value, and in which order they are asked."""

from hypothesis import given
from hypothesis import strategies as st

from apps.rules.suggestion import (
    MOST_SHOWN,
    NOTHING,
    Rule,
    Suggestion,
    first,
    from_card,
    from_history,
    from_rules,
)


def test_an_empty_condition_fits_everything_and_capitals_do_not_matter() -> None:
    assert Rule("r").fits_supplier("Windzee", "10")
    assert Rule("r").fits_text("")
    assert Rule("r", supplier_contains="WIN").fits_supplier("Windzee B.V.", "")
    assert not Rule("r", supplier_contains="belnet").fits_supplier("Windzee", "")
    assert Rule("r", text_contains="Stroom").fits_text("levering STROOM")
    assert not Rule("r", text_contains="gas").fits_text("stroom")


def test_a_supplier_code_fits_exactly() -> None:
    rule = Rule("r", supplier_code="10")
    assert rule.fits_supplier("Windzee", "10")
    assert not rule.fits_supplier("Windzee", "100")


def test_every_condition_about_the_supplier_must_hold() -> None:
    assert not Rule("r", supplier_contains="belnet", supplier_code="10").fits_supplier("Windzee", "10")


def test_the_strongest_rule_that_says_something_speaks() -> None:
    rules = [Rule("silent"), Rule("Telecom", gl_code="4200"), Rule("late", gl_code="4300")]
    found = from_rules(rules, "gl_code", {"4200", "4300"})
    assert (found.value, found.source) == ("4200", "rule")
    assert "Telecom" in found.why


def test_a_code_that_the_division_does_not_have_lets_a_weaker_rule_speak() -> None:
    rules = [Rule("theirs", vat_code="X"), Rule("ours", vat_code="2")]
    assert from_rules(rules, "vat_code", {"2"}).value == "2"
    assert from_rules(rules, "vat_code", {"9"}) == NOTHING


def test_a_card_without_a_default_says_nothing() -> None:
    assert from_card("", "Windzee") == NOTHING
    assert from_card("4000", "Windzee").source == "card"


def test_history_takes_what_was_booked_most_and_says_how_often() -> None:
    found = from_history(["4100", "4000", "4100", ""])
    assert (found.value, found.source) == ("4100", "history")
    assert "2" in found.why
    assert "3" in found.why


def test_the_newest_breaks_a_tie() -> None:
    assert from_history(["new", "old", "old", "new"]).value == "new"


def test_only_the_newest_lines_count() -> None:
    assert from_history(["new"] * MOST_SHOWN + ["old"] * 100).value == "new"


def test_no_history_says_nothing() -> None:
    assert from_history([]) == from_history(["", ""]) == NOTHING


@given(st.lists(st.builds(Suggestion, st.sampled_from(["", "a", "b"]), st.just("rule"), st.just("why"))))
def test_the_first_that_has_a_value_wins(suggestions: list[Suggestion]) -> None:
    having = [one for one in suggestions if one.value]
    assert first(*suggestions) == (having[0] if having else NOTHING)
