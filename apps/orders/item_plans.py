"""What would be written into Exact for a new item: the item, and what this supplier calls it and asks for it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.exact.models import Division, Item, ItemGroup, Unit, VATCode
from apps.items.models import ItemQuestion
from apps.items.wanted import gtin_of

CODE_LENGTH, DESCRIPTION_LENGTH = 30, 60  # of an item (Exact facts 4.2)


@dataclass(frozen=True, slots=True)
class NewItem:
    """What a person filled in. `group`: id of an item group, "" for Exact's default; units are codes in Exact.

    One `purchase_unit` is `factor` of `unit`; `price` is for one purchase unit, in `currency`.
    """

    code: str
    description: str
    unit: str
    group: str = ""
    purchase_unit: str = ""
    factor: Decimal = Decimal(1)
    price: Decimal | None = None
    currency: str = ""
    vat_code: str = ""
    is_fraction_allowed: bool = False

    def as_json(self) -> dict[str, str]:
        """Return it as texts, for whoever opens the form again."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: "" if value is None else str(value) for name, value in values.items()}


def wrong_with(item: NewItem, division: Division) -> dict[str, str]:
    """Return what cannot be so, by field, in words; nothing is sent to Exact with any of it."""
    found: dict[str, str] = {}
    here = {"division": division}
    if not item.code.strip() or len(item.code.strip()) > CODE_LENGTH:
        found["code"] = _("Give the item a code of at most 30 characters.")
    elif Item.objects.filter(code=item.code.strip(), **here).exists():
        found["code"] = _("Exact has an item with this code already. Choose that one, or give another code.")
    if not item.description.strip():
        found["description"] = _("Say what the item is called.")
    units = set(Unit.objects.filter(code__in=_units_of(item), **here).values_list("code", flat=True))
    for name in ("unit", "purchase_unit"):
        if (code := getattr(item, name) or item.unit) not in units:
            found[name] = _("Exact has no unit %(code)s here.") % {"code": code}
    group = _uuid(item.group)
    if item.group and not (group and ItemGroup.objects.filter(exact_id=group, **here).exists()):
        found["group"] = _("Choose an item group of this administration.")
    if item.vat_code and not VATCode.objects.filter(code=item.vat_code, blocked=False, **here).exists():
        found["vat_code"] = _("Exact has no code %(code)s here.") % {"code": item.vat_code}
    if item.factor <= 0:
        found["factor"] = _("Say how many of its units are in one purchase unit.")
    if item.price is None or item.price < 0:
        found["price"] = _("Say what one purchase unit costs.")
    return found


def item_plan(item: NewItem, question: ItemQuestion, division: Division, *, reference: str) -> dict[str, Any]:
    """Return the plan of a new item: the item with our mark in its search code, then its link with the supplier."""
    made = {
        "Code": item.code.strip(),
        "Description": item.description.strip()[:DESCRIPTION_LENGTH],
        "Unit": item.unit,
        "ItemGroup": item.group or None,
        "Barcode": gtin_of(question.gtin).lstrip("0") or None,
        "IsPurchaseItem": True,
        "IsFractionAllowedItem": item.is_fraction_allowed,
        "SearchCode": reference,
    }
    unit = Unit.objects.get(division=division, code=item.unit)
    link = {
        "Supplier": str(question.supplier),
        "SupplierItemCode": question.seller_item or None,
        "ItemUnit": str(unit.exact_id),
        "PurchaseUnit": item.purchase_unit or item.unit,
        "PurchaseUnitFactor": float(item.factor),
        "PurchasePrice": float(item.price or 0),
        "Currency": item.currency or division.currency,
        "PurchaseVATCode": item.vat_code or None,
    }
    return {
        "steps": [
            {"name": "item", "resource": "logistics/Items", "key": "ID", "payload": _without_gaps(made)},
            {
                "name": "supplier item",
                "resource": "logistics/SupplierItem",
                "key": "ID",
                "payload": _without_gaps(link),
                "needs": {"Item": "item"},
            },
        ],
        "look": {"kind": "item", "supplier": str(question.supplier)},
    }


def _units_of(item: NewItem) -> set[str]:
    return {item.unit, item.purchase_unit or item.unit}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _without_gaps(payload: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if value is not None}
