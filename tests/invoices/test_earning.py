"""Earned, offered, automatic, fallen back: the rules without a database."""

from dataclasses import replace
from decimal import Decimal

import pytest

from apps.clients.ceilings import Ceilings
from apps.clients.models import Mode
from apps.core.causes import Cause
from apps.invoices.earning import (
    UNUSUAL,
    WARNINGS,
    Seen,
    Standing,
    counted,
    fallen,
    judge,
    own_amount,
    proposed_limit,
)
from apps.invoices.models import Held, Level
from apps.rules import scenario

pytestmark = pytest.mark.usefixtures("english")
HIGH = frozenset({"nl_high"})
RUNS = Standing(Level.AUTOMATIC, 3, scenarios=HIGH)
PLAIN = Seen(Decimal("121.00"), HIGH)
NO_CEILINGS = Ceilings()


def count(standing: Standing, times: int, *, is_unchanged: bool = True) -> Standing:
    for _time in range(times):
        after = counted(standing, is_unchanged=is_unchanged, scenarios=HIGH, needed=3)
        standing = after or standing
    return standing


def test_automatic_is_offered_after_three_in_a_row_and_not_before() -> None:
    assert count(Standing(), 2).level == Level.PROPOSING
    offered = count(Standing(), 3)
    assert (offered.level, offered.untouched, offered.scenarios) == (Level.OFFERED, 3, HIGH)
    assert "3 bookings in a row" in offered.why


def test_a_changed_one_starts_the_row_again() -> None:
    changed = counted(count(Standing(), 2), is_unchanged=False, scenarios=HIGH, needed=3)
    assert changed is not None
    assert (changed.untouched, count(changed, 2).level) == (0, Level.PROPOSING)


def test_offered_is_not_automatic_until_a_person_says_so() -> None:
    verdict = judge(Mode.PROPOSE, count(Standing(), 3), PLAIN, NO_CEILINGS)
    assert (verdict.runs, verdict.reasons, verdict.falls) == (False, (), "")
    assert judge(Mode.PROPOSE, RUNS, PLAIN, NO_CEILINGS).runs


TRIGGERS = {
    "IBAN": replace(PLAIN, causes=frozenset({Cause.IBAN_CHANGED})),
    "scenario": replace(PLAIN, scenarios=frozenset({"nl_reverse"})),
    "warning": replace(PLAIN, findings=frozenset({"direct_debit_unknown"})),
    "amount": replace(PLAIN, findings=frozenset({UNUSUAL})),
}


@pytest.mark.parametrize("name", TRIGGERS)
@pytest.mark.parametrize("mode", [Mode.PROPOSE, Mode.AUTOMATIC])
def test_each_trigger_falls_and_does_not_run(name: str, mode: str) -> None:
    verdict = judge(mode, RUNS, TRIGGERS[name], NO_CEILINGS)
    assert verdict.falls
    assert not verdict.runs


def test_earned_without_any_scenario_holds_for_none() -> None:
    verdict = judge(Mode.PROPOSE, replace(RUNS, scenarios=frozenset()), PLAIN, NO_CEILINGS)
    assert "another VAT scenario" in verdict.falls
    assert not verdict.runs


@pytest.mark.parametrize("name", ["IBAN", "scenario", "warning"])
def test_who_never_earned_anything_runs_in_an_automatic_administration_as_before(name: str) -> None:
    verdict = judge(Mode.AUTOMATIC, None, TRIGGERS[name], NO_CEILINGS)
    assert (verdict.falls, verdict.reasons) == ("", ())


def test_an_amount_above_a_ceiling_is_proposed_and_costs_nothing() -> None:
    low = Ceilings(automatic_up_to=Decimal(100))
    for mode, standing in ((Mode.PROPOSE, RUNS), (Mode.AUTOMATIC, None), (Mode.AUTOMATIC, RUNS)):
        verdict = judge(mode, standing, PLAIN, low)
        assert (verdict.runs, verdict.falls, len(verdict.reasons)) == (False, "", 1)
    assert not judge(Mode.PROPOSE, replace(RUNS, up_to=Decimal(100)), PLAIN, NO_CEILINGS).runs
    assert judge(Mode.PROPOSE, replace(RUNS, up_to=Decimal(121)), PLAIN, NO_CEILINGS).runs
    credit = replace(PLAIN, amount=Decimal(-121))
    assert not judge(Mode.PROPOSE, RUNS, credit, low).runs


