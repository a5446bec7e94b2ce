"""Which supplier a document is of, whatever the document is: matched, or asked."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.clients.policy import Obstacle
from apps.core import names
from apps.core.causes import Cause
from apps.core.identifiers import Kind
from apps.exact.kept import Stamps
from apps.exact.models import Division, Relation
from apps.intake.models import Part
from apps.vendors import cards, learning, no_evidence
from apps.vendors.evidence import (
    COLLECTIVE,
    DOCUMENT,
    Card,
    Decision,
    Key,
    Match,
    Outcome,
    Vendor,
    postcode_of,
)
from apps.vendors.listed import rules_of
from apps.vendors.matching import SupplierIndex
from apps.vendors.models import IBANCase

CAUSES = {
    Outcome.UNKNOWN: Cause.VENDOR_UNKNOWN,
    Outcome.PROPOSED: Cause.VENDOR_UNKNOWN,
    Outcome.GONE: Cause.SUPPLIER_BLOCKED,
    Outcome.CONFLICT: Cause.VENDOR_CONFLICT,
    Outcome.SEVERAL: Cause.VENDOR_CONFLICT,
    Outcome.BLOCKED: Cause.SUPPLIER_BLOCKED,
}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a document, as that says: `party` (keys, names, postcode) as receiving kept it, `part` where it is."""

    name: str
    party: dict[str, Any]
    part: Part


@dataclass
class Identified:
    """The relation that it is (None: nobody yet), what is set on the document, and what stands in the way.

    `card`: what matched, None where nothing did; `is_collective`: many senders are booked on it. `has_case`: there
    may be a case about an account.
    """

    relation: Relation | None = None
    values: dict[str, Any] = field(default_factory=dict)
    obstacles: list[Obstacle] = field(default_factory=list)
    has_case: bool = True
    card: Card | None = None
    is_collective: bool = False


def identify(
    sender: Sender,
    administration: Administration,
    division: Division | None,
    stamps: Stamps | None = None,
    *,
    asks: bool = True,
) -> Identified:
    """Match who sent a document; `asks` a person what the evidence does not decide."""
    if division is None:
        return Identified(
            obstacles=[Obstacle(Cause.VENDOR_UNKNOWN, _("No division of Exact is linked yet."))]
        )
    vendor = vendor_of(sender)
    if not vendor.keys and not vendor.name.strip():
        return Identified(
            obstacles=[Obstacle(Cause.VENDOR_UNKNOWN, _("The document does not say who sent it."))]
        )
    own = no_evidence.among(vendor.keys)
    keys = [key for key in vendor.keys if key not in own]
    identity = learning.identity_of(keys, vendor.name)
    asked = [learning.document_key(sender.part.pk), *(keys or [identity])]
    decisions = learning.remembered(administration, asked)
    match = _match(cards.index_for(division, stamps), vendor, own, decisions, administration)
    if match.outcome is Outcome.MATCHED and match.supplier:
        return _matched(division, match, match.supplier, decisions)
    # Names that propose are shown where the person chooses; a reason why it waits they are not.
    detail = "" if match.outcome is Outcome.PROPOSED and not match.evidence else _candidates(match)
    obstacles = [Obstacle(CAUSES[match.outcome], detail)]
    if not asks:
        return Identified(obstacles=obstacles)
    question = learning.ask(
        administration,
        identity=identity,
        name=sender.name,
        party={**sender.party, "keys": [str(key) for key in keys]},  # the others could not be remembered
        match=match,
        part=sender.part,
    )
    return Identified(values={"question": question}, obstacles=obstacles)


def card_of_numbers(
    sender: Sender, administration: Administration, division: Division, stamps: Stamps | None = None
) -> Card | None:
    """Return the card that the numbers on a document tell by themselves, whatever was decided; one query."""
    vendor = vendor_of(sender)
    own = no_evidence.among(vendor.keys)
    match = cards.index_for(division, stamps).match(vendor, own, order=administration.match_order)
    return match.supplier if match.outcome is Outcome.MATCHED else None


def vendor_of(sender: Sender) -> Vendor:
    """Return who sent a document, as matching wants it."""
    party = sender.party
    return Vendor(
        name=sender.name,
        keys=tuple(Key(*text.split(" ", 1)) for text in party.get("keys", [])),
        spellings=names.spellings(sender.name, *party.get("names", [])),
        legal_form=names.legal_form(sender.name),
        postcode=postcode_of(party.get("postcode", "")),
    )


def _match(
    index: SupplierIndex,
    vendor: Vendor,
    own: frozenset[Key],
    decisions: dict[Key, Decision],
    administration: Administration,
) -> Match:
    """Match, and ask the collective vendors only where no number says anything: that is a query less for most."""
    order = administration.match_order
    match = index.match(vendor, own, remembered=decisions, order=order)
    if decisions or match.evidence or match.outcome not in {Outcome.UNKNOWN, Outcome.PROPOSED}:
        return match
    rules = rules_of(administration)
    return index.match(vendor, own, collective=rules, order=order) if rules else match


def _matched(division: Division, match: Match, card: Card, decisions: dict[Key, Decision]) -> Identified:
    cases = IBANCase.objects.filter(administration=division.administration_id, supplier=OuterRef("exact_id"))
    relations = Relation.objects.filter(division=division, exact_id=card.supplier).defer("raw")
    relation = relations.annotate(has_case=Exists(cases)).first()
    values = {
        "supplier": card.supplier,
        "supplier_name": card.name,
        "supplier_why": _why(match, card)[:400],
        "payment_condition": relation.payment_condition_purchase if relation else "",
        "mapping_id": decisions[match.decided].source if match.decided else None,
    }
    return Identified(
        relation,
        values,
        has_case=relation is None or relation.has_case,
        card=card,
        is_collective=match.evidence[0].key.kind == COLLECTIVE,
    )


def _why(match: Match, card: Card) -> str:
    if match.decided and match.decided.kind == DOCUMENT:
        return _("this document was mapped to card %(code)s by hand") % {"code": card.code}
    if match.decided:
        return _("%(key)s was mapped to card %(code)s") % {"key": match.decided.words, "code": card.code}
    keys = match.evidence_for(card)
    if {key.kind for key in keys} == {Kind.DOMAIN}:
        words = _("%(evidence)s alone = card %(code)s; domains may be shared, so look at the name")
        return words % {"evidence": keys[0].words, "code": card.code}
    found = ", ".join(key.words for key in keys)
    return _("%(evidence)s on the document = card %(code)s") % {"evidence": found, "code": card.code}


def _candidates(match: Match) -> str:
    return "\n".join(
        f"{one.card.code} {one.card.name}: {', '.join([*one.reasons, *one.against])}"
        for one in match.candidates[: learning.SHOWN_CANDIDATES]
    )
