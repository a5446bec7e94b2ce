"""What the worker does with orders when its bell rings, whatever lies in its way."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connections

from apps.clients.models import Administration
from apps.core import clock
from apps.core.causes import Cause
from apps.intake.keeping import archive, keep
from apps.intake.models import Channel, Part, PartOutcome
from apps.orders import confirming, processing, receiving, tasks
from apps.orders.models import Kind, PurchaseOrder, State
from apps.orders.processing import process
from tests.intake import scanners
from tests.intake.factories import RoutingRuleFactory
from tests.orders.conftest import handed_on, make_buyer, received
from tests.orders.documents import CANCELLATION, ORDER, RESPONSE, Line
from tests.orders.factories import PurchaseOrderFactory

pytestmark = pytest.mark.django_db


def test_everything_handed_on_is_stored_and_coded(buyer: Administration) -> None:
    handed_on(("1.xml", ORDER.xml()), ("2.xml", b"<Order/>"), ("3.xml", ORDER.but(number="2").xml()))
    assert process() == 3
    # No division is linked, so nobody knows the vendor yet.
    assert set(PurchaseOrder.objects.values_list("state", "cause")) == {
        (State.ATTENTION, Cause.VENDOR_UNKNOWN)
    }
    assert not Part.objects.orders_to_read().exists()
    assert process() == 0


def test_a_number_beyond_measure_is_left_out_and_told(buyer: Administration) -> None:
    handed_on(("1.xml", ORDER.but(lines=(Line(price="999999999999.99999"),)).xml()))
    assert process() == 1
    order = PurchaseOrder.objects.get()
    assert order.cause == Cause.VENDOR_UNKNOWN
    assert order.lines.get().price is None
    assert {"field": "price", "text": "999999999999.99999"} in [one["values"] for one in order.findings]


def test_one_receipt_is_done_by_itself(buyer: Administration) -> None:
    mine, other = handed_on(("1.xml", ORDER.xml())), handed_on(("2.xml", ORDER.but(number="2").xml()))
    assert process(mine.pk) == 1
    assert other.parts.get().outcome == PartOutcome.RECEIVED


def test_what_a_killed_worker_stored_is_coded_later(buyer: Administration) -> None:
    order = received(ORDER)
    assert process() == 0
    order.refresh_from_db()
    assert order.cause == Cause.VENDOR_UNKNOWN


def test_nothing_is_coded_while_something_beside_it_is_unread(buyer: Administration) -> None:
    receipt = handed_on(("1.xml", ORDER.xml()))
    Part.objects.create(receipt=receipt, original=archive(b"?"), filename="b.xml", position=2)
    process(receipt.pk)
    order = PurchaseOrder.objects.get()
    assert order.state == State.RECEIVED
    receipt.parts.filter(position=2).update(outcome=PartOutcome.REJECTED, reason="x")
    process()
    order.refresh_from_db()
    assert order.state == State.ATTENTION


def test_bytes_that_are_gone_and_faults_of_ours_stop_nothing(
    buyer: Administration, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gone = handed_on(("1.xml", ORDER.xml())).parts.get()
    storages["originals"].delete(gone.original.content_name)
    poisoned = handed_on(("2.xml", ORDER.but(number="2").xml())).parts.get()
    fine = handed_on(("3.xml", ORDER.but(number="3").xml())).parts.get()
    store = receiving.store

    def stumbles(part: Part, *args: Any, **how: Any) -> Any:
        if part.pk == poisoned.pk:
            raise ZeroDivisionError
        return store(part, *args, **how)

    monkeypatch.setattr(receiving, "store", stumbles)
    caplog.set_level(logging.CRITICAL)
    assert process() == 2
    for part in (gone, poisoned, fine):
        part.refresh_from_db()
    assert (gone.outcome, poisoned.outcome) == (PartOutcome.REJECTED, PartOutcome.REJECTED)
    assert "ZeroDivisionError" in poisoned.reason
    assert fine.outcome == PartOutcome.DOCUMENT


def test_in_one_arrival_orders_go_before_answers_to_them(buyer: Administration) -> None:
    handed_on(("a.xml", RESPONSE.xml()), ("b.xml", ORDER.xml()))
    process()
    answer = PurchaseOrder.objects.get(kind=Kind.RESPONSE)
    assert answer.about == PurchaseOrder.objects.get(kind=Kind.ORDER)


def test_an_answer_that_came_first_goes_on_when_its_order_comes(buyer: Administration) -> None:
    answer = received(CANCELLATION)
    assert answer.state == State.ATTENTION
    process()
    assert list(PurchaseOrder.objects.filter(about=None)) == [answer]
    receipt = handed_on(("order.xml", ORDER.xml()))
    process(receipt.pk)
    answer.refresh_from_db()
    assert answer.about == PurchaseOrder.objects.get(kind=Kind.ORDER)
    assert answer.events.count() >= 2


def test_a_poisoned_answer_waits_for_a_person(
    buyer: Administration, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    received(ORDER)
    answer = received(CANCELLATION)
    PurchaseOrder.objects.filter(kind=Kind.ORDER).update(state=State.IGNORED)

    def stumbles(*_args: Any, **_how: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(confirming, "settle", stumbles)
    caplog.set_level(logging.CRITICAL)
    process()
    answer.refresh_from_db()
    assert (answer.state, answer.cause) == (State.ATTENTION, Cause.UNREADABLE)


def test_the_sweeper_follows_a_rule_whose_bell_was_lost(buyer: Administration) -> None:
    order = received(ORDER.but(buyer="11223348", reference="magazijn"))
    RoutingRuleFactory(evidence="buyer_reference", text="magazijn", administration=buyer, made_at=clock.now())
    tasks.sweep()
    order.refresh_from_db()
    assert (order.administration, order.cause) == (buyer, Cause.VENDOR_UNKNOWN)
    tasks.routing_changed()
    assert order.events.count() == 3


def test_a_typed_order_waits_until_its_file_was_scanned(buyer: Administration, settings: Any) -> None:
    order = PurchaseOrderFactory(administration=buyer, typed=True, line_count=1)
    with scanners.answering(None) as address:
        settings.CLAMAV_ADDRESS = address
        process()
    order.refresh_from_db()
    assert order.state == State.RECEIVED


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_order_of_one_document() -> None:
    make_buyer()
    receipts = [keep([(f"{n}.xml", ORDER.xml())], channel=Channel.UPLOAD) for n in range(2)]
    for part in Part.objects.all():
        part.hand_on("order", "order")
    start = threading.Barrier(4)

    def work(_number: int) -> int:
        try:
            start.wait(10)
            return sum(processing.process(receipt.pk) for receipt in receipts)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    process()
    assert PurchaseOrder.objects.count() == 1
    outcomes = sorted(Part.objects.values_list("outcome", flat=True))
    assert outcomes == [PartOutcome.DOCUMENT, PartOutcome.DUPLICATE]
    assert PurchaseOrder.objects.get().events.filter(to_state=State.RECEIVED).count() == 1


def test_a_line_of_a_version_is_compared(buyer: Administration) -> None:
    received(ORDER)
    assert received(ORDER.but(lines=(Line(quantity="9"),))).double_of is not None
