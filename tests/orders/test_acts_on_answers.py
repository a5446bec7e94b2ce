"""What a person can do with an answer, and with an order that was changed in Exact."""

from decimal import Decimal
from typing import Any

import pytest

from apps.core import clock
from apps.orders import confirming, reviewing
from apps.orders.acts import acts_for
from apps.orders.models import Outcome, PurchaseOrder, State
from tests.orders.confirmations import answer, make_division, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FEWER: dict[int, dict[str, Any]] = {2: {"quantity": Decimal(15)}}
REJECTED: dict[int, dict[str, Any]] = {2: {"status": "7"}}


@pytest.fixture
def order() -> PurchaseOrder:
    return standing(make_division())


def settled(row: PurchaseOrder) -> PurchaseOrder:
    confirming.settle(row)
    return PurchaseOrder.objects.select_related("administration", "posting").get(pk=row.pk)


def first(row: PurchaseOrder) -> tuple[str, str]:
    """The act that solves it: its name and its label."""
    act = acts_for(row)[0]
    return act.name, str(act.label)


def test_what_can_be_written_is_changed_in_exact(order: PurchaseOrder) -> None:
    assert first(settled(answer(order, FEWER))) == ("accept", "Change in Exact")


def test_what_a_person_has_to_do_is_said_to_be_done(order: PurchaseOrder) -> None:
    assert first(settled(answer(order, REJECTED))) == ("accept", "It is done in Exact")


def test_what_is_off_is_seen_to(order: PurchaseOrder) -> None:
    row = settled(answer(order, response_code="RE"))
    assert first(row)[0] == "note"

    reviewing.note(row, by="Els", version=row.version)

    assert PurchaseOrder.objects.get(pk=row.pk).outcome == Outcome.BY_HAND


def test_an_accepted_change_can_be_taken_back_until_it_is_sent(order: PurchaseOrder) -> None:
    row = settled(answer(order, FEWER))
    reviewing.accept(row, by="Els", version=row.version)
    accepted = PurchaseOrder.objects.get(pk=row.pk)
    assert first(accepted)[0] == "undo"

    reviewing.undo(accepted, by="Els")

    assert PurchaseOrder.objects.get(pk=row.pk).state == State.PROPOSED


def test_trying_again_compares_anew(order: PurchaseOrder) -> None:
    row = settled(answer(order, FEWER))
    order.lines.filter(position=2).update(ordered=15, ordered_source="person")

    reviewing.retry(row, by="Els")

    assert "names none" in PurchaseOrder.objects.get(pk=row.pk).detail


def test_what_changed_in_exact_is_seen_once(order: PurchaseOrder) -> None:
    order.noticed_at = clock.now()
    order.save(update_fields=["noticed_at"])
    assert first(order)[0] == "note"

    reviewing.note(order, by="Els", version=order.version)

    assert "note" not in [act.name for act in acts_for(PurchaseOrder.objects.get(pk=order.pk))]
