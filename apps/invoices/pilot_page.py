"""What the pages of a trial show, in words and figures for their templates."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format

from apps.exact.models import Division
from apps.invoices import shadowing
from apps.invoices.comparing import Difference, Field, Verdict
from apps.invoices.models import Invoice
from apps.invoices.shadowing import OPEN, Comparison, Report

CHIPS = {Verdict.EQUAL: "good", Verdict.DIFFERENT: "fair", Verdict.DOUBLE: "poor", Verdict.MISSING: "plain"}
SHARES = (Field.SUPPLIER, Field.ACCOUNT, Field.VAT_CODE, Field.COST_CENTER)


def of_document(invoice: Invoice, division: Division | None) -> dict[str, Any] | None:
    """Return the comparison of one document; None when it is on its way or there is nothing to compare with."""
    if division is None or invoice.state not in OPEN:
        return None
    one = shadowing.compared(invoice, division)
    return _row(one, shadowing.suppliers_of([one], division))


def of_report(report: Report, division: Division | None) -> dict[str, Any]:
    """Return a report for its template: the counts, how often each field agrees, and the documents."""
    names = shadowing.suppliers_of(report.comparisons, division) if division else {}
    return {
        "report": report,
        "verdicts": [(verdict.label, CHIPS[verdict], count) for verdict, count in report.counts.items()],
        "shares": [(field.label, report.share(field), report.unlike(field)) for field in SHARES],
        "fields": [(field.label, count) for field in Field if (count := report.unlike(field))],
        "rows": [_row(one, names) for one in report.comparisons],
    }


def _row(one: Comparison, suppliers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "invoice": one.invoice,
        "verdict": one.verdict.label,
        "chip": CHIPS[one.verdict],
        "is_certain": one.is_certain,
        "numbers": [entry.number for entry, _certain in one.found],
        "differences": [_difference(each, suppliers) for each in one.differences],
    }


def _difference(each: Difference, suppliers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "label": " ".join(part for part in (str(each.field.label), each.code) if part),
        "ours": _shown(each.ours, suppliers),
        "theirs": _shown(each.theirs, suppliers),
        "is_amount": each.is_amount,
    }


def _shown(value: object, suppliers: Mapping[str, str]) -> str:
    if isinstance(value, Decimal):
        return number_format(value, decimal_pos=2, force_grouping=True)
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return suppliers.get(str(value), str(value or "-"))
