"""What would be written into Exact for a purchase invoice: the exact payloads, as a plan for `posting`. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from apps.core.money import ZERO
from apps.exact.models import VATCode
from apps.invoices import attaching, plans
from apps.invoices.amounts import amounts_of
from apps.invoices.entry_lines import whole
from apps.invoices.models import Invoice, InvoiceItem, InvoiceLine
from apps.posting.models import DOCUMENT, PURCHASE_INVOICE

INVOICE, CREDIT_NOTE = 8033, 8034  # PurchaseInvoices.Type (Exact facts 4.4)
LONGEST = 60  # characters of a description (Exact facts 4.4)
Pair = tuple[InvoiceLine, InvoiceItem]


def invoice_plan(
    invoice: Invoice,
    pairs: Sequence[Pair],
    vat_codes: Mapping[str, VATCode],
    *,
    journal: str,
    reference: str,
    percentages: Mapping[str, Decimal | None],
) -> dict[str, Any]:
    """Return the plan of a purchase invoice: document, attachments, invoice, in that order.

    `pairs`: the lines with their items, those of words alone left out. `reference` is ours: it ends the subject of the
    document and the description of the invoice, so that both can be found again. The rest as plans.entry_plan.
    """
    total = sum((whole(line).gross for line, _item in pairs), ZERO)
    lines = [
        _line(line, item, vat_codes[line.vat_code], percentages.get(line.vat_code)) for line, item in pairs
    ]
    payload = {**_invoice(invoice, journal, reference, total), "PurchaseInvoiceLines": lines}
    return {
        "steps": [
            plans.document_step(invoice, total, reference),
            *attaching.steps(invoice),
            {
                "name": PURCHASE_INVOICE,
                "resource": "purchase/PurchaseInvoices",
                "key": "ID",
                "payload": payload,
                "needs": {"Document": DOCUMENT},
            },
        ],
        "look": plans.look_of(invoice, total),
    }


def _invoice(invoice: Invoice, journal: str, reference: str, total: Decimal) -> dict[str, Any]:
    mark = f"[{reference}]"
    payload = {
        "Journal": journal,
        "Supplier": str(invoice.supplier),
        "Type": CREDIT_NOTE if total < 0 else INVOICE,
        "InvoiceDate": plans.entry_date(invoice).isoformat(),
        "DueDate": invoice.due_date.isoformat() if invoice.due_date else None,
        "YourRef": invoice.number[: plans.YOUR_REF_LENGTH],
        "Description": f"{invoice.vendor_name[: LONGEST - len(mark) - 1]} {mark}".strip(),
        "Currency": invoice.currency,
        "ExchangeRate": None if invoice.rate is None else float(invoice.rate),
        "PaymentCondition": invoice.payment_condition or None,
        "PaymentReference": invoice.payment.get("reference", "")[:50] or None,
    }
    return {name: value for name, value in payload.items() if value is not None}


def _line(
    line: InvoiceLine, item: InvoiceItem, vat_code: VATCode, percentage: Decimal | None
) -> dict[str, Any]:
    """One line. Exact takes item, quantity, amount and VAT code from the order line where one is named."""
    sent = amounts_of(whole(line), vat_code, percentage)
    payload: dict[str, Any] = {
        "Description": (line.entry_text or line.description)[:LONGEST] or None,
        "CostCenter": line.cost_center or None,
        "CostUnit": line.cost_unit or None,
        "VATAmount": None if sent.vat is None else float(sent.vat),
    }
    if item.order_line:
        payload["PurchaseOrderLine"] = str(item.order_line)
    else:
        payload |= {
            "Item": str(item.item),
            "Quantity": None if item.quantity is None else float(item.quantity),
            "Amount": float(sent.amount),
            "VATCode": line.vat_code,
        }
    return {name: value for name, value in payload.items() if value is not None}
