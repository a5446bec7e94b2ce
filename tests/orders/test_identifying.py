"""Who an order goes to."""

import pytest

from apps.core.causes import Cause
from apps.exact.models import Relation
from apps.orders.identifying import SET, doubt, identify
from apps.orders.models import PurchaseOrder, State
from tests.exact.factories import RelationFactory
from tests.orders.buying import KVK, Buying, again, make_buying

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buying(db: None) -> Buying:
    return make_buying()


def found(buying: Buying, order: PurchaseOrder) -> tuple[object, list[str]]:
    result = identify(again(order), buying.administration, buying.division, {})
    assert set(result.values) <= set(SET)
    return result.values.get("supplier"), [one.cause for one in result.obstacles]


def test_a_number_on_the_order_tells(buying: Buying) -> None:
    assert found(buying, buying.order()) == (str(buying.supplier.exact_id), [])


def by_code(buying: Buying, code: str = "10023") -> PurchaseOrder:
    vendor = {"name": "Nobody", "keys": [], "code": code}
    return buying.order(vendor_name="Nobody", vendor_key="name nobody", vendor=vendor)


def test_the_code_that_somebody_of_ours_wrote_on_it_tells(buying: Buying) -> None:
    Relation.objects.update(code="     10023")  # as Exact pads it
    assert found(buying, by_code(buying)) == (str(buying.supplier.exact_id), [])


def test_the_code_of_a_blocked_card_waits(buying: Buying) -> None:
    Relation.objects.update(blocked=True)
    assert found(buying, by_code(buying)) == (None, [Cause.SUPPLIER_BLOCKED])


def test_a_code_of_nobody_is_asked(buying: Buying) -> None:
    assert found(buying, by_code(buying, "99")) == (None, [Cause.VENDOR_UNKNOWN])


def test_a_code_that_the_numbers_contradict_is_looked_at_by_a_person(buying: Buying) -> None:
    """A sheet may come from anybody, so a code in it does not overrule the numbers beside it in silence."""
    buying.ordered_before()
    other = RelationFactory(division=buying.division, code="10099", is_supplier=True)
    vendor = {"name": "Anker en Touw", "keys": [f"kvk {KVK}"], "code": "10099"}
    order = again(buying.order(vendor=vendor))
    words = doubt(order, buying.division, other, {})
    assert "10099" in words
    assert "10023" in words
    assert doubt(order, buying.division, buying.supplier, {}) == ""
    order.typed = True  # a person chose the card
    assert doubt(order, buying.division, other, {}) == ""
    vendor["code"] = "10023"
    assert buying.coded(vendor=vendor).state == State.READY
    buying.offer.supplier = other.exact_id
    buying.offer.save(update_fields=["supplier"])
    coded = buying.coded(vendor={**vendor, "code": "10099"})
    assert coded.state == State.PROPOSED
    assert "10099" in coded.proposed_because
