"""What the books of an administration say before a card is written: whether it may be, and what is there already."""

from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.exact.models import Division, Relation
from apps.invoices.card_checks import cleaned
from apps.invoices.card_fields import Values


def hindrance(administration: Administration) -> str:
    """Return why nothing can be written on the cards of `administration`, in words; "" when it can be tried."""
    if not Division.objects.filter(administration=administration).exists():
        return _("No division of Exact is linked yet.")
    if administration.mode == Mode.PILOT:
        return _(
            "On pilot nothing is written into Exact. End the pilot first, or make the card in Exact yourself."
        )
    return ""


def card_with_number_of(values: Values, division: Division) -> Relation | None:
    """Return a card of `division` with the same VAT, company or government number; None when there is none."""
    wanted = {(name, values[name]) for name in ("vat", "kvk", "oin") if values.get(name)}
    columns = ("pk", "country", "vat_number", "chamber_of_commerce", "oin")
    cards = Relation.objects.filter(division=division).values_list(*columns) if wanted else []
    for pk, country, vat, kvk, oin in cards:
        card = cleaned({"country": country, "vat": vat, "kvk": kvk, "oin": oin})
        if wanted & set(card.items()):
            return Relation.objects.defer("raw").get(pk=pk)
    return None


def twin_words(card: Relation) -> str:
    """Return what to do about a card that has a number of the new one, in words."""
    words = _("There is a card with this number already: %(card)s. Choose that card, or correct the number.")
    if card.blocked or not card.is_supplier:
        words = _(
            "There is a card with this number already: %(card)s. It is blocked or no supplier: release it in Exact."
        )
    return words % {"card": card}


def namesakes(name: str, division: Division) -> list[str]:
    """Return the ids in Exact of the cards that are called exactly like this."""
    found = Relation.objects.filter(division=division, name=name)
    return [str(key) for key in found.values_list("exact_id", flat=True)]
