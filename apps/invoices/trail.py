"""The audit trail of a document: everything that happened to it, in order, in words, with who and why."""

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from apps.core.trail import Fact, Listed, Trail, moved, values_of
from apps.intake.came_in import came_in
from apps.intake.findings import Finding
from apps.invoices.models import Invoice
from apps.posting.call_words import calls_of

CODES = ("gl_code", "vat_code", "cost_center", "cost_unit")


def trail_of(invoice: Invoice) -> Trail:
    """Return the trail of `invoice`, its texts in the language of the moment where they were not written before."""
    found = tuple(str(Finding(**finding).sentence()) for finding in invoice.findings)
    return Trail(
        number=invoice.number,
        changed_at=invoice.changed_at,
        is_in_test=invoice.is_in_test,
        facts=_facts(invoice),
        steps=(
            came_in(invoice.part),
            *moved(invoice.events.order_by("at", "pk")),
            *calls_of(invoice.posting),
        ),
        lists=(Listed(_("What the checks found"), found),),
        lines_title=_("Booked on"),
        lines=tuple((line, values_of(line, CODES)) for line in invoice.lines.order_by("position")),
    )


def _facts(invoice: Invoice) -> tuple[Fact, ...]:
    """Return what document it is and how it stands."""
    total = number_format(invoice.gross, decimal_pos=2, force_grouping=True)
    return (
        Fact(_("Vendor"), invoice.vendor_name),
        Fact(_("Number"), invoice.number),
        Fact(_("Date"), date_format(invoice.issue_date, "SHORT_DATE_FORMAT")),
        Fact(_("Total"), f"{invoice.currency} {total}"),
        Fact(_("Administration"), str(invoice.administration or ""), invoice.routing_why),
        Fact(_("Supplier"), invoice.supplier_name, invoice.supplier_why),
        Fact(_("State"), f"{invoice.stands_as} {invoice.exact_number}".strip()),
    )
