"""Changing an order in Exact: exactly what is asked, never over what somebody changed there meanwhile."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.core.causes import Cause
from apps.core.http import OutcomeUnknown, Temporary, Unauthorised
from apps.posting.drain import drain
from apps.posting.lookup import Unsettled
from apps.posting.models import Posting, PostingState
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import order_acts, store
from tests.posting.buying import LINES, ORDERS, Buyer, carry, make_buyer
from tests.posting.conftest import Desk, again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

UNCLEAR = ("error_before_commit", "error_after_commit", "dropped_before", "dropped_answer")
GONE = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def buyer(desk: Desk) -> Buyer:
    return make_buyer(desk.division)


def line_step(buyer: Buyer, order: str, number: int = 1, **payload: Any) -> dict[str, Any]:
    """A step that changes a line of `order`, whose quantity and price we know as 10."""
    lines = store.children(LINES, buyer.division.code, order)
    key = next(row.key for row in lines if row.data["LineNumber"] == number)
    before = {name: 10.0 for name in payload if name in ("QuantityInPurchaseUnits", "NetPrice")}
    return {
        "name": f"line {number}",
        "line": number,
        "resource": LINES,
        "changes": key,
        "payload": payload,
        "before": before,
    }


def header_step(order: str, before: str = "2026-09-15", after: str = "2026-10-20") -> dict[str, Any]:
    return {
        "name": "header",
        "resource": ORDERS,
        "changes": order,
        "payload": {"ReceiptDate": after},
        "before": {"ReceiptDate": before},
    }


@pytest.fixture
def order(buyer: Buyer) -> str:
    """An order of ours of two lines."""
    (line,) = buyer.order()["PurchaseOrderLines"]
    return str(carry(buyer.posting(PurchaseOrderLines=[line, line])).exact_id)


def lines(buyer: Buyer, order: str) -> list[tuple[float, float]]:
    rows = sorted(store.children(LINES, buyer.division.code, order), key=lambda row: row.data["LineNumber"])
    return [(row.data["QuantityInPurchaseUnits"], row.data["NetPrice"]) for row in rows]


def puts(posting: Posting) -> list[tuple[Any, ...]]:
    return list(posting.calls.filter(verb="PUT").order_by("pk").values_list("step", "resource", "status"))


def test_exactly_what_is_asked_is_changed(buyer: Buyer, order: str) -> None:
    steps = [line_step(buyer, order, 2, QuantityInPurchaseUnits=7.0, NetPrice=9.5), header_step(order)]
    done = carry(buyer.change(*steps))
    assert (done.state, done.exact_id) == (PostingState.DONE, None)
    assert lines(buyer, order) == [(10, 10), (7, 9.5)]
    row = store.find(ORDERS, buyer.division.code, order)
    assert row
    assert row.data["ReceiptDate"][:10] == "2026-10-20"
    assert puts(done) == [("line 2", LINES, 204), ("header", ORDERS, 204)]


def test_what_stands_there_already_is_not_written(buyer: Buyer, order: str) -> None:
    step = line_step(buyer, order, QuantityInPurchaseUnits=7.0)
    buyer.exact.put(LINES, UUID(step["changes"]), {"QuantityInPurchaseUnits": 7})
    done = carry(buyer.change(step))
    assert (done.state, puts(done)) == (PostingState.DONE, [])


@pytest.mark.parametrize("path", [LINES, ORDERS])
@pytest.mark.parametrize("kind", UNCLEAR)
def test_whatever_answer_is_lost_the_change_is_made_once(
    buyer: Buyer, order: str, kind: str, path: str
) -> None:
    posting = buyer.change(line_step(buyer, order, QuantityInPurchaseUnits=7.0), header_step(order))
    faults.arm(kind, method="PUT", path=path)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    assert again(posting).steps["line 1" if path == LINES else "header"]["state"] == "changing"
    assert carry(posting).state == PostingState.DONE
    assert lines(buyer, order) == [(7, 10), (10, 10)]
    is_repeated = kind in ("error_before_commit", "dropped_before")
    assert len(puts(again(posting))) == 2 + is_repeated


def test_what_somebody_changed_meanwhile_is_not_written_over(buyer: Buyer, order: str) -> None:
    step = line_step(buyer, order, 2, QuantityInPurchaseUnits=8.0, NetPrice=9.0)
    buyer.exact.put(LINES, UUID(step["changes"]), {"QuantityInPurchaseUnits": 7})
    refused = carry(buyer.change(step, header_step(order)))
    assert (refused.state, refused.cause) == (PostingState.REFUSED, Cause.REJECTED_BY_EXACT)
    assert refused.words == (
        "Somebody changed line 2 in Exact meanwhile: the quantity is 7 there. Compare again."
    )
    assert (lines(buyer, order)[1], puts(refused)) == ((7, 10), [])


def test_what_somebody_changed_to_the_same_is_no_conflict(buyer: Buyer, order: str) -> None:
    step = line_step(buyer, order, QuantityInPurchaseUnits=8.0, NetPrice=9.0)
    buyer.exact.put(LINES, UUID(step["changes"]), {"QuantityInPurchaseUnits": 8})
    assert carry(buyer.change(step)).state == PostingState.DONE
    assert lines(buyer, order)[0] == (8, 9)


def test_a_condition_is_looked_at_as_well(buyer: Buyer, order: str) -> None:
    step = header_step(order)
    step["before"] |= {"OrderStatus": 10}
    row = store.find(ORDERS, buyer.division.code, order)
    assert row
    order_acts.cancel(row)
    refused = carry(buyer.change(step))
    assert refused.words.startswith(
        "Somebody changed the order in Exact meanwhile: the state of the order is 40"
    )


@pytest.mark.parametrize("name", ["line", "order"])
def test_what_is_gone_is_told(buyer: Buyer, order: str, name: str) -> None:
    step = line_step(buyer, order, NetPrice=9.0) if name == "line" else header_step(order)
    refused = carry(buyer.change({**step, "changes": GONE}))
    assert refused.state == PostingState.REFUSED
    assert refused.words == f"In Exact {'line 1' if name == 'line' else 'the order'} is gone. Compare again."


def test_what_goes_between_look_and_write_is_told_too(buyer: Buyer, order: str) -> None:
    faults.arm("error_before_commit", method="PUT", path=LINES, status=404)
    refused = carry(buyer.change(line_step(buyer, order, NetPrice=9.0)))
    assert refused.words == "In Exact line 1 is gone. Compare again."


def test_what_exact_refuses_comes_with_its_words_and_the_rest_is_not_written(
    buyer: Buyer, order: str
) -> None:
    switches.speak("en")
    steps = [line_step(buyer, order, VATCode="ZZZ"), header_step(order)]
    refused = carry(buyer.change(*steps))
    assert (refused.state, refused.cause) == (PostingState.REFUSED, Cause.NO_VAT_CODE)
    assert "header" not in refused.steps


def test_words_that_we_do_not_know_become_a_refusal(buyer: Buyer, order: str) -> None:
    posting = buyer.change(line_step(buyer, order, NetPrice=9.0))
    posting.keep("line 1", state="changing", said="Something new")
    refused = carry(posting)
    assert (refused.state, refused.words) == (PostingState.REFUSED, "Something new")
    assert lines(buyer, order)[0] == (10, 10)


def test_a_look_that_is_refused_says_nothing_about_what_was_sent(buyer: Buyer, order: str) -> None:
    posting = buyer.change(line_step(buyer, order, NetPrice=9.0))
    faults.arm("dropped_answer", method="PUT", path=LINES)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    faults.arm("error_before_commit", method="GET", path=LINES, status=400)
    with pytest.raises(Unsettled):
        carry(posting)
    assert carry(posting).state == PostingState.DONE


def test_a_look_that_is_refused_at_first_refuses_the_change(buyer: Buyer, order: str) -> None:
    faults.arm("error_before_commit", method="GET", path=LINES, status=400)
    refused = carry(buyer.change(line_step(buyer, order, NetPrice=9.0)))
    assert (refused.state, puts(refused)) == (PostingState.REFUSED, [])


@pytest.mark.parametrize("verb", ["GET", "PUT"])
def test_who_may_not_change_orders_is_told(buyer: Buyer, order: str, verb: str) -> None:
    faults.arm("forbidden", method=verb, path=LINES)
    refused = carry(buyer.change(line_step(buyer, order, NetPrice=9.0)))
    assert (refused.state, lines(buyer, order)[0]) == (PostingState.REFUSED, (10, 10))
    assert "purchase orders" in refused.words


@pytest.mark.parametrize(("kind", "error"), [("too_many", Temporary), ("forbidden", Unauthorised)])
def test_what_stops_the_division_leaves_nothing_to_look_for(
    buyer: Buyer, order: str, kind: str, error: type[Exception]
) -> None:
    posting = buyer.change(line_step(buyer, order, NetPrice=9.0))
    faults.arm(kind, method="PUT", path=LINES, reason="BlockedUser" if kind == "forbidden" else "")
    with pytest.raises(error):
        carry(posting)
    assert again(posting).steps["line 1"]["state"] == "unsent"


def test_a_change_without_an_answer_is_looked_for_at_the_next_drain(buyer: Buyer, order: str) -> None:
    posting = buyer.change(line_step(buyer, order, NetPrice=9.0))
    faults.arm("dropped_answer", method="PUT", path=LINES)
    assert drain(buyer.division).unclear == 1
    time.advance(timedelta(hours=2))
    assert drain(buyer.division).done == 1
    assert len(puts(again(posting))) == 1


@pytest.mark.parametrize("ends", [order_acts.cancel, order_acts.complete, None])
def test_what_is_written_a_while_after_is_only_written_while_the_order_is_open(
    buyer: Buyer, order: str, ends: Any
) -> None:
    posting = buyer.change(line_step(buyer, order, QuantityInPurchaseUnits=7.0))
    ended = {"OrderStatus": [30, 40], "ReceiptStatus": [30]}
    posting.plan |= {"while_open": {"resource": ORDERS, "id": order, "ended": ended}}
    posting.created_at -= timedelta(hours=3)
    posting.save(update_fields=["plan", "created_at"])
    if ends is not None:
        row = store.find(ORDERS, buyer.division.code, order)
        assert row
        ends(row)
    done = carry(posting)
    assert done.state == (PostingState.DONE if ends is None else PostingState.REFUSED)
    assert len(puts(done)) == (ends is None)
    assert ("complete, cancelled or gone" in done.words) == (ends is not None)
