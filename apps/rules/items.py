"""What Exact knows of the items that a supplier sends: the item by the seller's own code, its group, its account."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from apps.exact.models import Division, Item, ItemGroup, SupplierItem
from apps.rules.books import Books


class ItemFacts(NamedTuple):
    """An item of Exact: its code, the code of its group, and the code of the account that its costs go to."""

    code: str
    group: str = ""
    gl_code: str = ""


def of(division: Division, supplier: str) -> QuerySet[SupplierItem]:
    """Return what `supplier` (an id in Exact) delivers to `division`."""
    return SupplierItem.objects.filter(division=division, supplier=supplier)


def known_to(
    division: Division, supplier: str, seller_codes: Iterable[str], books: Books
) -> dict[str, ItemFacts]:
    """Return the items of `division` by the codes that `supplier` (an id in Exact) gives them.

    The account is the item's own, else that of its group (Exact facts 4.2). A code that stands for two items is
    left out. No query when there are no codes.
    """
    codes = {code for code in seller_codes if code}
    if not codes:
        return {}
    rows = of(division, supplier).filter(supplier_code__in=codes)
    pairs = set(rows.values_list("supplier_code", "item"))
    found = by_id(division, (key for _, key in pairs), books)
    known: dict[str, list[ItemFacts]] = {}
    for code, key in pairs:
        if key in found:
            known.setdefault(code, []).append(found[key])
    return {code: facts[0] for code, facts in known.items() if len(facts) == 1}


def by_id(division: Division, wanted: Iterable[UUID], books: Books) -> dict[UUID, ItemFacts]:
    """Return the items of `division` with the ids `wanted`; two queries, none when there are none."""
    keys = set(wanted)
    if not keys:
        return {}
    rows = list(Item.objects.filter(division=division, exact_id__in=keys).defer("raw"))
    of_groups = {item.item_group for item in rows if item.item_group}
    groups = ItemGroup.objects.filter(division=division, exact_id__in=of_groups).defer("raw")
    by_key = {group.exact_id: group for group in groups}
    return {
        item.exact_id: _facts(item, by_key.get(item.item_group) if item.item_group else None, books)
        for item in rows
    }


def _facts(item: Item, group: ItemGroup | None, books: Books) -> ItemFacts:
    own = (item.gl_account, group.gl_account_purchase if group else None, group.gl_account if group else None)
    accounts = (books.accounts.get(str(key)) for key in own if key)
    account = next((one for one in accounts if one is not None), None)
    return ItemFacts(item.code, group.code if group else "", account.code if account else "")
