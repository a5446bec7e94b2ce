"""Whether a coded document needs a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.clients.models import Mode
from apps.clients.policy import MOST_DETAILS, WAIVABLE, Decision, Obstacle, decide
from apps.core.causes import Cause
from apps.invoices.models import State, WaitsFor

CAUSES = st.sampled_from(list(Cause))
OBSTACLES = st.lists(st.builds(Obstacle, CAUSES, st.text(max_size=5), st.booleans()), max_size=5)


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("mode", Mode)
@given(obstacles=OBSTACLES, waived=st.sets(CAUSES))
def test_a_document_goes_on_exactly_when_nothing_stands_in_the_way(
    mode: str, accepted: bool, obstacles: list[Obstacle], waived: set[str]
) -> None:
    decision = decide(mode, obstacles, waived=waived, accepted=accepted)
    stands = [one for one in obstacles if one.is_gap or one.cause not in waived & WAIVABLE]
    assert (decision.state == State.ATTENTION) == bool(stands)
    assert bool(decision.cause) == (decision.state == State.ATTENTION)
    assert bool(decision.waits_for) == (decision.state == State.READY)
    if stands:
        assert decision.cause == stands[0].cause


def test_an_automatic_administration_books_after_the_minutes_for_undo() -> None:
    decision = decide(Mode.AUTOMATIC, [], waived=(), accepted=False)
    assert decision == Decision(State.READY, waits_for=WaitsFor.HOLD_BACK)


def test_a_proposing_administration_asks_until_somebody_agrees() -> None:
    assert decide(Mode.PROPOSE, [], waived=(), accepted=False) == Decision(State.PROPOSED)
    assert decide(Mode.PROPOSE, [], waived=(), accepted=True).waits_for == WaitsFor.HOLD_BACK


@pytest.mark.parametrize("accepted", [False, True])
def test_a_pilot_only_shows_what_it_would_book(accepted: bool) -> None:
    decision = decide(Mode.PILOT, [], waived=(), accepted=accepted)
    assert decision == Decision(State.READY, waits_for=WaitsFor.PILOT)


def test_the_detail_tells_every_instance_of_the_gravest_cause_and_no_other() -> None:
    obstacles = [
        Obstacle(Cause.NO_GL_ACCOUNT, "line 1"),
        Obstacle(Cause.NO_VAT_CODE, "line 1"),
        Obstacle(Cause.NO_GL_ACCOUNT, "line 2"),
        Obstacle(Cause.NO_GL_ACCOUNT),
    ]
    decision = decide(Mode.AUTOMATIC, obstacles, waived=(), accepted=False)
    assert (decision.cause, decision.detail) == (Cause.NO_GL_ACCOUNT, "line 1\nline 2")


def test_thousands_of_lines_are_told_by_the_first_few_and_a_number() -> None:
    obstacles = [Obstacle(Cause.NO_GL_ACCOUNT, f"line {n}") for n in range(10_000)]
    lines = decide(Mode.AUTOMATIC, obstacles, waived=(), accepted=False).detail.splitlines()
    assert lines[:MOST_DETAILS] == [f"line {n}" for n in range(MOST_DETAILS)]
    assert len(lines) == MOST_DETAILS + 1
    assert str(10_000 - MOST_DETAILS) in lines[-1]


def test_what_a_person_decided_no_longer_counts_and_what_is_missing_still_does() -> None:
    obstacles = [Obstacle(Cause.NEEDS_APPROVAL, "self-billed"), Obstacle(Cause.TOTALS_DIFFER)]
    waived = {Cause.NEEDS_APPROVAL, Cause.TOTALS_DIFFER}
    assert decide(Mode.AUTOMATIC, obstacles, waived=waived, accepted=False).state == State.READY
    gap = Obstacle(Cause.NEEDS_APPROVAL, "no journal", is_gap=True)
    decision = decide(Mode.AUTOMATIC, [*obstacles, gap], waived=waived, accepted=False)
    assert (decision.state, decision.detail) == (State.ATTENTION, "no journal")


def test_only_doubts_may_be_waived_never_a_gap_in_the_booking() -> None:
    assert {
        Cause.POSSIBLE_DOUBLE,
        Cause.TOTALS_DIFFER,
        Cause.PERIOD_CLOSED,
        Cause.NEEDS_APPROVAL,
    } == WAIVABLE


def test_what_one_person_once_waived_about_an_account_counts_no_more() -> None:
    decision = decide(
        Mode.AUTOMATIC, [Obstacle(Cause.IBAN_CHANGED, "new")], waived=[Cause.IBAN_CHANGED], accepted=True
    )
    assert decision == Decision(State.ATTENTION, Cause.IBAN_CHANGED, "new")
