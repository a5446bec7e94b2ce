"""Which supplier sent this: all evidence is read, and the evidence must agree. Pure, no database.

Rules: product page, *Matching the vendor*. Identifiers decide; a name proposes, or stops what an account or a domain
alone would decide. Whatever the order, evidence that disagrees matches nobody.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from rapidfuzz.distance import OSA

from apps.clients.models import MatchOrder
from apps.core.identifiers import Kind
from apps.core.names import legal_family
from apps.vendors.collective import Rule, rule_for
from apps.vendors.evidence import (
    COLLECTIVE,
    DOCUMENT,
    DOMAIN_FIRST,
    NAME,
    OF_THE_ENTITY,
    ONE_EACH,
    ORDER,
    SHARED_BY_NATURE,
    WORTH_SAYING,
    Candidate,
    Card,
    Decision,
    Evidence,
    Key,
    Match,
    Outcome,
    Vendor,
    in_order,
)
from apps.vendors.likeness import NameIndex, alike, look_like_sisters

ORDERS = {MatchOrder.STRONGEST: ORDER, MatchOrder.DOMAIN: DOMAIN_FIRST}
MOST_CANDIDATES = 3
SAME_NAME = 90  # names this alike excuse a slip of the pen in one number
# How alike the names must be where the legal entity itself is not named: 0 to 100. An account beside a VAT number
# demands nothing more.
LIKE_ENOUGH = {Kind.VAT: 45, Kind.IBAN: 60, Kind.DOMAIN: 75}
CARRIED_BY_MANY = 5  # cards
OTHER_NUMBER = 15  # points that a name loses beside another company's number


class SupplierIndex:
    """The cards of one administration, found by any of their identifiers, and by names like theirs."""

    def __init__(self, cards: Mapping[str, Card], by_key: Mapping[Key, tuple[Card, ...]]) -> None:
        self.cards = cards
        self._by_key = by_key

    @classmethod
    def build(cls, cards: Iterable[Card]) -> "SupplierIndex":
        """Return an index over `cards`; costs one pass. The names are indexed when one is first looked for."""
        by_key: dict[Key, list[Card]] = defaultdict(list)
        by_supplier = {card.supplier: card for card in cards}
        for card in by_supplier.values():
            for key in card.keys:
                by_key[key].append(card)
        return cls(by_supplier, {key: tuple(found) for key, found in by_key.items()})

    def match(
        self,
        vendor: Vendor,
        own_identifiers: Collection[Key] = frozenset(),
        *,
        remembered: Mapping[Key, Decision] | None = None,
        collective: Sequence[Rule] = (),
        order: str = MatchOrder.STRONGEST,
    ) -> Match:
        """Match `vendor`. `own_identifiers` are no evidence: our administrations' numbers, and all that many share.

        `remembered` is what people decided about its identifiers (and its name); the first of them in the order
        wins over the cards' numbers, unless that card may no longer be booked on, or what nobody saw then points
        elsewhere or is another number of the company than the card has. `collective` rules speak where no evidence
        does. `order` says which evidence is named first, and *domain* trusts a domain without looking at the name;
        neither makes a conflict a match.
        """
        keys = in_order((key for key in vendor.keys if key not in own_identifiers), ORDERS[MatchOrder(order)])
        vendor = replace(vendor, keys=tuple(keys))
        evidence = tuple(
            Evidence(key, self._by_key[key])
            for key in keys
            if key in self._by_key and not _says_nothing(key, self._by_key[key])
        )
        decisions = (
            [(key, remembered[key]) for key in in_order(remembered) if key not in own_identifiers]
            if remembered
            else []
        )
        if decisions:
            return self._decided(decisions, evidence, vendor)
        if not evidence:
            return self._by_name(vendor, keys, collective)
        return _weigh(evidence, keys, vendor, trusts_domains=order == MatchOrder.DOMAIN)

    def _decided(
        self, decisions: Sequence[tuple[Key, Decision]], evidence: tuple[Evidence, ...], vendor: Vendor
    ) -> Match:
        key, decision = decisions[0]
        card = self.cards.get(decision.supplier)
        if card is None:
            if evidence:
                return _undecided(Outcome.GONE, evidence, vendor)
            return replace(self._by_name(vendor, (), ()), outcome=Outcome.GONE)
        told = (Evidence(key, (card,)), *(piece for piece in evidence if piece.key != key))
        against = [piece for piece in told if card not in piece.cards and piece.key not in decision.seen]
        otherwise = [
            Evidence(other, (self.cards[one.supplier],))
            for other, one in decisions[1:]
            if one.supplier != decision.supplier and one.supplier in self.cards and other not in decision.seen
        ]
        if against or otherwise or _is_another_than_seen(card, decision, told, vendor):
            return _undecided(Outcome.CONFLICT, (*told, *otherwise), vendor)
        if not card.usable:
            return _undecided(Outcome.BLOCKED, told, vendor)
        return Match(Outcome.MATCHED, card, told, (_candidate(card, told, vendor),), decided=key)

    def _by_name(self, vendor: Vendor, keys: Sequence[Key], collective: Sequence[Rule]) -> Match:
        """No number of the vendor is on a card: a collective rule speaks, else names like its own propose."""
        domains = [key.value for key in keys if key.kind == Kind.DOMAIN]
        rule = rule_for(collective, vendor.name, domains) if collective else None
        card = self.cards.get(rule.supplier) if rule else None
        if rule and card and card.usable:
            evidence = (Evidence(Key(COLLECTIVE, rule.name), (card,)),)
            return Match(Outcome.MATCHED, card, evidence, (_candidate(card, evidence, vendor),))
        found = self._names.nearest(vendor.spellings, MOST_CANDIDATES + 1)
        found = [(at, score) for at, score in found if score >= WORTH_SAYING]
        if not found:
            return Match(Outcome.UNKNOWN)
        return Match(Outcome.PROPOSED, candidates=tuple(self._proposals(found, vendor)))

    def _proposals(self, found: Sequence[tuple[int, int]], vendor: Vendor) -> list[Candidate]:
        candidates = [_candidate(self._offered[at], (), vendor) for at, _score in found]
        candidates.sort(key=lambda one: (-_rank(one), not one.same_form, not one.same_postcode))
        first = candidates[0]
        gap = max(first.score - candidates[1].score, 0) if len(candidates) > 1 else first.score
        return [replace(first, gap=gap), *candidates[1:MOST_CANDIDATES]]

    @cached_property
    def _offered(self) -> list[Card]:
        return [card for card in self.cards.values() if card.usable]

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex((name, at) for at, card in enumerate(self._offered) for name in card.spellings)


def _says_nothing(key: Key, cards: tuple[Card, ...]) -> bool:
    """Tell whether so many cards carry this account or domain that it must be a factoring company's or a platform's."""
    return len(cards) >= CARRIED_BY_MANY and Kind(key.kind) in SHARED_BY_NATURE


def _rank(candidate: Candidate) -> int:
    """Of two like names the one whose card has another company's number is less likely meant."""
    return candidate.score - (OTHER_NUMBER if candidate.differences else 0)


