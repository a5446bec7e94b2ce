"""What matching knows of a line and finds for it: decisions, candidates, outcomes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.items.wanted import ItemCard, Key

PERSON, CARD, ON_DOCUMENT = "person", "card", "document"  # values of rules.sources.ValueSource, a sibling's


class Outcome(StrEnum):
    """What matching found."""

    MATCHED = "matched"
    UNKNOWN = "unknown"
    SEVERAL = "several"
    CONFLICT = "conflict"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a key. `seen`: what else was before them then, and so contradicts nothing."""

    item: UUID
    seen: frozenset[Key] = frozenset()
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that it may be: by `keys` of the line, or a description `score` (0 to 100) alike."""

    card: ItemCard
    keys: tuple[Key, ...] = ()
    score: int = 0

    @property
    def reasons(self) -> list[str]:
        """Why it may be this one, in words."""
        words = [key.words for key in self.keys]
        alike = [_("description %(score)d %% alike") % {"score": self.score}] if self.score else []
        return words + alike


@dataclass(frozen=True, slots=True)
class Found:
    """What a line means. `item` only when matched, as its supplier delivers it; `source`: who vouches for it.

    `mapping_pk`: the decision of a person that it follows, None without one.
    """

    outcome: Outcome
    item: ItemCard | None = None
    why: str = ""
    source: str = ""
    mapping_pk: int | None = None
    candidates: tuple[Candidate, ...] = ()


def stored(candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as a question keeps it."""
    card = candidate.card
    return {
        "item": str(card.exact_id),
        "code": card.code,
        "name": card.name,
        "usable": card.usable,
        "keys": [list(key) for key in candidate.keys],
        "score": candidate.score,
    }


def reasons_of(kept: Mapping[str, Any]) -> list[str]:
    """Return why a stored candidate may be the item, in the language of the moment."""
    card = ItemCard(exact_id=UUID(kept["item"]), code=kept["code"])
    keys = tuple(Key(*one) for one in kept.get("keys", ()))
    return Candidate(card, keys, kept.get("score", 0)).reasons
