"""The audit trail as a PDF. Pure: the same trail gives the same bytes."""

from datetime import datetime

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.core.paper import Paper
from apps.invoices.models import Invoice
from apps.invoices.trail import Trail


def paper(trail: Trail) -> bytes:
    """Return `trail` as a PDF in the language of the moment. Characters that the font lacks become question marks."""
    made = Paper(trail.invoice.changed_at, trail.invoice.number)
    made.paragraph(_("Audit trail"), size=14, bold=True)
    if trail.invoice.is_in_test:
        made.paragraph(_("Test division: nothing here reaches the books."), bold=True)
    for name, value in _facts(trail.invoice):
        made.pair(name, value)
    _head(made, _("What happened"))
    for step in trail.steps:
        made.paragraph(f"{_moment(step.at)}   {step.title}   {step.who}", bold=True)
        made.paragraph("\n".join(part for part in (step.why, step.technical) if part))
    if trail.findings:
        _head(made, _("What the checks found"))
        made.paragraph("\n".join(trail.findings))
    _head(made, _("Booked on"))
    for line, codes in trail.lines:
        made.paragraph(f"{line.position}. {line.description}   {_money(line.net)}", bold=True)
        made.paragraph("\n".join(f"{name} {code}: {why}".rstrip(": ") for name, code, why in codes))
    return bytes(made.output())


def _facts(invoice: Invoice) -> tuple[tuple[str, str], ...]:
    """Return what document it is and how it stands."""
    return (
        (_("Vendor"), invoice.vendor_name),
        (_("Number"), invoice.number),
        (_("Date"), date_format(invoice.issue_date, "SHORT_DATE_FORMAT")),
        (_("Total"), f"{invoice.currency} {_money(invoice.gross)}"),
        (_("Administration"), f"{invoice.administration or '-'} {invoice.routing_why}"),
        (_("Supplier"), f"{invoice.supplier_name or '-'} {invoice.supplier_why}"),
        (_("State"), f"{invoice.stands_as} {invoice.exact_number}"),
    )


def _head(made: Paper, text: str) -> None:
    made.ln(3)
    made.paragraph(text, size=11, bold=True)


def _money(amount: object) -> str:
    return number_format(str(amount), decimal_pos=2, force_grouping=True)


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT")
