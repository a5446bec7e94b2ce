"""From what was handed on to one order in its administration, or the reason why not."""

from typing import Any

import pytest

from apps.clients.models import Administration, Package
from apps.core.causes import Cause
from apps.intake.keeping import archive
from apps.intake.models import AllowedSender, Channel, Hold, Part, PartKind, PartOutcome
from apps.orders.models import Kind, PurchaseOrder, State
from apps.orders.receiving import receive
from tests.clients.factories import AdministrationFactory
from tests.intake.factories import RoutingRuleFactory
from tests.intake.order_samples import HEADER, sheet
from tests.intake.order_samples import LINE as ROW
from tests.intake.pdf.test_examining import page, written
from tests.orders.conftest import handed_on, make_buyer, read_in, received
from tests.orders.documents import ORDER, OUR_KVK, RESPONSE, THEIR_KVK, Line
from tests.orders.factories import OrderTermsFactory

pytestmark = pytest.mark.django_db
PDF = written(page("Inkooporder 4711"))


def test_an_order_for_one_of_ours_is_stored_with_its_lines_and_its_first_event(buyer: Administration) -> None:
    order = received(ORDER.but(lines=(Line(), Line("T-2"), Line("T-3"))))
    assert (order.state, order.kind, order.administration) == (State.RECEIVED, Kind.ORDER, buyer)
    assert OUR_KVK in order.routing_why
    assert order.lines.count() == order.line_count == 3
    assert (order.vendor_key, order.number, order.number_key) == (f"kvk {THEIR_KVK}", "PO-4711", "po-4711")
    event = order.events.get()
    assert (event.from_state, event.to_state, event.who) == (State.RECEIVED, State.RECEIVED, "Postkamer")
    order.part.refresh_from_db()
    assert (order.part.outcome, order.part.kind) == (PartOutcome.DOCUMENT, PartKind.ORDER)
    assert order.part.administration == buyer


def test_an_order_for_nobody_waits_for_a_reviewer(db: None) -> None:
    order = received(ORDER)
    assert (order.state, order.cause, order.administration) == (State.ATTENTION, Cause.NOT_OURS, None)
    assert order.lines.count() == 1


def test_an_order_for_two_of_ours_waits_and_names_them(buyer: Administration) -> None:
    other = make_buyer()
    order = received(ORDER)
    assert (order.cause, order.administration) == (Cause.SEVERAL_ADMINISTRATIONS, None)
    assert buyer.name in order.detail
    assert other.name in order.detail


def test_a_rule_of_the_firm_places_an_order(buyer: Administration) -> None:
    chosen = AdministrationFactory()
    RoutingRuleFactory(evidence="buyer_reference", text="magazijn 7", administration=chosen)
    order = received(ORDER.but(buyer="11223348", reference="Magazijn 7"))
    assert order.administration == chosen


def test_a_sheet_without_a_buyer_goes_the_way_it_came(buyer: Administration) -> None:
    order = received(sheet(), name="order.csv", administration=buyer)
    assert (order.administration, order.number) == (buyer, "4711")
    assert received(sheet(), name="order.csv").cause == Cause.NOT_OURS


def test_a_sheet_may_name_its_administration(buyer: Administration) -> None:
    bare = AdministrationFactory(name="Zonder Nummers B.V.")
    for name, wanted in ((buyer.slug, buyer), (bare.name, bare)):
        content = sheet((*ROW, name), header=(*HEADER, "administration"))
        assert received(content, name="order.csv").administration == wanted


def test_what_our_client_sells_is_laid_aside_with_its_reason(buyer: Administration, english: None) -> None:
    result = read_in(ORDER.but(buyer="11223348", seller=OUR_KVK))
    assert (result.order, result.part.outcome) == (None, PartOutcome.IGNORED)
    assert (result.part.kind, result.part.administration) == (PartKind.ORDER, buyer)
    assert "sales order" in result.part.reason
    assert result.part.settled_by == "Postkamer"


def test_what_a_person_took_up_again_is_no_sales_order(buyer: Administration) -> None:
    result = read_in(ORDER.but(buyer="11223348", seller=OUR_KVK))
    result.part.offerings.create(at=result.part.receipt.received_at, who="Anna", was=PartOutcome.IGNORED)
    Part.objects.filter(pk=result.part.pk).update(outcome=PartOutcome.RECEIVED, settled_by="")
    again = receive(Part.objects.get(pk=result.part.pk))
    assert again.order is not None


