"""Asking what the items on a document are: each once, however many lines and documents want to know."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from apps.clients.models import Administration
from apps.core import clock
from apps.intake.models import Part
from apps.items.found import stored
from apps.items.matching import Found
from apps.items.models import ItemQuestion
from apps.items.units import PRICE
from apps.items.wanted import Key, Wanted

LONGEST_IDENTITY = 300
MOST_MONEY = 10**12  # of a price, in whole currency units


def ask(
    administration: Administration,
    supplier: UUID,
    asked: Mapping[Key, tuple[Wanted, Found]],
    *,
    supplier_name: str = "",
    part: Part | None = None,
) -> dict[Key, ItemQuestion]:
    """Return the open question about each identity in `asked`, made now where nobody asked yet; four queries at most.

    What those who asked before were offered is brought up to date. Two documents that ask the same at once end with
    one question: the database keeps one open question per identity.
    """
    identities = {_text(key): key for key in asked}
    mine = ItemQuestion.objects.open().filter(administration=administration, supplier=supplier)
    standing = {one.identity: one for one in mine.filter(identity__in=identities)}
    new = [
        ItemQuestion(
            administration=administration,
            supplier=supplier,
            supplier_name=supplier_name[:255],
            identity=identity,
            part=part,
            asked_at=clock.now(),
            **_said(asked[key][0]),
            **_offered(asked[key][1]),
        )
        for identity, key in identities.items()
        if identity not in standing
    ]
    if new:
        ItemQuestion.objects.bulk_create(new, ignore_conflicts=True)
        known = {one.identity: one for one in mine.filter(identity__in=identities)}
    else:
        known = standing
    _refresh(standing.values(), {identity: asked[key][1] for identity, key in identities.items()})
    return {key: known[identity] for identity, key in identities.items() if identity in known}


def _refresh(questions: Any, found: Mapping[str, Found]) -> None:
    changed = []
    for question in questions:
        now = _offered(found[question.identity])
        if (question.kind, question.candidates) != (now["kind"], now["candidates"]):
            question.kind, question.candidates = now["kind"], now["candidates"]
            changed.append(question)
    if changed:
        ItemQuestion.objects.bulk_update(changed, ["kind", "candidates"])


def _offered(found: Found) -> dict[str, Any]:
    return {"kind": found.outcome.value, "candidates": [stored(one) for one in found.candidates]}


def _said(wanted: Wanted) -> dict[str, Any]:
    price = wanted.price
    return {
        "name": wanted.description[:500],
        "seller_item": wanted.seller_item.strip()[:60],
        "buyer_item": wanted.buyer_item.strip()[:60],
        "gtin": wanted.gtin.strip()[:14],
        "unit": wanted.unit.strip()[:20],
        "price": None if price is None or abs(price) >= MOST_MONEY else price.quantize(PRICE),
    }


def _text(key: Key) -> str:
    return str(key)[:LONGEST_IDENTITY]
