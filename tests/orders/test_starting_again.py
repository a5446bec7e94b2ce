"""After a trial in a test division its orders start again in the real one."""

from uuid import uuid4

import pytest

from apps.clients.models import Mode
from apps.core import clock
from apps.exact.models import Division, GLAccount, Unit, VATCode
from apps.orders import tasks
from apps.orders.models import Kind, Outcome, PurchaseOrder, State, WaitsFor
from apps.orders.processing import process
from apps.orders.starting_again import start_again
from apps.posting.models import Method, PostingState
from tests.exact.factories import DivisionFactory, SyncStateFactory
from tests.orders.buying import Buying, again, line_of, make_buying
from tests.orders.factories import PurchaseOrderFactory
from tests.posting.factories import PostingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buying(db: None) -> Buying:
    return make_buying()


def ordered(buying: Buying, state: str = State.DONE) -> PurchaseOrder:
    """Return an order that was coded and made, or is on its way, in the division of now."""
    order = buying.coded()
    is_done = state == State.DONE
    order.posting = PostingFactory(
        division=buying.division,
        method=Method.ORDER,
        state=PostingState.DONE if is_done else PostingState.WAITING,
        finished_at=clock.now() if is_done else None,
        exact_id=uuid4(),
    )
    order.state, order.waits_for, order.proposed_because = state, "", ""
    if is_done:
        order.outcome, order.done_at, order.exact_number = Outcome.ORDERED, clock.now(), "26000077"
    order.save()
    order.lines.update(exact_line=uuid4())
    return order


def leave(buying: Buying, *, is_read: bool = True) -> Division:
    """End the trial of the administration: its division was a test, and this is the real one, with the same cards."""
    test = buying.division
    test.is_test, test.administration = True, None
    test.save(update_fields=["is_test", "administration"])
    buying.administration.mode = Mode.PILOT
    buying.administration.save(update_fields=["mode"])
    real: Division = DivisionFactory(administration=buying.administration)
    for row in (buying.supplier, buying.item, buying.offer):
        type(row).objects.filter(pk=row.pk).update(division=real)
    if is_read:
        SyncStateFactory(division=real, resource="relations", synced_at=clock.now())
    return real


def test_what_was_ordered_in_the_test_division_starts_again(buying: Buying) -> None:
    order = ordered(buying)
    assert start_again(buying.division) == 0  # in the middle of the trial
    real = leave(buying)
    assert start_again(real) == 1
    fresh = again(order)
    assert (fresh.state, fresh.outcome, fresh.posting, fresh.exact_number) == (State.RECEIVED, "", None, "")
    assert (line_of(fresh).item, line_of(fresh).exact_line) == (None, None)
    assert "26000077" in fresh.events.latest("pk").why
    assert start_again(real) == 0


def test_nothing_is_sent_any_more_of_what_was_on_its_way(buying: Buying) -> None:
    order = ordered(buying, State.POSTING)
    assert start_again(leave(buying)) == 1
    assert order.posting
    order.posting.refresh_from_db()
    assert order.posting.state == PostingState.WITHDRAWN
    assert again(order).state == State.RECEIVED


def test_answers_wait_for_their_order_once_more(buying: Buying) -> None:
    order = ordered(buying)
    answer = PurchaseOrderFactory(
        administration=buying.administration,
        kind=Kind.RESPONSE,
        about=order,
        state=State.DONE,
        outcome=Outcome.CONFIRMED,
        done_at=clock.now(),
    )
    assert start_again(leave(buying)) == 2
    answer.refresh_from_db()
    assert (answer.state, answer.outcome, answer.about) == (State.RECEIVED, "", order)


def test_not_before_the_cards_of_the_real_division_were_read(buying: Buying) -> None:
    ordered(buying)
    assert start_again(leave(buying, is_read=False)) == 0


def test_what_was_ordered_in_real_books_stays_done(buying: Buying) -> None:
    order = ordered(buying)
    real = leave(buying)
    Division.objects.filter(pk=buying.division.pk).update(is_test=False)
    assert start_again(real) == 0
    assert again(order).state == State.DONE


def test_it_is_matched_in_the_real_division_and_waits_for_the_end_of_the_pilot(buying: Buying) -> None:
    order = ordered(buying)
    real = leave(buying)
    for model in (VATCode, GLAccount, Unit):
        model.objects.update(division=real)
    tasks.division_changed(real.pk)
    process()
    fresh = again(order)
    assert (fresh.state, fresh.waits_for) == (State.READY, WaitsFor.PILOT)
    assert fresh.supplier == buying.supplier.exact_id
