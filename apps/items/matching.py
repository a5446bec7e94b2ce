"""Which item of Exact a line means: all that it is known by is read, and must agree. Pure, no database.

Numbers decide; a description proposes. What a person decided comes first, until what nobody saw then points elsewhere.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from apps.items.found import CARD, ON_DOCUMENT, PERSON, Candidate, Decision, Found, Outcome
from apps.items.index import Catalogue, Offer
from apps.items.wanted import BUYER_ITEM, CODE, ItemCard, Key, Wanted, code_of

__all__ = ["Candidate", "Catalogue", "Decision", "Found", "Offer", "Outcome", "match"]

MOST_CANDIDATES = 3


def match(
    catalogue: Catalogue, wanted: Wanted, supplier: UUID, remembered: Mapping[Key, Decision] | None = None
) -> Found:
    """Return what `wanted` of `supplier` means. `remembered`: what people decided of this supplier's keys."""
    return _Match(catalogue, wanted, supplier).found(remembered or {})


class _Match:
    """One line against the catalogue; `evidence` is what its keys point to, strongest first."""

    def __init__(self, catalogue: Catalogue, wanted: Wanted, supplier: UUID) -> None:
        self.catalogue, self.wanted, self.supplier = catalogue, wanted, supplier
        told = [(key, catalogue.items_by(key, supplier)) for key in wanted.keys]
        self.evidence = [(key, items) for key, items in told if items]

    def found(self, remembered: Mapping[Key, Decision]) -> Found:
        decisions = [(key, remembered[key]) for key in self.wanted.keys if key in remembered]
        if decisions:
            return self._decided(*decisions[0], decisions[1:])
        if not self.evidence:
            return self._proposed()
        return self._weighed()

    def _decided(self, key: Key, decision: Decision, others: Sequence[tuple[Key, Decision]]) -> Found:
        card = self.catalogue.card_of(decision.item, self.supplier)
        if card is None:
            gone = _("%(key)s was mapped to an item that is gone from Exact") % {"key": key.words}
            return self._undecided(Outcome.BLOCKED, gone)
        otherwise = [
            other for other, one in others if one.item != decision.item and other not in decision.seen
        ]
        otherwise += [
            other
            for other, items in self.evidence
            if other != key and decision.item not in items and other not in decision.seen
        ]
        words = {"key": key.words, "code": card.code}
        if otherwise:
            words["other"] = ", ".join(dict.fromkeys(other.words for other in otherwise))
            why = _("%(key)s was mapped to %(code)s, %(other)s says otherwise") % words
            return self._undecided(Outcome.CONFLICT, why, first=decision.item)
        if not card.usable:
            return self._undecided(Outcome.BLOCKED, self._blocked(card), first=decision.item)
        why = _("%(key)s was mapped to %(code)s") % words
        return Found(Outcome.MATCHED, card, why, PERSON, decision.source)

    def _weighed(self) -> Found:
        common = set.intersection(*(set(items) for _key, items in self.evidence))
        if not common:
            told = "; ".join(
                f"{key.words}: {', '.join(self._code(item) for item in items)}"
                for key, items in self.evidence
            )
            return self._undecided(Outcome.CONFLICT, told)
        cards = [card for item in common if (card := self.catalogue.card_of(item, self.supplier))]
        usable = [card for card in cards if card.usable]
        if not usable:
            return self._undecided(Outcome.BLOCKED, self._blocked(cards[0]))
        if len(usable) > 1:
            return self._undecided(Outcome.SEVERAL, _("several items of Exact carry it"))
        keys = ", ".join(key.words for key, _items in self.evidence)
        why = _("%(evidence)s on the document = item %(code)s") % {"evidence": keys, "code": usable[0].code}
        only_own = {key.kind for key, _items in self.evidence} == {BUYER_ITEM}
        return Found(Outcome.MATCHED, usable[0], why, ON_DOCUMENT if only_own else CARD)

    def _proposed(self) -> Found:
        """Nothing decides: a supplier's code that is an item code of ours, and descriptions, propose."""
        wanted = self.wanted
        same_code = self.catalogue.called(wanted.seller_item) if wanted.seller_item.strip() else ()
        by_code = Key(CODE, code_of(wanted.seller_item))
        alike = dict(self.catalogue.like(wanted.description))
        found = [
            Candidate(card, (by_code,) if item in same_code else (), alike.get(item, 0))
            for item in dict.fromkeys([*same_code, *alike])
            if (card := self.catalogue.card_of(item, self.supplier)) and card.usable
        ]
        why = "" if wanted.keys else _("the line does not say what is ordered")
        return Found(Outcome.UNKNOWN, why=why, candidates=tuple(found[:MOST_CANDIDATES]))

    def _undecided(self, outcome: Outcome, why: str, first: UUID | None = None) -> Found:
        items = dict.fromkeys([first] if first else [])
        items.update(dict.fromkeys(item for _key, known in self.evidence for item in known))
        alike = dict(self.catalogue.like(self.wanted.description))
        cards = [self.catalogue.card_of(item, self.supplier) for item in items or alike]
        candidates = [
            Candidate(
                card,
                tuple(key for key, known in self.evidence if card.exact_id in known),
                alike.get(card.exact_id, 0),
            )
            for card in cards
            if card
        ]
        candidates.sort(key=lambda one: not one.card.usable)
        return Found(outcome, why=why, candidates=tuple(candidates[:MOST_CANDIDATES]))

    def _code(self, item: UUID) -> str:
        return self.catalogue.cards[item].code

    def _blocked(self, card: ItemCard) -> str:
        return _("item %(code)s is no purchase item, or has ended, in Exact") % {"code": card.code}
