"""What a person said no to is not proposed again on the same evidence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from apps.rules.conditions import Rule
from apps.rules.said import Corrections, Said
from apps.rules.suggestion import Suggestion

AT = datetime(2026, 8, 3, 12, tzinfo=UTC)
USABLE = {"A", "B", "C", "D"}
BASE = Said("huur", "gl_code", "A", "history", None, "B", "Ada", AT)
RULE = Rule("Huur", pk=7, changed_at=AT - timedelta(days=9), gl_code="A")


def history(*values: str) -> list[Suggestion]:
    return [Suggestion(value, "history", "why") for value in values]


def by(rule: Rule) -> Suggestion:
    return Suggestion(rule.gl_code, "rule", f"rule {rule.name}", rule)


def weighed(
    candidates: list[Suggestion],
    *said: Said,
    field: str = "gl_code",
    key: str = "huur",
    usable: set[str] = USABLE,
) -> list[str]:
    found = Corrections(said).weigh(field, key, candidates, usable)
    return [one.value for one in found]


def test_what_was_chosen_comes_first_with_who_and_when_and_what_was_rejected_is_gone() -> None:
    found = Corrections([BASE]).weigh("gl_code", "huur", history("A", "C"), USABLE)
    assert [one.value for one in found] == ["B", "C"]
    assert (found[0].source, found[0].why) == ("correction", "chosen by Ada on 3-8-2026 for this text")


@pytest.mark.parametrize(("field", "key"), [("vat_code", "huur"), ("gl_code", "gas")])
def test_another_text_or_field_is_not_concerned(field: str, key: str) -> None:
    assert weighed(history("A"), BASE, field=field, key=key) == ["A"]


def test_what_was_chosen_and_is_blocked_since_is_not_proposed_and_nor_is_what_was_rejected() -> None:
    assert weighed(history("A", "C"), BASE, usable={"A", "C"}) == ["C"]


def test_everything_that_was_rejected_on_the_way_stays_rejected() -> None:
    again = replace(BASE, rejected="B", source="correction", chosen="C", at=AT + timedelta(days=1))
    assert weighed(history("A", "B", "D"), again, BASE) == ["C", "D"]


def test_a_person_who_corrects_back_has_the_last_word() -> None:
    back = replace(BASE, rejected="B", source="person", chosen="A", at=AT + timedelta(days=1))
    assert weighed(history("A", "B"), back, BASE) == ["A", "A"]


def test_what_was_taken_back_counts_no_more_and_nor_does_what_was_said_before() -> None:
    taken_back = replace(BASE, rejected="", chosen="", at=AT + timedelta(days=1))
    assert weighed(history("A"), taken_back, BASE) == ["A"]


def test_an_emptied_cost_centre_is_not_filled_in_again() -> None:
    emptied = replace(BASE, field="cost_center", rejected="A", chosen="")
    assert weighed(history("A"), emptied, field="cost_center") == []


def test_where_the_machine_had_nothing_a_choice_is_still_remembered() -> None:
    assert weighed([], replace(BASE, rejected="", source="")) == ["B"]


def test_the_rule_that_was_corrected_is_silent_until_it_is_changed() -> None:
    corrected = replace(BASE, source="rule", rule=RULE.pk)
    assert weighed([by(RULE), *history("C")], corrected) == ["B", "C"]
    changed = replace(RULE, gl_code="D", changed_at=AT + timedelta(days=1))
    assert weighed([by(changed), *history("C")], corrected) == ["D", "B", "C"]
    same_again = replace(RULE, changed_at=AT + timedelta(days=1))
    assert weighed([by(same_again)], corrected) == ["A", "B"]


def test_a_changed_rule_that_is_corrected_again_is_silent_again() -> None:
    first = replace(BASE, source="rule", rule=RULE.pk)
    changed = replace(RULE, gl_code="D", changed_at=AT + timedelta(days=1))
    second = replace(first, rejected="D", chosen="C", at=AT + timedelta(days=2))
    assert weighed([by(changed)], second, first) == ["C"]


def test_a_rule_that_a_stronger_corrected_rule_had_beaten_does_not_go_first() -> None:
    weaker = Rule("weaker", pk=8, changed_at=AT - timedelta(days=9), gl_code="C")
    corrected = replace(BASE, source="rule", rule=RULE.pk)
    assert weighed([by(RULE), by(weaker)], corrected) == ["B", "C"]
    assert weighed([by(weaker)], corrected) == ["B", "C"]


def test_a_rule_that_did_not_speak_then_is_other_evidence() -> None:
    above = Rule("amounts above 1000", pk=9, changed_at=AT - timedelta(days=9), gl_code="D")
    corrected = replace(BASE, source="rule", rule=RULE.pk)
    assert weighed([by(above), by(RULE)], corrected) == ["D", "B"]
    assert weighed([by(above)], BASE) == ["D", "B"]


def test_a_vat_code_holds_for_the_scenario_in_which_it_was_chosen_and_an_account_for_all() -> None:
    code = Corrections([replace(BASE, field="vat_code", scenario="nl_high")])
    for scenario, found in (("nl_high", "B"), ("nl_reverse", "A"), ("", "A")):
        assert code.weigh("vat_code", "huur", history("A"), USABLE, scenario)[0].value == found
    assert Corrections([BASE]).weigh("gl_code", "huur", history("A"), USABLE, "nl_high")[0].value == "B"
