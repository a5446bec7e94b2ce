"""What the checks before a booking need from the mirrors of a division, and the checks over one document."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.core import clock
from apps.exact.kept import Kept, Stamps
from apps.exact.models import (
    CostCenter,
    CostUnit,
    Division,
    GLAccount,
    Journal,
    PaymentCondition,
    VATCode,
)
from apps.invoices import checks
from apps.invoices.checks import Checked, Facts, JournalFacts
from apps.invoices.earning import own_amount
from apps.invoices.models import Invoice, InvoiceLine
from apps.invoices.own_past import amounts_of
from apps.rules.books import Books


def facts_of(division: Division, stamps: Stamps | None = None) -> Facts:
    """Return what may not be used any more, the journals and the payment conditions, read anew after a sync."""
    return _facts.of(division, stamps)


def check(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    books: Books,
    facts: Facts,
    *,
    division: Division,
    supplier: UUID,
    journal: str,
    rate: Decimal | None,
) -> Checked:
    """Look at a coded document once more; lines lose what their ledger account forbids.

    `rate`: of the document into the division's currency; `journal`: the code of the purchase journal.
    """
    found = checks.check_codes(lines, books, facts)
    found.obstacles += checks.check_journal(journal, lines, invoice.currency, books, facts)
    found.findings += checks.check_currency(invoice.currency, division.currency, rate)
    amount = own_amount(invoice.gross, invoice.currency, division.currency, rate)
    if amount:
        odd = checks.check_amount(amount, amounts_of(division, supplier))
        found.findings += odd.findings
        found.reasons += odd.reasons
        found.is_range_known = odd.is_range_known
    return found


def _read(division: Division) -> Facts:
    here = {"division": division}
    journals = Journal.objects.filter(**here).values_list("code", "type", "blocked", "currency", "raw")
    return Facts(
        unusable={
            "gl_code": _codes(GLAccount.objects.filter(blocked=True, **here)),
            "vat_code": _codes(VATCode.objects.filter(blocked=True, **here)),
            "cost_center": _codes(CostCenter.objects.filter(_over(), **here)),
            "cost_unit": _codes(CostUnit.objects.filter(_over(), **here)),
        },
        journals={
            code: JournalFacts(kind, blocked, currency, raw.get("AllowVAT"), raw.get("AllowVariableCurrency"))
            for code, kind, blocked, currency, raw in journals
        },
        conditions=_codes(PaymentCondition.objects.filter(**here)),
    )


def _over() -> Q:
    return Q(end_date__lt=clock.today())


def _codes(rows: QuerySet[Any]) -> frozenset[str]:
    return frozenset(rows.values_list("code", flat=True))


_facts = Kept(
    _read, ("gl_accounts", "vat_codes", "cost_centers", "cost_units", "journals", "payment_conditions")
)
