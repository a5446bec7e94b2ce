"""Ready orders become postings, and what became of those comes back to the orders."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.clients.models import Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import ConnectionStatus, Item, Relation, VATCode
from apps.orders import plans
from apps.orders.collecting import collect
from apps.orders.delivering import deliver, hand_over, plan_of, resume, submit
from apps.orders.due import divisions_due, divisions_with_work, ready_in
from apps.orders.holding import hold
from apps.orders.models import Kind, Outcome, PurchaseOrder, Standing, State, WaitsFor
from apps.orders.reviewing import undo
from apps.orders.withdrawing import withdraw
from apps.posting.models import Method, Posting, PostingState
from tests.items.factories import ItemMappingFactory
from tests.orders.buying import Buying, again, make_buying
from tests.orders.factories import PurchaseOrderFactory
from tests.people.factories import UserFactory
from tests.posting.factories import HaltFactory, PostingFactory
from tests.rules.factories import BookingRuleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buying(db: None) -> Buying:
    made = make_buying()
    made.ordered_before()
    return made


def sent(buying: Buying) -> PurchaseOrder:
    """An order that was handed to the outbox."""
    order = buying.coded()
    assert submit(order, buying.division)
    return again(order)


def outbox(order: PurchaseOrder) -> Posting:
    assert order.posting
    return order.posting


def test_a_ready_order_becomes_a_posting_with_its_plan(buying: Buying) -> None:
    order = sent(buying)
    posting = outbox(order)
    assert order.state == State.POSTING
    assert (posting.state, posting.method, posting.due_date) == (
        PostingState.WAITING,
        Method.ORDER,
        order.receipt_date,
    )
    assert posting.plan == plan_of(order, buying.division, posting.reference)


def test_what_somebody_else_submitted_or_took_back_makes_no_second_posting(buying: Buying) -> None:
    order = buying.coded()
    stale, other = again(order), again(order)
    assert submit(order, buying.division)
    assert submit(stale, buying.division) is None
    second = buying.coded()
    other = again(second)
    undo(second, by=UserFactory())
    assert submit(other, buying.division) is None
    assert Posting.objects.filter(state=PostingState.WAITING).count() == 1


@pytest.mark.parametrize("gone", [Relation, Item, VATCode])
def test_what_exact_has_no_more_is_coded_anew_before_it_is_sent(buying: Buying, gone: Any) -> None:
    order = buying.coded()
    gone.objects.all().delete()
    assert submit(order, buying.division) is None
    assert again(order).state == State.ATTENTION


def test_a_rule_that_forbids_it_since_holds_it(buying: Buying) -> None:
    order = buying.coded()
    BookingRuleFactory(
        seller_item="T-12", never_automatic=True, changed_at=clock.now() + timedelta(seconds=1)
    )
    assert submit(order, buying.division) is None
    assert again(order).state == State.PROPOSED


def test_a_posting_that_was_refused_is_used_again(buying: Buying) -> None:
    order = sent(buying)
    posting = outbox(order)
    posting.keep("document", state="done", id="d")
    posting.refuse(cause=Cause.REJECTED_BY_EXACT, words="Artikel: ongeldig")
    collect(buying.division)
    order = again(order)
    assert (order.state, order.cause, order.detail) == (
        State.ATTENTION,
        Cause.REJECTED_BY_EXACT,
        "Artikel: ongeldig",
    )
    PurchaseOrder.objects.filter(pk=order.pk).update(state=State.READY, cause="", detail="")
    assert submit(again(order), buying.division) == posting
    again_posting = Posting.objects.get(pk=posting.pk)
    assert (again_posting.state, again_posting.steps["document"]["state"]) == (PostingState.WAITING, "done")


def test_for_another_supplier_the_document_made_before_goes(buying: Buying) -> None:
    order = sent(buying)
    posting = outbox(order)
    posting.keep("document", state="done", id="d")
    posting.plan["look"]["supplier"] = str(uuid4())
    posting.save(update_fields=["plan"])
    posting.refuse(cause=Cause.REJECTED_BY_EXACT, words="no")
    PurchaseOrder.objects.filter(pk=order.pk).update(state=State.READY)
    assert submit(again(order), buying.division)
    assert Posting.objects.get(pk=posting.pk).plan["steps"][0]["removes"] == "d"


@pytest.mark.parametrize(("state", "is_looked_for"), [("started", True), ("unsent", False)])
def test_what_may_be_in_exact_under_an_earlier_supplier_is_looked_for_there(
    buying: Buying, state: str, is_looked_for: bool
) -> None:
    order = sent(buying)
    posting = outbox(order)
    earlier = str(uuid4())
    posting.keep("order", state=state)
    posting.plan["look"]["supplier"] = earlier
    posting.save(update_fields=["plan"])
    posting.refuse(cause=Cause.OUTCOME_UNCERTAIN, words="no answer")
    PurchaseOrder.objects.filter(pk=order.pk).update(state=State.READY)
    assert submit(again(order), buying.division)
    look = Posting.objects.get(pk=posting.pk).plan["look"]
    assert look["supplier"] == str(order.supplier)
    assert look["earlier_suppliers"] == ([earlier] if is_looked_for else [])


def test_a_posting_of_a_trial_in_another_division_is_left_there(buying: Buying) -> None:
    order = sent(buying)
    posting = outbox(order)
    posting.refuse(cause=Cause.REJECTED_BY_EXACT, words="no")
    Posting.objects.filter(pk=posting.pk).update(division=make_buying().division)
    PurchaseOrder.objects.filter(pk=order.pk).update(state=State.READY)
    made = submit(again(order), buying.division)
    assert made
    assert (made.pk == posting.pk, made.reference == posting.reference) == (False, False)
    assert again(order).posting == made


def test_a_fault_of_ours_does_not_stop_those_behind_it(
    buying: Buying, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = buying.coded(), buying.coded()
    PurchaseOrder.objects.update(waits_until=None)
    known = plans.order_plan

    def broken(order: PurchaseOrder, *rest: Any) -> dict[str, Any]:
        if order.pk == first.pk:
            raise ZeroDivisionError
        return known(order, *rest)

    monkeypatch.setattr(plans, "order_plan", broken)
    hand_over(buying.division, False, lambda: None)
    assert (again(first).state, again(first).cause) == (State.ATTENTION, Cause.UNREADABLE)
    assert again(second).state == State.POSTING


# taking the results back


def test_an_order_that_was_made_has_its_number_and_link(buying: Buying) -> None:
    order = sent(buying)
    outbox(order).finish(exact_id=str(uuid4()), number="26000042", url="https://x", adopted=False)
    collect(buying.division)
    order = again(order)
    assert (order.state, order.outcome, order.standing) == (State.DONE, Outcome.ORDERED, Standing.OPEN)
    assert (order.exact_number, order.exact_url) == ("26000042", "https://x")
    assert order.done_at
    assert "ordered as 26000042" in order.events.latest("pk").why


def test_an_order_that_was_there_says_so(buying: Buying) -> None:
    order = sent(buying)
    outbox(order).finish(exact_id=str(uuid4()), number="26000042", url="", adopted=True)
    collect(buying.division)
    assert "already in Exact" in again(order).events.latest("pk").why


def test_an_order_of_unknown_outcome_is_uncertain(buying: Buying) -> None:
    order = sent(buying)
    outbox(order).put_off(until=clock.now(), words="no answer", state=PostingState.UNCLEAR)
    collect(buying.division)
    assert (again(order).state, again(order).cause) == (State.UNCERTAIN, Cause.OUTCOME_UNCERTAIN)


def test_a_change_ends_as_changed(buying: Buying) -> None:
    posting = PostingFactory(
        division=buying.division, method=Method.ORDER_CHANGE, state=PostingState.DONE, finished_at=clock.now()
    )
    earlier = buying.ordered_before()
    PurchaseOrder.objects.filter(pk=earlier.pk).update(exact_number="26000001")
    answer = PurchaseOrderFactory(
        administration=buying.administration,
        kind=Kind.RESPONSE,
        state=State.POSTING,
        posting=posting,
        about=earlier,
    )
    collect(buying.division)
    assert (again(answer).outcome, again(answer).exact_number) == (Outcome.CHANGED, "26000001")


@pytest.mark.parametrize(
    ("order_state", "document_state", "ends"),
    [("done", "done", State.PROPOSED), ("done", "left", State.PROPOSED), ("refused", "", State.DONE)],
)
def test_a_removal_ends_in_the_queue_or_where_it_was(
    buying: Buying, order_state: str, document_state: str, ends: str
) -> None:
    order = again(buying.ordered_before())
    withdraw(order, by="a person")
    removal = again(order).removal
    assert removal
    removal.steps = {"order": {"state": order_state}, "document": {"state": document_state}}
    removal.save(update_fields=["steps"])
    if order_state == "refused":
        removal.refuse(cause=Cause.REJECTED_BY_EXACT, words="Something of it was received.")
    else:
        removal.finish(exact_id=None, number="", url="", adopted=False)
    collect(buying.division)
    order = again(order)
    assert (order.state, order.removal) == (ends, None)
    if ends == State.DONE:
        assert order.outcome == Outcome.ORDERED
        assert "received" in order.events.latest("pk").why


# what is due


def test_the_minutes_for_undo_are_waited_for(buying: Buying) -> None:
    order = buying.coded()
    assert list(ready_in(buying.division, at_once=True)) == [order]
    assert not ready_in(buying.division, at_once=False)
    assert divisions_due() == []
    assert divisions_with_work() == [buying.division]
    PurchaseOrder.objects.filter(pk=order.pk).update(waits_until=clock.now())
    assert list(ready_in(buying.division, at_once=False)) == [order]


def test_nothing_goes_out_on_pilot_or_on_what_was_taken_back(buying: Buying) -> None:
    order = buying.coded()
    mapping = ItemMappingFactory(forgotten_at=clock.now())
    order.lines.update(item_mapping=mapping)
    assert not ready_in(buying.division, at_once=True)
    order.lines.update(item_mapping=None)
    assert ready_in(buying.division, at_once=True)
    buying.administration.mode = Mode.PILOT
    buying.administration.save(update_fields=["mode"])
    assert not ready_in(buying.division, at_once=True)


def test_finished_postings_and_open_ones_make_a_division_due(buying: Buying) -> None:
    order = sent(buying)
    assert divisions_due() == [buying.division.pk]
    outbox(order).finish(exact_id=str(uuid4()), number="1", url="", adopted=False)
    assert divisions_due() == [buying.division.pk]
    collect(buying.division)
    assert divisions_due() == []


def test_postings_of_invoices_are_not_our_business(buying: Buying) -> None:
    PostingFactory(division=buying.division, method=Method.ENTRY)
    assert divisions_due() == []


def test_without_a_connection_everything_waits_and_goes_on_when_it_is_mended(buying: Buying) -> None:
    order = buying.coded()
    connection = buying.division.connection
    assert connection
    connection.status = ConnectionStatus.LOST
    connection.save(update_fields=["status"])
    buying.division.refresh_from_db()
    assert deliver(buying.division).stopped
    assert again(order).waits_for == WaitsFor.CONNECTION
    assert resume(connection.pk) == [buying.division]
    assert again(order).waits_for == ""


# standing still


def test_a_paused_administration_gets_back_what_was_not_begun(buying: Buying) -> None:
    order = sent(buying)
    buying.administration.pause(by=UserFactory())
    assert hold(buying.division)
    order = again(order)
    assert (order.state, order.waits_for, order.posting) == (State.READY, WaitsFor.PAUSE, None)
    assert deliver(buying.division).stopped
    buying.administration.resume(by=UserFactory())
    assert hold(buying.division) == ""
    assert list(ready_in(buying.division, at_once=True)) == [order]


def test_what_was_begun_stays_on_its_way(buying: Buying) -> None:
    order = sent(buying)
    outbox(order).keep("document", state="started")
    HaltFactory(division=buying.division, halted_at=clock.now())
    assert hold(buying.division)
    assert again(order).state == State.POSTING
