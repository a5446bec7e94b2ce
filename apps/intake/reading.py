"""From a file to the invoice in it: XML, or a PDF that carries its XML. Pure but for the process that opens PDFs."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from apps.intake import ubl
from apps.intake.detection import NotAnInvoice
from apps.intake.document import Document
from apps.intake.parsing import Unreadable
from apps.intake.pdf import examine
from apps.intake.pdf.examining import TROUBLES, is_pdf


class NotInPDF(Unreadable):
    """A PDF without an e-invoice that can be read; `text` is what stands on its first pages."""

    def __init__(self, trouble: str, text: str) -> None:
        super().__init__(
            TROUBLES.get(trouble, _("This PDF carries no e-invoice (XML) that can be read.")),
            trouble or "pdf",
        )
        self.text = text


def read(content: bytes) -> Document:
    """Return the invoice in `content`: the XML itself, or the first that is embedded in a PDF and can be read.

    Raises Unreadable as `ubl.read`; NotInPDF for a PDF without one; NotAnInvoice for a PDF whose XML is something else
    (an invoice in CII syntax, as Factur-X carries it).
    """
    if not is_pdf(content):
        return ubl.read(content)
    found = examine(content)
    other: NotAnInvoice | None = None
    for _name, data in found.embedded:
        try:
            return replace(ubl.read(data), in_pdf=True)
        except NotAnInvoice as error:
            other = other or error
        except Unreadable:
            continue
    raise other or NotInPDF(found.trouble, found.text)
