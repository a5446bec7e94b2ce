"""Each order has the buttons that fit where it is, the one that solves it first."""

from typing import Any
from uuid import uuid4

import pytest

from apps.core import clock
from apps.core.causes import Cause
from apps.orders.acts import Act, acts_for
from apps.orders.models import Kind, Outcome, PurchaseOrder, Standing, State, WaitsFor
from apps.posting.models import Method
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory
from tests.orders.factories import PurchaseOrderFactory, PurchaseOrderLineFactory
from tests.posting.factories import PostingFactory
from tests.vendors.factories import QuestionFactory

pytestmark = pytest.mark.django_db

DONE: dict[str, Any] = {"state": State.DONE, "outcome": Outcome.ORDERED}


def acts(**values: Any) -> list[Act]:
    order: PurchaseOrder = PurchaseOrderFactory.build(part=None, administration=None, line_count=1)
    order.administration_id = 1
    for name, value in values.items():
        setattr(order, name, value)
    return acts_for(order)


def names(**values: Any) -> list[str]:
    return [one.name for one in acts(**values)]


def main(**values: Any) -> str:
    (one,) = [one.name for one in acts(**values) if one.is_main]
    return one


@pytest.mark.parametrize(
    ("cause", "solves"),
    [
        (Cause.POSSIBLE_DOUBLE, "order_anyway"),
        (Cause.TOTALS_DIFFER, "order_anyway"),
        (Cause.NEEDS_APPROVAL, "order_anyway"),
        (Cause.ITEM_UNKNOWN, "map_item"),
        (Cause.NO_VAT_CODE, "edit"),
        (Cause.COST_CENTRE_MISSING, "edit"),
        (Cause.SUPPLIER_BLOCKED, "retry"),
        (Cause.REJECTED_BY_EXACT, "retry"),
        (Cause.NOT_OURS, "route"),
        (Cause.SEVERAL_ADMINISTRATIONS, "route"),
    ],
)
def test_what_solves_a_cause_is_the_main_act(cause: str, solves: str) -> None:
    assert main(state=State.ATTENTION, cause=cause) == solves
    assert names(state=State.ATTENTION, cause=cause)[0] == solves


@pytest.mark.parametrize("missing", ["ordered", "ordered_price"])
def test_a_line_without_figures_is_filled_in_and_not_approved(missing: str) -> None:
    order: PurchaseOrder = PurchaseOrderFactory.build(part=None, administration=None, line_count=1)
    order.administration_id, order.state, order.cause = 1, State.ATTENTION, Cause.NEEDS_APPROVAL
    line = PurchaseOrderLineFactory.build(order=order, item=uuid4(), ordered=2, ordered_price=3)
    assert [one.name for one in acts_for(order, [line]) if one.is_main] == ["order_anyway"]
    setattr(line, missing, None)
    found = acts_for(order, [line])
    assert [one.name for one in found if one.is_main] == ["edit"]
    assert "order_anyway" not in [one.name for one in found]
    line.item = None
    assert "order_anyway" in [one.name for one in acts_for(order, [line])]


def test_an_unknown_vendor_is_mapped() -> None:
    question = QuestionFactory()
    assert main(state=State.ATTENTION, cause=Cause.VENDOR_UNKNOWN, question=question) == "map"


def test_a_file_that_nobody_can_read_is_filled_in() -> None:
    assert main(state=State.ATTENTION, cause=Cause.UNREADABLE, line_count=0) == "fill_in"


def test_a_proposal_is_accepted() -> None:
    assert main(state=State.PROPOSED) == "accept"
    assert "edit" in names(state=State.PROPOSED)


def test_an_answer_is_accepted_or_seen_and_never_edited() -> None:
    assert main(state=State.PROPOSED, kind=Kind.RESPONSE) == "accept"
    assert "edit" not in names(state=State.PROPOSED, kind=Kind.RESPONSE)
    seen = {"state": State.ATTENTION, "kind": Kind.RESPONSE, "cause": Cause.NEEDS_APPROVAL, "about_id": 1}
    assert main(**seen) == "note"


@pytest.mark.parametrize("waits_for", [one for one in WaitsFor if one != WaitsFor.PILOT])
def test_what_is_ready_can_be_undone(waits_for: str) -> None:
    assert names(state=State.READY, waits_for=waits_for) == ["undo"]


def test_on_pilot_a_wrong_order_is_mended_moved_or_put_aside() -> None:
    assert names(state=State.READY, waits_for=WaitsFor.PILOT) == ["edit", "route", "ignore"]
    answer = {"state": State.READY, "waits_for": WaitsFor.PILOT, "kind": Kind.RESPONSE}
    assert names(**answer) == ["route", "ignore"]


def test_on_its_way_there_is_nothing_to_do() -> None:
    assert names(state=State.POSTING) == []


def test_what_is_put_aside_or_gone_is_taken_up_again() -> None:
    assert names(state=State.IGNORED) == ["reopen"]
    assert names(**DONE, standing=Standing.GONE) == ["reopen"]


def test_what_is_uncertain_is_looked_for() -> None:
    assert names(state=State.UNCERTAIN) == ["retry"]


@pytest.mark.parametrize(("standing", "can"), [(Standing.OPEN, True), (Standing.COMPLETE, False)])
def test_what_is_open_in_exact_can_be_taken_back(standing: str, can: bool) -> None:
    posting = PostingFactory(
        method=Method.ORDER, division=DivisionFactory(administration=AdministrationFactory())
    )
    order = PurchaseOrderFactory(
        **DONE,
        done_at=clock.now(),
        standing=standing,
        posting=posting,
        administration=posting.division.administration,
    )
    assert [one.name for one in acts_for(order)] == (["undo"] if can else [])
    order.to_correct = "the mapping was taken back"
    assert next(iter(acts_for(order))).name == "note"


def test_no_key_is_given_twice() -> None:
    for cause in Cause:
        keys = [one.key for one in acts(state=State.ATTENTION, cause=cause) if one.key]
        assert len(keys) == len(set(keys)), cause
