"""What we booked ourselves and Exact's ledger does not show yet, as history for the next document."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, DecimalField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, When

from apps.clients.models import Administration
from apps.core import clock
from apps.core.money import cents
from apps.exact.models import Division, LedgerLine
from apps.invoices.entry_lines import entry_lines
from apps.invoices.models import InExact, Invoice, InvoiceLine, Outcome, State
from apps.invoices.usual import MOST
from apps.rules.books import PURCHASES
from apps.rules.history import MOST_READ, Past

_SHOWN_WITHIN = timedelta(days=60)  # the ledger is read each night; what it lacks after so long is not coming


def lines_of(administration: Administration, supplier: str) -> QuerySet[InvoiceLine]:
    """Return the lines of our booked documents of `supplier` (an id in Exact) that the ledger mirror lacks.

    What the mirror has counts there, as it is now, and once. What somebody deleted in Exact counts nowhere.
    """
    mirrored = LedgerLine.everything.filter(
        division=OuterRef("invoice__posting__division"), entry_id=OuterRef("invoice__posting__exact_id")
    )
    booked = InvoiceLine.objects.filter(
        ~Exists(mirrored),
        invoice__administration=administration,
        invoice__supplier=supplier,
        invoice__state=State.DONE,
        invoice__outcome=Outcome.BOOKED,
        invoice__done_at__gte=clock.now() - _SHOWN_WITHIN,
    )
    return booked.exclude(invoice__in_exact=InExact.DELETED)


def own_past(administration: Administration, supplier: str) -> list[Past]:
    """Return what those lines were booked on, newest first."""
    rows = lines_of(administration, supplier).select_related("invoice")
    newest = rows.order_by("-invoice__issue_date", "-invoice_id", "position")[:MOST_READ]
    return [past for line in newest for past in _past_of(line)]


def amounts_of(division: Division, supplier: UUID) -> list[Decimal]:
    """Return what the last purchases of `supplier` came to, with VAT, in the division's currency, newest first.

    By the ledger, and by our booked documents that it does not show yet; of a foreign one the rate must be known.
    One query. Credit notes stand among them: each kind is compared with its own.
    """
    heads = LedgerLine.objects.filter(
        division=division, relation=supplier, line_number=0, type__in=PURCHASES
    ).values_list("date", "amount")
    worth = Case(When(currency=division.currency, then=-F("gross")), default=-F("gross") * F("rate"))
    ours = _unmirrored(division.administration_id, supplier).annotate(
        worth=ExpressionWrapper(worth, output_field=DecimalField(max_digits=16, decimal_places=2))
    )
    known = ours.filter(worth__isnull=False).values_list("issue_date", "worth")
    both = heads.union(known, all=True).order_by("-date")[: 2 * MOST]
    return [-cents(amount) for _day, amount in both]


def _unmirrored(administration: int | None, supplier: UUID) -> QuerySet[Invoice]:
    mirrored = LedgerLine.everything.filter(
        division=OuterRef("posting__division"), entry_id=OuterRef("posting__exact_id")
    )
    booked = Invoice.objects.filter(
        ~Exists(mirrored),
        administration=administration,
        supplier=supplier,
        state=State.DONE,
        outcome=Outcome.BOOKED,
        done_at__gte=clock.now() - _SHOWN_WITHIN,
    )
    return booked.exclude(in_exact=InExact.DELETED)


def _past_of(line: InvoiceLine) -> Iterator[Past]:
    """Yield what `line` was booked as: one for each of its parts."""
    invoice = line.invoice
    for part in entry_lines([line]):
        yield Past(
            part.gl_code,
            part.vat_code,
            part.cost_center,
            part.cost_unit,
            line.description,
            invoice.entry_date or invoice.issue_date,
            f"document {invoice.pk}",
        )
