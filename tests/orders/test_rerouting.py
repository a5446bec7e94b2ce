"""An order gets its administration after it came in."""

from decimal import Decimal

import pytest

from apps.clients.models import Administration, Package
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.intake.models import AllowedSender, Channel, Part
from apps.orders import processing, rerouting, reviewing
from apps.orders.models import Kind, PurchaseOrder, State
from apps.people.models import User
from tests.clients.factories import AdministrationFactory
from tests.intake.factories import RoutingRuleFactory
from tests.intake.pdf.test_examining import page, written
from tests.orders.conftest import make_buyer, received
from tests.orders.documents import CANCELLATION, ORDER, RESPONSE, Line
from tests.orders.test_pairing import posted
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db
STRAY = ORDER.but(buyer="11223348", reference="magazijn")


@pytest.fixture
def anna(db: None) -> User:
    made: User = UserFactory()
    return made


def test_a_person_chooses_and_it_starts_again_there(buyer: Administration, anna: User) -> None:
    order = received(STRAY)
    rerouting.reroute(order, buyer, by=anna)
    order.refresh_from_db()
    assert (order.state, order.cause, order.administration) == (State.RECEIVED, "", buyer)
    assert order.touched
    assert str(anna) in order.routing_why
    assert Part.objects.get(pk=order.part_id).administration == buyer
    assert order.events.count() == 2


def test_what_it_meant_elsewhere_is_forgotten(buyer: Administration, anna: User) -> None:
    order = received(ORDER)
    order.lines.update(item_code="A", ordered=1, vat_code="5")
    PurchaseOrder.objects.filter(pk=order.pk).update(supplier_name="X", waived=[Cause.POSSIBLE_DOUBLE])
    order.refresh_from_db()
    rerouting.reroute(order, make_buyer("17131120"), by=anna)
    order.refresh_from_db()
    line = order.lines.get()
    assert (line.item_code, line.ordered, line.vat_code, line.quantity) == ("", None, "", Decimal(8))
    assert (order.supplier_name, order.waived) == ("", [])


def test_a_double_there_shows_as_a_possible_one(buyer: Administration, anna: User) -> None:
    first = received(ORDER)
    stray = received(STRAY.but(reference=""))
    rerouting.reroute(stray, buyer, by=anna)
    assert (stray.double_of, stray.double_key, stray.state) == (first, None, State.RECEIVED)


def test_another_version_of_what_is_in_exact_there_becomes_a_change(
    buyer: Administration, anna: User
) -> None:
    order = posted(received(ORDER))
    stray = received(STRAY.but(lines=(Line(quantity="9"),)))
    rerouting.reroute(stray, buyer, by=anna)
    assert (stray.kind, stray.about, stray.state) == (Kind.CHANGE, order, State.RECEIVED)
    rerouting.reroute(stray, make_buyer("17131120"), by=anna)
    assert (stray.kind, stray.about, stray.findings) == (Kind.ORDER, None, [])


def test_an_answer_finds_its_order_there_or_waits(buyer: Administration, anna: User) -> None:
    order = received(ORDER)
    answer = received(CANCELLATION.but(buyer="11223348"))
    assert (answer.cause, answer.about) == (Cause.NOT_OURS, None)
    rerouting.reroute(answer, buyer, by=anna)
    assert (answer.about, answer.state) == (order, State.RECEIVED)
    rerouting.reroute(answer, make_buyer("17131120"), by=anna)
    assert (answer.about, answer.state, answer.cause) == (None, State.ATTENTION, Cause.NEEDS_APPROVAL)


def test_a_confirmation_becomes_the_order_where_that_is_not_known(buyer: Administration, anna: User) -> None:
    stray = received(RESPONSE.but(buyer="11223348", lines=(Line(), Line("T-2", status="7"))))
    assert (stray.kind, stray.number, stray.line_count) == (Kind.RESPONSE, "OB-1", 2)
    rerouting.reroute(stray, buyer, by=anna)
    assert (stray.kind, stray.number, stray.state) == (Kind.ORDER, "PO-4711", State.RECEIVED)
    assert [line.seller_item for line in stray.lines.all()] == ["T-1"]


