"""The booked lines of a year: our own documents where they exist, lines of the ledger otherwise, none twice."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, F, QuerySet

from apps.exact.models import GLAccount, LedgerLine
from apps.invoices.models import NOTICEABLE, Invoice, InvoiceLine, Outcome, State
from apps.posting.lookup import PURCHASE_TYPES
from apps.rules.books import SUSPENDED

DAYS = 365
VAT_ACCOUNT = 24  # GLAccounts.Type (Exact 4.3)


class Window(NamedTuple):
    """The first and last day of what is looked at, by the date of the document or entry."""

    first: date
    last: date


def year_until(day: date) -> Window:
    """Return the twelve months that end on `day`."""
    return Window(day - timedelta(days=DAYS), day)


def own_lines(administrations: Collection[int], window: Window) -> QuerySet[InvoiceLine]:
    """Return the lines of documents that we booked in these administrations and nobody changed in Exact since.

    What was in Exact before we came, and what people changed there, is looked up in the ledger instead.
    """
    return InvoiceLine.objects.filter(invoice__in=_own(administrations, window)).order_by("pk")


def ledger_lines(administrations: Collection[int], window: Window) -> QuerySet[LedgerLine]:
    """Return the purchase lines of the ledger, without headers, lines of VAT, and the entries of `own_lines`."""
    lines = LedgerLine.objects.filter(
        division__administration__in=administrations,
        type__in=PURCHASE_TYPES,
        line_number__gt=0,
        date__range=window,
    )
    vat = GLAccount.everything.filter(division__administration__in=administrations, type=VAT_ACCOUNT)
    ours = _own(administrations, window).values("posting__exact_id")
    rows: QuerySet[LedgerLine] = lines.exclude(gl_account__in=vat.values("exact_id"))
    return rows.exclude(entry_id__in=ours).order_by("pk")


def count(administrations: Collection[int], window: Window) -> int:
    """Return how many lines there are to look at; two queries."""
    return own_lines(administrations, window).count() + ledger_lines(administrations, window).count()


def usual_codes(administration: int, window: Window) -> dict[str, dict[str, str]]:
    """Return the ledger account and VAT code that each supplier (id) was booked on most; one query."""
    lines = LedgerLine.objects.filter(
        division__administration=administration,
        type__in=PURCHASE_TYPES,
        line_number__gt=0,
        date__range=window,
        relation__isnull=False,
    )
    vat = GLAccount.everything.filter(division__administration=administration, type=VAT_ACCOUNT)
    counted = (
        lines.exclude(SUSPENDED)
        .exclude(gl_account__in=vat.values("exact_id"))
        .order_by()
        .values("relation", "gl_code", "vat_code")
        .annotate(times=Count("pk"))
        .order_by("times", "gl_code", "vat_code")
    )
    rows = counted.values_list("relation", "gl_code", "vat_code")
    return {str(relation): {"gl_code": gl, "vat_code": vat} for relation, gl, vat in rows.iterator()}


def _own(administrations: Collection[int], window: Window) -> QuerySet[Invoice]:
    booked = Invoice.objects.filter(
        administration__in=administrations,
        state=State.DONE,
        outcome=Outcome.BOOKED,
        issue_date__range=window,
        posting__adopted=False,
        posting__exact_id__isnull=False,
        posting__division__administration=F("administration"),
    )
    return booked.exclude(in_exact__in=NOTICEABLE)
