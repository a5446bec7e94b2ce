from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.items.units import CENT, Converted, convert, number
from apps.items.wanted import ItemCard

WHOLE = st.integers(min_value=1, max_value=10_000)
QUANTITIES = st.decimals(min_value="0.0001", max_value=1_000_000, places=4)
PRICES = st.decimals(min_value=0, max_value=100_000, places=6)
FACTORS = st.decimals(min_value="0.000001", max_value=10_000, places=6)


def card(**values: Any) -> ItemCard:
    known: dict[str, Any] = {"unit": "stuk", "purchase_unit": "doos", "factor": Decimal(12)}
    return ItemCard(exact_id=UUID(int=1), code="A1", **{**known, **values})


def converted(quantity: str, price: str, written: str, **values: Any) -> Converted:
    return convert(Decimal(quantity), Decimal(price), written, card(**values))


def test_the_purchase_unit_is_taken_as_it_is() -> None:
    one = converted("3", "11.40", "BX")
    assert (one.ordered, one.price, one.unit, one.factor) == (
        Decimal(3),
        Decimal("11.4"),
        "doos",
        Decimal(12),
    )
    assert (one.why, one.trouble) == ("", "")


@pytest.mark.parametrize("unit", ["C62", "EA", "stuk", "Stuks", "st"])
def test_the_unit_of_the_item_is_divided_by_the_factor(unit: str) -> None:
    one = converted("36", "0.95", unit)
    assert (one.ordered, one.price, one.trouble) == (Decimal(3), Decimal("11.4"), "")
    assert "36 stuk is 3 doos of 12" in one.why


def test_no_unit_is_taken_as_the_purchase_unit_and_said() -> None:
    one = converted("3", "11.40", " ")
    assert (one.ordered, one.price, one.trouble) == (Decimal(3), Decimal("11.4"), "")
    assert "doos" in one.why


@pytest.mark.parametrize("unit", ["KGM", "ZZ", "pallet"])
def test_another_unit_needs_a_person(unit: str) -> None:
    one = converted("3", "11.40", unit)
    assert one.ordered == 3
    assert unit in one.trouble and "doos" in one.trouble


def test_one_name_for_both_units_needs_a_person_unless_they_are_one() -> None:
    assert converted("3", "1", "C62", purchase_unit="stuk").trouble
    assert not converted("3", "1", "C62", purchase_unit="stuk", factor=Decimal(1)).trouble


def test_a_unit_that_no_table_knows_is_compared_by_what_exact_calls_it() -> None:
    named = {"unit": "04", "unit_name": "Uur", "purchase_unit": "08", "purchase_unit_name": "Dagdeel"}
    assert converted("8", "50", "HUR", **named, factor=Decimal(4)).ordered == 2
    assert converted("2", "200", "dagdeel", **named, factor=Decimal(4)).trouble == ""


def test_what_does_not_come_out_whole_needs_a_person_unless_fractions_are_allowed() -> None:
    assert "whole" in converted("18", "1", "C62").trouble
    assert "whole" in converted("1", "1", "doos", factor=Decimal("2.5")).trouble
    assert converted("18", "1", "C62", is_fraction_allowed=True).trouble == ""
    assert "does not come out" in converted("10", "1", "C62", is_fraction_allowed=True).trouble


def test_a_line_without_a_quantity_or_a_price() -> None:
    assert convert(None, Decimal(1), "C62", card()).trouble
    priceless = convert(Decimal(24), None, "C62", card())
    assert (priceless.ordered, priceless.price, priceless.trouble) == (Decimal(2), None, "")


@given(QUANTITIES, PRICES, FACTORS, st.sampled_from(["C62", "doos", "", "KGM"]), st.booleans())
def test_without_trouble_nothing_of_the_document_is_lost(
    quantity: Decimal, price: Decimal, factor: Decimal, unit: str, fractions: bool
) -> None:
    one = convert(quantity, price, unit, card(factor=factor, is_fraction_allowed=fractions))
    if one.trouble:
        return
    assert one.price is not None
    assert one.ordered * (factor if unit == "C62" else 1) == quantity
    sides = ((one.ordered, one.price), (quantity, price))
    amounts = [(many * each).quantize(CENT, ROUND_HALF_UP) for many, each in sides]
    assert amounts[0] == amounts[1]
    assert fractions or one.ordered == int(one.ordered)


@given(WHOLE, st.decimals(min_value=0, max_value=10_000, places=4), st.integers(min_value=1, max_value=144))
def test_whole_packages_are_never_trouble(packages: int, price: Decimal, size: int) -> None:
    one = convert(Decimal(packages * size), price, "C62", card(factor=Decimal(size)))
    assert (one.ordered, one.price, one.trouble) == (Decimal(packages), price * size, "")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_a_number_keeps_its_value(value: Decimal) -> None:
    assert Decimal(number(value)) == value
    assert not number(value).endswith(".")


def test_a_number_is_written_as_in_the_language_of_the_moment() -> None:
    with translation.override("nl"):
        assert [number(Decimal(text)) for text in ("12.5000", "1200", "0.00")] == ["12,5", "1200", "0"]


@given(st.decimals("0.0001", 10**12 - 1, places=4), st.decimals(0, 10**12 - 1, places=6), FACTORS)
def test_nothing_comes_out_that_no_column_holds(quantity: Decimal, price: Decimal, factor: Decimal) -> None:
    one = convert(quantity, price, "stuk", card(factor=factor))
    assert abs(one.ordered) < 10**12 and (one.price is None or one.price < 10**12)
    assert one.price is not None or (not one.ordered and one.trouble)
