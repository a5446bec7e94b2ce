"""What the evidence about a vendor says together, where nobody decided before. Pure."""

from collections.abc import Sequence

from apps.core.identifiers import Kind
from apps.core.likeness import alike
from apps.vendors.evidence import OF_THE_ENTITY, Candidate, Card, Evidence, Key, Match, Outcome, Vendor
from apps.vendors.sameness import differences_of, is_another_company, is_double, names_allow, usable_of

MOST_SHOWN = 12  # cards of one conflict


def undecided(outcome: Outcome, evidence: tuple[Evidence, ...], vendor: Vendor) -> Match:
    cards = dict.fromkeys(card for piece in evidence for card in piece.cards)
    best = sorted(cards, key=lambda card: not card.usable)[:MOST_SHOWN]
    return Match(
        outcome, evidence=evidence, candidates=tuple(candidate_of(card, evidence, vendor) for card in best)
    )


def candidate_of(card: Card, evidence: tuple[Evidence, ...], vendor: Vendor) -> Candidate:
    return Candidate(
        card,
        keys=tuple(piece.key for piece in evidence if card in piece.cards),
        score=alike(vendor.spellings, card.spellings),
        differences=tuple(differences_of(card, vendor.keys)),
        same_form=bool(card.legal_form) and card.legal_form == vendor.legal_form,
        same_postcode=bool(card.postcode) and card.postcode == vendor.postcode,
    )


def weigh(
    evidence: tuple[Evidence, ...], keys: Sequence[Key], vendor: Vendor, *, trusts_domains: bool
) -> Match:
    """Cards that may not be booked on take part: a number of theirs points elsewhere all the same."""
    if not any(card.usable for piece in evidence for card in piece.cards):
        return undecided(Outcome.BLOCKED, evidence, vendor)
    common = set.intersection(*(set(piece.cards) for piece in evidence))
    if not common:
        return undecided(Outcome.CONFLICT, evidence, vendor)
    if not any(card.usable for card in common):
        return undecided(Outcome.BLOCKED, evidence, vendor)
    sole = _sole(evidence)
    if sole is None:
        return undecided(Outcome.SEVERAL, evidence, vendor)
    if is_another_company(sole, evidence, keys, vendor):
        return undecided(Outcome.CONFLICT, evidence, vendor)
    if not names_allow(sole, evidence, vendor, trusts_domains):
        return undecided(Outcome.PROPOSED, evidence, vendor)
    others = undecided(Outcome.MATCHED, evidence, vendor).candidates
    return Match(Outcome.MATCHED, sole, evidence, others)


def _sole(evidence: tuple[Evidence, ...]) -> Card | None:
    """The one card that stands behind all evidence and that a piece of it singles out, None when there is none.

    Cards that share the number of a legal entity, or another number and a name, are one company twice. Sisters that
    share a VAT number are told apart by what is one company's own.
    """
    common = [card for card in set.intersection(*(set(piece.cards) for piece in evidence)) if card.usable]
    if len(common) != 1 or not any(len(usable_of(piece)) == 1 for piece in evidence):
        return None
    sole = common[0]
    for piece in evidence:
        others = [card for card in usable_of(piece) if card != sole]
        of_entity = Kind(piece.key.kind) in OF_THE_ENTITY
        if others and (of_entity or any(is_double(sole, card) for card in others)):
            return None
    return sole