def _undecided(outcome: Outcome, evidence: tuple[Evidence, ...], vendor: Vendor) -> Match:
    cards = dict.fromkeys(card for piece in evidence for card in piece.cards)
    best = sorted(cards, key=lambda card: not card.usable)[: MOST_CANDIDATES * 4]
    return Match(
        outcome, evidence=evidence, candidates=tuple(_candidate(card, evidence, vendor) for card in best)
    )


def _candidate(card: Card, evidence: tuple[Evidence, ...], vendor: Vendor) -> Candidate:
    return Candidate(
        card,
        keys=tuple(piece.key for piece in evidence if card in piece.cards),
        score=alike(vendor.spellings, card.spellings),
        differences=tuple(_differences(card, vendor.keys)),
        same_form=bool(card.legal_form) and card.legal_form == vendor.legal_form,
        same_postcode=bool(card.postcode) and card.postcode == vendor.postcode,
    )


def _weigh(
    evidence: tuple[Evidence, ...], keys: Sequence[Key], vendor: Vendor, *, trusts_domains: bool
) -> Match:
    """Cards that may not be booked on take part: a number of theirs points elsewhere all the same."""
    if not any(card.usable for piece in evidence for card in piece.cards):
        return _undecided(Outcome.BLOCKED, evidence, vendor)
    common = set.intersection(*(set(piece.cards) for piece in evidence))
    if not common:
        return _undecided(Outcome.CONFLICT, evidence, vendor)
    if not any(card.usable for card in common):
        return _undecided(Outcome.BLOCKED, evidence, vendor)
    sole = _sole(evidence)
    if sole is None:
        return _undecided(Outcome.SEVERAL, evidence, vendor)
    if _is_another_company(sole, evidence, keys, vendor):
        return _undecided(Outcome.CONFLICT, evidence, vendor)
    if not _names_allow(sole, evidence, vendor, trusts_domains):
        return _undecided(Outcome.PROPOSED, evidence, vendor)
    others = _undecided(Outcome.MATCHED, evidence, vendor).candidates
    return Match(Outcome.MATCHED, sole, evidence, others)


