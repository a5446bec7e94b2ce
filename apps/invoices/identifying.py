"""Which supplier a document is booked on, and what is doubtful about the vendor."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core.causes import Cause
from apps.exact.kept import Stamps
from apps.exact.models import Division, Relation
from apps.invoices.accounts import obstacles_of
from apps.invoices.models import Invoice
from apps.invoices.policy import Obstacle
from apps.vendors import cards, learning
from apps.vendors.matching import Card, Key, Match, Outcome

CAUSES = {
    Outcome.UNKNOWN: Cause.VENDOR_UNKNOWN,
    Outcome.CONFLICT: Cause.VENDOR_CONFLICT,
    Outcome.SEVERAL: Cause.VENDOR_CONFLICT,
    Outcome.BLOCKED: Cause.SUPPLIER_BLOCKED,
}


@dataclass
class Identified:
    """The relation to book on (None: nobody yet), the invoice's values, and what stands in the way."""

    relation: Relation | None = None
    values: dict[str, Any] = field(default_factory=dict)
    obstacles: list[Obstacle] = field(default_factory=list)


def identify(
    invoice: Invoice,
    administration: Administration,
    division: Division | None,
    stamps: Stamps | None = None,
    *,
    asks: bool = True,
) -> Identified:
    """Match the vendor of `invoice`; `asks` a person what the evidence does not decide, and about a new account."""
    if division is None:
        return Identified(
            obstacles=[Obstacle(Cause.VENDOR_UNKNOWN, _("No division of Exact is linked yet."))]
        )
    keys = [Key(*text.split(" ", 1)) for text in invoice.vendor.get("keys", [])]
    if not keys and not invoice.vendor_name.strip():
        return Identified(
            obstacles=[Obstacle(Cause.VENDOR_UNKNOWN, _("The document does not say who sent it."))]
        )
    identity = learning.identity_of(keys, invoice.vendor_name)
    asked = keys or [identity]
    match = cards.index_for(division, stamps).match(
        asked, remembered=learning.remembered(administration, asked)
    )
    if match.outcome is Outcome.MATCHED and match.card:
        found = _matched(division, match, match.card)
        found.obstacles += obstacles_of(invoice, match.card, administration, asks=asks)
        return found
    obstacles = [Obstacle(CAUSES[match.outcome], _candidates(match))]
    if not asks:
        return Identified(obstacles=obstacles)
    question = learning.ask(
        administration, identity=identity, name=invoice.vendor_name, party=invoice.vendor, match=match
    )
    return Identified(values={"question": question}, obstacles=obstacles)


def _matched(division: Division, match: Match, card: Card) -> Identified:
    relation = Relation.objects.filter(division=division, exact_id=card.supplier).defer("raw").first()
    values = {
        "supplier": card.supplier,
        "supplier_name": card.name,
        "supplier_why": _why(match, card)[:400],
        "payment_condition": relation.payment_condition_purchase if relation else "",
    }
    return Identified(relation, values)


def _why(match: Match, card: Card) -> str:
    if match.remembered:
        return _("%(key)s was mapped to card %(code)s") % {
            "key": match.evidence[0].key.words,
            "code": card.code,
        }
    found = ", ".join(key.words for key in match.evidence_for(card))
    return _("%(evidence)s on the document = card %(code)s") % {"evidence": found, "code": card.code}


def _candidates(match: Match) -> str:
    return "\n".join(
        f"{card.code} {card.name}: {', '.join(key.words for key in match.evidence_for(card))}"
        for card in match.candidates[: learning.SHOWN_CANDIDATES]
    )
