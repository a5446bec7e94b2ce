from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.exact.models import Division, Item
from apps.items.matching import Outcome
from apps.items.models import ItemQuestion, QuestionKind
from apps.items.resolving import Resolved, resolve
from apps.items.wanted import Wanted
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, ItemFactory, SupplierItemFactory
from tests.items.factories import ItemMappingFactory

SUPPLIER = uuid4()
Resolve = Callable[..., list[Resolved]]


@pytest.fixture
def division(db: None) -> Division:
    made: Division = DivisionFactory(administration=AdministrationFactory())
    return made


@pytest.fixture
def lines(division: Division) -> Resolve:
    def of(*wanted: Wanted, **more: Any) -> list[Resolved]:
        owner = division.administration
        assert owner
        return resolve(division, owner, SUPPLIER, "Anker en Touw", wanted, None, **more)

    return of


def item_of(division: Division, code: str = "", **values: Any) -> Item:
    made: Item = ItemFactory(division=division, unit="stuk", **values)
    if code:
        SupplierItemFactory(
            division=division, item=made.exact_id, supplier=SUPPLIER, supplier_code=code, unit="doos",
            factor=Decimal(12), price=Decimal("9.50"), currency="EUR",
        )  # fmt: skip
    return made


def test_the_code_of_the_supplier_gives_the_item_with_its_units_and_price(
    division: Division, lines: Resolve
) -> None:
    item = item_of(division, "T-1")
    (one,) = lines(Wanted(seller_item="t-1"))
    assert one.item
    assert (one.item.exact_id, one.item.unit, one.item.purchase_unit) == (item.exact_id, "stuk", "doos")
    assert (one.item.factor, one.item.price, one.item.currency) == (Decimal(12), Decimal("9.5"), "EUR")
    assert (one.outcome, one.source, one.question) == (Outcome.MATCHED, "card", None)
    assert "T-1" in one.why


def test_what_nobody_knows_is_asked_once_and_offered_anew(division: Division, lines: Resolve) -> None:
    first, second, other = lines(
        Wanted(seller_item="X-1", description="Touw, 12 mm", unit="C62", price=Decimal("1.5")),
        Wanted(seller_item="x-1", description="Touw"),
        Wanted(description="Lamp"),
    )
    assert first.question and second.question and other.question
    assert first.question.pk == second.question.pk != other.question.pk
    assert (first.question.kind, first.question.candidates) == (QuestionKind.UNKNOWN, [])
    assert str(first.question.keys[0]) == "seller_item X-1"
    item = item_of(division, description="Touw 12 mm")
    (again,) = lines(Wanted(seller_item="X-1", description="Touw, 12 mm"))
    assert again.question and again.question.pk == first.question.pk
    assert ItemQuestion.objects.get(pk=first.question.pk).candidates[0]["item"] == str(item.exact_id)
    assert ItemQuestion.objects.count() == 2


def test_nothing_is_asked_where_nothing_may_be_and_of_a_line_that_says_nothing(lines: Resolve) -> None:
    (silent,) = lines(Wanted(unit="C62", quantity=Decimal(3)))
    assert silent.question is None and silent.why
    (unasked,) = lines(Wanted(seller_item="X-1"), asks=False)
    assert unasked.question is None and unasked.outcome is Outcome.UNKNOWN
    assert not ItemQuestion.objects.exists()


def test_a_decision_of_the_same_supplier_and_administration_counts(
    division: Division, lines: Resolve
) -> None:
    item = item_of(division)
    known = {"administration": division.administration, "item": item.exact_id, "value": "T-1"}
    ItemMappingFactory(**known)  # another supplier's
    assert lines(Wanted(seller_item="T-1"), asks=False)[0].item is None
    mapping = ItemMappingFactory(**known, supplier=SUPPLIER)
    (one,) = lines(Wanted(seller_item="T-1"))
    assert one.item and one.item.exact_id == item.exact_id
    assert (one.mapping, one.source) == (mapping.pk, "person")


def test_hundreds_of_lines_take_the_queries_of_a_few(division: Division, lines: Resolve) -> None:
    item_of(division, "T-0")
    wanted = [Wanted(seller_item=f"T-{at}", description=f"Touw {at}") for at in range(200)]

    def queries(of: list[Wanted]) -> int:
        with CaptureQueriesContext(connection) as caught:
            lines(*of)
        return len(caught)

    assert queries(wanted) <= 14  # a test database takes the new rows in a few portions
    assert ItemQuestion.objects.count() == 199
    assert queries(wanted) == queries(wanted[:2]) <= 8
