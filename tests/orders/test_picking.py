"""Suppliers and items by what somebody types."""

from typing import Any

import pytest

from apps.exact.models import Item
from apps.orders import picking
from tests.exact.factories import ItemFactory, RelationFactory
from tests.orders.buying import Buying, make_buying

pytestmark = pytest.mark.django_db


@pytest.fixture
def buying() -> Buying:
    return make_buying()


def test_an_item_is_found_by_code_by_name_and_by_the_line_of_the_suggestions(buying: Buying) -> None:
    dashed = ItemFactory(division=buying.division, code="A - B", description="Rope - thick")
    typed = [
        "A - B",
        "A - B - Rope - thick",
        "Rope - thick",
        f" {buying.item.code} ",
        "TOUW12 - x",
        "nothing",
        "",
    ]
    found = picking.items_called(buying.administration, typed)
    assert found == {
        "A - B": dashed,
        "Rope - thick": dashed,
        f" {buying.item.code} ": buying.item,
        "TOUW12 - x": buying.item,
    }


def test_a_name_of_two_items_means_none(buying: Buying) -> None:
    for code in ("1", "2"):
        ItemFactory(division=buying.division, code=code, description="Twin")
    assert picking.items_called(buying.administration, ["Twin"]) == {}


def test_many_items_cost_no_more_queries_than_one(buying: Buying, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        ItemFactory(division=buying.division, code=f"N{number}", description=f"Name {number}")
    typed = [f"N{number}" for number in range(15)] + [f"Name {number}" for number in range(15, 30)]
    with django_assert_max_num_queries(2):
        assert len(picking.items_called(buying.administration, typed)) == 30


def test_suppliers_that_are_blocked_or_of_others_are_none(buying: Buying) -> None:
    RelationFactory(division=buying.division, code="77", name="Blocked rope", blocked=True, is_supplier=True)
    RelationFactory(division=buying.division, code="78", name="Customer rope", is_supplier=False)
    RelationFactory(code="79", name="Foreign rope", is_supplier=True)
    assert picking.suppliers_like(buying.administration, "rope") == []
    assert picking.supplier_called(buying.administration, "77") is None
    assert picking.supplier_called(buying.administration, "10023 - Anker en Touw B.V.") == buying.supplier
    assert picking.supplier_called(buying.administration, "anker en touw b.v.") == buying.supplier


def test_suggestions_come_for_codes_names_and_barcodes(buying: Buying) -> None:
    item: Item = ItemFactory(division=buying.division, code="Z9", description="Tar", barcode="8712345000004")
    for typed in ("z9", "tar", "8712345000004"):
        assert picking.items_like(buying.administration, typed) == [item], typed
    assert picking.items_like(buying.administration, " ") == []
