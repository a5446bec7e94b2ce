"""An e-invoice as a page for people: a PDF with what the document says. Pure, and the same bytes each time."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from apps.core.money import ZERO
from apps.core.paper import FONT, Paper, plain
from apps.intake.document import LANGUAGE, Document, DocumentKind, Line, Party, Tax

MOST_LINES = 1500  # more are counted, and stand in the original
_WIDTHS = (12, 98, 24, 18, 28)  # millimetres: line, description, quantity, VAT, amount
_TEXT = 60  # characters of a description on one line


def page(document: Document) -> bytes:
    """Return a PDF that shows `document`: parties, numbers, lines, VAT, totals, payment; in Dutch.

    Amounts have the signs of `Document`. Characters that Western European fonts lack lose their accents or
    become question marks: the original is attached as well.
    """
    with translation.override(LANGUAGE):
        noon = datetime.combine(document.issue_date, time(12), tzinfo=UTC)
        paper = _Page(noon, document.number)
        paper.parties(document)
        paper.facts(document)
        paper.lines(document)
        paper.totals(document)
        return bytes(paper.output())


class _Page(Paper):
    """What an e-invoice says, part by part."""

    def row(self, *cells: str, bold: bool = False) -> None:
        """Write a row of the table; figures stand at the right."""
        self.set_font(FONT, "B" if bold else "", 8)
        for number, (text, width) in enumerate(zip(cells, _WIDTHS, strict=True)):
            self.cell(width, 5, plain(text), align="L" if number < 2 else "R")
        self.ln()

    def parties(self, document: Document) -> None:
        """Write who sent it and who gets it."""
        self.paragraph(document.supplier.name, size=12, bold=True)
        self.paragraph(_address(document.supplier))
        self.ln(3)
        self.paragraph(f"{_('To')}: {document.customer.name}", bold=True)
        self.paragraph(_address(document.customer))
        self.ln(3)

    def facts(self, document: Document) -> None:
        """Write numbers, dates and how to pay."""
        is_credit = document.kind is DocumentKind.CREDIT_NOTE
        kind = _("credit note") if is_credit else _("invoice")
        self.paragraph(f"{kind.capitalize()} {document.number}", size=12, bold=True)
        means = document.payment_means
        self.pair(_("Date"), _day(document.issue_date))
        self.pair(_("Due date"), _day(document.due_date))
        self.pair(_("Order"), document.order_reference)
        self.pair(_("Payment reference"), next((one.reference for one in means if one.reference), ""))
        self.pair("IBAN", ", ".join(iban.value for iban in document.payee_ibans))
        self.pair(_("Payment"), _("direct debit") if any(one.is_direct_debit for one in means) else "")
        self.pair(_("Payment terms"), document.payment_terms)
        self.paragraph(document.note)
        self.ln(3)

    def lines(self, document: Document) -> None:
        """Write the lines, then the discounts and charges of the whole document."""
        self.row("#", _("Description"), _("Quantity"), _("VAT"), _("Amount"), bold=True)
        for line in document.lines[:MOST_LINES]:
            self.row(str(line.position), _words(line), _figure(line.quantity), _rate(line), _money(line.net))
        for one in document.adjustments[:MOST_LINES]:
            self.row("", one.reason[:_TEXT], "", _rate(one), _money(one.net))
        more = len(document.lines) - MOST_LINES
        if more > 0:
            self.paragraph(_("%(count)d more lines stand in the attached e-invoice.") % {"count": more})
        self.ln(2)

    def totals(self, document: Document) -> None:
        """Write the totals and the VAT they hold."""
        self.row("", _("Total without VAT"), "", "", _money(document.net))
        for part in document.subtotals:
            of = f"{_('VAT')} {_rate(part)} {_('of')} {_money(part.taxable)}"
            self.row("", of, "", "", _money(part.tax))
        gross = document.gross if document.gross is not None else document.net + (document.tax or ZERO)
        self.row("", _("Total"), "", "", f"{document.currency} {_money(gross)}", bold=True)
        if document.payable != gross:
            self.row("", _("To pay"), "", "", _money(document.payable))
        self.ln(3)
        self.paragraph(_("This page was made of the e-invoice, which is attached and decides."), size=8)


def _address(party: Party) -> str:
    place = f"{party.postcode} {party.city} {party.country}".strip()
    numbers = (f"{_('VAT number')} {party.vat}" if party.vat else "", _legal(party), party.email)
    return "\n".join(part for part in (party.street, place, *numbers) if part)


def _legal(party: Party) -> str:
    return f"{_('Chamber of commerce')} {party.legal_id}" if party.legal_id else ""


def _words(line: Line) -> str:
    parts = dict.fromkeys(part for part in (line.name, line.description) if part)
    return " ".join(" - ".join(parts).split())[:_TEXT]


def _rate(of: Tax) -> str:
    return of.category if of.rate is None else f"{_figure(of.rate)} %"


def _figure(value: Decimal | None) -> str:
    return "" if value is None else number_format(value.normalize(), force_grouping=True)


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else number_format(amount, decimal_pos=2, force_grouping=True)


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""
