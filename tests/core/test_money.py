from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from apps.core import money

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("1.004", "1.00"), ("-1.2349", "-1.23")],
)
def test_half_a_cent_goes_away_from_zero(amount: str, rounded: str) -> None:
    assert money.cents(Decimal(amount)) == Decimal(rounded)


@given(AMOUNTS)
def test_rounding_is_symmetric_about_zero_and_at_most_half_a_cent_off(amount: Decimal) -> None:
    assert money.cents(-amount) == -money.cents(amount)
    assert abs(money.cents(amount) - amount) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("amount", "text"), [(Decimal("-100"), "-100.00"), (Decimal("1E+3"), "1000.00"), (None, None)]
)
def test_an_amount_as_text_is_plain_with_two_decimals(amount: Decimal | None, text: str | None) -> None:
    assert money.as_text(amount) == text


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("12.5", "12,50"),
        ("12", "12,00"),
        ("0.01234", "0,01234"),
        ("1200.500000", "1.200,50"),
        ("1E+3", "1.000,00"),
    ],
)
def test_a_price_is_shown_with_cents_and_what_it_has_beyond(amount: str, shown: str) -> None:
    with override("nl"):
        assert money.price(Decimal(amount)) == shown