@pytest.mark.parametrize(
    ("values", "words"),
    [({"package": Package.EXACT_GLOBE}, "not in Exact Online"), ({}, "switched off")],
)
def test_where_no_orders_are_taken_they_are_other_post(
    values: dict[str, Any], words: str, english: None, db: None
) -> None:
    administration = make_buyer(**values)
    if not values:
        OrderTermsFactory(administration=administration, takes_orders=False)
    for content, name in ((ORDER.xml(), "order.xml"), (PDF, "order.pdf")):
        part = read_in(content, name=name, administration=administration).part
        assert (part.outcome, part.kind) == (PartOutcome.IGNORED, PartKind.ORDER)
        assert part.administration == administration
        assert words in part.reason


def test_mail_of_a_sender_that_is_not_on_the_list_waits(buyer: Administration) -> None:
    AllowedSender.objects.create(administration=buyer, pattern="@bekend.example")
    result = read_in(ORDER, channel=Channel.MAIL, sender="iemand@vreemd.example")
    assert result.order is None
    result.part.receipt.refresh_from_db()
    assert result.part.receipt.hold == Hold.SENDER


def test_the_same_bytes_and_the_same_content_again_are_duplicates(buyer: Administration) -> None:
    first = received(ORDER, name="first.xml")
    for content in (ORDER, ORDER.but(note="Tweede exemplaar")):
        again = read_in(content, name="again.xml")
        assert (again.part.outcome, again.part.duplicate_of) == (PartOutcome.DUPLICATE, first.part)
        assert "first.xml" in again.part.reason
        assert again.order == first
    assert PurchaseOrder.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        ORDER.but(lines=(Line(quantity="9"),)),
        ORDER.but(lines=(Line(day="2026-10-01"),)),
        ORDER.but(day="2026-09-16"),
    ],
)
def test_the_same_number_with_other_content_is_a_possible_double(buyer: Administration, other: Any) -> None:
    first = received(ORDER)
    second = received(other)
    assert (second.kind, second.double_of, second.about) == (Kind.ORDER, first, None)


def test_the_same_order_for_another_administration_is_no_double(buyer: Administration) -> None:
    make_buyer("17131120")
    received(ORDER)
    assert received(ORDER.but(buyer="17131120")).double_of is None


def test_a_pdf_that_nobody_can_read_waits_for_a_person_to_fill_it_in(buyer: Administration) -> None:
    order = received(PDF, name="order.pdf", form="", administration=buyer)
    assert (order.state, order.cause) == (State.ATTENTION, Cause.UNREADABLE)
    assert (order.vendor_name, order.number, order.format, order.line_count) == ("", "", "pdf", 0)
    again = read_in(PDF, name="weer.pdf", form="", administration=buyer)
    assert (again.part.outcome, again.order) == (PartOutcome.DUPLICATE, order)


@pytest.mark.parametrize(
    ("content", "name"), [(b"<Order/>", "order.xml"), (sheet(("4711",) * 8), "order.csv"), (b"", "order.xml")]
)
def test_what_no_person_can_read_either_is_rejected_with_its_reason(
    buyer: Administration, content: bytes, name: str
) -> None:
    result = read_in(content, name=name, administration=buyer)
    assert (result.order, result.part.outcome) == (None, PartOutcome.REJECTED)
    assert result.part.reason


def test_papers_that_came_with_an_order_are_kept_with_it(buyer: Administration) -> None:
    receipt = handed_on(("order.xml", ORDER.xml()))
    paper = Part.objects.create(receipt=receipt, original=archive(PDF), filename="order.pdf", position=2)
    order = receive(receipt.parts.get(position=1)).order
    assert order
    paper.refresh_from_db()
    assert (paper.outcome, paper.attached_to) == (PartOutcome.ATTACHMENT, order.part)
    assert paper.administration == buyer


def test_a_part_that_was_stored_before_is_not_stored_again(buyer: Administration) -> None:
    receipt = handed_on(("order.xml", ORDER.xml()))
    one, other = (Part.objects.get(receipt=receipt) for _time in range(2))
    first = receive(one)
    assert receive(other).order == first.order
    assert PurchaseOrder.objects.count() == 1


def test_own_numbers_are_no_evidence_of_a_vendor(buyer: Administration) -> None:
    make_buyer(THEIR_KVK)
    order = received(ORDER)
    assert order.vendor["keys"] == []
    assert order.vendor_key == "name anker en touw"


def test_an_answer_finds_its_order(buyer: Administration) -> None:
    order = received(ORDER)
    answer = received(RESPONSE)
    assert (answer.state, answer.kind, answer.about) == (State.RECEIVED, Kind.RESPONSE, order)
