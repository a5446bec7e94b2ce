"""The items of a division as matching wants them: built from the mirrors, kept until these moved."""

from collections.abc import Iterator
from datetime import date

from django.db.models import F, Q

from apps.core import clock
from apps.exact.kept import Kept, Stamps
from apps.exact.models import Division, Item, SupplierItem, Unit
from apps.items.matching import Catalogue, Offer
from apps.items.wanted import ItemCard

_ITEM = (
    "exact_id", "code", "description", "unit", "barcode", "gl_account", "item_group", "is_fraction_allowed",
    "is_purchase_item", "ends_on",
)  # fmt: skip
_OFFER = (
    "exact_id", "item", "supplier", "supplier_code", "unit", "factor", "price", "currency", "vat_code",
)  # fmt: skip


def catalogue_of(division: Division, stamps: Stamps | None = None) -> Catalogue:
    """Return the catalogue of `division`, built anew when its items, supplier items or units were synced since."""
    return _catalogues.of(division, stamps)


def _catalogue(division: Division) -> Catalogue:
    units = dict(Unit.objects.filter(division=division).values_list("code", "description"))
    return Catalogue(_cards(division, clock.today()), _offers(division, clock.today()), units)


def _cards(division: Division, today: date) -> Iterator[ItemCard]:
    rows = Item.objects.filter(division=division).values_list(*_ITEM)
    for exact_id, code, name, unit, barcode, account, group, fractions, bought, ends_on in rows.iterator(
        2000
    ):
        yield ItemCard(
            exact_id=exact_id,
            code=code,
            name=name,
            unit=unit,
            barcode=barcode,
            gl_account=account,
            group=group,
            is_fraction_allowed=fractions,
            usable=bought and (ends_on is None or ends_on >= today),
        )


def _offers(division: Division, today: date) -> Iterator[Offer]:
    """Yield what suppliers offer now; of one that comes and one that holds, the one that holds is first."""
    rows = SupplierItem.objects.filter(division=division)
    holds = rows.filter(Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today))
    newest = F("starts_on").desc(nulls_last=True)
    for values in holds.order_by(newest, "pk").values_list(*_OFFER).iterator(2000):
        yield Offer(*values)
    others = rows.exclude(pk__in=holds.values("pk")).order_by("starts_on", "pk")
    for values in others.values_list(*_OFFER).iterator(2000):
        yield Offer(*values)._replace(price=None)


_catalogues = Kept(_catalogue, ("items", "supplier_items", "units"))
