"""The items that somebody may choose for a question: by a code or name, or because others of theirs chose it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import clock
from apps.exact.models import Item
from apps.items.models import ItemMapping, ItemQuestion

NEAR_ENOUGH, FAR_AHEAD = 90, 10  # of a description that is filled in: its score, and its lead on the next
SHOWN = 12


class NotChosen(Exception):
    """What was chosen is no item that may be bought there. The message is a sentence for people."""


def items(administration: int) -> QuerySet[Item]:
    """Return the items of an administration (its key) that may be bought now, without what Exact sent of them."""
    rows = Item.objects.filter(division__administration=administration, is_purchase_item=True)
    return rows.exclude(ends_on__lt=clock.today()).defer("raw")


def fitting(administration: int, typed: str) -> list[Item]:
    """Return the first items of an administration that fit what was typed: a code, a barcode, a part of the name."""
    if not typed:
        return []
    words = Q()
    for word in typed.split()[:5]:
        words &= Q(description__icontains=word)
    found = items(administration).filter(Q(code__istartswith=typed) | Q(barcode=typed) | words)
    return list(found.order_by("code")[:SHOWN])


def item_of(question: ItemQuestion, chosen: str) -> Item:
    """Return the item (its id in Exact) that was chosen for `question`. Raises NotChosen, in words."""
    try:
        found = items(question.administration_id).filter(exact_id=chosen).first()
    except (ValueError, ValidationError):
        found = None
    if found is None:
        raise NotChosen(_("This item is not, or no longer, one that may be bought in this administration."))
    return found


def elsewhere(questions: Iterable[ItemQuestion], user: Any) -> dict[int, dict[Item, int]]:
    """Return by question the items that other administrations of `user` chose, and how many did; two queries.

    The same supplier by name, the same code: the item with the same item code here.
    """
    asked = list(questions)
    rows = ItemMapping.objects.visible_to(user).valid().filter(value__in={one.keys[0].value for one in asked})
    codes: dict[tuple[str, ...], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for name, kind, value, code, administration in rows.values_list(
        "supplier_name", "kind", "value", "item_code", "administration_id"
    ):
        codes[name, kind, value][code].add(administration)
    here = _by_code(asked, {code for found in codes.values() for code in found})
    told: dict[int, dict[Item, int]] = {}
    for question in asked:
        chosen = codes.get((question.supplier_name, *question.keys[0]), {})
        own = question.administration_id
        told[question.pk] = {
            here[own, code]: len(where - {own})
            for code, where in chosen.items()
            if where - {own} and (own, code) in here
        }
    return told


def _by_code(questions: Sequence[ItemQuestion], codes: set[str]) -> dict[tuple[int, str], Item]:
    if not codes:
        return {}
    administrations = {one.administration_id for one in questions}
    rows = Item.objects.filter(
        division__administration__in=administrations, code__in=codes, is_purchase_item=True
    )
    found = rows.exclude(ends_on__lt=clock.today()).select_related("division").defer("raw")
    return {(item.division.administration_id or 0, item.code): item for item in found}


def in_words(count: int) -> str:
    """Return how many other administrations chose an item, in words; "" for none."""
    if not count:
        return ""
    words = ngettext(
        "%(count)d of your other administrations buys this as this item",
        "%(count)d of your other administrations buy this as this item",
        count,
    )
    return words % {"count": count}


def filled_in(candidates: Sequence[Mapping[str, Any]], suggested: UUID | None) -> str:
    """Return the item that is filled in: for a person to agree with, never applied by itself. "" for none.

    The one item that a number points to; else what the other administrations chose; else a description that is
    nearly the same and far ahead of the next.
    """
    numbered = [one for one in candidates if one.get("keys")]
    if numbered:
        return str(numbered[0]["item"]) if len(numbered) == 1 and numbered[0]["usable"] else ""
    if suggested:
        return str(suggested)
    scores = [one.get("score", 0) for one in candidates] + [0]
    is_near = bool(candidates) and candidates[0]["usable"] and scores[0] >= NEAR_ENOUGH
    return str(candidates[0]["item"]) if is_near and scores[0] - scores[1] >= FAR_AHEAD else ""
