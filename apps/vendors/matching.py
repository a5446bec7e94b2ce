"""Which supplier sent this: all evidence is read, and the evidence must agree. Pure, no database.

Rules: product page, *Matching the vendor*. Identifiers decide; a name proposes, or stops what an account or a domain
alone would decide. Whatever the order, evidence that disagrees matches nobody.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from apps.clients.models import MatchOrder
from apps.core.identifiers import Kind
from apps.core.likeness import NameIndex
from apps.vendors.collective import Rule, rule_for
from apps.vendors.evidence import (
    COLLECTIVE,
    DOMAIN_FIRST,
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
from apps.vendors.sameness import is_another_than_seen
from apps.vendors.weighing import candidate_of, undecided, weigh

ORDERS = {MatchOrder.STRONGEST: ORDER, MatchOrder.DOMAIN: DOMAIN_FIRST}
MOST_CANDIDATES = 3
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
        return weigh(evidence, keys, vendor, trusts_domains=order == MatchOrder.DOMAIN)

    def _decided(
        self, decisions: Sequence[tuple[Key, Decision]], evidence: tuple[Evidence, ...], vendor: Vendor
    ) -> Match:
        key, decision = decisions[0]
        card = self.cards.get(decision.supplier)
        if card is None:
            if evidence:
                return undecided(Outcome.GONE, evidence, vendor)
            return replace(self._by_name(vendor, (), ()), outcome=Outcome.GONE)
        told = (Evidence(key, (card,)), *(piece for piece in evidence if piece.key != key))
        against = [piece for piece in told if card not in piece.cards and piece.key not in decision.seen]
        otherwise = [
            Evidence(other, (self.cards[one.supplier],))
            for other, one in decisions[1:]
            if one.supplier != decision.supplier and one.supplier in self.cards and other not in decision.seen
        ]
        if against or otherwise or is_another_than_seen(card, decision, told, vendor):
            return undecided(Outcome.CONFLICT, (*told, *otherwise), vendor)
        if not card.usable:
            return undecided(Outcome.BLOCKED, told, vendor)
        return Match(Outcome.MATCHED, card, told, (candidate_of(card, told, vendor),), decided=key)

    def _by_name(self, vendor: Vendor, keys: Sequence[Key], collective: Sequence[Rule]) -> Match:
        """No number of the vendor is on a card: a collective rule speaks, else names like its own propose."""
        domains = [key.value for key in keys if key.kind == Kind.DOMAIN]
        rule = rule_for(collective, vendor.name, domains) if collective else None
        card = self.cards.get(rule.supplier) if rule else None
        if rule and card and card.usable:
            evidence = (Evidence(Key(COLLECTIVE, rule.name), (card,)),)
            return Match(Outcome.MATCHED, card, evidence, (candidate_of(card, evidence, vendor),))
        found = self._names.nearest(vendor.spellings, MOST_CANDIDATES + 1)
        found = [(at, score) for at, score in found if score >= WORTH_SAYING]
        if not found:
            return Match(Outcome.UNKNOWN)
        return Match(Outcome.PROPOSED, candidates=tuple(self._proposals(found, vendor)))

    def _proposals(self, found: Sequence[tuple[int, int]], vendor: Vendor) -> list[Candidate]:
        candidates = [candidate_of(self._offered[at], (), vendor) for at, _score in found]
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
