"""An accepted answer becomes a posting only while its order is as the person saw it."""

from decimal import Decimal
from typing import Any

import pytest

from apps.clients.models import Mode
from apps.core.transitions import Changed
from apps.exact import mirror
from apps.exact.models import Connection, Division
from apps.orders import changing, confirming, reviewing
from apps.orders.change_plans import change_plan
from apps.orders.models import PurchaseOrder, State, WaitsFor
from apps.posting.models import Method, Posting
from apps.sandbox import faults, switches
from tests.clients.factories import AdministrationFactory
from tests.orders.confirmations import answer, in_exact, lines_of, put

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FEWER: dict[int, dict[str, Any]] = {2: {"quantity": Decimal(15)}}


@pytest.fixture
def buying(division: Division) -> Division:
    """A division that reads what orders need, linked to an administration."""
    mirror.sync(division)
    division.administration = AdministrationFactory(mode=Mode.AUTOMATIC)
    division.save(update_fields=["administration"])
    return division


@pytest.fixture
def order(buying: Division) -> PurchaseOrder:
    return put(buying, 2)


def again(row: PurchaseOrder) -> PurchaseOrder:
    return PurchaseOrder.objects.get(pk=row.pk)


def accepted(order: PurchaseOrder, changes: dict[int, dict[str, Any]] = FEWER) -> PurchaseOrder:
    """An answer that was settled and accepted."""
    row = answer(order, changes)
    confirming.settle(row)
    confirming.accept(row, by="Els", version=row.version)
    return again(row)


def test_it_is_handed_over_with_the_ids_of_its_lines(order: PurchaseOrder, buying: Division) -> None:
    row = accepted(order)

    posting = changing.submit(row, buying)

    assert posting is not None and posting.method == Method.ORDER_CHANGE
    assert [step["changes"] for step in posting.plan["steps"]] == [in_exact(order)["2"]["ID"]]
    assert str(lines_of(order)[2].exact_line) == in_exact(order)["2"]["ID"]
    assert (again(row).state, again(row).posting) == (State.POSTING, posting)


def test_it_asks_exact_twice_and_writes_nothing(
    order: PurchaseOrder, buying: Division, count_calls: Any
) -> None:
    changing.submit(accepted(order), buying)

    assert (count_calls(method="GET"), count_calls(method="PUT")) == (2, 0)


def test_a_second_process_hands_nothing_over(order: PurchaseOrder, buying: Division) -> None:
    row = accepted(order)
    same = again(row)
    changing.submit(row, buying)

    assert changing.submit(same, buying) is None
    assert Posting.objects.filter(method=Method.ORDER_CHANGE).count() == 1


@pytest.mark.parametrize("what", ["changed", "cancelled", "deleted"])
def test_what_became_of_the_order_meanwhile_sends_it_back(
    order: PurchaseOrder, buying: Division, what: str
) -> None:
    row = accepted(order)
    assert order.posting is not None
    key = str(order.posting.exact_id)
    if what == "changed":
        switches.change_order_line(buying.code, in_exact(order)["2"]["ID"], QuantityInPurchaseUnits=18.0)
    elif what == "cancelled":
        switches.cancel_order(buying.code, key)
    else:
        switches.delete("purchaseorder/PurchaseOrders", buying.code, key)

    assert changing.submit(row, buying) is None
    assert (again(row).state, again(row).accepted_by) == (State.RECEIVED, None)
    assert again(order).is_news


def test_without_an_answer_it_waits_for_the_clock(order: PurchaseOrder, buying: Division) -> None:
    row = accepted(order)
    faults.arm("error_before_commit", method="GET", path="purchaseorder/PurchaseOrders")

    assert changing.submit(row, buying) is None
    waiting = again(row)
    assert (waiting.state, waiting.waits_for) == (State.READY, WaitsFor.CLOCK)
    assert waiting.waits_until is not None


def test_the_answer_of_a_person_meanwhile_goes_first(order: PurchaseOrder, buying: Division) -> None:
    row = accepted(order)
    PurchaseOrder.objects.filter(pk=row.pk).update(version=row.version + 1)

    assert changing.submit(row, buying) is None
    assert again(row).state == State.READY


def test_an_answer_whose_order_left_exact_is_compared_again(order: PurchaseOrder, buying: Division) -> None:
    row = accepted(order)
    PurchaseOrder.objects.filter(pk=order.pk).update(state=State.IGNORED, outcome="", done_at=None)

    assert changing.submit(row, buying) is None
    assert again(row).state == State.RECEIVED


def test_without_a_connection_it_waits_for_that(order: PurchaseOrder, buying: Division) -> None:
    row = accepted(order)
    Connection.objects.update(status="dead")
    switches.withdraw_consent()

    assert (
        changing.submit(row, Division.objects.select_related("app", "connection").get(pk=buying.pk)) is None
    )
    assert again(row).waits_for in (WaitsFor.CONNECTION, WaitsFor.CLOCK)


def test_an_order_is_not_taken_back_while_it_is_changed(order: PurchaseOrder, buying: Division) -> None:
    changing.submit(accepted(order), buying)

    with pytest.raises(Changed, match="on its way"):
        reviewing.undo(again(order), by="Els")

    assert (again(order).state, again(order).removal) == (State.DONE, None)


def test_an_order_that_is_taken_back_is_not_changed(
    order: PurchaseOrder, buying: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = accepted(order)

    def taken_back_meanwhile(*args: Any, **how: Any) -> Any:
        reviewing.undo(again(order), by="Els")
        return change_plan(*args, **how)

    monkeypatch.setattr(changing, "change_plan", taken_back_meanwhile)

    assert changing.submit(row, buying) is None
    assert (again(row).state, again(order).state) == (State.READY, State.POSTING)
