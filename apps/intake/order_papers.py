"""PDFs and pictures that came in beside an order: they belong to it, where it is the only document."""

from django.db.models import Q

from apps.intake import enclosures, reading, scanning
from apps.intake.models import Part, PartKind, PartOutcome
from apps.intake.parsing import Unreadable
from apps.intake.pdf.examining import may_carry_files

PAPERS = (".pdf", ".png", ".jpg", ".jpeg", ".gif")
_SETTLED = (PartOutcome.DOCUMENT, PartOutcome.DUPLICATE)


def is_paper(filename: str) -> bool:
    """Tell whether a file calls itself a PDF or picture."""
    return filename.casefold().endswith(PAPERS)


def waits_for_an_order(part: Part) -> bool:
    """Tell whether a PDF or picture came with an order that can be read and that nobody has stored or refused yet."""
    if not is_paper(part.filename):
        return False
    orders = Part.objects.orders_to_read().filter(receipt=part.receipt_id).exclude(format="")
    return orders.exclude(pk=part.pk).exists()


def papers_of(part: Part) -> list[Part]:
    """Return the unread PDFs and pictures in the receipt of `part`, an order, that belong to it, in their order.

    None where another document lies in it, for which they may be; no PDF that carries an e-invoice, or of which
    somebody said that it is no attachment; and no file that the virus scanner did not pass. Not to be called in a
    transaction.
    """
    beside = Part.objects.filter(receipt=part.receipt_id).exclude(pk=part.pk)
    unread_xml = Q(outcome=PartOutcome.RECEIVED, filename__iendswith=".xml")
    others = ~Q(format="") | Q(kind=PartKind.ORDER) | Q(outcome__in=_SETTLED) | unread_xml
    if beside.filter(others).exists():
        return []
    unread = Part.objects.unread().filter(receipt=part.receipt_id).exclude(pk=part.pk)
    unread = unread.exclude(offerings__was=PartOutcome.ATTACHMENT).select_related("original")
    return [one for one in unread.order_by("position") if is_paper(one.filename) and _belongs(one)]


def _belongs(paper: Part) -> bool:
    try:
        if not scanning.is_clean(paper):
            return False
        content = paper.original.content()
    except FileNotFoundError:
        return False
    return bool(enclosures.picture_or_pdf(content)) and not _carries_an_invoice(content)


def _carries_an_invoice(content: bytes) -> bool:
    if not may_carry_files(content):  # most do not, and opening one costs a process
        return False
    try:
        reading.read(content)
    except Unreadable:
        return False
    return True
