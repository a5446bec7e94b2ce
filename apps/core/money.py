"""Amounts of money: Decimal in the document's currency, rounded half up to cents in one place."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def cents(amount: Decimal) -> Decimal:
    """Return `amount` rounded half away from zero to two decimals, as EN 16931 rounds (BR-DEC rules)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def price(amount: Decimal) -> str:
    """Return a price as people of this language write it: with cents, and what it has beyond them."""
    places = -int(amount.normalize().as_tuple().exponent)
    return str(number_format(amount, max(2, places), force_grouping=True))


def as_text(amount: Decimal | None) -> str | None:
    """Return a signed decimal as text with two decimals, None for None."""
    return None if amount is None else str(cents(amount))
