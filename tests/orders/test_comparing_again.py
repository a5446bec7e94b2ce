"""Answers that wait are compared anew when what they are about changed."""

from decimal import Decimal
from typing import Any

import pytest

from apps.clients.models import Administration, Mode
from apps.exact.models import Division
from apps.orders import comparing_again, confirming
from apps.orders.models import PurchaseOrder, Standing, State, WaitsFor
from tests.orders.confirmations import answer, draft, make_division, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FEWER: dict[int, dict[str, Any]] = {2: {"quantity": Decimal(15)}}


@pytest.fixture
def division() -> Division:
    return make_division()


def settled(row: PurchaseOrder) -> PurchaseOrder:
    confirming.settle(row)
    return row


def test_a_proposal_about_an_order_that_was_cancelled_becomes_a_matter_for_a_person(
    division: Division,
) -> None:
    order = standing(division)
    row = settled(answer(order, FEWER))
    assert comparing_again.mirrors_read(division) == 0

    PurchaseOrder.objects.filter(pk=order.pk).update(standing=Standing.CANCELLED)

    assert comparing_again.mirrors_read(division) == 1
    assert PurchaseOrder.objects.get(pk=row.pk).state == State.ATTENTION
    assert comparing_again.mirrors_read(division) == 0


def test_a_rejection_is_done_once_the_order_is_cancelled(division: Division) -> None:
    order = standing(division)
    row = settled(answer(order, response_code="RE"))

    PurchaseOrder.objects.filter(pk=order.pk).update(standing=Standing.CANCELLED)
    comparing_again.mirrors_read(division)

    assert PurchaseOrder.objects.get(pk=row.pk).state == State.DONE


def test_another_division_is_left_alone(division: Division) -> None:
    order = standing(division)
    settled(answer(order, FEWER))
    PurchaseOrder.objects.filter(pk=order.pk).update(standing=Standing.CANCELLED)

    assert comparing_again.mirrors_read(make_division()) == 0


def test_after_a_pilot_it_waits_for_its_order_and_is_then_proposed(division: Division) -> None:
    Administration.objects.update(mode=Mode.PILOT)
    division.refresh_from_db()
    order = draft(Division.objects.get(pk=division.pk), waits_for=WaitsFor.PILOT)
    row = settled(answer(order, FEWER))
    assert comparing_again.pilots_ended() == 0

    Administration.objects.update(mode=Mode.PROPOSE)
    PurchaseOrder.objects.filter(pk=order.pk).update(waits_for=WaitsFor.NOTHING)

    assert comparing_again.pilots_ended(row.administration_id) == 1
    assert PurchaseOrder.objects.get(pk=row.pk).state == State.RECEIVED
