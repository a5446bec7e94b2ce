"""Arithmetic of order lines: discounts, line amounts, and what an order comes to. Pure."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from apps.core.money import CENT, ZERO, cents

PRICE = Decimal("0.000001")  # as a price is kept
HUNDRED = Decimal(100)


class Charged(NamedTuple):
    """What a VAT code does with an amount: its `type` in Exact (I including, E excluding), `percentage` a fraction."""

    type: str = ""
    percentage: Decimal = ZERO
    is_reversed: bool = False


def net_price(price: Decimal, discount: Decimal | None) -> Decimal:
    """Return a price with its discount (a percentage) taken off, to the six places that are kept."""
    if not discount:
        return price
    return (price * (HUNDRED - discount) / HUNDRED).quantize(PRICE, rounding=ROUND_HALF_UP)


def line_amount(quantity: Decimal, price: Decimal, discount: Decimal | None = None) -> Decimal:
    """Return what a line comes to, in cents; `discount` is a percentage."""
    return cents(quantity * price * (HUNDRED - (discount or ZERO)) / HUNDRED)


def price_from(net: Decimal, quantity: Decimal) -> Decimal:
    """Return the price of one out of the amount of a line; `quantity` is not zero."""
    return (net / quantity).quantize(PRICE, rounding=ROUND_HALF_UP)


def differ(one: Decimal, other: Decimal, *, rounded: int = 1) -> bool:
    """Tell whether two amounts differ by more than rounding `rounded` amounts to cents explains."""
    return abs(one - other) > CENT * max(1, rounded)


def sent_price(price: Decimal, charged: Charged) -> Decimal:
    """Return a price without VAT as Exact takes it: with its VAT where the code includes that (Exact facts 4.4)."""
    if charged.type != "I" or charged.is_reversed:
        return price
    return (price * (1 + charged.percentage)).quantize(PRICE, rounding=ROUND_HALF_UP)


def total(lines: Iterable[tuple[Decimal, Decimal, Charged]]) -> Decimal:
    """Return what lines of (quantity, net price, VAT) come to with VAT, as Exact totals them."""
    return sum((_payable(*line) for line in lines), ZERO)


def _payable(quantity: Decimal, price: Decimal, charged: Charged) -> Decimal:
    amount = cents(quantity * sent_price(price, charged))
    if charged.is_reversed or charged.type != "E":
        return amount
    return amount + cents(amount * charged.percentage)
