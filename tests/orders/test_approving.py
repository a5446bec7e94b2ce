"""Ceilings of firm and client hold for orders, too; above the higher one two people agree."""

from decimal import Decimal

import pytest

from apps.clients.models import Limits, Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.orders import acts, last_look, reviewing
from apps.orders.approving import approve
from apps.orders.models import PurchaseOrder, State, WaitsFor
from apps.orders.refused import Refused
from apps.people.models import User
from tests.clients.factories import ClientFactory, LimitsFactory
from tests.orders.buying import Buying, again, make_buying
from tests.orders.test_editing import edit
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buying(db: None) -> Buying:
    made = make_buying()
    made.ordered_before()
    return made


@pytest.fixture
def first(db: None) -> User:
    made: User = UserFactory()
    return made


@pytest.fixture
def second(db: None) -> User:
    made: User = UserFactory()
    return made


def agreed(order: PurchaseOrder, by: User) -> PurchaseOrder:
    reviewing.accept(order, by=by, version=order.version)
    return again(order)


def approved(order: PurchaseOrder, by: User) -> PurchaseOrder:
    approve(order, by=by, version=order.version)
    return again(order)


@pytest.mark.parametrize(("ceiling", "state"), [("363", State.READY), ("362.99", State.PROPOSED)])
def test_above_the_ceiling_nothing_goes_by_itself(buying: Buying, ceiling: str, state: str) -> None:
    LimitsFactory(automatic_up_to=Decimal(ceiling))  # 300.00 and 21 %
    LimitsFactory(client=ClientFactory(), automatic_up_to=Decimal(1))
    order = buying.coded()
    assert order.state == state
    assert ("by itself" in order.proposed_because) == (state == State.PROPOSED)


def test_what_is_in_another_currency_is_above_any_ceiling(buying: Buying) -> None:
    LimitsFactory(automatic_up_to=Decimal(1_000_000))
    order = buying.coded({"price": Decimal(1), "net": Decimal(2)}, net=Decimal(2), currency="USD")
    assert "by itself" in order.proposed_because


def test_above_the_amount_for_two_another_person_approves(buying: Buying, first: User, second: User) -> None:
    LimitsFactory(four_eyes_above=Decimal(200))
    order = buying.coded()
    assert order.state == State.PROPOSED
    order = agreed(order, first)
    assert (order.state, order.cause, order.accepted_by) == (State.ATTENTION, Cause.NEEDS_APPROVAL, first)
    assert acts.acts_for(order)[0].name == "approve"
    with pytest.raises(Refused, match="second person"):
        reviewing.order_anyway(order, by=first, version=order.version)
    with pytest.raises(Refused, match="second person"):
        approved(order, first)
    with pytest.raises(Changed):
        approve(order, by=second, version=order.version - 1)
    order = approved(order, second)
    assert (order.state, order.waits_for, order.accepted_by) == (State.READY, WaitsFor.HOLD_BACK, first)
    with pytest.raises(Refused, match="no second"):
        approved(order, second)


def test_up_to_that_amount_one_person_is_enough(buying: Buying, first: User) -> None:
    LimitsFactory(automatic_up_to=Decimal(100), four_eyes_above=Decimal(363))
    assert agreed(buying.coded(), first).state == State.READY


def test_who_edited_it_and_who_accepts_it_are_two(buying: Buying, first: User, second: User) -> None:
    LimitsFactory(four_eyes_above=Decimal(200))
    order = edit(buying.coded(), first, ordered=Decimal(3), ordered_price=Decimal(150))
    assert agreed(order, second).state == State.READY


def test_who_edited_and_accepted_it_is_one(buying: Buying, first: User, second: User) -> None:
    LimitsFactory(four_eyes_above=Decimal(200))
    order = agreed(edit(buying.coded(), first, ordered=Decimal(3), ordered_price=Decimal(150)), first)
    assert order.state == State.ATTENTION
    assert approved(order, second).state == State.READY


def test_what_came_in_the_way_since_is_told(buying: Buying, first: User, second: User) -> None:
    LimitsFactory(four_eyes_above=Decimal(200))
    order = agreed(buying.coded(), first)
    buying.offer.price = Decimal(1)
    buying.offer.save(update_fields=["price"])
    with pytest.raises(Refused, match="in the way"):
        approved(order, second)


def test_on_pilot_nobody_has_to_be_two(first: User) -> None:
    buying = make_buying(Mode.PROPOSE)
    LimitsFactory(four_eyes_above=Decimal(200))
    order = buying.coded()
    buying.administration.mode = Mode.PILOT
    buying.administration.save(update_fields=["mode"])
    assert agreed(again(order), first).waits_for == WaitsFor.PILOT


def test_a_ceiling_that_is_lowered_holds_what_was_ready_by_itself(buying: Buying) -> None:
    LimitsFactory(automatic_up_to=Decimal(1000))
    order = buying.coded()
    assert last_look.why_again(order, buying.division) == ""
    limits = Limits.objects.get()
    limits.automatic_up_to = Decimal(10)
    limits.save()
    assert limits.history.latest().history_date <= clock.now()
    assert last_look.why_again(order, buying.division)
