"""Which supplier sent this: all evidence is read, and the evidence must agree. Pure, no database.

Rules: product page, *Matching the vendor*. Exact identifiers only; a name never decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from apps.core.identifiers import LABELS, Identifier, Kind

# Strongest first. GLN and OIN name one party; an IBAN may be a factoring company's, a domain a platform's.
ORDER = (
    Kind.VAT,
    Kind.KVK,
    Kind.BE_ENTERPRISE,
    Kind.OIN,
    Kind.GLN,
    Kind.PEPPOL,
    Kind.IBAN,
    Kind.DOMAIN,
)
SHARED_BY_NATURE = frozenset({Kind.IBAN, Kind.DOMAIN})
# A company has one of each of these, so two different ones are two companies.
ONE_EACH = (Kind.VAT, Kind.KVK, Kind.BE_ENTERPRISE, Kind.OIN)
NO_EVIDENCE_DOMAINS = frozenset(
    # freemail, providers, and platforms that send for others
    "gmail.com googlemail.com hotmail.com hotmail.nl outlook.com outlook.nl live.nl live.com msn.com yahoo.com "
    "icloud.com me.com ziggo.nl kpnmail.nl kpnplanet.nl planet.nl xs4all.nl hetnet.nl home.nl upcmail.nl "
    "casema.nl telenet.be skynet.be gmx.de gmx.net web.de t-online.de moneybird.com exactonline.nl econnect.eu "
    "basecone.com snelstart.nl e-boekhouden.nl twinfield.com yuki.nl teamleader.eu mollie.com".split()
)


FEWEST_DIGITS = 6
NAMES: dict[str, Any] = {**LABELS, "name": _("name")}


class Key(NamedTuple):
    """One identifier in its normal form, as compared."""

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

    @property
    def words(self) -> str:
        """The identifier as people name it."""
        return f"{NAMES.get(self.kind, self.kind)} {self.value}".strip()


class Outcome(StrEnum):
    """What matching found."""

    MATCHED = "matched"
    CONFLICT = "conflict"
    SEVERAL = "several"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Card:
    """A relation in Exact as matching sees it. `usable`: a supplier and not blocked."""

    supplier: str
    code: str
    name: str
    usable: bool
    keys: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One identifier of the document and the cards that carry it."""

    key: Key
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What the evidence says together. `candidates` are cards, strongest evidence first."""

    outcome: Outcome
    card: Card | None = None
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[Card, ...] = ()
    remembered: bool = False

    def evidence_for(self, card: Card) -> list[Key]:
        """Return the identifiers that point to `card`, strongest first."""
        return [piece.key for piece in self.evidence if card in piece.cards]


def _tells(identifier: Identifier) -> bool:
    """Tell whether this can be a number at all: "n.v.t." in a number's place would match every other "n.v.t."."""
    return identifier.kind is Kind.DOMAIN or sum(map(str.isdigit, identifier.value)) >= FEWEST_DIGITS


def keys_of(identifiers: Iterable[Identifier]) -> list[Key]:
    """Return the identifiers that may serve as evidence, each once, strongest first.

    Placeholders are no identity; freemail and platform domains are no evidence. Leaving out our own
    administrations' numbers is the caller's part.
    """
    keys = {
        Key(identifier.kind.value, identifier.value)
        for identifier in identifiers
        if identifier.kind in ORDER
        and _tells(identifier)
        and not identifier.is_placeholder
        and identifier.value not in NO_EVIDENCE_DOMAINS
    }
    rank = {kind.value: place for place, kind in enumerate(ORDER)}
    return sorted(keys, key=lambda key: (rank[key.kind], key.value))


@dataclass(frozen=True, slots=True)
class SupplierIndex:
    """The cards of one administration, found by any of their identifiers."""

    cards: Mapping[str, Card]
    _by_key: Mapping[Key, tuple[Card, ...]] = field(repr=False)

    @classmethod
    def build(cls, cards: Iterable[Card]) -> "SupplierIndex":
        """Return an index over `cards`; costs one pass."""
        by_key: dict[Key, list[Card]] = defaultdict(list)
        by_supplier = {card.supplier: card for card in cards}
        for card in by_supplier.values():
            for key in card.keys:
                by_key[key].append(card)
        return cls(by_supplier, {key: tuple(found) for key, found in by_key.items()})

    def match(self, keys: Sequence[Key], *, remembered: Mapping[Key, str] | None = None) -> Match:
        """Match a party by its numbers (`keys_of` its identifiers, without those of our administrations).

        `remembered` maps identifiers to suppliers that a person chose; the strongest of them wins over the
        cards' numbers, so that no decision is asked twice, unless that card may no longer be booked on, or
        a stronger number than the one decided about stands on another card.
        """
        evidence = tuple(Evidence(key, self._by_key[key]) for key in keys if key in self._by_key)
        for key in keys:
            card = self.cards.get((remembered or {}).get(key, ""))
            if card:
                return _decided(key, card, evidence, keys[: keys.index(key)])
        return _weigh(evidence, keys)


def _decided(key: Key, card: Card, evidence: tuple[Evidence, ...], stronger: Sequence[Key]) -> Match:
    told = (Evidence(key, (card,)), *evidence)
    others = [piece for piece in evidence if piece.key in stronger and card not in piece.cards]
    if others:
        return _undecided(Outcome.CONFLICT, told)
    return Match(Outcome.MATCHED if card.usable else Outcome.BLOCKED, card, told, (card,), remembered=True)


def _undecided(outcome: Outcome, evidence: tuple[Evidence, ...]) -> Match:
    candidates = dict.fromkeys(card for piece in evidence for card in piece.cards)
    return Match(outcome, evidence=evidence, candidates=tuple(candidates))


def _weigh(evidence: tuple[Evidence, ...], keys: Sequence[Key]) -> Match:
    """Cards that may not be booked on take part: a number of theirs points elsewhere all the same."""
    if not evidence:
        return Match(Outcome.UNKNOWN)
    if not any(card.usable for piece in evidence for card in piece.cards):
        return _undecided(Outcome.BLOCKED, evidence)
    common = set.intersection(*(set(piece.cards) for piece in evidence))
    if not common:
        return _undecided(Outcome.CONFLICT, evidence)
    if not any(card.usable for card in common):
        return _undecided(Outcome.BLOCKED, evidence)
    sole = _sole(evidence)
    if sole is None:
        return _undecided(Outcome.SEVERAL, evidence)
    if _is_another_company(sole, evidence, keys):
        return _undecided(Outcome.CONFLICT, evidence)
    return Match(Outcome.MATCHED, sole, evidence, _undecided(Outcome.MATCHED, evidence).candidates)


def _sole(evidence: tuple[Evidence, ...]) -> Card | None:
    """The one card that a number singles out, None when a number that should be one company's has several."""
    usable = [(piece.key, [card for card in piece.cards if card.usable]) for piece in evidence]
    if any(len(cards) > 1 and Kind(key.kind) not in SHARED_BY_NATURE for key, cards in usable):
        return None
    return next((cards[0] for _, cards in usable if len(cards) == 1), None)


def _is_another_company(card: Card, evidence: tuple[Evidence, ...], keys: Sequence[Key]) -> bool:
    """An account or domain alone, while the document and the card each carry their own company's number."""
    if any(Kind(piece.key.kind) not in SHARED_BY_NATURE for piece in evidence):
        return False
    return any(
        {key for key in keys if key.kind == kind} and {key for key in card.keys if key.kind == kind}
        for kind in ONE_EACH
    )
