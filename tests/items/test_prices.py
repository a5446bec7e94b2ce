from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.items.prices import judge

BAND = Decimal(5)
MONEY = st.decimals(min_value="0.000001", max_value=100_000, places=6)


@pytest.mark.parametrize(
    ("price", "expected", "is_within"),
    [
        ("10", "10", True), ("10.50", "10", True), ("9.50", "10", True), ("10.500001", "10", False),
        ("9.499999", "10", False), ("0", "0", True), ("0.01", "0", False), ("-10", "10", False),
        ("-9.6", "-10", True), (None, "10", True), ("10", None, True), (None, None, False),
    ],
)  # fmt: skip
def test_the_edges_of_the_band(price: str | None, expected: str | None, is_within: bool) -> None:
    theirs, ours = (None if text is None else Decimal(text) for text in (price, expected))
    judged = judge(theirs, ours, BAND)
    assert judged.is_within is is_within
    assert judged.why


def test_it_says_how_far_apart_they_are() -> None:
    assert "12.5 % more than the 10" in judge(Decimal("11.25"), Decimal("10.0000"), BAND).why
    assert "12.5 % less than the 10" in judge(Decimal("8.75"), Decimal(10), BAND).why


def test_two_currencies_are_not_compared() -> None:
    assert not judge(Decimal(10), Decimal(10), BAND, "USD", "EUR").is_within
    assert judge(Decimal(10), Decimal(10), BAND, "EUR", "EUR").is_within
    assert judge(Decimal(10), Decimal(10), BAND, "USD", "").is_within


@given(MONEY, MONEY, st.decimals(min_value=0, max_value=100, places=2))
def test_within_is_nearer_than_the_band_and_nothing_else(
    price: Decimal, expected: Decimal, band: Decimal
) -> None:
    assert judge(price, expected, band).is_within is (
        abs(Fraction(price) / Fraction(expected) - 1) * 100 <= Fraction(band)
    )


@given(MONEY, MONEY)
def test_a_wider_band_never_refuses_what_a_narrower_one_took(price: Decimal, expected: Decimal) -> None:
    taken = [judge(price, expected, Decimal(band)).is_within for band in (0, 1, 5, 50, 100)]
    assert taken == sorted(taken)