def test_a_file_that_nobody_can_read_still_waits_for_that(buyer: Administration, anna: User) -> None:
    stray = received(written(page("Inkooporder")), name="order.pdf", form="")
    assert stray.cause == Cause.NOT_OURS
    rerouting.reroute(stray, buyer, by=anna)
    assert (stray.state, stray.cause, stray.administration) == (State.ATTENTION, Cause.UNREADABLE, buyer)


def test_whoever_comes_second_changes_nothing(buyer: Administration, anna: User) -> None:
    order = received(STRAY)
    same = PurchaseOrder.objects.get(pk=order.pk)
    rerouting.reroute(order, buyer, by=anna)
    with pytest.raises(Changed):
        rerouting.reroute(same, make_buyer("17131120"), by=anna)


def test_a_new_rule_places_what_nobody_could(buyer: Administration) -> None:
    order = received(STRAY)
    assert rerouting.follow_rules() == []
    assert not rerouting.have_rules_changed()
    RoutingRuleFactory(evidence="buyer_reference", text="magazijn", administration=buyer)
    assert rerouting.follow_rules() == [order]
    order.refresh_from_db()
    assert (order.administration, order.state, order.touched) == (buyer, State.RECEIVED, False)
    assert rerouting.follow_rules() == []


def test_a_rule_brings_nothing_where_no_orders_or_no_such_sender_are_taken(buyer: Administration) -> None:
    received(STRAY, channel=Channel.MAIL, sender="iemand@vreemd.example")
    globe = AdministrationFactory(package=Package.EXACT_GLOBE)
    rule = RoutingRuleFactory(evidence="buyer_reference", text="magazijn", administration=globe)
    assert rerouting.follow_rules() == []
    AllowedSender.objects.create(administration=buyer, pattern="@bekend.example")
    rule.administration = buyer
    rule.save(update_fields=["administration"])
    assert rerouting.follow_rules() == []


def test_a_version_that_came_while_the_first_was_on_its_way_becomes_a_change(buyer: Administration) -> None:
    first = received(ORDER)
    second = received(ORDER.but(lines=(Line(quantity="9"),)))
    assert second.double_of == first
    cause = {"state": State.ATTENTION, "cause": Cause.POSSIBLE_DOUBLE}
    PurchaseOrder.objects.filter(pk=second.pk).update(**cause)
    assert processing.follow_firsts() == 0
    posted(first)
    assert processing.follow_firsts() == 1
    second.refresh_from_db()
    assert (second.kind, second.about) == (Kind.CHANGE, first)
    assert second.double_of_id is None
    assert [one["code"] for one in second.findings] == ["another_version"]
    assert second.state == State.PROPOSED
    assert second.differences
    assert processing.follow_firsts() == 0


def test_trying_a_version_again_makes_it_a_change(buyer: Administration, anna: User) -> None:
    first = received(ORDER)
    second = received(ORDER.but(lines=(Line(quantity="9"),)))
    reviewing.begin(second)
    assert (second.state, second.cause) == (State.ATTENTION, Cause.POSSIBLE_DOUBLE)
    reviewing.retry(second, by=anna)
    assert second.kind == Kind.ORDER
    posted(first)
    second = PurchaseOrder.objects.select_related("double_of", "administration").get(pk=second.pk)
    reviewing.retry(second, by=anna)
    assert (second.kind, second.about, second.state) == (Kind.CHANGE, first, State.PROPOSED)


def test_what_a_person_said_is_no_double_stays_an_order(buyer: Administration, anna: User) -> None:
    first = posted(received(ORDER))
    second = received(ORDER.but(number="PO-9", lines=(Line(quantity="9"),)))
    second.double_of = first
    assert not rerouting.becomes_change(PurchaseOrder.objects.get(pk=first.pk), by=anna)
    second.waived = [Cause.POSSIBLE_DOUBLE]
    assert not rerouting.becomes_change(second, by=anna)
