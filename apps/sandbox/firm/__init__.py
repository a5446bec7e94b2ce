"""The invented firm that the simulated Exact Online starts with: four administrations of three clients."""

from collections.abc import Iterator

from apps.sandbox.firm import (
    assortment,
    cards,
    crowd,
    dimensions,
    divisions,
    history,
    items,
    ledger,
    orders,
    periods,
    relations,
    returns,
    sales,
    settling,
    vat,
)
from apps.sandbox.firm.divisions import DIVISIONS, Division
from apps.sandbox.firm.packages import LICENCES, Licence
from apps.sandbox.firm.parties import PARTIES, Party
from apps.sandbox.firm.source import Entry, Row
from apps.sandbox.firm.users import USER, USERS, User

__all__ = [
    "DIVISIONS",
    "LICENCES",
    "PARTIES",
    "USER",
    "USERS",
    "Division",
    "Licence",
    "Party",
    "User",
    "rows",
]


def rows() -> Iterator[Entry]:
    """Yield (resource path, division code, row) for everything the firm has; 0 stands for no division.

    Rows carry Exact's field names with Guids as lower-case text, dates as ISO text and numbers as int or
    float (Exact facts 4.1-4.4); a field left out is null. Two calls give equal rows.
    """
    yield from divisions.entries()
    for division in DIVISIONS:
        yield from _division_rows(division)


def _division_rows(division: Division) -> Iterator[Entry]:
    yield from ledger.entries(division)
    yield from vat.entries(division)
    yield from dimensions.entries(division)
    yield from periods.entries(division)
    filed = (*cards.named(division), *crowd.of(division))
    yield from relations.entries(division, filed)
    yield from items.entries(division, filed)
    yield from assortment.entries(division, filed)
    yield from orders.entries(division, filed)
    yield from _books(division, filed)


def _books(division: Division, filed: tuple[cards.Card, ...]) -> Iterator[Entry]:
    booked = [*history.entries(division, filed), *sales.entries(division, filed)]
    lines: list[Row] = [row for _resource, _division, row in booked]
    yield from booked
    yield from settling.entries(division, lines)
    yield from returns.entries(division, lines)
