"""Which order an answer is about, and what a document is where it lies."""

from typing import Any

import pytest

from apps.clients.models import Administration
from apps.core import clock
from apps.core.causes import Cause
from apps.intake.models import PartOutcome
from apps.orders import pairing, placing
from apps.orders.models import Kind, Outcome, PurchaseOrder, State
from tests.orders.conftest import make_buyer, read_in, received
from tests.orders.documents import CANCELLATION, ORDER, RESPONSE, THEIR_KVK, Line, Paper

pytestmark = pytest.mark.django_db
CHANGE = Paper(number="W-1", kind="OrderChange", about="PO-4711")


def posted(order: PurchaseOrder, **values: Any) -> PurchaseOrder:
    """Let `order` be in Exact."""
    now = clock.now()
    rows = PurchaseOrder.objects.filter(pk=order.pk)
    rows.update(state=State.DONE, outcome=Outcome.ORDERED, done_at=now, cause="", **values)
    return rows.get()


@pytest.mark.parametrize(
    ("paper", "kind"),
    [(RESPONSE, Kind.RESPONSE), (CHANGE, Kind.CHANGE), (CANCELLATION, Kind.CANCELLATION)],
)
def test_an_answer_is_about_the_order_of_its_number_and_vendor(
    buyer: Administration, paper: Paper, kind: str
) -> None:
    order = received(ORDER)
    received(ORDER.but(number="PO-4712"))
    answer = received(paper.but(about="po - 4711"))
    assert (answer.kind, answer.about, answer.state) == (kind, order, State.RECEIVED)
    assert pairing.order_of(answer) == order


@pytest.mark.parametrize(
    "paper",
    [
        CANCELLATION.but(about="PO-9999"),
        CANCELLATION.but(about=""),
        CANCELLATION.but(seller="11223348", seller_name="Andere"),
        RESPONSE.but(about="PO-9999", lines=()),
        RESPONSE.but(about="PO-9999", code="RE"),
        RESPONSE.but(about="PO-9999", code="AB"),
        RESPONSE.but(about="PO-9999", lines=(Line(status="7"),)),
        CHANGE.but(about="PO-9999"),
    ],
)
def test_an_answer_to_what_is_not_here_waits_and_says_so(
    buyer: Administration, paper: Paper, english: None
) -> None:
    received(ORDER)
    answer = received(paper)
    assert (answer.state, answer.cause, answer.about) == (State.ATTENTION, Cause.NEEDS_APPROVAL, None)
    words = f"order {paper.about}, which is not here" if paper.about else "does not say which"
    assert words in answer.detail
    assert list(pairing.waiting()) == [answer]
    lacking = placing.missing(answer)
    assert lacking and lacking.is_gap  # nobody can wave that aside


def test_an_order_of_another_administration_is_none(buyer: Administration) -> None:
    make_buyer("17131120")
    received(ORDER.but(buyer="17131120"))
    assert received(CANCELLATION).about is None


def test_the_number_that_exact_gave_and_that_of_the_seller_find_it_too(buyer: Administration) -> None:
    order = posted(received(ORDER.but(sales_order="VO-1")), exact_number="20260012")
    assert received(CANCELLATION.but(about="20260012")).about == order
    by_seller = CANCELLATION.but(number="AN-2", about="", sales_order="VO-1")
    assert received(by_seller).about == order


def test_what_stands_in_exact_goes_first_and_what_was_put_aside_last(buyer: Administration) -> None:
    first = posted(received(ORDER))
    PurchaseOrder.objects.filter(pk=first.pk).update(order_date="2025-01-01")
    second = received(ORDER.but(number="PO- 4711", lines=(Line("T-9"),)))
    PurchaseOrder.objects.filter(pk=second.pk).update(kind=Kind.ORDER, about=None)
    assert received(CANCELLATION).about == first
    rows = PurchaseOrder.objects.filter(pk=first.pk)
    rows.update(state=State.IGNORED, outcome="", done_at=None)
    assert received(CANCELLATION.but(number="AN-2")).about == second


def test_another_version_of_what_is_in_exact_is_a_change_of_it(buyer: Administration, english: None) -> None:
    order = posted(received(ORDER))
    version = ORDER.but(lines=(Line(quantity="9"),))
    change = received(version)
    assert (change.kind, change.about, change.double_of) == (Kind.CHANGE, order, None)
    assert [one["code"] for one in change.findings] == ["another_version"]
    again = read_in(version)
    assert (again.part.outcome, again.order) == (PartOutcome.DUPLICATE, change)
    third = received(ORDER.but(lines=(Line(quantity="10"),)))
    assert (third.kind, third.about) == (Kind.CHANGE, order)


def test_a_confirmation_whose_order_was_not_seen_becomes_the_order(buyer: Administration) -> None:
    paper = RESPONSE.but(lines=(Line("T-1"), Line("T-2", status="7"), Line("T-3")))
    order = received(paper)
    assert (order.kind, order.state, order.number) == (Kind.ORDER, State.RECEIVED, "PO-4711")
    assert [line.seller_item for line in order.lines.all()] == ["T-1", "T-3"]
    assert order.line_count == 2
    assert [one["code"] for one in order.findings] == ["made_from_confirmation"]
    again = read_in(paper)
    assert (again.part.outcome, again.order) == (PartOutcome.DUPLICATE, order)
    other = received(paper.but(number="OB-2"))
    assert (other.kind, other.about) == (Kind.RESPONSE, order)
    late = received(ORDER)
    assert (late.kind, late.double_of) == (Kind.ORDER, order)


@pytest.mark.parametrize(
    ("values", "number"),
    [({"about": "", "sales_order": "VO-1"}, "VO-1"), ({"about": ""}, "OB-1"), ({}, "PO-4711")],
)
def test_it_is_called_by_the_buyers_number_else_by_the_sellers(
    buyer: Administration, values: dict[str, str], number: str
) -> None:
    assert received(RESPONSE.but(**values)).number == number


def test_several_answers_of_one_vendor_are_no_doubles(buyer: Administration) -> None:
    order = received(ORDER)
    first = received(RESPONSE.but(code="AB", lines=()))
    second = received(RESPONSE.but(code="CA", lines=(Line(quantity="7"),)))
    assert (first.about, second.about) == (order, order)
    assert second.double_of is None


def test_an_order_and_an_answer_of_the_same_number_are_two_documents(buyer: Administration) -> None:
    order = received(ORDER)
    answer = received(RESPONSE.but(number=ORDER.number, day=ORDER.day))
    assert (answer.about, answer.double_of) == (order, None)


def test_any_number_in_common_is_the_same_vendor(buyer: Administration) -> None:
    order = received(ORDER)
    PurchaseOrder.objects.filter(pk=order.pk).update(
        vendor={**order.vendor, "keys": ["vat NL897620458B01", f"kvk {THEIR_KVK}"]}, double_key="x"
    )
    assert read_in(ORDER).order == order
    assert received(ORDER.but(seller="11223348", seller_name="Andere")).double_of is None