def test_an_amount_that_nobody_can_tell_is_above_every_ceiling() -> None:
    unknown = replace(PLAIN, amount=None)
    assert judge(Mode.PROPOSE, RUNS, unknown, NO_CEILINGS).runs
    assert not judge(Mode.PROPOSE, RUNS, unknown, Ceilings(automatic_up_to=Decimal(10**9))).runs
    assert Ceilings(four_eyes_above=Decimal(10**9)).asks_two(None)
    assert own_amount(Decimal(100), "USD", "EUR", None) is None
    assert own_amount(Decimal(100), "USD", "EUR", Decimal("0.9")) == Decimal("90.0")


def test_above_the_amount_of_two_people_nothing_runs() -> None:
    verdict = judge(Mode.AUTOMATIC, None, PLAIN, Ceilings(four_eyes_above=Decimal(100)))
    assert verdict.asks_two
    assert len(verdict.reasons) == 1


def test_what_fell_is_proposed_in_an_automatic_administration_until_it_is_earned_again() -> None:
    down = fallen(None, Mode.AUTOMATIC, "an unusual amount")
    assert down is not None
    verdict = judge(Mode.AUTOMATIC, down, PLAIN, NO_CEILINGS)
    assert "an unusual amount" in verdict.reasons[0]
    again = count(down, 3)
    assert (again.level, again.held) == (Level.OFFERED, Held.NO)
    assert judge(Mode.AUTOMATIC, again, PLAIN, NO_CEILINGS).reasons == ()


def test_what_a_person_switched_off_waits_for_a_person() -> None:
    off = Standing(Level.PROPOSING, held=Held.OFF)
    earned = count(off, 3)
    assert (earned.level, earned.held) == (Level.OFFERED, Held.OFF)
    assert judge(Mode.AUTOMATIC, earned, PLAIN, NO_CEILINGS).reasons


def test_there_is_nothing_to_fall_from_twice() -> None:
    down = fallen(RUNS, Mode.PROPOSE, "why")
    assert down is not None
    assert (down.level, down.untouched, down.scenarios) == (Level.PROPOSING, 0, frozenset())
    assert fallen(down, Mode.PROPOSE, "why") is None
    assert fallen(None, Mode.PROPOSE, "why") is None


def test_on_pilot_nothing_runs_and_nothing_falls() -> None:
    verdict = judge(Mode.PILOT, RUNS, TRIGGERS["amount"], NO_CEILINGS)
    assert (verdict.runs, verdict.falls, verdict.reasons) == (False, "", ())


@pytest.mark.parametrize("code", sorted(scenario.WARNINGS))
def test_a_warning_about_vat_costs_what_was_switched_on_and_is_told_where_all_is_automatic(code: str) -> None:
    odd = replace(PLAIN, findings=frozenset({code}))
    for standing in (None, Standing(), Standing(Level.OFFERED, 3, scenarios=HIGH), RUNS):
        verdict = judge(Mode.AUTOMATIC, standing, odd, NO_CEILINGS)
        assert (verdict.falls, verdict.reasons) == ("", ())
    verdict = judge(Mode.PROPOSE, RUNS, odd, NO_CEILINGS)
    assert (verdict.runs, verdict.falls) == (False, "a warning on the document")


@pytest.mark.parametrize("code", sorted(WARNINGS))
def test_each_warning_brings_back_what_runs(code: str) -> None:
    verdict = judge(Mode.PROPOSE, RUNS, replace(PLAIN, findings=frozenset({code})), NO_CEILINGS)
    assert (verdict.runs, verdict.falls) == (False, "a warning on the document")


def test_without_a_usual_range_and_an_amount_of_its_own_a_person_looks() -> None:
    new = replace(PLAIN, is_range_known=False)
    verdict = judge(Mode.PROPOSE, RUNS, new, NO_CEILINGS)
    assert (verdict.runs, verdict.falls) == (False, "")
    assert verdict.reasons == ("not enough bookings yet to know what is usual",)
    assert not judge(Mode.PROPOSE, RUNS, new, Ceilings(automatic_up_to=Decimal(10**6))).runs
    assert judge(Mode.PROPOSE, replace(RUNS, up_to=Decimal(121)), new, NO_CEILINGS).runs
    assert judge(Mode.AUTOMATIC, RUNS, new, NO_CEILINGS).reasons == ()


@pytest.mark.parametrize(
    ("amounts", "limit"),
    [
        (["121.00"], "250"),
        (["121.00", "5.20", "-900"], "250"),
        (["2.10"], "5"),
        (["0.30"], "1"),
        (["5"], "10"),
        (["6172.84"], "13000"),
        ([], None),
        (["-5"], None),
    ],
)
def test_a_limit_is_twice_the_largest_booking_rounded_up(amounts: list[str], limit: str | None) -> None:
    found = proposed_limit([Decimal(amount) for amount in amounts])
    assert found == (Decimal(limit) if limit else None)
