"""Which line of the order an answered line is about."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from apps.orders.differing import Answered, Ordered
from apps.orders.line_pairs import paired


def ordered(key: int, code: str = "", *, number: str = "", quantity: int = 1, name: str = "") -> Ordered:
    """A line of an order."""
    codes = frozenset({("seller_item", code)}) if code else frozenset()
    return Ordered(key, key, number, name, codes, Decimal(quantity))


def answered(position: int, code: str = "", quantity: int = 1, **values: Any) -> Answered:
    """A line of an answer."""
    codes = frozenset({("seller_item", code)}) if code else frozenset()
    return Answered(position, codes=codes, quantity=Decimal(quantity), **values)


def keys(lines: list[Ordered], answers: list[Answered]) -> list[int | None]:
    """The keys of the lines that are meant."""
    return [line.of for line in paired(lines, answers)]


def test_the_number_of_the_line_decides_whatever_the_item() -> None:
    lines = [ordered(1, "A", number="10"), ordered(2, "B", number="20")]

    assert keys(lines, [answered(1, "A", about="20")]) == [2]


def test_several_may_be_about_the_line_that_they_name() -> None:
    lines = [ordered(1, "A", number="10")]

    assert keys(lines, [answered(1, about="10"), answered(2, about="10")]) == [1, 1]


def test_without_a_number_the_item_decides() -> None:
    lines = [ordered(1, "A"), ordered(2, "B")]

    assert keys(lines, [answered(1, "B"), answered(2, "A")]) == [2, 1]


def test_a_number_that_the_order_does_not_know_leaves_it_to_the_item() -> None:
    assert keys([ordered(1, "A", number="10")], [answered(1, "A", about="1")]) == [1]


def test_of_lines_with_one_item_the_quantity_decides_and_then_the_place() -> None:
    lines = [ordered(1, "A", quantity=5), ordered(2, "A", quantity=8), ordered(3, "A", quantity=8)]

    assert keys(lines, [answered(1, "A", 8), answered(2, "A", 8), answered(3, "A", 5)]) == [2, 3, 1]


def test_each_line_found_by_its_item_is_found_once() -> None:
    assert keys([ordered(1, "A")], [answered(1, "A"), answered(2, "A")]) == [1, None]


def test_without_any_code_the_name_decides() -> None:
    lines = [ordered(1, name="Touw"), ordered(2, name="Anker")]

    assert keys(lines, [answered(1, name="ANKER"), answered(2, name="Lier")]) == [2, None]


@given(st.lists(st.sampled_from("ABC"), max_size=8), st.lists(st.sampled_from("ABCD"), max_size=8))
def test_no_line_is_given_twice_by_its_item(items: list[str], answers: list[str]) -> None:
    lines = [ordered(key, code) for key, code in enumerate(items, start=1)]
    found = keys(lines, [answered(place, code) for place, code in enumerate(answers, start=1)])
    meant = [key for key in found if key is not None]

    assert len(meant) == len(set(meant))
    assert len(meant) == sum(min(items.count(code), answers.count(code)) for code in "ABC")
