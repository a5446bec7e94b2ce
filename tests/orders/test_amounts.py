"""The arithmetic of order lines."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.core.money import CENT, cents
from apps.orders.amounts import Charged, differ, line_amount, net_price, price_from, sent_price, total

PRICES = st.decimals("0.000001", "99999", places=6)
QUANTITIES = st.decimals("0.0001", "9999", places=4)
DISCOUNTS = st.decimals("0", "100", places=2)
EXCLUDING, INCLUDING = Charged("E", Decimal("0.21")), Charged("I", Decimal("0.21"))


@given(PRICES, DISCOUNTS)
def test_a_discount_never_makes_a_price_higher_or_negative(price: Decimal, discount: Decimal) -> None:
    assert 0 <= net_price(price, discount) <= price


@given(PRICES)
def test_without_a_discount_a_price_stays(price: Decimal) -> None:
    assert net_price(price, None) == net_price(price, Decimal(0)) == price


@given(st.decimals("0.01", "99999", places=2), st.decimals("0.01", "99", places=2))
def test_a_price_out_of_an_amount_comes_to_that_amount(net: Decimal, quantity: Decimal) -> None:
    assert not differ(line_amount(quantity, price_from(net, quantity)), net)


@given(QUANTITIES, PRICES)
def test_a_total_is_the_sum_of_its_lines(quantity: Decimal, price: Decimal) -> None:
    line = (quantity, price, EXCLUDING)
    assert total([line, line]) == 2 * total([line])


@given(QUANTITIES, PRICES)
def test_a_code_that_includes_vat_comes_to_nearly_the_same_total(quantity: Decimal, price: Decimal) -> None:
    apart = total([(quantity, price, EXCLUDING)]) - total([(quantity, price, INCLUDING)])
    assert abs(apart) <= 2 * CENT + quantity * Decimal("0.000001")


def test_under_reverse_charge_nothing_is_added() -> None:
    reverse = Charged("E", Decimal("0.21"), is_reversed=True)
    assert total([(Decimal(2), Decimal(150), reverse)]) == Decimal("300.00")
    assert sent_price(Decimal(150), Charged("I", Decimal("0.21"), is_reversed=True)) == Decimal(150)


def test_a_price_with_its_vat_in_it() -> None:
    assert sent_price(Decimal(100), INCLUDING) == Decimal(121)
    assert sent_price(Decimal(100), EXCLUDING) == Decimal(100)


def test_rounding_explains_a_cent_a_line() -> None:
    assert not differ(Decimal("1.00"), Decimal("1.01"))
    assert differ(Decimal("1.00"), Decimal("1.02"))
    assert not differ(Decimal("1.00"), Decimal("1.02"), rounded=2)
    assert cents(Decimal("1.005")) == Decimal("1.01")
