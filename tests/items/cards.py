"""A small catalogue to match against."""

from typing import Any
from uuid import UUID

from apps.items.matching import Catalogue, Offer
from apps.items.wanted import ItemCard

SUPPLIER, ANOTHER = UUID(int=1), UUID(int=2)


def card(number: int, name: str = "", **values: Any) -> ItemCard:
    """Return item A<number>."""
    return ItemCard(exact_id=UUID(int=100 + number), code=f"A{number}", name=name, unit="stuk", **values)


def offer(number: int, code: str, supplier: UUID = SUPPLIER, **values: Any) -> Offer:
    """Return item A<number> under `code` of a supplier."""
    key = UUID(int=10_000 * number + supplier.int)
    return Offer(key, UUID(int=100 + number), supplier, code, **values)


def catalogue(*rows: ItemCard | Offer, **units: str) -> Catalogue:
    """Return a catalogue of these items and offers; `units`: code -> what Exact calls it."""
    items = [row for row in rows if isinstance(row, ItemCard)]
    return Catalogue(items, [row for row in rows if isinstance(row, Offer)], units)
