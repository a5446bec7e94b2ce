"""What became of orders in Exact is told once, from the mirror alone."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from apps.core import clock
from apps.exact.models import Division, ExactOrder, OrderStatus
from apps.orders import following
from apps.orders.models import PurchaseOrder, Standing, State
from tests.exact.factories import ExactOrderFactory, SyncStateFactory
from tests.orders.confirmations import DAY, PRICE, make_division, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def division() -> Division:
    return make_division()


@pytest.fixture
def order(division: Division) -> PurchaseOrder:
    """An order that the mirror shows as it was made."""
    made = standing(division, 2)
    mirror(made)
    SyncStateFactory(
        division=division, resource=following.MIRROR, synced_at=clock.now() + timedelta(seconds=1), full=False
    )
    return made


def mirror(order: PurchaseOrder) -> None:
    """Have the mirror show `order` as it was made."""
    assert order.posting is not None and order.posting.exact_id is not None
    known = {"division": order.posting.division, "order_id": order.posting.exact_id, "receipt_date": DAY}
    ExactOrderFactory(exact_id=order.posting.exact_id, **known)
    for number, line in enumerate(order.lines.all(), start=1):
        ExactOrderFactory(
            line_number=number,
            item=line.item,
            ordered=line.ordered,
            net_price=PRICE,
            exact_id=uuid4(),
            **known,
        )


def told(order: PurchaseOrder) -> PurchaseOrder:
    """Have the mirror read, and return the order as it is then."""
    assert order.posting is not None
    following.notice(order.posting.division)
    return PurchaseOrder.objects.get(pk=order.pk)


def stands(order: PurchaseOrder, **statuses: Any) -> None:
    """Have the mirror show these statuses of the header."""
    assert order.posting is not None and order.posting.exact_id is not None
    ExactOrder.everything.filter(exact_id=order.posting.exact_id).update(**statuses)


def test_what_is_as_it_was_made_is_not_told(order: PurchaseOrder) -> None:
    events = order.events.count()

    row = told(order)

    assert (row.standing, row.noticed, row.is_news) == (Standing.OPEN, [], False)
    assert row.events.count() == events
    assert all(line.exact_line for line in row.lines.all())


@pytest.mark.parametrize(
    ("status", "expected", "is_news"),
    [
        (OrderStatus.PARTIAL, Standing.PARTIAL, False),
        (OrderStatus.COMPLETE, Standing.COMPLETE, False),
        (OrderStatus.CANCELLED, Standing.CANCELLED, True),
    ],
)
def test_how_it_stands_is_told_once(
    order: PurchaseOrder, status: OrderStatus, expected: Standing, is_news: bool
) -> None:
    events = order.events.count()
    stands(order, order_status=status)

    row = told(order)

    assert (row.standing, row.state, row.is_news) == (expected, State.DONE, is_news)
    assert told(order).events.count() == events + 1
    assert row.events.latest("pk").why == f"In Exact the order is: {expected.label}."


def test_an_order_that_is_gone_is_told_once(order: PurchaseOrder) -> None:
    stands(order, gone_at=clock.now())

    row = told(order)

    assert (row.standing, row.is_news) == (Standing.GONE, True)
    assert told(order).version == row.version


def test_what_somebody_changed_is_told_once_and_again_when_it_is_changed_again(order: PurchaseOrder) -> None:
    events = order.events.count()
    line = ExactOrder.objects.filter(line_number=2)
    line.update(ordered=Decimal(18))

    row = told(order)
    assert [(one["line"], one["field"], one["confirmed"]) for one in row.noticed] == [("2", "quantity", "18")]
    assert row.is_news
    assert told(order).events.count() == events + 1

    PurchaseOrder.objects.filter(pk=row.pk).update(noticed_seen=True)
    assert not told(order).is_news
    line.update(ordered=Decimal(17))
    assert told(order).is_news


def test_what_is_as_it_was_again_is_told_and_no_news(order: PurchaseOrder) -> None:
    line = ExactOrder.objects.filter(line_number=2)
    line.update(ordered=Decimal(18))
    told(order)
    line.update(ordered=Decimal(20))

    row = told(order)

    assert (row.noticed, row.is_news) == ([], False)
    assert row.events.latest("pk").why == "In Exact it is again as it was ordered."


def test_a_line_that_somebody_removed_is_told(order: PurchaseOrder) -> None:
    ExactOrder.objects.filter(line_number=1).update(gone_at=clock.now())

    assert [one["field"] for one in told(order).noticed] == ["removed"]


def test_what_was_written_after_the_mirror_was_read_is_left_to_its_next_reading(order: PurchaseOrder) -> None:
    assert order.posting is not None
    stands(order, order_status=OrderStatus.CANCELLED)
    order.posting.finished_at = clock.now() + timedelta(minutes=1)
    order.posting.save(update_fields=["finished_at"])

    assert told(order).standing == Standing.OPEN


def test_a_mirror_that_was_never_read_tells_nothing(division: Division) -> None:
    order = standing(division)
    mirror(order)
    stands(order, order_status=OrderStatus.CANCELLED)

    assert told(order).standing == Standing.OPEN


def test_what_ended_is_compared_again_only_when_exact_versioned_it_anew(
    order: PurchaseOrder, django_assert_num_queries: Any
) -> None:
    assert order.posting is not None
    stands(order, order_status=OrderStatus.COMPLETE, timestamp=5)
    told(order)

    with django_assert_num_queries(2):  # when the mirror was read, and that nothing is to be compared
        assert following.notice(order.posting.division) == 0

    ExactOrder.objects.filter(line_number=2).update(ordered=Decimal(18))
    stands(order, timestamp=6)
    assert [one["field"] for one in told(order).noticed] == ["quantity"]
    assert following._to_compare(order.posting.division, 0) == []


def test_what_ended_and_is_gone_or_back_again_is_told(order: PurchaseOrder) -> None:
    stands(order, order_status=OrderStatus.COMPLETE)
    told(order)
    stands(order, gone_at=clock.now())
    assert told(order).standing == Standing.GONE
    stands(order, gone_at=None)
    assert told(order).standing == Standing.COMPLETE


def test_hundreds_of_orders_that_stand_as_they_did_cost_no_query_each(
    order: PurchaseOrder, division: Division, django_assert_max_num_queries: Any
) -> None:
    for _count in range(6):
        mirror(standing(division, 2))
    SyncStateFactory._meta.model.objects.update(synced_at=clock.now() + timedelta(seconds=1))
    following.notice(division)

    with django_assert_max_num_queries(8):
        assert following.notice(division) == 0
