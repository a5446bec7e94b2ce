"""Which line of an order in Exact a line of an invoice is for."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.invoices.order_lines import Difference, Invoiced, Ordered, differences, pick

ROPE, PAINT = UUID(int=1), UUID(int=2)


def ordered(
    key: int = 10, item: UUID = ROPE, quantity: str = "10", amount: str = "100.00", **more: Any
) -> Ordered:
    known: dict[str, Any] = {
        "order_number": "4711",
        "your_ref": "PO 7",
        "position": key,
        "vat_code": "2",
        **more,
    }
    return Ordered(UUID(int=key), item=item, quantity=Decimal(quantity), amount=Decimal(amount), **known)


def invoiced(
    position: int = 1, item: UUID = ROPE, quantity: str = "10", net: str = "100.00", **more: str
) -> Invoiced:
    known = {"vat_code": "2", "reference": "PO 7", **more}
    return Invoiced(position, item, Decimal(quantity), Decimal(net), **known)


@pytest.mark.parametrize("reference", ["PO 7", "po7", "4711", " 4711 "])
def test_an_order_is_meant_by_our_number_or_by_that_of_exact(reference: str) -> None:
    found = pick([invoiced(reference=reference)], [ordered()])
    assert found[1].ordered.exact_id == UUID(int=10)
    assert found[1].differs == []


@pytest.mark.parametrize("reference", ["", "PO 8", "7"])
def test_another_reference_means_another_order(reference: str) -> None:
    assert pick([invoiced(reference=reference)], [ordered()]) == {}


def test_an_order_without_a_reference_is_not_meant_by_a_line_without_one() -> None:
    assert pick([invoiced(reference="")], [ordered(your_ref="", order_number="")]) == {}


def test_another_item_is_not_that_of_the_order() -> None:
    assert pick([invoiced(item=PAINT)], [ordered()]) == {}


def test_a_line_that_agrees_goes_before_one_that_only_shares_the_item() -> None:
    lines = [invoiced(1, quantity="4", net="40.00"), invoiced(2)]
    found = pick(lines, [ordered()])
    assert set(found) == {2}


def test_the_line_that_the_document_names_goes_first() -> None:
    found = pick([invoiced(order_line="12")], [ordered(11), ordered(12)])
    assert found[1].ordered.position == 12


def test_what_is_taken_is_not_picked() -> None:
    assert pick([invoiced()], [ordered()], {UUID(int=10)}) == {}


@pytest.mark.parametrize(
    ("line", "of", "codes"),
    [
        (invoiced(), ordered(), []),
        (invoiced(), ordered(is_open=False), ["order_closed"]),
        (invoiced(), ordered(invoiced=Decimal(4)), ["order_begun"]),
        (invoiced(), ordered(quantity="12"), ["order_quantity"]),
        (invoiced(net="99.99"), ordered(), ["order_amount"]),
        (invoiced(vat_code="4"), ordered(), ["order_vat_code"]),
        (invoiced(vat_code="4"), ordered(vat_code=""), []),
    ],
)
def test_how_a_line_differs_from_its_order_is_told(line: Invoiced, of: Ordered, codes: list[str]) -> None:
    assert [one.code for one in differences(line, of)] == codes


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_difference_says_both_sides_in_no_language(language: str) -> None:
    with translation.override(language):
        found = differences(invoiced(quantity="4.50"), ordered())
    assert found == [Difference("order_quantity", {"value": "4.5", "text": "10"})]


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), max_size=6),
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), max_size=6),
)
def test_each_order_line_is_picked_once_and_what_agrees_in_all_is_named_as_often_as_it_can_be(
    lines: list[tuple[int, int]], there: list[tuple[int, int]]
) -> None:
    asked = [
        invoiced(at, UUID(int=item), str(count), f"{count}.00")
        for at, (item, count) in enumerate(lines, start=1)
    ]
    known = [
        ordered(at, UUID(int=item), str(count), f"{count}.00")
        for at, (item, count) in enumerate(there, start=50)
    ]
    found = pick(asked, known)
    keys = [one.ordered.exact_id for one in found.values()]
    assert len(keys) == len(set(keys))
    equal = sum(not one.differs for one in found.values())
    assert equal == sum(min(lines.count(one), there.count(one)) for one in set(lines))
