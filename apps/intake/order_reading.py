"""From a file to the order in it: XML, a sheet, or a PDF that carries its XML. Pure but for the process for PDFs."""

from django.utils.translation import gettext_lazy as _

from apps.intake import filetypes, order_sheets
from apps.intake.filetypes import FileType
from apps.intake.order import OrderDocument
from apps.intake.order_sheets import written
from apps.intake.parsing import Unreadable
from apps.intake.pdf import examine
from apps.intake.pdf.examining import is_pdf
from apps.intake.reading import NotInPDF
from apps.intake.ubl import orders

__all__ = ["NoOrderInPDF", "NotInPDF", "read", "written"]

_TABLES = (".xlsx", ".xls", ".csv")


class NoOrderInPDF(NotInPDF):
    """A PDF without an order that can be read; `text` is what stands on its first pages."""

    def __init__(self, trouble: str, text: str) -> None:
        super().__init__(trouble, text)
        if not trouble:
            self.reason = _("This PDF carries no order (XML) that can be read.")


def read(content: bytes, filename: str = "") -> OrderDocument:
    """Return the order, response, change or cancellation in `content`: UBL, the template as xlsx or csv, or in a PDF.

    What calls itself a table by its `filename` is read as one, for a reason that fits. Raises Unreadable as
    `ubl.orders.read` and `order_sheets.read`; NoOrderInPDF for a PDF that carries none.
    """
    if is_pdf(content):
        return _in_pdf(content)
    found = filetypes.detect(content)
    named = filename.casefold().endswith(_TABLES) and found is FileType.UNKNOWN
    if named or found in (FileType.OFFICE, FileType.TEXT):
        return order_sheets.read(content)
    return orders.read(content)


def _in_pdf(content: bytes) -> OrderDocument:
    found = examine(content)
    for _name, data in found.embedded:
        try:
            return orders.read(data)
        except Unreadable:
            continue
    raise NoOrderInPDF(found.trouble, found.text)
