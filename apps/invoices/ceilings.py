"""What of a document counts against the ceilings of its administration (clients.ceilings)."""

from collections.abc import Iterable
from decimal import Decimal

from apps.clients.models import Administration
from apps.core.causes import Cause
from apps.core.money import ZERO
from apps.invoices.models import Invoice, InvoiceLine


def amount_of(
    invoice: Invoice, administration: Administration, lines: Iterable[InvoiceLine] = ()
) -> Decimal | None:
    """Return what counts against the ceilings, with VAT in the division's currency; None when nobody knows it.

    `lines`: as they are booked, read when they are not given and may differ. The larger counts of their sum and the
    document's total, for where a person waived that they differ, the lines are sent. A foreign amount is not known:
    the rate is the sender's own word, and no mirror has one of Exact to hold against it.
    """
    division = getattr(administration, "division", None)
    if division and invoice.currency != division.currency:
        return None
    if not lines and Cause.TOTALS_DIFFER in invoice.waived:
        lines = invoice.lines.all()
    booked = sum((line.net + (line.tax or ZERO) for line in lines), ZERO)
    return max(booked, invoice.gross, key=abs)
