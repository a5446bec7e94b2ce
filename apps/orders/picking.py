"""Suppliers and items of an administration by what somebody types: a code, a name, or a line of the suggestions."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict

from apps.clients.models import Administration
from apps.core.addresses import typed_in
from apps.exact.models import Item, Relation

BETWEEN = " - "  # a code and its name, as the suggestions write them
FOUND = 12
LONGEST = 200

Row = TypeVar("Row", Item, Relation)


def suppliers_like(administration: Administration, typed: str) -> list[Relation]:
    """Return the suppliers that fit what was typed so far, by name; none for nothing."""
    text = typed_in(typed)[:LONGEST]
    if not text:
        return []
    fits = Q(name__icontains=text) | Q(code__startswith=text)
    return list(_suppliers(administration).filter(fits).order_by("name")[:FOUND])


def items_like(administration: Administration, typed: str) -> list[Item]:
    """Return the items that fit what was typed so far, by code; none for nothing."""
    text = typed_in(typed)[:LONGEST]
    if not text:
        return []
    fits = Q(description__icontains=text) | Q(code__istartswith=text) | Q(barcode=text)
    return list(_items(administration).filter(fits).order_by("code")[:FOUND])


def supplier_called(administration: Administration, typed: str) -> Relation | None:
    """Return the one supplier with this code or name, None when there is none or more than one."""
    text = typed_in(typed)[:LONGEST]
    rows = _suppliers(administration).filter(code__in=_codes(text))
    return _one(rows) or _one(_suppliers(administration).filter(name__iexact=text))


def items_called(administration: Administration, typed: Iterable[str]) -> dict[str, Item]:
    """Return the item of each text that is the code of one, or the name of exactly one. Two queries for all."""
    texts = {text: typed_in(text)[:LONGEST] for text in typed if typed_in(text)}
    wanted = {code for text in texts.values() for code in _codes(text)}
    by_code = {item.code: item for item in _items(administration).filter(code__in=wanted)}
    found = {
        given: item
        for given, text in texts.items()
        if (item := next((by_code[code] for code in _codes(text) if code in by_code), None))
    }
    left = {given: text for given, text in texts.items() if given not in found}
    if left:
        named: dict[str, list[Item]] = {}
        for item in _items(administration).filter(description__in=set(left.values())):
            named.setdefault(item.description, []).append(item)
        found |= {given: named[text][0] for given, text in left.items() if len(named.get(text, [])) == 1}
    return found


def item_chosen(administration: Administration, data: QueryDict) -> Item | None:
    """Return the item that a form names by its id in Exact (`item`), or as somebody typed it (`named`)."""
    typed = data.get("named", "")
    if typed:
        return items_called(administration, [typed]).get(typed)
    try:
        key = UUID(data.get("item", ""))
    except ValueError:
        return None
    return _items(administration).filter(exact_id=key).first()


def _suppliers(administration: Administration) -> QuerySet[Relation]:
    rows = Relation.objects.filter(division__administration=administration, is_supplier=True, blocked=False)
    return rows.defer("raw")


def _items(administration: Administration) -> QuerySet[Item]:
    return Item.objects.filter(division__administration=administration).defer("raw")


def _codes(text: str) -> tuple[str, ...]:
    """Return what may be the code in "4711 - Rope": all of it, or what stands before the name."""
    return text, text.split(BETWEEN, 1)[0].strip()


def _one(rows: QuerySet[Row]) -> Row | None:
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None
