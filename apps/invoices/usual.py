"""Between which amounts the bookings of a supplier usually lie. Pure.

One odd booking must neither widen the range nor hide in it, so it is made of ranks and medians. It is wide on purpose:
half as much again as what is usual is not odd yet; what it looks for is a comma that moved, or a year for a month.
"""

from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from apps.core.money import ZERO, cents

LEAST, MOST = 5, 24  # bookings: fewer say nothing, older ones are of another time
_RANK = Decimal("0.9")
_SPREADS = Decimal("5.9304")  # four times the median deviation, made comparable to a standard one (1.4826)


class Usual(NamedTuple):
    """The usual range, both ends in it, and how many bookings it was made of. Amounts have no sign."""

    low: Decimal
    high: Decimal
    times: int

    def holds(self, amount: Decimal) -> bool:
        """Tell whether `amount`, whatever its sign, lies in the range."""
        return self.low <= abs(amount) <= self.high


def usual_of(amounts: Sequence[Decimal], amount: Decimal) -> Usual | None:
    """Return the range of `amounts`, newest first, for one like `amount`: invoices and credit notes apart.

    All are signed and in one currency. None when fewer than five are known.
    """
    alike = sorted(abs(one) for one in [one for one in amounts if one * amount > 0][:MOST])
    if len(alike) < LEAST:
        return None
    rank = int(_RANK * (len(alike) - 1))
    middle = median(alike)
    spread = _SPREADS * median(abs(one - middle) for one in alike)
    low = min(alike[len(alike) - 1 - rank] / 2, middle - spread)
    high = max(alike[rank] * 3 / 2, middle + spread)
    return Usual(max(cents(low), ZERO), cents(high), len(alike))
