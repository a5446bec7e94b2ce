"""VAT per line, so that the lines of the booking add up to the VAT on the document to the cent. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from apps.core.money import ZERO, cents

HUNDRED = Decimal(100)


class Base(NamedTuple):
    """What VAT is computed over: a signed amount without VAT, its category, and the rate as a percentage."""

    net: Decimal
    category: str
    rate: Decimal | None


class Total(NamedTuple):
    """What the document says the VAT of one category and rate is."""

    category: str
    rate: Decimal | None
    tax: Decimal


def spread(bases: Sequence[Base], totals: Iterable[Total], document_tax: Decimal) -> list[Decimal]:
    """Return the VAT of each of `bases`, in cents, so that each group adds up to its total on the document.

    Every line is rounded by itself; what is then missing (at most some cents: EN 16931 rounds per group,
    BR-CO-17) goes to the largest line of the group. A group that is stated twice is the sum of both. Without
    totals per group the whole document is one group.
    """
    taxes = [cents(base.net * (base.rate or ZERO) / HUNDRED) for base in bases]
    groups: dict[tuple[str, Decimal], list[int]] = defaultdict(list)
    for place, base in enumerate(bases):
        groups[base.category, base.rate or ZERO].append(place)
    stated: dict[tuple[str, Decimal], Decimal] = defaultdict(lambda: ZERO)
    for total in totals:
        stated[total.category, total.rate or ZERO] += total.tax
    if not stated:
        _mend(taxes, bases, list(range(len(bases))), document_tax)
    for group, tax in stated.items():
        _mend(taxes, bases, groups.get(group, []), tax)
    return taxes


def _mend(taxes: list[Decimal], bases: Sequence[Base], places: list[int], total: Decimal) -> None:
    if places:
        largest = max(places, key=lambda place: abs(bases[place].net))
        taxes[largest] += cents(total) - sum((taxes[place] for place in places), ZERO)
