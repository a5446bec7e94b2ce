"""What some suppliers sell in many kinds: items bought by the box or bag, under codes of theirs (Exact facts 4.2)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apps.sandbox.firm import items
from apps.sandbox.firm.cards import Card
from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.items import Terms
from apps.sandbox.firm.source import Entry, Row, load


def entries(division: Division, cards: Iterable[Card]) -> Iterator[Entry]:
    """Yield the items of the division's assortments, then what each supplier asks for them."""
    for item in _items(division.code).values():
        yield items.ITEMS, division.code, item
    for offer in offers(division, cards).values():
        yield items.SUPPLIER_ITEMS, division.code, offer


def offers(division: Division, cards: Iterable[Card]) -> dict[tuple[str, str], Row]:
    """Return the rows of SupplierItem by the codes of supplier and item; the first of an item is its main one."""
    by_code = {card.code: card for card in cards if card.supplier}
    known = _items(division.code)
    found: dict[tuple[str, str], Row] = {}
    for supplier, lines in _of("offers", division.code, {}).items():
        for item, code, unit, factor, price in lines:
            terms = Terms(
                code=code,
                unit=unit,
                factor=factor,
                price=price,
                main=all(each != item for _supplier, each in found),
                vat=_vat_of(division.code)[item],
            )
            found[supplier, item] = items.offer(division.code, known[item], by_code[supplier], terms)
    return found


def _items(division: int) -> dict[str, Row]:
    return {each[0]: items.row(division, *each) for each in _of("items", division, [])}


def _vat_of(division: int) -> Mapping[str, str]:
    return {each[0]: each[4] for each in _of("items", division, [])}


def _of(kind: str, division: int, nothing: list[Row] | dict[str, Row]) -> Any:
    return load("purchasing")[kind].get(str(division), nothing)
