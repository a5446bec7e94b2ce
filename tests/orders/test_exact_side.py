"""What Exact shows of an order, and in what that is not as it was put there."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.orders.amounts import Charged, sent_price
from apps.orders.difference import Difference, Field
from apps.orders.differing import Ordered
from apps.orders.exact_side import GONE, Seen, SeenLine, seen_from, standing_of, unlike
from apps.orders.models import Standing

DAY = date(2026, 9, 29)
OURS = Ordered(1, 1, "10", "Touw", quantity=Decimal(8), price=Decimal("12.50"), day=DAY)
THERE = SeenLine(uuid4(), 1, uuid4(), "Touw", Decimal(8), Decimal("12.50"), DAY)


def found(*lines: SeenLine, day: date | None = DAY, **how: Any) -> list[Difference]:
    """In what an order with our one line, and these in Exact, differs; the first of these is ours."""
    matched = {1: lines[0]} if lines else {}
    return unlike([OURS], Seen(Standing.OPEN, day, lines), matched, day=DAY, **{"gross": {}, **how})


@pytest.mark.parametrize(
    ("order", "receipt", "standing"),
    [
        (10, 10, Standing.OPEN),
        (20, 20, Standing.PARTIAL),
        (10, 20, Standing.PARTIAL),
        (30, 30, Standing.COMPLETE),
        (20, 30, Standing.COMPLETE),
        (40, 40, Standing.CANCELLED),
        (40, 30, Standing.CANCELLED),
    ],
)
def test_how_it_stands(order: int, receipt: int, standing: Standing) -> None:
    assert standing_of(order, receipt) == standing


def test_an_answer_without_a_row_is_of_an_order_that_is_gone() -> None:
    assert seen_from([], []) == GONE


def test_rows_of_exact_are_read() -> None:
    head = {"OrderStatus": 10, "ReceiptStatus": 10, "ReceiptDate": "/Date(1790640000000)/"}
    key = "0f0f0f0f-0000-4000-8000-000000000001"
    line = {"ID": key, "LineNumber": 2, "Item": key, "QuantityInPurchaseUnits": 7.5, "NetPrice": 1.25}

    seen = seen_from([head], [line])

    assert (seen.standing, seen.day) == (Standing.OPEN, date(2026, 9, 29))
    (one,) = seen.lines
    assert (one.exact_id, one.number, one.quantity, one.price) == (
        UUID(key),
        2,
        Decimal("7.5"),
        Decimal("1.25"),
    )


def test_what_stands_there_as_it_was_put_differs_in_nothing() -> None:
    assert found(THERE) == []


def test_what_somebody_changed_there_differs() -> None:
    changed = replace(THERE, quantity=Decimal(7), day=date(2026, 10, 6))

    assert [(one.field, one.ordered, one.confirmed) for one in found(changed)] == [
        (Field.QUANTITY, "8", "7"),
        (Field.DATE, "2026-09-29", "2026-10-06"),
    ]


def test_a_line_that_is_gone_or_new_differs() -> None:
    assert [one.field for one in found()] == [Field.REMOVED]
    assert [one.field for one in found(THERE, replace(THERE, exact_id=uuid4(), number=2))] == [Field.ADDED]


def test_a_day_that_we_did_not_say_is_not_compared() -> None:
    there = Seen(Standing.OPEN, DAY, (THERE,))

    assert unlike([replace(OURS, day=None, follows=True)], there, {1: THERE}, day=None, gross={}) == []


@given(st.decimals(min_value="0.0001", max_value="99999", places=6), st.sampled_from(["0.21", "0.09"]))
def test_a_price_with_vat_is_known_again(price: Decimal, percentage: str) -> None:
    charged = Charged("I", Decimal(percentage))
    ours = replace(OURS, price=price)
    there = replace(THERE, price=sent_price(price, charged))

    differences = unlike(
        [ours],
        Seen(Standing.OPEN, DAY, (there,)),
        {1: there},
        day=DAY,
        gross={1: sent_price(Decimal(1), charged)},
    )

    assert differences == []
