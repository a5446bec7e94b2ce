"""Exactly the differences between an order and an answer, neither more nor fewer."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.orders.difference import Difference, Field, Why
from apps.orders.differing import Answered, Ordered, applied, compare, same
from apps.orders.line_pairs import paired

DAY, LATER = date(2026, 9, 29), date(2026, 10, 6)
LINE = Ordered(
    1, 1, "10", "Touw", frozenset({("seller_item", "T-1")}), Decimal(8), Decimal("12.50"), DAY, True
)
SAME = Answered(1, of=1, number="10", about="10", name="Touw", codes=LINE.codes, quantity=Decimal(8))

amounts = st.decimals(min_value="0.0001", max_value="99999", places=4)
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31))


@st.composite
def orders(draw: Any) -> list[Ordered]:
    """Orders of lines of which some have the same item, or no number."""
    count = draw(st.integers(1, 8))
    is_numbered = draw(st.booleans())
    return [
        Ordered(
            key=100 + position,
            position=position,
            number=str(position * 10) if is_numbered else "",
            name=f"item {position}",
            codes=frozenset({("seller_item", f"T-{draw(st.integers(0, 3))}")}),
            quantity=draw(amounts),
            price=draw(st.none() | amounts),
            day=draw(st.none() | days),
            follows=False,
        )
        for position in range(1, count + 1)
    ]


def repeated(line: Ordered) -> Answered:
    """Answer a line as it was ordered."""
    return Answered(
        position=line.position,
        number=line.number,
        about=line.number,
        name=line.name,
        codes=line.codes,
        quantity=line.quantity,
        price=line.price,
        day=line.day,
    )


def differences(ordered: list[Ordered], answered: list[Answered], **how: Any) -> list[Difference]:
    """Pair and compare."""
    return compare(ordered, paired(ordered, answered), **how)


@given(orders(), st.booleans())
def test_what_is_repeated_differs_in_nothing(ordered: list[Ordered], is_whole: bool) -> None:
    answered = [repeated(line) for line in ordered]

    assert differences(ordered, answered, is_whole=is_whole) == []


@given(orders(), st.data())
def test_each_change_is_one_difference_and_once_applied_none(
    ordered: list[Ordered], data: st.DataObject
) -> None:
    ordered = [replace(line, number=str(line.position)) for line in ordered]
    answered, expected = [], set()
    for line in ordered:
        answer = repeated(line)
        for field in data.draw(st.sets(st.sampled_from([Field.QUANTITY, Field.PRICE, Field.DATE]))):
            if field is Field.DATE:
                answer = replace(
                    answer, day=(line.day or DAY) + timedelta(days=data.draw(st.integers(1, 90)))
                )
            elif field is Field.PRICE:
                answer = replace(answer, price=(line.price or Decimal()) + data.draw(amounts))
            else:
                answer = replace(answer, quantity=line.quantity + data.draw(amounts))
            expected.add((line.key, field))
        answered.append(answer)

    found = differences(ordered, answered)

    assert {(one.line_id, one.field) for one in found} == expected
    assert len(found) == len(expected)
    assert all(one.can_apply for one in found)
    assert differences(applied(ordered, found), answered) == []


@given(orders(), st.data())
def test_lines_left_out_are_removed_from_a_full_order_only(
    ordered: list[Ordered], data: st.DataObject
) -> None:
    ordered = [replace(line, number=str(line.position)) for line in ordered]
    left_out = data.draw(st.sets(st.sampled_from([line.key for line in ordered])))
    answered = [repeated(line) for line in ordered if line.key not in left_out]

    assert differences(ordered, answered) == []
    gone = differences(ordered, answered, is_whole=True)
    assert {(one.line_id, one.field, one.can_apply) for one in gone} == {
        (key, Field.REMOVED, False) for key in left_out
    }


@pytest.mark.parametrize("text", ["8", "8.0000", "8.00001"])
def test_numbers_are_compared_as_numbers_to_four_places(text: str) -> None:
    assert compare([LINE], [replace(SAME, quantity=Decimal(text))]) == []


def test_the_fourth_place_of_a_price_counts() -> None:
    (found,) = compare([LINE], [replace(SAME, price=Decimal("12.5001"))])

    assert (found.field, found.ordered, found.confirmed) == (Field.PRICE, "12.5", "12.5001")


@pytest.mark.parametrize("change", [{"status": "7"}, {"status": "42"}, {"quantity": Decimal(0)}])
def test_a_line_of_which_nothing_comes_is_rejected(change: dict[str, Any]) -> None:
    (found,) = compare([LINE], [replace(SAME, **change)])

    assert (found.field, found.ordered, found.can_apply) == (Field.REJECTED, "8", False)


def test_what_was_delivered_already_says_so() -> None:
    (found,) = compare([LINE], [replace(SAME, status="42")])

    assert found.why == Why.DELIVERED


def test_a_line_that_was_not_ordered_is_added_by_hand() -> None:
    strange = Answered(2, number="20", name="Anker", quantity=Decimal(1), codes=frozenset({("gtin", "1")}))

    (found,) = differences([LINE], [SAME, strange])

    assert (found.field, found.line, found.name, found.can_apply) == (Field.ADDED, "20", "Anker", False)


def test_another_item_is_shown_and_all_of_its_line_done_by_hand() -> None:
    found = compare([LINE], [replace(SAME, substitute="T-9", quantity=Decimal(6))])

    assert [(one.field, one.confirmed) for one in found] == [(Field.ITEM, "T-9"), (Field.QUANTITY, "6")]
    assert not any(one.can_apply for one in found)


def test_another_code_of_the_same_kind_is_another_item() -> None:
    other = replace(SAME, codes=frozenset({("seller_item", "T-2")}))

    assert [one.field for one in differences([LINE], [other])] == [Field.ITEM]


def test_a_code_of_another_kind_is_no_other_item() -> None:
    assert differences([LINE], [replace(SAME, codes=frozenset({("gtin", "8712345678906")}))]) == []


def test_two_deliveries_of_one_line_are_one_difference_by_hand() -> None:
    parts = [replace(SAME, quantity=Decimal(3)), replace(SAME, position=2, quantity=Decimal(5), day=LATER)]

    (found,) = compare([LINE], parts)

    assert (found.field, found.confirmed) == (Field.BACKORDER, "3 2026-09-29; 5 2026-10-06")
    assert not found.can_apply


def test_a_unit_that_cannot_be_converted_is_shown_as_written() -> None:
    (found,) = compare([LINE], [replace(SAME, said="2 BX", price=Decimal(1))])

    assert (found.field, found.confirmed, found.why) == (Field.QUANTITY, "2 BX", Why.UNIT)


def test_another_day_of_the_order_goes_for_the_lines_that_have_none_of_their_own() -> None:
    own = replace(LINE, key=2, position=2, number="20", day=LATER, follows=False)
    answered = [SAME, replace(SAME, position=2, of=2, about="20")]

    found = compare([LINE, own], answered, day=DAY, answered_day=date(2026, 10, 1))

    assert [(one.line_id, one.field, one.confirmed) for one in found] == [
        (None, Field.DATE, "2026-10-01"),
        (1, Field.DATE, "2026-10-01"),
    ]


def test_another_day_of_the_order_leaves_out_what_the_answer_leaves_out() -> None:
    second = replace(LINE, key=2, position=2, number="20")

    found = compare([LINE, second], [SAME], day=DAY, answered_day=LATER)

    assert [one.line_id for one in found] == [None, 1]


def test_a_day_alone_goes_for_all_lines() -> None:
    found = compare([LINE], [], day=DAY, answered_day=LATER)

    assert [one.line_id for one in found] == [None, 1]


def test_differences_come_by_line_and_then_by_field() -> None:
    second = replace(LINE, key=2, position=2, number="20")
    answered = [
        replace(SAME, position=1, of=2, price=Decimal(13), quantity=Decimal(2)),
        replace(SAME, position=2, day=LATER, quantity=Decimal(2)),
    ]

    found = compare([second, LINE], answered)

    assert [(one.line_id, one.field) for one in found] == [
        (1, Field.QUANTITY),
        (1, Field.DATE),
        (2, Field.QUANTITY),
        (2, Field.PRICE),
    ]


@given(st.decimals(min_value=-1000, max_value=1000, places=6))
def test_a_number_is_kept_without_loss_beyond_its_places(value: Decimal) -> None:
    assert Decimal(same(value)) == value.quantize(Decimal("0.0001"))
    assert "E" not in same(value)
