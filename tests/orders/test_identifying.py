"""Who an order goes to."""

import pytest

from apps.core.causes import Cause
from apps.exact.models import Relation
from apps.orders.identifying import SET, identify
from apps.orders.models import PurchaseOrder
from tests.orders.buying import Buying, again, make_buying

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
