"""What becomes of an answer: by what it says, how its order stands, and what a person decides."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.clients.models import Mode
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.exact.models import Division
from apps.orders import confirming, withdrawing
from apps.orders.models import Kind, Outcome, PurchaseOrder, Standing, State, WaitsFor
from apps.orders.refused import Refused
from tests.exact.factories import DivisionFactory
from tests.orders.confirmations import answer, draft, make_division, standing
from tests.orders.factories import PurchaseOrderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FEWER: dict[int, dict[str, Any]] = {2: {"quantity": Decimal(15)}}
REJECTED: dict[int, dict[str, Any]] = {2: {"status": "7"}}


@pytest.fixture
def division() -> Division:
    return make_division(mode=Mode.AUTOMATIC)


def again(row: PurchaseOrder) -> PurchaseOrder:
    return PurchaseOrder.objects.get(pk=row.pk)


def settled(row: PurchaseOrder, **how: Any) -> PurchaseOrder:
    confirming.settle(again(row), **how)
    return again(row)


def test_differences_are_proposed_even_where_all_goes_by_itself(division: Division) -> None:
    row = settled(answer(standing(division), FEWER))

    assert (row.state, len(row.differences)) == (State.PROPOSED, 1)
    assert row.events.get().why.endswith("look at the differences")


def test_what_the_lines_are_in_exact_is_kept(division: Division) -> None:
    row = settled(answer(standing(division), FEWER))

    assert row.lines.get(position=2).ordered == 15


def test_as_ordered_it_is_confirmed_and_the_order_tells_it(division: Division) -> None:
    order = standing(division)

    row = settled(answer(order, response_code="AP"))

    assert (row.state, row.outcome, row.exact_number) == (State.DONE, Outcome.CONFIRMED, order.exact_number)
    assert order.events.latest("pk").why == f"order confirmation {row.number}: as ordered: no differences"


def test_a_receipt_confirms_nothing(division: Division) -> None:
    assert settled(answer(standing(division), response_code="AB")).outcome == Outcome.ACKNOWLEDGED


@pytest.mark.parametrize(
    "how",
    [{"response_code": "RE"}, {"kind": Kind.CANCELLATION, "response_code": ""}],
    ids=["rejected", "cancelled"],
)
def test_an_order_that_is_off_is_for_a_person(division: Division, how: dict[str, Any]) -> None:
    row = settled(answer(standing(division), **how))

    assert (row.state, row.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    assert "Cancel it in Exact" in row.detail

    confirming.seen(row, by="Els", version=row.version)
    assert (again(row).state, again(row).outcome) == (State.DONE, Outcome.BY_HAND)


def test_an_order_that_is_off_in_exact_already_asks_nobody(division: Division) -> None:
    order = standing(division)
    PurchaseOrder.objects.filter(pk=order.pk).update(standing=Standing.CANCELLED)

    assert settled(answer(order, response_code="RE")).outcome == Outcome.BY_HAND


@pytest.mark.parametrize("stands", [Standing.COMPLETE, Standing.CANCELLED, Standing.GONE])
def test_nothing_is_changed_in_an_order_that_ended(division: Division, stands: Standing) -> None:
    order = standing(division)
    PurchaseOrder.objects.filter(pk=order.pk).update(standing=stands)

    row = settled(answer(order, FEWER))

    assert (row.state, row.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    assert row.detail == f"In Exact the order is: {stands.label}. Nothing of this is changed there."


def test_changes_that_are_not_named_are_for_a_person(division: Division) -> None:
    row = settled(answer(standing(division), response_code="CA"))

    assert "names none" in row.detail


def test_it_waits_for_its_order_and_that_is_nobodys_work(division: Division) -> None:
    order = draft(division)
    row = answer(order, FEWER)

    waiting = settled(row)
    assert (waiting.state, waiting.detail) == (
        State.RECEIVED,
        f"It waits until order {order.number} is in Exact.",
    )
    assert settled(row).version == waiting.version
    assert waiting.events.count() == 0
    assert list(confirming.due()) == []


def test_it_is_due_once_its_order_is_in_exact(division: Division) -> None:
    row = answer(standing(division), FEWER)

    assert list(confirming.due()) == [row]


def test_of_an_order_that_is_not_here_a_person_is_told(division: Division) -> None:
    row = PurchaseOrderFactory(
        administration=division.administration, kind=Kind.RESPONSE, order_reference="PO-9"
    )

    assert settled(row).detail == "We know no order with number PO-9."


def test_of_an_order_that_was_put_aside_a_person_is_told(division: Division) -> None:
    order = draft(division)
    PurchaseOrder.objects.filter(pk=order.pk).update(state=State.IGNORED)

    assert settled(answer(order)).detail == "The order that this answers was put aside."


def test_on_pilot_differences_are_shown_and_nothing_is_asked() -> None:
    division = make_division(mode=Mode.PILOT)
    order = draft(division, waits_for=WaitsFor.PILOT)

    row = settled(answer(order, FEWER))

    assert (row.state, row.waits_for, len(row.differences)) == (State.READY, WaitsFor.PILOT, 1)
    assert settled(answer(order, response_code="AP")).waits_for == WaitsFor.PILOT


def test_accepting_waits_for_the_minutes_of_undo(division: Division) -> None:
    row = settled(answer(standing(division), FEWER))

    confirming.accept(row, by="Els", version=row.version)

    accepted = again(row)
    assert (accepted.state, accepted.waits_for) == (State.READY, WaitsFor.HOLD_BACK)
    assert accepted.waits_until is not None and accepted.touched


def test_accepting_what_a_person_does_says_that_it_is_done(division: Division) -> None:
    row = settled(answer(standing(division), REJECTED))
    assert row.is_by_hand

    confirming.accept(row, by="Els", version=row.version)

    assert (again(row).state, again(row).outcome) == (State.DONE, Outcome.BY_HAND)


def test_accepting_another_version_is_refused(division: Division) -> None:
    row = settled(answer(standing(division), FEWER))

    with pytest.raises(Changed):
        confirming.accept(row, by="Els", version=row.version - 1)


def test_accepting_differences_that_are_no_longer_these_is_refused(division: Division) -> None:
    order = standing(division)
    row = settled(answer(order, FEWER))
    order.lines.filter(position=2).update(ordered=18, ordered_source="person")

    with pytest.raises(Changed):
        confirming.accept(row, by="Els", version=row.version)

    assert [one["ordered"] for one in again(row).differences] == ["18"]
    assert again(row).state == State.PROPOSED


def test_only_what_is_proposed_is_accepted(division: Division) -> None:
    row = answer(standing(division), FEWER)

    with pytest.raises(Refused):
        confirming.accept(row, by="Els", version=row.version)
    with pytest.raises(Refused):
        confirming.seen(row, by="Els", version=row.version)


def test_settling_what_another_moved_is_told(division: Division) -> None:
    row = again(answer(standing(division), FEWER))
    PurchaseOrder.objects.filter(pk=row.pk).update(version=row.version + 1)

    with pytest.raises(Changed):
        confirming.settle(row)
    assert row.events.count() == 0


def test_a_day_of_the_whole_order_is_a_difference(division: Division) -> None:
    later = date(2026, 10, 6)
    order = standing(division, 1)

    row = settled(answer(order, {1: {"receipt_date": later}}, receipt_date=later))

    assert [(one["line"], one["field"]) for one in row.differences] == [("", "date"), ("1", "date")]


def test_it_is_overtaken_once_it_would_become_something_else(division: Division) -> None:
    order = standing(division)
    row = settled(answer(order, FEWER))
    assert not confirming.is_overtaken(again(row))

    PurchaseOrder.objects.filter(pk=order.pk).update(standing=Standing.CANCELLED)

    assert confirming.is_overtaken(again(row))


def test_an_order_in_a_division_that_is_not_linked_any_more_is_left_alone(division: Division) -> None:
    order = standing(division)
    administration, division.administration = order.administration, None
    division.save(update_fields=["administration"])
    DivisionFactory(administration=administration)

    row = settled(answer(order, FEWER))

    assert (row.state, row.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    assert "another division" in row.detail
    assert "another division" in withdrawing.hindrance(again(order))
