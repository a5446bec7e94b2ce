"""What an answer would change in Exact, shown before anything is handed over."""

from decimal import Decimal
from typing import Any

import pytest

from apps.clients.models import Mode
from apps.exact import mirror
from apps.exact.models import Division
from apps.orders import change_preview, changing, confirming, plan_page
from apps.orders.models import PurchaseOrder, State
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import VATCodeFactory
from tests.orders.confirmations import answer, draft, lines_of, make_division, put, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FEWER: dict[int, dict[str, Any]] = {2: {"quantity": Decimal(15), "price": Decimal("13.00")}}


def settled(order: PurchaseOrder, changes: dict[int, dict[str, Any]] = FEWER, **values: Any) -> PurchaseOrder:
    row = answer(order, changes, **values)
    confirming.settle(row)
    return PurchaseOrder.objects.select_related("administration__division").get(pk=row.pk)


def test_a_proposed_answer_shows_what_would_be_changed() -> None:
    division = make_division(mode=Mode.PROPOSE)
    order = standing(division, 2)
    row = settled(order)
    assert row.state == State.PROPOSED
    found = plan_page.content(row, list(row.lines.all()), division, order)
    assert found and found["is_coming"]
    assert found["changes"] == [
        {"what": "2", "field": "QuantityInPurchaseUnits", "before": "20", "after": "15"},
        {"what": "2", "field": "NetPrice", "before": "12.5", "after": "13"},
    ]


def test_so_does_one_on_a_trial_whose_order_is_nowhere_yet() -> None:
    division = make_division(mode=Mode.PILOT)
    order = draft(division, 2, waits_for="pilot")
    row = settled(order)
    assert row.state == State.READY
    (step,) = change_preview.steps(row, order, division)
    assert step["payload"] == {"QuantityInPurchaseUnits": 15.0, "NetPrice": 13.0}


def test_prices_are_shown_as_exact_has_them() -> None:
    division = make_division()
    VATCodeFactory(division=division, code="I21", type="I", percentage=Decimal("0.21"))
    order = standing(division, 2)
    order.lines.update(vat_code="I21")
    (step,) = change_preview.steps(settled(order), order, division)
    assert step["payload"]["NetPrice"] == pytest.approx(15.73)


def test_what_a_person_does_and_a_line_that_is_gone_are_no_changes() -> None:
    division = make_division()
    order = standing(division, 2)
    refused = settled(order, {2: {"status": "7"}})
    assert change_preview.steps(refused, order, division) == []
    row = settled(order)
    gone = {"field": "removed", "line": "2", "line_id": lines_of(order)[2].pk, "why": "line_goes"}
    order.noticed = [gone]
    assert change_preview.steps(row, order, division) == []


def test_it_is_what_is_handed_over(division: Division) -> None:
    mirror.sync(division)
    division.administration = AdministrationFactory(mode=Mode.PROPOSE)
    division.save(update_fields=["administration"])
    order = put(division, 2)
    row = settled(order)
    shown = change_preview.steps(row, order, division)
    confirming.accept(row, by="Els", version=row.version)
    posting = changing.submit(PurchaseOrder.objects.get(pk=row.pk), division)
    assert posting is not None
    assert [one["payload"] for one in shown] == [one["payload"] for one in posting.plan["steps"]]
