"""What people decided about the items of a supplier, remembered so that it is never asked twice."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from apps.clients.models import Administration
from apps.core import clock
from apps.exact.models import Division, Item, Relation, SyncState
from apps.exact.twins import item_like, supplier_like
from apps.intake.models import Part
from apps.items.matching import Decision
from apps.items.models import ItemMapping
from apps.items.wanted import LONGEST, Key
from apps.people.models import User

CARDS = ("relations", "items")  # the mirrors that tell which card is the same in another division


def remembered(administration: Administration, supplier: UUID) -> dict[Key, Decision]:
    """Return what was decided about the items of `supplier` (its id in Exact), and not taken back; one query."""
    rows = ItemMapping.objects.valid().filter(administration=administration, supplier=supplier)
    return {
        Key(kind, value): Decision(item, frozenset(Key(*one) for one in seen), source=pk)
        for kind, value, item, seen, pk in rows.values_list("kind", "value", "item", "seen", "pk")
    }


def remember(
    administration: Administration,
    supplier: UUID,
    key: Key,
    item: Item,
    *,
    by: User,
    supplier_name: str = "",
    part: Part | None = None,
    seen: Iterable[Key] = (),
) -> ItemMapping:
    """Remember that `supplier` means `item` by `key`. An earlier decision is taken back; it stays to be seen.

    `seen`: what else the line said, before the person. The same decision again adds only that. The caller holds the
    administration's row, so that one decision is made at a time.
    """
    before = sorted(list(one) for one in {*seen} - {key})
    standing = ItemMapping.objects.valid().filter(
        administration=administration, supplier=supplier, kind=key.kind, value=key.value[:LONGEST]
    )
    with transaction.atomic():
        earlier = standing.select_for_update().first()
        if earlier and earlier.item == item.exact_id:
            earlier.add_seen(before, by=by)
            return earlier
        if earlier:
            earlier.take_back(by=by)
        made = ItemMapping(
            administration=administration,
            supplier=supplier,
            supplier_name=supplier_name[:255],
            kind=key.kind,
            value=key.value[:LONGEST],
            item=item.exact_id,
            item_code=item.code,
            item_name=item.description[:255],
            part=part,
            seen=before,
            learned_from=by,
            learned_at=clock.now(),
        )
        made.keep(by=by)
        return made


def carry_over(administration: Administration, now: Division) -> tuple[int, int]:
    """Let what was remembered with the cards of other divisions speak of those of `now`; (kept, forgotten).

    Kept is only what clearly is the same supplier and the same item there; the rest is asked again. Nothing is done
    until both were read. Safe to run twice: what speaks of `now` already stays.
    """
    read = SyncState.objects.filter(division=now, resource__in=CARDS, synced_at__isnull=False)
    here = Relation.everything.filter(division=now).values("exact_id")
    strange = ItemMapping.objects.valid().filter(administration=administration).exclude(supplier__in=here)
    if read.count() < len(CARDS) or not strange.exists():
        return 0, 0
    kept = forgotten = 0
    with transaction.atomic():
        Administration.objects.select_for_update(no_key=True).get(pk=administration.pk)
        for mapping in strange.order_by("pk"):
            told = _carried(mapping, now)
            kept, forgotten = kept + (told is True), forgotten + (told is False)
    return kept, forgotten


def _carried(mapping: ItemMapping, now: Division) -> bool | None:
    """Let one mapping speak of the cards of `now`; False when it is forgotten, None for one whose card nobody knows."""
    card = Relation.everything.exclude(division=now).filter(exact_id=mapping.supplier).first()
    if card is None:
        return None
    item = Item.everything.filter(division=card.division_id, exact_id=mapping.item).first()
    supplier, twin = supplier_like(card, now), item_like(item, now) if item else None
    if supplier is None or twin is None or _is_decided(mapping, supplier):
        mapping.delete()
        return False
    mapping.supplier, mapping.supplier_name = supplier.exact_id, supplier.name[:255]
    mapping.item, mapping.item_code = twin.exact_id, twin.code
    mapping.item_name = twin.description[:255]
    mapping.save(update_fields=["supplier", "supplier_name", "item", "item_code", "item_name"])
    return True


def _is_decided(mapping: ItemMapping, supplier: Relation) -> bool:
    """Whether somebody decided the same anew with the cards of now."""
    same = ItemMapping.objects.valid().filter(administration=mapping.administration_id, kind=mapping.kind)
    return same.filter(value=mapping.value, supplier=supplier.exact_id).exists()
