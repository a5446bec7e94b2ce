"""Which administration something is for: the order of the evidence, and what is left to a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.intake.routes import Clue, Step, decide, explain, listed

A, B, C = 1, 2, 3
NAMES = {A: "Bakkerij", B: "Holding", C: "Werf"}

steps = st.sampled_from(Step)
clue = st.builds(
    Clue,
    step=steps,
    administrations=st.frozensets(st.sampled_from([A, B, C]), min_size=1),
    words=st.sampled_from(["x", "y", "z"]),
    rank=st.integers(0, 2),
)


def says(step: Step, *administrations: int, words: str = "") -> Clue:
    return Clue(step, frozenset(administrations), words or f"{step.name.lower()} {administrations}")


@pytest.mark.parametrize(
    ("clues", "expected"),
    [
        ([], ()),
        ([says(Step.NUMBER, A)], (A,)),
        ([says(Step.NUMBER, A, B)], (A, B)),
        ([says(Step.NUMBER, A, B), says(Step.NUMBER, A)], (A,)),
        ([says(Step.NUMBER, A), says(Step.NUMBER, B)], (A, B)),
        ([says(Step.NUMBER, A, B), says(Step.MAILBOX, B)], (B,)),
        ([says(Step.NUMBER, A, B), says(Step.MAILBOX, C)], (A, B)),
        ([says(Step.NUMBER, A, B), says(Step.RULE, B)], (B,)),
        ([says(Step.NUMBER, A, B), says(Step.SHARED, B)], (B,)),
        ([says(Step.NUMBER, A, B), says(Step.SHARED, A, B)], (A, B)),
        ([says(Step.NUMBER, A), says(Step.RULE, B)], (A,)),
        ([says(Step.RULE, A), says(Step.RULE, B)], (A, B)),
        ([says(Step.RULE, A), says(Step.RULE, B), says(Step.SHARED, A)], (A, B)),
        ([says(Step.MAILBOX, A), says(Step.RULE, B)], (A,)),
        ([says(Step.PERSON, A), says(Step.NUMBER, B)], (A,)),
        ([says(Step.PARTY, A), says(Step.NUMBER, B)], (A, B)),
        ([says(Step.FOLDER, B), says(Step.NUMBER, A)], (B, A)),
        ([says(Step.PARTY, A), says(Step.NUMBER, B, C)], (A,)),
        ([says(Step.PARTY, A), says(Step.NUMBER, A, B)], (A,)),
        ([says(Step.NUMBER, B), says(Step.MAILBOX, A)], (B, A)),
        ([says(Step.NUMBER, A), says(Step.NUMBER, B), says(Step.MAILBOX, A)], (A, B)),
    ],
)
def test_each_step_narrows_what_is_left(clues: list[Clue], expected: tuple[int, ...]) -> None:
    assert decide(clues).administrations == expected


@pytest.mark.parametrize(
    "clues",
    [
        [says(Step.PARTY, A), says(Step.NUMBER, B)],
        [says(Step.NUMBER, B), says(Step.MAILBOX, A)],
        [says(Step.NUMBER, A), says(Step.NUMBER, B)],
    ],
)
def test_only_a_rule_settles_what_a_person_would_have_to(clues: list[Clue]) -> None:
    assert decide([*clues, says(Step.RULE, B)]).administrations == (B,)
    assert set(decide([*clues, says(Step.RULE, C)]).administrations) == {A, B}
    assert set(decide([*clues, says(Step.SHARED, B)]).administrations) == {A, B}


def test_the_reason_names_whose_each_number_is(english: None) -> None:
    shared = says(Step.NUMBER, A, B, words="VAT number NL1B01 of the receiver")
    own = says(Step.NUMBER, A, words="KvK 12345678 of the receiver")
    assert explain(decide([own, shared]), NAMES) == (
        "VAT number NL1B01 of the receiver is shared by Bakkerij and Holding; "
        "KvK 12345678 of the receiver points to Bakkerij"
    )
    assert explain(decide([own]), NAMES) == "KvK 12345678 of the receiver"
    assert explain(decide([shared]), NAMES) == (
        "VAT number NL1B01 of the receiver is shared by Bakkerij and Holding"
    )


def test_numbers_that_say_the_same_are_named_once_by_the_first_of_them() -> None:
    first, second = (
        Clue(Step.NUMBER, frozenset({A}), "peppol", 0),
        Clue(Step.NUMBER, frozenset({A}), "kvk", 1),
    )
    assert decide([second, first]).said == (first,)


def test_what_speaks_for_others_is_told_and_shared_numbers_never_are() -> None:
    rule = says(Step.RULE, B)
    found = decide([says(Step.NUMBER, A), rule, says(Step.SHARED, C)])
    assert found.against == (rule,)


def test_names_are_listed_as_in_a_sentence(english: None) -> None:
    assert listed(["C", "A", "B"]) == "A, B and C"
    assert listed(["A"]) == "A"


@given(st.lists(clue, max_size=8).flatmap(lambda clues: st.tuples(st.just(clues), st.permutations(clues))))
def test_the_order_in_which_evidence_is_gathered_does_not_matter(two: tuple[list[Clue], list[Clue]]) -> None:
    clues, shuffled = two
    assert decide(shuffled) == decide(clues)


@given(st.lists(clue, max_size=8), steps)
def test_weaker_evidence_never_overrules_stronger(clues: list[Clue], last: Step) -> None:
    strong = set(decide([one for one in clues if one.step <= last]).administrations)
    found = set(decide(clues).administrations)
    if not strong:
        return
    # Where the way in and the document clash, the weaker one joins and a person decides, or a rule of the firm did.
    clash = last in (Step.FOLDER, Step.PARTY, Step.NUMBER) and not found <= strong
    assert found & strong or any(one.step is Step.RULE for one in clues)
    assert found <= strong or clash


@given(st.lists(clue, max_size=8))
def test_nobody_is_named_who_no_evidence_names_and_somebody_is_when_any_does(clues: list[Clue]) -> None:
    found = set(decide(clues).administrations)
    assert found <= {one for each in clues for one in each.administrations}
    assert bool(found) == bool(clues)


@given(st.lists(clue, max_size=6))
def test_sister_companies_that_share_a_number_are_never_told_apart_by_it_alone(clues: list[Clue]) -> None:
    shared = Clue(Step.NUMBER, frozenset({A, B}), "shared")
    only_shared = [one for one in clues if one.administrations >= {A, B}]
    assert {A, B} <= set(decide([shared, *only_shared]).administrations)
