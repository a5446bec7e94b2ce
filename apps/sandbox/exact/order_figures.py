"""Arithmetic of purchase orders: prices and discounts, and how far a quantity has come. Pure (Exact facts 4.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from apps.sandbox.exact.booking import ZERO

OPEN, PARTIAL, COMPLETE, CANCELLED = 10, 20, 30, 40
_ONE, _SHARE = Decimal(1), Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Price:
    """What a purchase unit costs: before discount, after it, and the discount as a fraction."""

    unit: Decimal
    net: Decimal
    discount: Decimal


def price(unit: Decimal | None, net: Decimal | None, discount: Decimal | None, usual: Decimal) -> Price:
    """Return the price of a line: what is given counts, the rest follows; without any it is the `usual` one.

    A net price goes before a discount, which is then what lies between the two; none when the net one is higher [G].
    """
    if net is None:
        before, less = usual if unit is None else unit, discount or ZERO
        return Price(before, before * (_ONE - less), less)
    before = net if unit is None or net > unit else unit
    less = _ONE - net / before if before else ZERO
    return Price(before, net, less.quantize(_SHARE))


def progress(steps: Iterable[tuple[Decimal, Decimal]]) -> int:
    """Return how far lines of (done, wanted) have come: 10 open, 20 partial, 30 complete.

    What is wanted back, a negative quantity, is done when as much of it is.
    """
    lines = list(steps)
    if all(done == ZERO for done, _wanted in lines):
        return OPEN
    return COMPLETE if all(abs(done) >= abs(wanted) for done, wanted in lines) else PARTIAL
