"""Everything that happened to an order, in order, with who, why, what was answered, and Exact's answers."""

from datetime import timedelta
from typing import Any

import pytest

from apps.clients.models import Mode
from apps.core import clock
from apps.core.trail import Trail
from apps.orders import reviewing
from apps.orders.models import PurchaseOrder, State
from apps.orders.trail import trail_of
from apps.people.models import Role
from apps.posting.models import Method
from tests import office
from tests.office import Books
from tests.orders.buying import Buying, again, make_buying
from tests.orders.factories import PurchaseOrderFactory
from tests.people.factories import UserFactory
from tests.posting.factories import PostingCallFactory, PostingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ORDERS = "purchaseorder/PurchaseOrders"


@pytest.fixture
def buying(db: None) -> Buying:
    return make_buying(mode=Mode.PROPOSE)


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def anybody() -> Any:
    return UserFactory(role=Role.ADMINISTRATOR)


def lists(trail: Trail) -> dict[str, tuple[str, ...]]:
    return {one.title: one.sentences for one in trail.lists}


def sent(order: PurchaseOrder, buying: Buying) -> None:
    """Put `order` into the outbox, and let Exact take it."""
    posting = PostingFactory(division=buying.division, method=Method.ORDER)
    order.move(State.POSTING, who="Postkamer", why="handed", at=clock.now(), posting=posting)
    later = {"at": clock.now() + timedelta(seconds=5), "resource": ORDERS}
    PostingCallFactory(posting=posting, step="order", answer={"OrderNumber": 4500001}, **later)


def test_each_step_stands_there_in_order_with_who_and_why(buying: Buying, anybody: Any) -> None:
    order = buying.coded()
    order.events.create(
        from_state="RECEIVED", to_state="RECEIVED", who="Postkamer", why="read", at=order.received_at
    )
    reviewing.accept(order, by=UserFactory(first_name="Rosa", last_name="Boek"), version=order.version)
    sent(order, buying)
    trail = trail_of(again(order), user=anybody)
    assert [step.title for step in trail.steps] == [
        "Received",
        "Read and routed",
        "Matched, coded and proposed",
        "Accepted",
        "On its way to Exact",
        "Call to Exact",
    ]
    assert order.part.original_id in trail.steps[0].why
    assert "Rosa" in trail.steps[3].who
    assert (trail.steps[5].why, trail.steps[5].technical) == (
        "the order: made, number 4500001",
        f"POST {ORDERS} 201",
    )


def test_the_supplier_and_what_the_lines_are_ordered_with_stand_there_with_the_reason(
    buying: Buying, anybody: Any
) -> None:
    order = buying.coded()
    trail = trail_of(order, user=anybody)
    facts = {fact.name: (fact.value, fact.why) for fact in trail.facts}
    assert facts["Supplier"] == (order.supplier_name, order.supplier_why)
    assert order.supplier_why
    [(line, values)] = trail.lines
    assert line == order.lines.get()
    said = {one.name: (one.value, one.why) for one in values}
    assert said["item"][0] == "TOUW12 Touw 12 mm"
    assert line.item_why in said["item"][1]
    assert said["VAT code"][0] == "V21"
    assert line.vat_why in said["VAT code"][1]


def test_an_order_tells_what_was_answered_to_it(books: Books, anybody: Any) -> None:
    answer, order = books.orders["answer"], books.orders["done"]
    answer.differences.append(
        {"field": "item", "line": "2", "ordered": "A", "confirmed": "B", "why": "item", "by_hand": True}
    )
    answer.save(update_fields=["differences"])
    trail = trail_of(order, user=anybody)
    named = f"order confirmation {answer.number}"
    assert ("Answered", named) in {(step.title, step.why) for step in trail.steps}
    first, second, third = lists(trail)["Answers to this order"]
    assert first == f"{named}: proposed"
    assert second == "line 1: quantity 8 → 6"
    assert third.startswith("line 2: item A → B (by hand in Exact: another item")
    assert "Answers to this order" not in lists(trail_of(order, user=UserFactory(role=Role.BOOKKEEPER)))


def test_an_answer_tells_what_it_is_about_and_in_what_it_differs(books: Books, anybody: Any) -> None:
    trail = trail_of(books.orders["answer"], user=anybody)
    facts = {fact.name: fact.value for fact in trail.facts}
    assert facts["About order"] == f"{books.orders['done'].number} 4500001"
    assert lists(trail) == {"Differences from the order": ("line 1: quantity 8 → 6",)}
    assert trail.lines_title == "What it says"


def test_what_was_found_and_what_somebody_changed_in_exact_stand_there(books: Books, anybody: Any) -> None:
    order = books.orders["done"]
    order.findings = [{"code": "substitute_offered", "values": {"lines": "1", "item": "T-9"}, "cause": ""}]
    order.noticed = [{"field": "quantity", "line": "1", "ordered": "8", "confirmed": "5"}]
    order.standing = "partial"
    trail = trail_of(order, user=anybody)
    assert lists(trail)["Changed in Exact since"] == ("line 1: quantity 8 → 5",)
    assert "T-9" in lists(trail)["What the checks found"][0]
    assert {fact.name: fact.value for fact in trail.facts}["In Exact"] == "partly received"


def test_an_order_of_nobody_has_a_trail_too(anybody: Any) -> None:
    order = PurchaseOrderFactory(administration=None, order_date=None, net=None, typed=True)
    trail = trail_of(order, user=anybody)
    assert [step.title for step in trail.steps] == ["Received"]
    assert {fact.name: fact.why for fact in trail.facts}["Kind"] == "filled in by hand"