def _sole(evidence: tuple[Evidence, ...]) -> Card | None:
    """The one card that stands behind all evidence and that a piece of it singles out, None when there is none.

    Cards that share the number of a legal entity, or another number and a name, are one company twice. Sisters that
    share a VAT number are told apart by what is one company's own.
    """
    common = [card for card in set.intersection(*(set(piece.cards) for piece in evidence)) if card.usable]
    if len(common) != 1 or not any(len(_usable(piece)) == 1 for piece in evidence):
        return None
    sole = common[0]
    for piece in evidence:
        others = [card for card in _usable(piece) if card != sole]
        of_entity = Kind(piece.key.kind) in OF_THE_ENTITY
        if others and (of_entity or any(_is_double(sole, card) for card in others)):
            return None
    return sole


def _is_double(one: Card, other: Card) -> bool:
    return not one.spellings or not other.spellings or alike(one.spellings, other.spellings) >= SAME_NAME


def _usable(piece: Evidence) -> list[Card]:
    return [card for card in piece.cards if card.usable]


def _is_another_company(
    card: Card, evidence: tuple[Evidence, ...], keys: Sequence[Key], vendor: Vendor
) -> bool:
    """Tell whether the document and the card each carry a number of a company of their own.

    Once the number of the legal entity agrees, another VAT number is one of the two gone stale. The other way round
    the VAT number may be that of a fiscal unity, and the vendor a sister. One digit wrong in a number beside a name
    that agrees is a slip of the pen.
    """
    agreed = {piece.key.kind for piece in evidence}
    if agreed & OF_THE_ENTITY:
        return False
    others = _differences(card, keys)
    if not others:
        return False
    excusable = agreed - {Kind.DOMAIN} and alike(vendor.spellings, card.spellings) >= SAME_NAME
    return not (excusable and all(_is_slip(other, keys) for other in others))


def _is_another_than_seen(card: Card, decision: Decision, told: tuple[Evidence, ...], vendor: Vendor) -> bool:
    """Tell whether the document has a number of another company that nobody saw when `decision` was made."""
    decided = told[0].key
    if decided.kind in {
        NAME,
        DOCUMENT,
    }:  # a name is remembered of who has no number; of one document all were seen
        return False
    agreed = tuple(piece for piece in told if card in piece.cards)
    unseen = [key for key in vendor.keys if key != decided and key not in decision.seen]
    return _is_another_company(card, agreed, unseen, vendor)


def _differences(card: Card, keys: Iterable[Key]) -> list[Key]:
    """The numbers of which a company has one, that the card has and the document has otherwise."""
    said = defaultdict(set)
    for key in keys:
        said[key.kind].add(key)
    return [
        known
        for kind in ONE_EACH
        for known in sorted(key for key in card.keys if key.kind == kind)
        if said[kind] and not said[kind] & card.keys
    ]


def _is_slip(known: Key, keys: Iterable[Key]) -> bool:
    return any(key.kind == known.kind and OSA.distance(key.value, known.value) == 1 for key in keys)


def _has_another_form(vendor: Vendor, card: Card) -> bool:
    """Tell whether both say what they are, and it is not the same: a foundation is never the company beside it."""
    one, other = legal_family(vendor.name), legal_family(card.name)
    return bool(one and other) and one != other


def _names_allow(card: Card, evidence: tuple[Evidence, ...], vendor: Vendor, trusts_domains: bool) -> bool:
    """Tell whether the names stand in the way of what does not name the legal entity itself.

    Companies of one owner share a VAT number (fiscal unity), an account, a domain, and of such a group perhaps one has
    a card; an account may be a factoring company's. What a number of the entity says, no name overrules.
    """
    deciding = {Kind(piece.key.kind) for piece in evidence if len(_usable(piece)) == 1}
    if deciding & OF_THE_ENTITY or (trusts_domains and Kind.DOMAIN in deciding):
        return True
    if not vendor.spellings or not card.spellings:
        return True
    if look_like_sisters(vendor.spellings, card.spellings):
        return False
    score = alike(vendor.spellings, card.spellings)
    others = {other for piece in evidence for other in piece.cards if other != card}
    if any(alike(vendor.spellings, other.spellings) > score for other in others):
        return False
    if {Kind.VAT, Kind.IBAN} <= deciding:
        return True
    if _has_another_form(vendor, card):
        return False
    return score >= min(LIKE_ENOUGH.get(kind, 0) for kind in deciding)
