"""What people decide about orders."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from apps.clients.models import Mode, Package
from apps.core import clock
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.intake.models import PartOutcome
from apps.orders import reviewing
from apps.orders.coding import code
from apps.orders.doubles import MADE
from apps.orders.models import Outcome, PurchaseOrder, Standing, State, WaitsFor
from apps.orders.refused import Refused
from apps.people.models import User
from apps.posting.models import Posting, PostingState
from tests.clients.factories import AdministrationFactory
from tests.items.factories import ItemMappingFactory
from tests.orders.buying import Buying, again, line_of, make_buying
from tests.orders.factories import OrderTermsFactory
from tests.people.factories import UserFactory
from tests.vendors.factories import MappingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buying(db: None) -> Buying:
    return make_buying()


@pytest.fixture
def person(db: None) -> User:
    made: User = UserFactory()
    return made


def accepted(order: PurchaseOrder, by: User) -> PurchaseOrder:
    fresh = again(order)
    reviewing.accept(fresh, by=by, version=fresh.version)
    return again(order)


def test_an_accepted_order_waits_out_the_minutes_for_undo(buying: Buying, person: User) -> None:
    order = accepted(buying.coded(), person)
    assert (order.state, order.waits_for, order.accepted_by) == (State.READY, WaitsFor.HOLD_BACK, person)
    assert order.waits_until
    assert order.waits_until > clock.now()


def test_on_pilot_an_accepted_order_waits_for_its_end(buying: Buying, person: User) -> None:
    order = buying.coded()
    buying.administration.mode = Mode.PILOT
    buying.administration.save(update_fields=["mode"])
    assert accepted(order, person).waits_for == WaitsFor.PILOT


def test_only_what_was_seen_can_be_accepted(buying: Buying, person: User) -> None:
    order = buying.coded()
    with pytest.raises(Changed):
        reviewing.accept(order, by=person, version=order.version - 1)
    held = buying.coded({"seller_item": "NOBODY"})
    with pytest.raises(Refused):
        reviewing.accept(held, by=person, version=held.version)


def test_what_stands_on_a_mapping_taken_back_is_not_accepted(buying: Buying, person: User) -> None:
    order = buying.coded()
    forgotten = ItemMappingFactory(forgotten_at=clock.now())
    order.lines.update(item_mapping=forgotten)
    with pytest.raises(Refused, match="item"):
        reviewing.accept(order, by=person, version=order.version)
    order.lines.update(item_mapping=None)
    order.mapping = MappingFactory(forgotten_at=clock.now())
    with pytest.raises(Refused, match="vendor"):
        reviewing.accept(order, by=person, version=order.version)


def test_a_ready_order_is_taken_back(buying: Buying, person: User) -> None:
    order = accepted(buying.coded(), person)
    reviewing.undo(order, by=person)
    order = again(order)
    assert (order.state, order.accepted_by, order.touched) == (State.PROPOSED, None, True)
    with pytest.raises(Refused):
        reviewing.undo(order, by=person)


def test_an_order_in_exact_is_taken_back_by_a_removal(buying: Buying, person: User) -> None:
    order = again(buying.ordered_before())
    reviewing.undo(order, by=person, version=order.version)
    order = again(order)
    assert (order.state, order.outcome) == (State.POSTING, "")
    assert order.removal
    assert [one["resource"] for one in order.removal.plan["steps"]] == ["purchaseorder/PurchaseOrders"]


@pytest.mark.parametrize(
    ("standing", "is_possible"),
    [(Standing.OPEN, True), (Standing.PARTIAL, False), (Standing.COMPLETE, False), (Standing.GONE, False)],
)
def test_what_was_received_is_not_taken_back(
    buying: Buying, person: User, standing: str, is_possible: bool
) -> None:
    order = again(buying.ordered_before())
    order.standing = standing
    if is_possible:
        reviewing.undo(order, by=person)
        return
    with pytest.raises(Refused):
        reviewing.undo(order, by=person)


def test_what_is_gone_from_exact_is_taken_up_again(buying: Buying, person: User) -> None:
    order = again(buying.ordered_before())
    PurchaseOrder.objects.filter(pk=order.pk).update(standing=Standing.GONE)
    order = again(order)
    reviewing.reopen(order, by=person)
    order = again(order)
    assert (order.state, order.exact_number, order.standing) == (State.PROPOSED, "", "")
    assert order.posting
    assert order.posting.state == PostingState.WITHDRAWN


def test_ordering_anyway_waives_one_cause_only(buying: Buying, person: User) -> None:
    buying.ordered_before()
    order = buying.coded({"price": Decimal(300), "net": Decimal(600)}, net=Decimal(700))
    assert order.cause == Cause.NEEDS_APPROVAL
    reviewing.order_anyway(order, by=person, version=order.version)
    order = again(order)
    assert (order.state, order.cause) == (State.ATTENTION, Cause.TOTALS_DIFFER)
    reviewing.order_anyway(order, by=person)
    assert again(order).state == State.READY


def test_a_gap_is_not_ordered_anyway(buying: Buying, person: User) -> None:
    order = buying.coded({"unit": "KGM"})
    with pytest.raises(Refused, match="KGM"):
        reviewing.order_anyway(order, by=person)
    order = again(order)
    assert (order.state, order.cause, order.waived) == (State.ATTENTION, Cause.NEEDS_APPROVAL, [])


def test_an_unknown_item_cannot_be_waived(buying: Buying, person: User) -> None:
    with pytest.raises(Refused):
        reviewing.order_anyway(buying.coded({"seller_item": "NOBODY"}), by=person)


def test_a_possible_double_that_is_none_gives_up_its_key(buying: Buying, person: User) -> None:
    order = buying.order(double_of=buying.ordered_before())
    reviewing.begin(again(order))
    order = again(order)
    assert order.cause == Cause.POSSIBLE_DOUBLE
    reviewing.order_anyway(order, by=person)
    assert again(order).double_key is None
    assert again(order).state == State.READY


def test_a_document_is_put_aside_and_taken_up_again(buying: Buying, person: User) -> None:
    order = buying.coded({"seller_item": "NOBODY"})
    reviewing.ignore(order, by=person, why="a sample", version=order.version)
    order = again(order)
    assert (order.state, order.part.outcome, order.part.reason) == (
        State.IGNORED,
        PartOutcome.IGNORED,
        "a sample",
    )
    assert line_of(order).item_question is None
    reviewing.reopen(order, by=person)
    assert again(order).state == State.ATTENTION
    assert again(order).part.outcome == PartOutcome.DOCUMENT


def refused(order: PurchaseOrder, buying: Buying, cause: str, **kept: Any) -> PurchaseOrder:
    """Exact refused the order, after its document was there."""
    posting = Posting.objects.create(
        reference="PK-000000000001",
        division=buying.division,
        method="order",
        plan={"steps": [], "look": {}},
        steps={"document": {"state": "done", "id": str(uuid4())}},
        state=PostingState.REFUSED,
        cause=cause,
        finished_at=clock.now(),
        next_attempt_at=clock.now(),
        created_at=clock.now(),
    )
    PurchaseOrder.objects.filter(pk=order.pk).update(
        posting=posting, state=State.ATTENTION, cause=Cause.REJECTED_BY_EXACT
    )
    return again(order)


def test_what_is_put_aside_leaves_no_document_in_exact(buying: Buying, person: User) -> None:
    order = refused(buying.coded(), buying, Cause.REJECTED_BY_EXACT)
    reviewing.ignore(order, by=person, why="no")
    assert Posting.objects.filter(method="removal").count() == 1


def test_what_exact_may_have_is_not_put_aside(buying: Buying, person: User) -> None:
    order = refused(buying.coded(), buying, Cause.OUTCOME_UNCERTAIN)
    with pytest.raises(Refused):
        reviewing.ignore(order, by=person, why="no")


def test_what_is_done_is_not_put_aside_nor_moved(buying: Buying, person: User) -> None:
    order = again(buying.ordered_before())
    with pytest.raises(Refused):
        reviewing.ignore(order, by=person, why="no")
    with pytest.raises(Refused):
        reviewing.route(order, buying.administration, by=person)


def test_an_order_is_moved_to_another_administration_and_coded_there(buying: Buying, person: User) -> None:
    other = make_buying()
    order = buying.coded()
    reviewing.route(order, other.administration, by=person, version=order.version)
    order = again(order)
    assert order.administration == other.administration
    assert order.supplier == other.supplier.exact_id
    assert line_of(order).item == other.item.exact_id


def test_where_there_is_no_division_the_vendor_is_unknown(buying: Buying, person: User) -> None:
    order = buying.coded()
    reviewing.route(order, AdministrationFactory(), by=person)
    assert again(order).cause == Cause.VENDOR_UNKNOWN


@pytest.mark.parametrize("package", [Package.EXACT_GLOBE, Package.EXACT_ONLINE])
def test_an_order_goes_nowhere_where_none_are_taken(package: str, buying: Buying, person: User) -> None:
    other = AdministrationFactory(package=package)
    OrderTermsFactory(administration=other, takes_orders=False)
    order = buying.coded()
    with pytest.raises(Refused, match="takes no orders"):
        reviewing.route(order, other, by=person)
    assert again(order).administration == buying.administration


def test_trying_again_codes_with_what_is_known_now(buying: Buying, person: User) -> None:
    order = buying.coded({"seller_item": "NOBODY"})
    buying.offer.supplier_code = "NOBODY"
    buying.offer.save(update_fields=["supplier_code"])
    assert reviewing.retry_all([order, again(buying.ordered_before())], by=person) == 1
    assert again(order).state == State.READY


def test_what_is_uncertain_is_looked_for_at_once(buying: Buying, person: User) -> None:
    order = buying.ordered_before()
    assert order.posting
    later = clock.now() + clock.now().resolution * 10**10
    Posting.objects.filter(pk=order.posting.pk).update(
        state=PostingState.UNCLEAR, finished_at=None, next_attempt_at=later
    )
    uncertain = {"state": State.UNCERTAIN, "cause": Cause.OUTCOME_UNCERTAIN, "outcome": "", "done_at": None}
    PurchaseOrder.objects.filter(pk=order.pk).update(**uncertain)
    reviewing.retry(again(order), by=person)
    assert Posting.objects.get(pk=order.posting.pk).next_attempt_at < later


def test_what_is_to_be_corrected_is_seen(buying: Buying, person: User) -> None:
    order = again(buying.ordered_before())
    with pytest.raises(Refused):
        reviewing.note(order, by=person, version=order.version)
    PurchaseOrder.objects.filter(pk=order.pk).update(to_correct="the mapping was taken back")
    order = again(order)
    reviewing.note(order, by=person, version=order.version)
    order = again(order)
    assert (order.state, order.outcome, order.to_correct) == (State.DONE, Outcome.ORDERED, "")


def dear(buying: Buying) -> PurchaseOrder:
    """Return an order at twice the price in Exact, in an automatic administration."""
    buying.ordered_before()
    return buying.coded({"price": Decimal(300), "net": Decimal(600)}, net=Decimal(600))


def reprice(buying: Buying, price: str) -> None:
    buying.offer.price = Decimal(price)
    buying.offer.save(update_fields=["price"])


def test_what_is_waived_holds_for_these_prices_only(buying: Buying, person: User) -> None:
    order = dear(buying)
    reviewing.order_anyway(order, by=person, version=order.version)
    code(again(order))
    assert again(order).state == State.READY
    reprice(buying, "1.50")
    code(again(order))
    order = again(order)
    assert (order.state, order.cause, order.waived) == (State.ATTENTION, Cause.NEEDS_APPROVAL, [])


def test_what_is_waived_is_what_was_seen(buying: Buying, person: User) -> None:
    order = dear(buying)
    reprice(buying, "1.50")
    with pytest.raises(Changed, match="since you looked"):
        reviewing.order_anyway(order, by=person, version=order.version)
    assert again(order).cause == Cause.NEEDS_APPROVAL
    reviewing.order_anyway(again(order), by=person)
    assert again(order).state == State.READY


def test_what_was_waived_ends_when_it_is_taken_back(buying: Buying, person: User) -> None:
    order = dear(buying)
    reviewing.order_anyway(order, by=person)
    reviewing.undo(again(order), by=person)
    reviewing.retry(again(order), by=person)
    assert (again(order).state, again(order).cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)


def test_what_a_person_took_back_never_goes_by_itself(buying: Buying, person: User) -> None:
    buying.ordered_before()
    order = buying.coded()
    assert order.state == State.READY
    reviewing.undo(order, by=person)
    reviewing.retry(again(order), by=person)
    order = again(order)
    assert order.state == State.PROPOSED
    assert accepted(order, person).state == State.READY


def test_what_was_made_of_a_confirmation_is_looked_at_by_a_person(buying: Buying, person: User) -> None:
    buying.ordered_before()
    made = {"code": MADE, "values": {"number": "PO-77", "own": "OB-1"}}
    order = buying.coded(number="PO-77", findings=[made])
    assert order.state == State.PROPOSED
    assert "confirmation" in order.proposed_because
    itself = buying.order(number="PO-77", double_of=order)
    with pytest.raises(Refused, match="PO-77"):
        reviewing.accept(again(order), by=person, version=order.version)
    code(again(itself))
    assert again(itself).cause == Cause.POSSIBLE_DOUBLE
    reviewing.ignore(again(itself), by=person, why="a double")
    assert accepted(again(order), person).state == State.READY
