"""A supplier confirms an order, with changes: they are shown, and exactly these are made in Exact once accepted."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.exact.client import Exact
from apps.exact.models import Division
from apps.orders import changing, confirming, delivering
from apps.orders.collecting import collect
from apps.orders.models import Kind, Outcome, PurchaseOrder, State, WaitsFor
from apps.posting.drain import Drained, drain
from apps.posting.models import Method, Posting, PostingState
from apps.sandbox import faults
from apps.sandbox.exact import order_acts, store
from tests.orders.confirmations import LINES, ORDERS, answer, changed_fields, in_exact, lines_of, put

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LATER = date(2026, 10, 6)
CHANGES: dict[int, dict[str, Any]] = {
    2: {"quantity": Decimal(15), "price": Decimal("12.75")},
    4: {"receipt_date": LATER},
}
SHOWN = [
    ("2", "quantity", "20", "15"),
    ("2", "price", "12.5", "12.75"),
    ("4", "date", "2026-09-29", "2026-10-06"),
]
# What Exact works out of a quantity and a price, and the totals of the order.
FOLLOWS = {
    "Quantity",
    "UnitPrice",
    "AmountFC",
    "AmountDC",
    "VATAmount",
    "AmountFCExclVat",
    "Discount",
    "Modified",
}


def again(row: PurchaseOrder) -> PurchaseOrder:
    """The document as it is stored now."""
    return PurchaseOrder.objects.select_related("about__posting", "posting").get(pk=row.pk)


def settled(row: PurchaseOrder) -> PurchaseOrder:
    """Settle an answer, and return it as it is then."""
    confirming.settle(again(row))
    return again(row)


def accepted(row: PurchaseOrder) -> PurchaseOrder:
    """Settle an answer and accept it as it is shown."""
    shown = settled(row)
    confirming.accept(shown, by="Els", version=shown.version)
    return again(row)


def deliver(division: Division) -> Drained:
    """Hand over what is accepted, write it, and take the results back."""
    return delivering.deliver(division, at_once=True)


def shown(row: PurchaseOrder) -> list[tuple[str, ...]]:
    """The differences as they are kept."""
    return [tuple(one[name] for name in ("line", "field", "ordered", "confirmed")) for one in row.differences]


def test_exactly_what_differs_is_shown_and_exactly_that_is_changed(bakery: Division) -> None:
    order = put(bakery)
    response = settled(answer(order, CHANGES))
    before = in_exact(order)

    assert (response.state, shown(response)) == (State.PROPOSED, SHOWN)
    assert changed_fields(before, in_exact(order)) == set()

    confirming.accept(response, by="Els", version=response.version)
    assert (again(response).state, again(response).waits_for) == (State.READY, WaitsFor.HOLD_BACK)
    deliver(bakery)

    after = in_exact(order)
    asked = {pair for pair in changed_fields(before, after) if pair[1] not in FOLLOWS}
    assert asked == {("2", "QuantityInPurchaseUnits"), ("2", "NetPrice"), ("4", "ReceiptDate")}
    assert {number for number, _name in changed_fields(before, after)} <= {"0", "2", "4"}
    assert (after["2"]["QuantityInPurchaseUnits"], after["2"]["NetPrice"]) == (15.0, 12.75)
    assert after["4"]["ReceiptDate"][:10] == "2026-10-06"
    done = again(response)
    assert (done.state, done.outcome, done.exact_number) == (State.DONE, Outcome.CHANGED, order.exact_number)


def test_the_order_here_is_as_in_exact_afterwards_and_both_tell_it(bakery: Division) -> None:
    order = put(bakery)
    response = accepted(answer(order, CHANGES))
    deliver(bakery)

    lines = lines_of(order)
    assert (lines[2].ordered, lines[2].ordered_price) == (15, Decimal("12.75"))
    assert lines[4].receipt_date == LATER
    assert (
        again(response).posting is not None and again(response).posting.calls.filter(verb="PUT").count() == 2
    )
    assert "line 2: quantity 20 → 15" in again(order).events.latest("pk").why
    assert again(response).events.latest("pk").to_state == State.DONE
    assert shown(settled(answer(order, CHANGES))) == []


def test_a_confirmation_without_differences_is_done_at_once(bakery: Division) -> None:
    order = put(bakery)
    before = in_exact(order)

    response = settled(answer(order, response_code="AP"))

    assert (response.state, response.outcome) == (State.DONE, Outcome.CONFIRMED)
    assert "no differences" in again(order).events.latest("pk").why
    assert deliver(bakery).done == 0
    assert changed_fields(before, in_exact(order)) == set()


def test_run_twice_it_is_changed_once(bakery: Division, count_calls: Any) -> None:
    order = put(bakery)
    accepted(answer(order, CHANGES))

    deliver(bakery)
    deliver(bakery)

    assert count_calls(method="PUT") == 2
    assert Posting.objects.filter(method=Method.ORDER_CHANGE).count() == 1


@pytest.mark.parametrize(
    "fault", ["error_before_commit", "error_after_commit", "dropped_before", "dropped_answer"]
)
def test_a_lost_answer_to_a_change_ends_the_same(bakery: Division, fault: str) -> None:
    order = put(bakery)
    response = accepted(answer(order, CHANGES))
    faults.arm(fault, path=LINES, method="PUT")

    for _round in range(4):
        Posting.objects.open().update(next_attempt_at=again(order).done_at)
        deliver(bakery)

    after_all = in_exact(order)
    assert again(response).state == State.DONE
    assert after_all["2"]["QuantityInPurchaseUnits"] == 15.0
    assert after_all["4"]["ReceiptDate"][:10] == "2026-10-06"


def test_what_somebody_changed_in_exact_meanwhile_is_not_written_over(bakery: Division) -> None:
    order = put(bakery)
    response = accepted(answer(order, CHANGES))
    line = lines_of(order)[2]
    key = next(one["ID"] for number, one in in_exact(order).items() if number == "2")
    Exact(bakery).put(LINES, key, {"QuantityInPurchaseUnits": 18.0})
    before = in_exact(order)

    deliver(bakery)

    assert changed_fields(before, in_exact(order)) == set()
    waiting = settled(response)
    assert (waiting.state, shown(waiting)[0]) == (State.PROPOSED, ("2", "quantity", "18", "15"))
    assert "quantity 20 → 18" in " ".join(again(order).events.values_list("why", flat=True))
    assert line.ordered == 20

    confirming.accept(waiting, by="Els", version=waiting.version)
    deliver(bakery)
    assert in_exact(order)["2"]["QuantityInPurchaseUnits"] == 15.0
    assert again(order).noticed == []


def test_what_somebody_changes_between_the_look_and_the_write_is_refused_in_words(bakery: Division) -> None:
    order = put(bakery)
    response = accepted(answer(order, CHANGES))
    changing.submit(again(response), bakery)
    key = in_exact(order)["4"]["ID"]
    Exact(bakery).put(LINES, key, {"ReceiptDate": "2026-12-24"})

    drain(bakery, at_once=True)
    collect(bakery)

    refused = again(response)
    assert refused.state == State.ATTENTION
    assert "line 4" in refused.detail
    assert in_exact(order)["4"]["ReceiptDate"][:10] == "2026-12-24"
    assert lines_of(order)[2].ordered == 15  # that line was written before the refusal
    assert [one[:2] for one in shown(settled(refused))] == [("4", "date")]


def test_a_cancelled_order_takes_no_changes(bakery: Division) -> None:
    order = put(bakery)
    response = accepted(answer(order, CHANGES))
    order_acts.cancel(store.rows(ORDERS, bakery.code).get(key=str(again(order).posting.exact_id)))
    before = in_exact(order)

    deliver(bakery)

    waiting = settled(response)
    assert (waiting.state, waiting.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    assert "cancelled" in waiting.detail
    assert changed_fields(before, in_exact(order)) == set()
    confirming.seen(waiting, by="Els", version=waiting.version)
    assert again(response).outcome == Outcome.BY_HAND


def test_a_second_version_shows_what_was_removed_and_added(bakery: Division) -> None:
    order = put(bakery)
    second = answer(order, {2: {"quantity": Decimal(15)}}, kind=Kind.CHANGE, left_out=(5,), response_code="")

    second = settled(second)

    assert [one[:2] for one in shown(second)] == [("2", "quantity"), ("5", "removed")]
    accepted_one = accepted(second)
    deliver(bakery)
    assert accepted_one.pk and again(second).outcome == Outcome.CHANGED
    assert "line 5: removed" in again(second).to_correct
    assert len(in_exact(order)) == 6


def test_a_later_day_of_the_whole_order_goes_to_head_and_lines(bakery: Division) -> None:
    order = put(bakery, 2)
    response = answer(order, {1: {"receipt_date": LATER}, 2: {"receipt_date": LATER}}, receipt_date=LATER)
    accepted(response)
    deliver(bakery)

    assert {row["ReceiptDate"][:10] for row in in_exact(order).values()} == {"2026-10-06"}
    assert again(order).receipt_date == LATER


def test_an_acceptance_of_what_is_no_longer_shown_is_refused(bakery: Division) -> None:
    order = put(bakery)
    first, second = settled(answer(order, CHANGES)), settled(answer(order, CHANGES))
    confirming.accept(first, by="Els", version=first.version)
    deliver(bakery)

    with pytest.raises(Changed):
        confirming.accept(second, by="Els", version=second.version)
    assert again(second).outcome == Outcome.CONFIRMED


def test_the_answer_is_lost_to_no_refusal_of_the_look(bakery: Division) -> None:
    order = put(bakery)
    response = accepted(answer(order, CHANGES))
    faults.arm("error_before_commit", path=ORDERS, method="GET")

    deliver(bakery)
    assert again(response).state == State.READY
    deliver(bakery)

    assert again(response).state == State.DONE
    assert Posting.objects.get(method=Method.ORDER_CHANGE).state == PostingState.DONE
