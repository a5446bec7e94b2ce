"""A supplier confirms an order, with changes: they are shown, and exactly these are made in Exact once accepted."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.exact import mirror
from apps.exact.client import Exact
from apps.exact.models import Division, Relation, SupplierItem
from apps.orders import changing, confirming, delivering, processing, reviewing, tasks
from apps.orders.collecting import collect
from apps.orders.models import Kind, Outcome, PurchaseOrder, Standing, State, WaitsFor
from apps.posting.drain import Drained, drain
from apps.posting.models import Method, Posting, PostingCall, PostingState
from apps.sandbox import faults, switches, time
from tests.clients.factories import AdministrationIdentifierFactory
from tests.orders.confirmations import LINES, ORDERS, answer, changed_fields, in_exact, lines_of, put
from tests.orders.conftest import handed_on
from tests.orders.documents import OUR_KVK, RESPONSE, THEIR_KVK, Line, Paper
from tests.vendors.factories import MappingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LATER = date(2026, 10, 6)
CHANGES: dict[int, dict[str, Any]] = {
    2: {"quantity": Decimal(15), "price": Decimal("12.75")},
    4: {"receipt_date": LATER},
}
SHOWN = [
    ("2", "quantity", "20", "15"),
    ("2", "price", "12.5", "12.75"),
    ("4", "date", "2026-09-29", "2026-10-06"),
]
# What Exact works out of a quantity and a price, and the totals of the order.
FOLLOWS = {
    "Quantity",
    "UnitPrice",
    "AmountFC",
    "AmountDC",
    "VATAmount",
    "AmountFCExclVat",
    "Discount",
}


def again(row: PurchaseOrder) -> PurchaseOrder:
    """The document as it is stored now."""
    return PurchaseOrder.objects.select_related("about__posting", "posting").get(pk=row.pk)


def settled(row: PurchaseOrder) -> PurchaseOrder:
    """Settle an answer, and return it as it is then."""
    confirming.settle(again(row))
    return again(row)


def accepted(row: PurchaseOrder) -> PurchaseOrder:
    """Settle an answer and accept it as it is shown."""
    shown = settled(row)
    confirming.accept(shown, by="Els", version=shown.version)
    return again(row)


def deliver(division: Division) -> Drained:
    """Hand over what is accepted, write it, and take the results back."""
    return delivering.deliver(division, at_once=True)


def shown(row: PurchaseOrder) -> list[tuple[str, ...]]:
    """The differences as they are kept."""
    return [tuple(one[name] for name in ("line", "field", "ordered", "confirmed")) for one in row.differences]


def test_exactly_what_differs_is_shown_and_exactly_that_is_changed(bakery: Division) -> None:
    order = put(bakery)
    response = settled(answer(order, CHANGES))
    before = in_exact(order)

    assert (response.state, shown(response)) == (State.PROPOSED, SHOWN)
    assert changed_fields(before, in_exact(order)) == set()

    confirming.accept(response, by="Els", version=response.version)
    assert (again(response).state, again(response).waits_for) == (State.READY, WaitsFor.HOLD_BACK)
    deliver(bakery)

    after = in_exact(order)
    asked = {pair for pair in changed_fields(before, after) if pair[1] not in FOLLOWS}
    assert asked == {("2", "QuantityInPurchaseUnits"), ("2", "NetPrice"), ("4", "ReceiptDate")}
    assert {number for number, _name in changed_fields(before, after)} <= {"0", "2", "4"}
    assert (after["2"]["QuantityInPurchaseUnits"], after["2"]["NetPrice"]) == (15.0, 12.75)
    assert after["4"]["ReceiptDate"][:10] == "2026-10-06"
    done = again(response)
    assert (done.state, done.outcome, done.exact_number) == (State.DONE, Outcome.CHANGED, order.exact_number)


def test_the_order_here_is_as_in_exact_afterwards_and_both_tell_it(bakery: Division) -> None:
    order = put(bakery)
    response = accepted(answer(order, CHANGES))
    deliver(bakery)

    lines = lines_of(order)
    assert (lines[2].ordered, lines[2].ordered_price) == (Decimal(15), Decimal("12.75"))
    assert lines[4].receipt_date == LATER
    assert again(response).state == State.DONE
    assert PostingCall.objects.filter(posting__method=Method.ORDER_CHANGE, verb="PUT").count() == 2
    assert "line 2: quantity 20 → 15" in again(order).events.latest("pk").why
    assert again(response).events.latest("pk").to_state == State.DONE
    assert shown(settled(answer(order, CHANGES))) == []


def test_a_confirmation_without_differences_is_done_at_once(bakery: Division) -> None:
    order = put(bakery)
    before = in_exact(order)

    response = settled(answer(order, response_code="AP"))

    assert (response.state, response.outcome) == (State.DONE, Outcome.CONFIRMED)
    assert "no differences" in again(order).events.latest("pk").why
    assert deliver(bakery).done == 0
    assert changed_fields(before, in_exact(order)) == set()


def test_run_twice_it_is_changed_once(bakery: Division, count_calls: Any) -> None:
    order = put(bakery)
    accepted(answer(order, CHANGES))

    deliver(bakery)
    deliver(bakery)

    assert count_calls(method="PUT") == 2
    assert Posting.objects.filter(method=Method.ORDER_CHANGE).count() == 1


@pytest.mark.parametrize(
    "fault", ["error_before_commit", "error_after_commit", "dropped_before", "dropped_answer"]
)
def test_a_lost_answer_to_a_change_ends_the_same(bakery: Division, fault: str) -> None:
    order = put(bakery)
    response = accepted(answer(order, CHANGES))
    faults.arm(fault, path=LINES, method="PUT")

    for _round in range(4):
        Posting.objects.open().update(next_attempt_at=again(order).done_at)
        deliver(bakery)

    after_all = in_exact(order)
    assert again(response).state == State.DONE
    assert after_all["2"]["QuantityInPurchaseUnits"] == 15.0
    assert after_all["4"]["ReceiptDate"][:10] == "2026-10-06"


def test_what_somebody_changed_in_exact_meanwhile_is_not_written_over(bakery: Division) -> None:
    order = put(bakery)
    response = accepted(answer(order, CHANGES))
    line = lines_of(order)[2]
    key = next(one["ID"] for number, one in in_exact(order).items() if number == "2")
    Exact(bakery).put(LINES, key, {"QuantityInPurchaseUnits": 18.0})
    before = in_exact(order)

    deliver(bakery)

    assert changed_fields(before, in_exact(order)) == set()
    waiting = settled(response)
    assert (waiting.state, shown(waiting)[0]) == (State.PROPOSED, ("2", "quantity", "18", "15"))
    assert "quantity 20 → 18" in " ".join(again(order).events.values_list("why", flat=True))
    assert line.ordered == 20

    confirming.accept(waiting, by="Els", version=waiting.version)
    deliver(bakery)
    assert in_exact(order)["2"]["QuantityInPurchaseUnits"] == 15.0
    assert again(order).noticed == []


def test_what_somebody_changes_between_the_look_and_the_write_is_refused_in_words(bakery: Division) -> None:
    order = put(bakery)
    response = accepted(answer(order, CHANGES))
    changing.submit(again(response), bakery)
    key = in_exact(order)["4"]["ID"]
    Exact(bakery).put(LINES, key, {"ReceiptDate": "2026-12-24"})

    drain(bakery, at_once=True)
    collect(bakery)

    refused = again(response)
    assert refused.state == State.ATTENTION
    assert "line 4" in refused.detail
    assert in_exact(order)["4"]["ReceiptDate"][:10] == "2026-12-24"
    assert lines_of(order)[2].ordered == 15  # that line was written before the refusal
    assert [one[:2] for one in shown(settled(refused))] == [("4", "date")]


def test_a_cancelled_order_takes_no_changes(bakery: Division) -> None:
    order = put(bakery)
    response = accepted(answer(order, CHANGES))
    switches.cancel_order(bakery.code, in_exact(order)["0"]["PurchaseOrderID"])
    before = in_exact(order)

    deliver(bakery)

    waiting = settled(response)
    assert (waiting.state, waiting.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    assert "cancelled" in waiting.detail
    assert changed_fields(before, in_exact(order)) == set()
    confirming.seen(waiting, by="Els", version=waiting.version)
    assert again(response).outcome == Outcome.BY_HAND


def test_a_second_version_shows_what_was_removed_and_added(bakery: Division) -> None:
    order = put(bakery)
    second = answer(order, {2: {"quantity": Decimal(15)}}, kind=Kind.CHANGE, left_out=(5,), response_code="")

    second = settled(second)

    assert [one[:2] for one in shown(second)] == [("2", "quantity"), ("5", "removed")]
    accepted_one = accepted(second)
    deliver(bakery)
    assert accepted_one.pk and again(second).outcome == Outcome.CHANGED
    assert "line 5: removed" in again(second).to_correct
    assert len(in_exact(order)) == 6


def test_a_later_day_of_the_whole_order_goes_to_head_and_lines(bakery: Division) -> None:
    order = put(bakery, 2)
    response = answer(order, {1: {"receipt_date": LATER}, 2: {"receipt_date": LATER}}, receipt_date=LATER)
    accepted(response)
    deliver(bakery)

    assert {row["ReceiptDate"][:10] for row in in_exact(order).values()} == {"2026-10-06"}
    assert again(order).receipt_date == LATER


def test_an_acceptance_of_what_is_no_longer_shown_is_refused(bakery: Division) -> None:
    order = put(bakery)
    first, second = settled(answer(order, CHANGES)), settled(answer(order, CHANGES))
    confirming.accept(first, by="Els", version=first.version)
    deliver(bakery)

    with pytest.raises(Changed):
        confirming.accept(second, by="Els", version=second.version)
    assert again(second).outcome == Outcome.CONFIRMED


def test_the_answer_is_lost_to_no_refusal_of_the_look(bakery: Division) -> None:
    order = put(bakery)
    response = accepted(answer(order, CHANGES))
    faults.arm("error_before_commit", path=ORDERS, method="GET")

    deliver(bakery)
    assert again(response).state == State.READY
    deliver(bakery)

    assert again(response).state == State.DONE
    assert Posting.objects.get(method=Method.ORDER_CHANGE).state == PostingState.DONE


def came_in(paper: Paper) -> PurchaseOrder:
    """Have a document come in by upload, and what follows be done; return what is stored."""
    receipt = handed_on((f"{paper.number}.xml", paper.xml()))
    processing.process(receipt.pk)
    return again(PurchaseOrder.objects.get(part__receipt=receipt))


def sold_by_one(division: Division) -> list[SupplierItem]:
    """Two items that a supplier sells by the piece, and one in boxes of twelve."""
    offers = SupplierItem.objects.filter(division=division).order_by("pk")
    boxes = offers.filter(unit="doos", factor=12)[0]
    pieces = offers.filter(supplier=boxes.supplier, unit="stuk", factor=1)
    Relation.objects.filter(exact_id=boxes.supplier).update(purchase_vat_code="2")
    return [*pieces[:2], boxes]


def test_from_the_order_that_came_in_to_the_change_that_its_supplier_asks(bakery: Division) -> None:
    sold = sold_by_one(bakery)
    AdministrationIdentifierFactory(administration=bakery.administration, kind="kvk", value=OUR_KVK)
    MappingFactory(administration=bakery.administration, value=THEIR_KVK, supplier=sold[0].supplier)
    lines = tuple(Line(item=one.supplier_code, quantity="24", price="12.50") for one in sold)

    order = came_in(Paper(lines=lines))
    assert (order.state, order.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL), order.detail  # other prices
    reviewing.order_anyway(order, by="Els", version=order.version)
    reviewing.accept(again(order), by="Els", version=again(order).version)  # the first of this vendor
    deliver(bakery)
    order = again(order)
    assert (order.state, order.detail) == (State.DONE, "")
    before = in_exact(order)

    changed = (
        replace(lines[0], about="1"),
        replace(lines[1], about="2", price="12.40"),
        replace(lines[2], about="3", quantity="12"),
    )
    response = came_in(RESPONSE.but(lines=changed, code="CA"))
    assert (response.kind, response.about, response.state) == (Kind.RESPONSE, order, State.PROPOSED)
    assert shown(response) == [("2", "price", "12.5", "12.4"), ("3", "quantity", "2", "1")]
    reviewing.accept(response, by="Els", version=response.version)
    deliver(bakery)

    after = in_exact(order)
    asked = {pair for pair in changed_fields(before, after) if pair[1] not in FOLLOWS}
    assert asked == {("2", "NetPrice"), ("3", "QuantityInPurchaseUnits")}
    assert (after["2"]["NetPrice"], after["3"]["QuantityInPurchaseUnits"]) == (12.4, 1.0)
    assert again(response).outcome == Outcome.CHANGED


def read_mirrors(division: Division) -> None:
    """Read what Exact has, as each night, and do what the bell asks for."""
    time.advance(timedelta(minutes=2))
    mirror.sync(division)
    tasks.mirrors_read(division.pk)


def test_what_people_do_with_an_order_in_exact_is_told_at_the_next_reading(bakery: Division) -> None:
    order = put(bakery)
    waiting = settled(answer(order, CHANGES))
    read_mirrors(bakery)
    assert (again(order).noticed, again(order).is_news) == ([], False)
    assert again(waiting).version == waiting.version

    switches.change_order_line(bakery.code, in_exact(order)["2"]["ID"], QuantityInPurchaseUnits=18.0)
    read_mirrors(bakery)
    assert again(order).is_news
    assert shown(again(waiting))[0] == ("2", "quantity", "18", "15")
    reviewing.note(again(order), by="Els", version=again(order).version)
    assert not again(order).is_news

    switches.cancel_order(bakery.code, in_exact(order)["0"]["PurchaseOrderID"])
    read_mirrors(bakery)
    assert (again(order).standing, again(order).is_news) == (Standing.CANCELLED, True)
    assert (again(waiting).state, again(waiting).cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    told = again(order).events.count()
    read_mirrors(bakery)
    assert again(order).events.count() == told


def test_our_own_change_is_nobody_elses(bakery: Division) -> None:
    order = put(bakery)
    accepted(answer(order, CHANGES))
    deliver(bakery)

    read_mirrors(bakery)

    assert (again(order).noticed, again(order).is_news) == ([], False)


def test_an_order_that_is_received_is_recognised_as_complete(bakery: Division) -> None:
    order = put(bakery)
    switches.receive_order(bakery.code, in_exact(order)["0"]["PurchaseOrderID"])
    read_mirrors(bakery)

    assert (again(order).standing, again(order).is_news) == (Standing.COMPLETE, False)
    late = settled(answer(order, CHANGES))
    assert late.state == State.ATTENTION
    assert "complete" in late.detail
