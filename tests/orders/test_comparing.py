"""An answer is compared in the units of the order."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.exact.models import Division
from apps.orders.comparing import compared, there
from apps.orders.difference import Difference, Field, Why
from apps.orders.models import Kind, PurchaseOrder, ValueSource
from tests.orders.confirmations import answer, draft, make_division

pytestmark = pytest.mark.django_db

LATER = date(2026, 10, 6)


@pytest.fixture
def linked() -> Division:
    return make_division()


@pytest.fixture
def order(linked: Division) -> PurchaseOrder:
    return draft(linked, 2)


def differences(row: PurchaseOrder, division: Division) -> list[tuple[str, str, str, str]]:
    """What differs, shortly."""
    return [
        (one.line, one.field.value, one.ordered, one.confirmed) for one in compared(row, division).differences
    ]


def in_boxes(order: PurchaseOrder) -> None:
    """Have line 1 be ordered in boxes of 12, which the document wrote in the item's own unit."""
    line = order.lines.get(position=1)
    line.quantity, line.unit, line.price = Decimal(120), "C62", Decimal("1.25")
    line.ordered, line.ordered_price = Decimal(10), Decimal(15)
    line.purchase_unit, line.factor, line.ordered_source = "doos", Decimal(12), ValueSource.DOCUMENT
    line.save()


def test_what_repeats_the_order_differs_in_nothing(order: PurchaseOrder, linked: Division) -> None:
    in_boxes(order)

    assert differences(answer(order), linked) == []


@pytest.mark.parametrize(
    ("said", "confirmed"),
    [
        ({"quantity": Decimal(60)}, [("1", "quantity", "10", "5")]),
        ({"quantity": Decimal(5), "unit": "BX", "price": Decimal(15)}, [("1", "quantity", "10", "5")]),
        ({"quantity": Decimal(10), "unit": "doos", "price": Decimal(15)}, []),
        ({"price": Decimal("1.30")}, [("1", "price", "15", "15.6")]),
        ({"price": None}, []),
        ({"quantity": None, "price": None}, []),
        ({"price": Decimal("2.50"), "discount": Decimal(50)}, []),
    ],
)
def test_quantities_and_prices_are_brought_into_its_units(
    order: PurchaseOrder, linked: Division, said: dict[str, Any], confirmed: list[tuple[str, ...]]
) -> None:
    in_boxes(order)

    assert differences(answer(order, {1: said}), linked) == confirmed


def test_a_unit_that_cannot_be_converted_is_for_a_person(order: PurchaseOrder, linked: Division) -> None:
    in_boxes(order)

    (found,) = compared(answer(order, {1: {"quantity": Decimal(2), "unit": "KGM"}}), linked).differences

    assert (found.field, found.confirmed, found.why) == (Field.QUANTITY, "2 KGM", Why.UNIT)


def test_what_a_person_ordered_instead_is_what_counts(order: PurchaseOrder, linked: Division) -> None:
    order.lines.filter(position=1).update(ordered=7, ordered_source=ValueSource.PERSON)

    assert differences(answer(order), linked) == [("1", "quantity", "7", "10")]


def test_what_somebody_changed_in_exact_is_what_counts(order: PurchaseOrder, linked: Division) -> None:
    line = order.lines.get(position=1)
    changed = Difference(Field.QUANTITY, "1", line_id=line.pk, ordered="10", confirmed="9")
    order.noticed = [changed.as_kept()]
    order.save()

    assert there(order).lines[0].quantity == 9
    assert differences(answer(order), linked) == [("1", "quantity", "9", "10")]


def test_a_line_that_is_gone_in_exact_is_no_line_any_more(order: PurchaseOrder, linked: Division) -> None:
    line = order.lines.get(position=1)
    order.noticed = [Difference(Field.REMOVED, "1", line_id=line.pk, why=Why.LINE_GOES).as_kept()]
    order.save()

    assert [one[:2] for one in differences(answer(order), linked)] == [("1", "added")]


def test_the_day_of_the_whole_order_is_none_of_its_lines(order: PurchaseOrder, linked: Division) -> None:
    order.lines.filter(position=2).update(receipt_date=LATER)
    repeated = answer(order, {2: {"receipt_date": order.receipt_date}})

    assert differences(repeated, linked) == []


def test_a_change_is_a_whole_order_and_a_confirmation_is_not(order: PurchaseOrder, linked: Division) -> None:
    assert differences(answer(order, left_out=(2,)), linked) == []
    assert differences(answer(order, left_out=(2,), kind=Kind.CHANGE), linked) == [("2", "removed", "20", "")]


def test_another_item_is_for_a_person(order: PurchaseOrder, linked: Division) -> None:
    (found,) = compared(answer(order, {1: {"substitute": "Z-9"}}), linked).differences

    assert (found.field, found.confirmed, found.can_apply) == (Field.ITEM, "Z-9", False)


def test_its_lines_say_what_they_are_in_exact(order: PurchaseOrder, linked: Division) -> None:
    in_boxes(order)

    line = compared(answer(order, {1: {"quantity": Decimal(60)}}), linked).lines[0]

    assert (line.ordered, line.purchase_unit, line.item) == (
        Decimal(5),
        "doos",
        order.lines.get(position=1).item,
    )


def test_200_lines_cost_no_query_each(
    order: PurchaseOrder, linked: Division, django_assert_max_num_queries: Any
) -> None:
    row = PurchaseOrder.objects.select_related("about").get(pk=answer(order).pk)
    compared(row, linked)
    row = PurchaseOrder.objects.select_related("about").get(pk=row.pk)

    with django_assert_max_num_queries(12):
        compared(row, linked)
