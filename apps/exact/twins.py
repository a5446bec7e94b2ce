"""The same card in another division: of a supplier by code, name and numbers, of an item by code and description."""

from apps.exact.models import Division, Item, Relation


def supplier_like(card: Relation, division: Division) -> Relation | None:
    """Return the supplier of `division` that is beyond doubt the same as `card` of another; None when none is."""
    usable = Relation.objects.filter(division=division, is_supplier=True, blocked=False, code=card.code)
    alike = [one for one in usable if _described(one) == _described(card)]
    return alike[0] if len(alike) == 1 else None


def item_like(card: Item, division: Division) -> Item | None:
    """Return the item of `division` that is beyond doubt the same as `card` of another; None when none is."""
    usable = Item.objects.filter(division=division, is_purchase_item=True, code=card.code)
    alike = [one for one in usable if _named(one) == _named(card)]
    return alike[0] if len(alike) == 1 else None


def _described(card: Relation) -> tuple[str, ...]:
    return card.name.casefold().strip(), card.vat_number.strip(), card.chamber_of_commerce.strip()


def _named(card: Item) -> tuple[str, ...]:
    return card.description.casefold().strip(), card.barcode.strip()
