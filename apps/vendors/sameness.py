"""Is the vendor the company of this card, or another one that shares a number with it? Pure.

Why names may stop a match that numbers would make: docs/decisions/0017.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from apps.core.identifiers import Kind
from apps.core.likeness import alike
from apps.core.names import legal_family
from apps.vendors.evidence import (
    DOCUMENT,
    NAME,
    OF_THE_ENTITY,
    ONE_EACH,
    Card,
    Decision,
    Evidence,
    Key,
    Vendor,
)
from apps.vendors.likeness import look_like_sisters

SAME_NAME = 90  # names this alike excuse a slip of the pen in one number
# How alike the names must be where the legal entity itself is not named: 0 to 100. An account beside a VAT number
# demands nothing more.
LIKE_ENOUGH = {Kind.VAT: 45, Kind.IBAN: 60, Kind.DOMAIN: 75}


def is_same_sender(one: tuple[Iterable[str], str], other: tuple[Iterable[str], str]) -> bool:
    """Tell whether two documents are of the same sender; each is its numbers as text, and its name.

    The strongest number of a company that both carry decides: sister companies share accounts and domains.
    """
    (keys, name), (other_keys, other_name) = one, other
    theirs, ours = set(keys), set(other_keys)
    for kind in ONE_EACH:
        first, second = _of_kind(theirs, kind), _of_kind(ours, kind)
        if first and second:
            return bool(first & second)
    if theirs and ours:
        return bool(theirs & ours)
    return name.casefold() == other_name.casefold()


def _of_kind(keys: set[str], kind: str) -> set[str]:
    return {key for key in keys if key.startswith(f"{kind} ")}


def is_another_company(
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
    others = differences_of(card, keys)
    if not others:
        return False
    excusable = agreed - {Kind.DOMAIN} and alike(vendor.spellings, card.spellings) >= SAME_NAME
    return not (excusable and all(_is_slip(other, keys) for other in others))


def is_another_than_seen(card: Card, decision: Decision, told: tuple[Evidence, ...], vendor: Vendor) -> bool:
    """Tell whether the document has a number of another company that nobody saw when `decision` was made."""
    decided = told[0].key
    if decided.kind in {
        NAME,
        DOCUMENT,
    }:  # a name is remembered of who has no number; of one document all were seen
        return False
    agreed = tuple(piece for piece in told if card in piece.cards)
    unseen = [key for key in vendor.keys if key != decided and key not in decision.seen]
    return is_another_company(card, agreed, unseen, vendor)


def differences_of(card: Card, keys: Iterable[Key]) -> list[Key]:
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


def names_allow(card: Card, evidence: tuple[Evidence, ...], vendor: Vendor, trusts_domains: bool) -> bool:
    """Tell whether the names stand in the way of what does not name the legal entity itself.

    Companies of one owner share a VAT number (fiscal unity), an account, a domain, and of such a group perhaps one has
    a card; an account may be a factoring company's. What a number of the entity says, no name overrules.
    """
    deciding = {Kind(piece.key.kind) for piece in evidence if len(usable_of(piece)) == 1}
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


def is_double(one: Card, other: Card) -> bool:
    return not one.spellings or not other.spellings or alike(one.spellings, other.spellings) >= SAME_NAME


def usable_of(piece: Evidence) -> list[Card]:
    return [card for card in piece.cards if card.usable]
