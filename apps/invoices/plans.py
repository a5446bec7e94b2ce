"""What would be written into Exact for an invoice: the exact payloads, as a plan for `posting`. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.html import escape

from apps.core.money import ZERO
from apps.exact.models import VATCode
from apps.invoices import attaching
from apps.invoices.amounts import amounts_of
from apps.invoices.entry_lines import EntryLine
from apps.invoices.models import Invoice

PURCHASE_INVOICE = 20  # documents/Documents.Type (Exact 4.6)
YOUR_REF_LENGTH = 50  # longer references were seen cut (Exact 3.4)


def entry_plan(
    invoice: Invoice,
    lines: Sequence[EntryLine],
    vat_codes: Mapping[str, VATCode],
    *,
    journal: str,
    reference: str,
    percentages: Mapping[str, Decimal | None] | None = None,
) -> dict[str, Any]:
    """Return the plan of an automatic entry: document, attachments, purchase entry, in that order (Exact 6.1).

    `journal` is its code, `vat_codes` those of the division by code, `reference` ours: it stands in the
    document's Subject and the entry's ExternalLinkReference, so that both can be found again. `percentages` are those
    of the codes on the entry's date, as fractions; for a code without one its VAT is always sent.
    """
    your_ref = invoice.number[:YOUR_REF_LENGTH]
    # What is sent, not what the document claims: a person may have waived totals that differ.
    total = sum((line.gross for line in lines), ZERO)
    return {
        "steps": [
            document_step(invoice, total, reference),
            *attaching.steps(invoice),
            {
                "name": "entry",
                "resource": "purchaseentry/PurchaseEntries",
                "key": "EntryID",
                "payload": {
                    **_entry(invoice, journal, your_ref, reference),
                    "PurchaseEntryLines": [
                        _line(line, vat_codes[line.vat_code], (percentages or {}).get(line.vat_code))
                        for line in lines
                    ],
                },
                "needs": {"Document": "document"},
            },
        ],
        "look": look_of(invoice, total),
    }


def look_of(invoice: Invoice, total: Decimal) -> dict[str, Any]:
    """Return by what a booking of `total`, with VAT, is found again (Exact 5)."""
    return {
        "supplier": str(invoice.supplier),
        "your_ref": invoice.number[:YOUR_REF_LENGTH],
        "date": entry_date(invoice).isoformat(),
        "document_date": invoice.issue_date.isoformat(),
        "amount": str(total),
    }


def entry_date(invoice: Invoice) -> date:
    """Return the day of the entry: the document's, unless that lies in a closed or filed period."""
    return invoice.entry_date or invoice.issue_date


def document_step(invoice: Invoice, total: Decimal, reference: str) -> dict[str, Any]:
    """Return the step that makes the document of a booking of `total`, with VAT."""
    payload = _document(invoice, total, reference)
    return {"name": "document", "resource": "documents/Documents", "key": "ID", "payload": payload}


def _document(invoice: Invoice, total: Decimal, reference: str) -> dict[str, Any]:
    payload = {
        "Subject": attaching.subject(invoice, reference),
        "Type": PURCHASE_INVOICE,
        "Account": str(invoice.supplier),
        "DocumentDate": invoice.issue_date.isoformat(),
        "AmountFC": float(total),
        "Currency": invoice.currency,
    }
    left_out = attaching.left_out(invoice, reference)
    return {**payload, "Body": escape(left_out)} if left_out else payload


def _entry(invoice: Invoice, journal: str, your_ref: str, reference: str) -> dict[str, Any]:
    payload = {
        "Journal": journal,
        "Supplier": str(invoice.supplier),
        "Currency": invoice.currency,
        "EntryDate": entry_date(invoice).isoformat(),
        "DueDate": _iso(invoice.due_date),
        "Description": invoice.vendor_name[:60],
        "Rate": None if invoice.rate is None else float(invoice.rate),
        "GAccountAmountFC": None if invoice.g_account is None else float(invoice.g_account),
        "YourRef": your_ref,
        "PaymentCondition": invoice.payment_condition or None,
        "PaymentReference": invoice.payment.get("reference", "")[:50] or None,
        "ExternalLinkReference": reference,
    }
    return {name: value for name, value in payload.items() if value is not None}


def _line(line: EntryLine, vat_code: VATCode, percentage: Decimal | None) -> dict[str, Any]:
    """One entry line; its amounts as `amounts` says."""
    sent = amounts_of(line, vat_code, percentage)
    payload = {
        "GLAccount": line.gl_account,
        "Description": line.text[:60],
        "VATCode": line.vat_code,
        "CostCenter": line.cost_center or None,
        "CostUnit": line.cost_unit or None,
        "PrivateUsePercentage": _percentage(line.private_use),
        "VATNonDeductiblePercentage": _percentage(line.non_deductible),
        "From": _iso(line.spread_from),
        "To": _iso(line.spread_to),
        "AmountFC": float(sent.amount),
        "VATAmountFC": None if sent.vat is None else float(sent.vat),
    }
    return {name: value for name, value in payload.items() if value is not None}


def _percentage(value: Decimal | None) -> float | None:
    """Return a percentage as Exact takes it on an entry line: as a fraction, unless the setting says otherwise."""
    if value is None:
        return None
    return float(value / 100 if settings.EXACT_LINE_PERCENTAGES_ARE_FRACTIONS else value)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
