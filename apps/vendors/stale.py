"""Mappings to suppliers that Exact no longer lets anybody book on: merged, blocked or deleted ones become questions."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from apps.core import names
from apps.exact.models import Division, Relation
from apps.vendors import cards, learning
from apps.vendors.evidence import DOCUMENT, NAME, Decision, Key, Outcome, Vendor
from apps.vendors.models import Mapping


def mappings() -> QuerySet[Any]:
    """Return the mappings to suppliers that may not be booked on now; `identity`: as questions are asked about it."""
    usable = Relation.objects.filter(
        division__administration=OuterRef("administration"),
        exact_id=OuterRef("supplier"),
        is_supplier=True,
        blocked=False,
    )
    rows: QuerySet[Any] = Mapping.objects.valid().exclude(kind=DOCUMENT).exclude(Exists(usable))
    named: QuerySet[Any] = rows.annotate(identity=Concat("kind", Value(" "), "value"))
    return named


def ask_about(division: Division) -> int:
    """Ask about each mapping in the administration of `division` whose supplier is gone or blocked; return how many.

    Merging relations in Exact deletes one of them: the card that has its numbers now is the first candidate. Safe to
    run after every sync: a question that is open stays one question.
    """
    here = mappings().filter(administration=division.administration_id)
    stale = here.select_related("administration", "part")
    if not stale:
        return 0
    index = cards.index_for(division)
    asked = 0
    for mapping in stale:
        key = Key(mapping.kind, mapping.value)
        numbers = () if key.kind == NAME else (key,)
        seen = frozenset(Key(*one) for one in mapping.seen)
        vendor = Vendor(mapping.supplier_name, numbers, names.spellings(mapping.supplier_name))
        match = index.match(vendor, remembered={key: Decision(str(mapping.supplier), seen)})
        if match.outcome not in {Outcome.GONE, Outcome.BLOCKED}:
            continue
        party = {"keys": [str(one) for one in (*numbers, *sorted(seen))]}
        learning.ask(
            mapping.administration,
            identity=key,
            name=mapping.supplier_name,
            party=party,
            match=match,
            part=mapping.part,
        )
        asked += 1
    return asked
