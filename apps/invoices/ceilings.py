"""The ceilings that hold in an administration: the lower of the firm's and its client's, read from their rows."""

from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.db.models import Q, QuerySet

from apps.clients.models import Administration
from apps.core.causes import Cause
from apps.core.money import ZERO
from apps.invoices.earning import Ceilings
from apps.invoices.models import Invoice, InvoiceLine, Limits


def limits_of(administration: Administration) -> QuerySet[Limits]:
    """Return the rows that hold in `administration`: the firm's and its client's, as far as there are any."""
    return Limits.objects.filter(Q(client=None) | Q(client=administration.client_id))


def ceilings_of(administration: Administration, *, are_there: bool = True) -> Ceilings:
    """Return the ceilings in `administration`. Of amounts the lower holds, of the bookings to wait for the higher.

    `are_there`: False when it is known that nobody set any; that spares the query.
    """
    columns = ("automatic_up_to", "four_eyes_above", "untouched")
    rows = list(limits_of(administration).values_list(*columns)) if are_there else []
    counts = [row[2] for row in rows if row[2] is not None]
    return Ceilings(
        automatic_up_to=_lowest(row[0] for row in rows),
        four_eyes_above=_lowest(row[1] for row in rows),
        untouched=max(counts, default=settings.UNTOUCHED_BEFORE_OFFERED) or 1,
    )


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


def _lowest(amounts: Iterable[Decimal | None]) -> Decimal | None:
    return min((amount for amount in amounts if amount is not None), default=None)
