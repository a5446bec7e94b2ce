"""The items of a division, found by whatever a line says of them. Pure, no database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from apps.core.likeness import NameIndex
from apps.items.wanted import BUYER_ITEM, GTIN, SELLER_ITEM, ItemCard, Key, code_of, gtin_of, plain

MOST_ALIKE = 3
WORTH_SAYING = 60  # how alike descriptions are, below which they are just other things
OTHER_SIZE = 15  # points that a description loses whose numbers ("12 mm") are not the document's


class Offer(NamedTuple):
    """What one supplier calls an item, and asks for it. `price`: for one purchase unit of `factor` item units."""

    exact_id: UUID
    item: UUID
    supplier: UUID
    code: str
    unit: str = ""
    factor: Decimal = Decimal(1)
    price: Decimal | None = None
    currency: str = ""
    vat_code: str = ""


class Catalogue:
    """The items of one division, found by their codes, their barcodes and what suppliers call them."""

    def __init__(
        self, cards: Iterable[ItemCard], offers: Iterable[Offer] = (), units: Mapping[str, str] | None = None
    ) -> None:
        self.cards = {card.exact_id: card for card in cards}
        self._units = units or {}
        self._by_code: dict[str, list[UUID]] = defaultdict(list)
        self._by_gtin: dict[str, list[UUID]] = defaultdict(list)
        self._by_offer: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
        self._offers: dict[tuple[UUID, UUID], Offer] = {}
        for card in self.cards.values():
            self._by_code[code_of(card.code)].append(card.exact_id)
            if barcode := gtin_of(card.barcode):
                self._by_gtin[barcode].append(card.exact_id)
        for offer in offers:
            self._offers.setdefault((offer.supplier, offer.item), offer)
            if offer.item in self.cards and (code := code_of(offer.code)):
                known = self._by_offer[offer.supplier, code]
                known += [] if offer.item in known else [offer.item]

    def card_of(self, item: UUID, supplier: UUID) -> ItemCard | None:
        """Return `item` as `supplier` delivers it; None when Exact does not have it."""
        card = self.cards.get(item)
        if card is None:
            return None
        offer = self._offers.get((supplier, item))
        own = replace(card, unit_name=self._units.get(card.unit, ""))
        if offer is None:
            return replace(own, purchase_unit=own.unit, purchase_unit_name=own.unit_name)
        unit = offer.unit or own.unit
        return replace(
            own,
            supplier_item_id=offer.exact_id,
            purchase_unit=unit,
            purchase_unit_name=self._units.get(unit, ""),
            factor=offer.factor,
            price=offer.price,
            currency=offer.currency,
            vat_code=offer.vat_code,
        )

    def items_by(self, key: Key, supplier: UUID) -> Sequence[UUID]:
        """Return the items that one thing on a line of `supplier` points to."""
        if key.kind == SELLER_ITEM:
            return self._by_offer.get((supplier, key.value), ())
        if key.kind == GTIN:
            return self._by_gtin.get(key.value, ())
        return self._by_code.get(key.value, ()) if key.kind == BUYER_ITEM else ()

    def called(self, code: str) -> Sequence[UUID]:
        """Return the items that have `code` in Exact."""
        return self._by_code.get(code_of(code), ())

    def like(self, description: str) -> list[tuple[UUID, int]]:
        """Return the items that may be bought and are described most like this, with how alike (0 to 100)."""
        text = plain(description)
        if not text:
            return []
        sizes = _sizes(text)
        found = self._names.nearest([text], MOST_ALIKE * 4)
        scored = [
            (self._bought[at], score - (OTHER_SIZE if _sizes(plain(self._bought[at].name)) != sizes else 0))
            for at, score in found
        ]
        scored.sort(key=lambda one: -one[1])
        return [(card.exact_id, score) for card, score in scored if score >= WORTH_SAYING][:MOST_ALIKE]

    @cached_property
    def _bought(self) -> list[ItemCard]:
        return [card for card in self.cards.values() if card.usable]

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex((plain(card.name), at) for at, card in enumerate(self._bought) if plain(card.name))


def _sizes(text: str) -> set[str]:
    return {word for word in text.split() if any(map(str.isdigit, word))}
