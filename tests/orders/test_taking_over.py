"""What a change wrote is kept with the order, once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.clients.models import Mode
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.exact import mirror
from apps.exact.models import Division
from apps.orders import changing, confirming, taking_over
from apps.orders.models import Outcome, PurchaseOrder, State
from apps.posting.models import Posting, PostingState
from tests.clients.factories import AdministrationFactory
from tests.orders.confirmations import DAY, answer, lines_of, put

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


def test_a_refusal_keeps_what_was_written_before_it(order: PurchaseOrder, buying: Division) -> None:
    row = accepted(order, {1: {"quantity": Decimal(9)}, **FEWER})
    posting = changing.submit(row, buying)
    assert posting is not None
    posting.keep("line 1", state="done", id="1")
    posting.refuse(cause=Cause.REJECTED_BY_EXACT, words="No.")
    row = PurchaseOrder.objects.select_related("posting", "about").get(pk=row.pk)

    assert taking_over.settle(row)

    assert (again(row).state, again(row).detail) == (State.ATTENTION, "No.")
    lines = lines_of(order)
    assert (lines[1].ordered, lines[2].ordered) == (Decimal(9), Decimal(20))
    assert order.events.filter(why__contains="line 1").exists()


def test_the_result_is_taken_over_once(order: PurchaseOrder, buying: Division) -> None:
    row = accepted(order)
    posting = changing.submit(row, buying)
    assert posting is not None
    posting.keep("line 2", state="done", id="2")
    posting.finish(exact_id=None, number="", url="", adopted=False)
    first = PurchaseOrder.objects.select_related("posting", "about").get(pk=row.pk)
    second = PurchaseOrder.objects.select_related("posting", "about").get(pk=row.pk)

    assert taking_over.settle(first)
    with pytest.raises(Changed):
        taking_over.settle(second)

    assert (again(row).state, again(row).outcome) == (State.DONE, Outcome.CHANGED)
    assert again(order).events.filter(why__contains="line 2").count() == 1


def test_an_order_that_was_changed_is_known_by_what_it_comes_to_now(
    order: PurchaseOrder, buying: Division
) -> None:
    row = accepted(order)
    posting = changing.submit(row, buying)
    assert posting is not None
    posting.keep("line 2", state="done", id="2")
    posting.finish(exact_id=None, number="", url="", adopted=False)

    taking_over.settle(PurchaseOrder.objects.select_related("posting", "about").get(pk=row.pk))

    assert order.posting is not None
    look = Posting.objects.get(pk=order.posting.pk).plan["look"]
    assert look["amount"] == "378.13"  # (10 + 15) x 12.50, and 21 % of each line


def test_what_is_no_change_is_not_settled_here(order: PurchaseOrder) -> None:
    row = PurchaseOrder.objects.select_related("posting").get(pk=order.pk)

    assert order.posting is not None and order.posting.state == PostingState.DONE
    assert not taking_over.settle(row)


def test_lines_without_a_day_of_their_own_keep_the_one_they_were_sent_with(
    order: PurchaseOrder, buying: Division
) -> None:
    later = date(2026, 10, 6)
    order.lines.filter(position=2).update(receipt_date=None)
    row = answer(order, {1: {"receipt_date": later}}, left_out=(2,), receipt_date=later)
    confirming.settle(row)
    confirming.accept(row, by="Els", version=row.version)
    posting = changing.submit(again(row), buying)
    assert posting is not None
    for step in posting.plan["steps"]:
        posting.keep(step["name"], state="done", id=step["changes"])
    posting.finish(exact_id=None, number="", url="", adopted=False)

    taking_over.settle(PurchaseOrder.objects.select_related("posting", "about").get(pk=row.pk))

    assert again(order).receipt_date == later
    assert [lines_of(order)[number].receipt_date for number in (1, 2)] == [later, DAY]
    assert [lines_of(order)[number].receipt_date_source for number in (1, 2)] == ["person", ""]


def test_what_a_person_has_to_do_is_left_to_be_corrected(order: PurchaseOrder, buying: Division) -> None:
    row = accepted(order, {1: {"status": "7"}, **FEWER})
    posting = changing.submit(row, buying)
    assert posting is not None
    posting.keep("line 2", state="done", id="2")
    posting.finish(exact_id=None, number="", url="", adopted=False)

    taking_over.settle(PurchaseOrder.objects.select_related("posting", "about").get(pk=row.pk))

    assert again(row).to_correct == "line 1: rejected 10"
