"""Arithmetic of purchase orders."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.sandbox.exact.order_figures import COMPLETE, OPEN, PARTIAL, price, progress

prices = st.decimals(min_value=0, max_value=10_000, places=4)
shares = st.decimals(min_value=0, max_value=1, places=4)
wanted = st.decimals(min_value="0.001", max_value=10_000, places=3)


@given(prices)
def test_without_anything_given_the_usual_price_counts(usual: Decimal) -> None:
    found = price(None, None, None, usual)
    assert (found.unit, found.net, found.discount) == (usual, usual, Decimal())


@given(prices, shares, prices)
def test_a_discount_lies_between_both_prices(unit: Decimal, discount: Decimal, usual: Decimal) -> None:
    found = price(unit, None, discount, usual)
    assert (found.unit, found.discount) == (unit, discount)
    assert found.net == unit * (1 - discount)


@given(st.none() | prices, prices, st.none() | shares, prices)
def test_a_net_price_is_kept_whatever_else_is_said(
    unit: Decimal | None, net: Decimal, discount: Decimal | None, usual: Decimal
) -> None:
    found = price(unit, net, discount, usual)
    assert found.net == net
    assert found.unit >= net
    assert 0 <= found.discount <= 1
    assert abs(found.unit * (1 - found.discount) - net) <= Decimal("0.01")


@given(st.none() | prices, prices, st.none() | shares, prices)
def test_a_price_that_is_worked_out_again_stays(
    unit: Decimal | None, net: Decimal, discount: Decimal | None, usual: Decimal
) -> None:
    once = price(unit, net, discount, usual)
    assert price(once.unit, once.net, once.discount, Decimal()) == once


@given(st.lists(wanted, min_size=1, max_size=5), st.sampled_from([Decimal(1), Decimal(-1)]))
def test_nothing_is_open_all_is_complete_and_anything_between_partial(
    quantities: list[Decimal], sign: Decimal
) -> None:
    whole = [each * sign for each in quantities]
    assert progress((Decimal(), each) for each in whole) == OPEN
    assert progress((each, each) for each in whole) == COMPLETE
    assert progress((each * 2, each) for each in whole) == COMPLETE
    assert progress([(whole[0] / 2, whole[0]), *((each, each) for each in whole[1:])]) == PARTIAL
