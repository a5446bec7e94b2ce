"""Which telephone number proves something about an account: one that whoever forged the document did not choose."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from apps.exact.models import Relation
from apps.vendors import telephone
from apps.vendors.models import IBANCase, NumberSource


def card_of(case: IBANCase) -> Relation | None:
    """Return the supplier's card in Exact, also one that is gone or blocked there by now; None when there is none."""
    rows = Relation.everything.filter(division__administration=case.administration_id)
    return rows.filter(exact_id=case.supplier).first()


def numbers_of(card: Relation | None) -> list[str]:
    """Return the telephone numbers on a card."""
    return telephone.numbers_in(card.phone) if card else []


def objection(case: IBANCase, number: str, source: str, note: str, on_documents: Collection[str]) -> str:
    """Return in words why a call to `number` proves nothing, "" when it does.

    A number that is the card's may stand on the document as well: nobody forged the card.
    """
    if source == NumberSource.CARD:
        if telephone.is_among(number, numbers_of(card_of(case))):
            return ""
        return _(
            "This number is not on the supplier's card in Exact. Call the number of the card, or say where this "
            "one is from."
        )
    if source != NumberSource.KNOWN:
        return _("Where is the number from? Choose the card or a number you already had.")
    if any(telephone.is_among(one, on_documents) for one in (number, *telephone.numbers_in(number))):
        return _(
            "This number stands on the document itself; who forges an account forges that too. Call a number "
            "that you already had."
        )
    return "" if note else _("Say in the note where the number is from, for example an earlier contract.")
