"""Items of Exact by what the supplier calls them."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.exact.models import Division, Item, ItemGroup, SupplierItem
from apps.rules.books import Books, books_of
from apps.rules.items import ItemFacts, known_to
from tests.exact.factories import DivisionFactory, GLAccountFactory, ItemFactory

pytestmark = pytest.mark.django_db
SUPPLIER = uuid4()


def delivers(item: Item, code: str, **values: Any) -> SupplierItem:
    known: Mapping[str, Any] = {"supplier": SUPPLIER, "supplier_code": code, "item": item.exact_id}
    return SupplierItem.objects.create(division=item.division, exact_id=uuid4(), **{**known, **values})


def known(division: Division, *codes: str) -> dict[str, ItemFacts]:
    books: Books = books_of(division)
    return known_to(division, str(SUPPLIER), codes, books)


def test_the_account_is_that_of_the_item_else_that_of_its_group() -> None:
    division = DivisionFactory()
    ours, groups = (GLAccountFactory(division=division, code=code) for code in ("4000", "4100"))
    group = ItemGroup.objects.create(
        division=division, exact_id=uuid4(), code="ROPES", gl_account_purchase=groups.exact_id
    )
    delivers(ItemFactory(division=division, code="R1", gl_account=ours.exact_id, item_group=None), "A")
    delivers(ItemFactory(division=division, code="R2", gl_account=None, item_group=group.exact_id), "B")
    delivers(ItemFactory(division=division, code="R3", gl_account=None, item_group=None), "C")
    assert known(division, "A", "B", "C", "D", "") == {
        "A": ItemFacts("R1", "", "4000"),
        "B": ItemFacts("R2", "ROPES", "4100"),
        "C": ItemFacts("R3", "", ""),
    }


def test_a_code_that_stands_for_two_items_or_is_another_suppliers_is_not_known() -> None:
    division = DivisionFactory()
    first, second = (ItemFactory(division=division, code=code) for code in ("R1", "R2"))
    delivers(first, "A")
    delivers(second, "A")
    delivers(second, "B", supplier=uuid4())
    assert known(division, "A", "B") == {}


def test_without_codes_nothing_is_asked(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    division = DivisionFactory()
    books = books_of(division)
    with django_assert_num_queries(0):
        assert known_to(division, str(SUPPLIER), ["", ""], books) == {}
