"""The audit trail as a PDF. Pure: the same trail gives the same bytes."""

from datetime import datetime

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from apps.invoices.models import Invoice
from apps.invoices.trail import Trail

_FONT, _ENCODING = "Helvetica", "cp1252"


def paper(trail: Trail) -> bytes:
    """Return `trail` as a PDF in the language of the moment. Characters that the font lacks become question marks."""
    made = _Paper(trail.invoice)
    made.facts(trail.invoice)
    made.text(_("What happened"), size=11, bold=True)
    for step in trail.steps:
        made.text(f"{_moment(step.at)}   {step.title}   {step.who}", bold=True)
        made.text("\n".join(part for part in (step.why, step.technical) if part))
    if trail.findings:
        made.text(_("What the checks found"), size=11, bold=True)
        made.text("\n".join(trail.findings))
    made.text(_("Booked on"), size=11, bold=True)
    for line, codes in trail.lines:
        made.text(f"{line.position}. {line.description}   {_money(line.net)}", bold=True)
        made.text("\n".join(f"{name} {code}: {why}".rstrip(": ") for name, code, why in codes))
    return bytes(made.output())


class _Paper(FPDF):
    """A4 pages with titles, paragraphs and pairs."""

    def __init__(self, invoice: Invoice) -> None:
        super().__init__(format="A4")
        self.core_fonts_encoding = _ENCODING
        self.set_creation_date(invoice.changed_at)
        self.set_margin(15)
        self.set_auto_page_break(True, margin=15)
        self.add_page()

    def facts(self, invoice: Invoice) -> None:
        """Write what document it is and how it stands."""
        self.text(_("Audit trail"), size=14, bold=True)
        for name, value in (
            (_("Vendor"), invoice.vendor_name),
            (_("Number"), invoice.number),
            (_("Date"), date_format(invoice.issue_date, "SHORT_DATE_FORMAT")),
            (_("Total"), f"{invoice.currency} {_money(invoice.gross)}"),
            (_("Administration"), f"{invoice.administration or '-'} {invoice.routing_why}"),
            (_("Supplier"), f"{invoice.supplier_name or '-'} {invoice.supplier_why}"),
            (_("State"), f"{invoice.get_state_display()} {invoice.exact_number}"),
        ):
            self.set_font(_FONT, "", 9)
            self.cell(50, 5, _plain(name))
            self.multi_cell(0, 5, _plain(value), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def text(self, text: str, *, size: int = 9, bold: bool = False) -> None:  # type: ignore[override]
        """Write a paragraph over the whole width; nothing for no text."""
        if text:
            self.ln(3 if size > 9 else 0)
            self.set_font(_FONT, "B" if bold else "", size)
            self.multi_cell(0, size * 0.5, _plain(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _plain(text: object) -> str:
    return str(text).replace("→", "->").encode(_ENCODING, "replace").decode(_ENCODING)


def _money(amount: object) -> str:
    return number_format(str(amount), decimal_pos=2, force_grouping=True)


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT")
