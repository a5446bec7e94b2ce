"""What people decided about the items of a supplier, remembered so that it is never asked twice."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from apps.clients.models import Administration
from apps.core import clock
from apps.exact.models import Item
from apps.intake.models import Part
from apps.items.matching import Decision
from apps.items.models import ItemMapping
from apps.items.wanted import LONGEST, Key
from apps.people.models import User


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
