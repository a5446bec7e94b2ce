"""An order as a PDF or picture that only a person can read: what is stored of it until somebody fills it in."""

from typing import Any

from apps.clients.models import Administration
from apps.intake.enclosures import picture_or_pdf
from apps.intake.filetypes import detect
from apps.intake.models import Part
from apps.orders import doubles
from apps.orders.doubles import Double, Fingerprint
from apps.orders.drafting import Draft
from apps.orders.models import Kind, PurchaseOrder
from apps.orders.placing import Place


def is_legible(part: Part) -> bool:
    """Tell whether a person can see in the file of `part` what is ordered: a PDF or a picture."""
    return bool(picture_or_pdf(part.original.content()))


def is_unread(order: PurchaseOrder) -> bool:
    """Tell whether nothing is known of `order` but its file."""
    return not order.is_answer and not order.line_count and not order.number


def draft_of(part: Part, administration: Administration | None) -> Draft:
    """Return the order of which nothing is known but its file; the same bytes again are a certain double."""
    key = administration.pk if administration else None
    known = _same_bytes(part, key)
    place = Place(Kind.ORDER, "", double=Double(known, certain=True) if known else None)
    values = {
        "kind": Kind.ORDER,
        "format": str(detect(part.original.content())),
        "double_key": doubles.of_bytes(key, part.original_id),
    }
    return Draft(Fingerprint(key, (), "", Kind.ORDER, ""), place, values)


def placed(order: PurchaseOrder, administration: Administration) -> dict[str, Any]:
    """Return the columns that say what `order` is where it is moved to."""
    known = _same_bytes(order.part, administration.pk)
    key = None if known else doubles.of_bytes(administration.pk, order.part.original_id)
    return {"kind": Kind.ORDER, "about": None, "double_of": known, "double_key": key}


def _same_bytes(part: Part, administration: int | None) -> PurchaseOrder | None:
    first = PurchaseOrder.objects.filter(administration=administration, part__original=part.original_id)
    return first.exclude(part=part.pk).select_related("part").order_by("pk").first()
