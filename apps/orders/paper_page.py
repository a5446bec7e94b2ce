"""The original of an order and what came with it, as the page of the order shows them."""

from typing import Any

from apps.intake import order_reading
from apps.intake.detection import ORDERS, Format
from apps.intake.filetypes import FileType, detect, shown_as
from apps.intake.models import Part
from apps.intake.parsing import Unreadable

OF_XML = {str(one) for one in ORDERS - {Format.ORDER_SHEET}}
PICTURES = {FileType.PDF, FileType.PNG, FileType.JPEG}  # what people read, and no program


def content(part: Part) -> dict[str, Any]:
    """Return how the original of an order can be shown, and the files that belong to it.

    `is_shown`: a browser may show it; `is_first`: it is what people read, and stands in front. `embedded`: names of
    the files inside it; `papers`: the parts that came with it.
    """
    papers = list(part.attachments.order_by("position"))
    try:
        original = part.original.content()
    except FileNotFoundError:
        return {"is_shown": False, "is_first": False, "embedded": [], "papers": papers}
    return {
        "is_shown": shown_as(original) is not None,
        "is_first": detect(original) in PICTURES,
        "embedded": _embedded(original, part),
        "papers": papers,
    }


def _embedded(original: bytes, part: Part) -> list[str]:
    """Return the names of the files inside an order of XML."""
    if part.format not in OF_XML:
        return []
    try:
        return [one.filename for one in order_reading.read(original, part.filename).attachments]
    except Unreadable:
        return []
