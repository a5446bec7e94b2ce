"""Documents that are handed over without an entry: what would be written, and what need not be known for it. Pure."""

from collections.abc import Iterable
from typing import Any

from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.invoices import attaching, plans
from apps.invoices.models import Invoice
from apps.posting.models import Method

OF_ENTRIES = frozenset(
    {
        Cause.VENDOR_UNKNOWN,
        Cause.VENDOR_CONFLICT,
        Cause.SUPPLIER_BLOCKED,
        Cause.NO_GL_ACCOUNT,
        Cause.NO_VAT_CODE,
        Cause.COST_CENTRE_MISSING,
        Cause.TOTALS_DIFFER,
        Cause.PERIOD_CLOSED,
    }
)


def that_count(obstacles: Iterable[Obstacle], method: str) -> list[Obstacle]:
    """Return what stands in the way of `method`: what is no entry needs no vendor, account or VAT code.

    In a purchase invoice the items say the accounts (Exact facts 4.2).
    """
    if method == Method.INVOICE:
        return [one for one in obstacles if one.cause != Cause.NO_GL_ACCOUNT]
    if method not in (Method.DOCUMENT, Method.MAILBOX):
        return list(obstacles)
    return [one for one in obstacles if one.cause not in OF_ENTRIES and not one.is_gap]


def document_plan(invoice: Invoice, *, reference: str) -> dict[str, Any]:
    """Return the plan of a document alone: the document and what is attached to it (Exact 4.6).

    The supplier is on it when it is known. `reference` is ours: it stands in the document's Subject.
    """
    document = {
        "Subject": attaching.subject(invoice, reference),
        "Type": plans.PURCHASE_INVOICE,
        "Account": str(invoice.supplier) if invoice.supplier else None,
        "DocumentDate": invoice.issue_date.isoformat(),
        "AmountFC": float(invoice.gross),
        "Currency": invoice.currency,
    }
    payload = {name: value for name, value in document.items() if value is not None}
    step = {"name": "document", "resource": "documents/Documents", "key": "ID", "payload": payload}
    return {"steps": [step, *attaching.steps(invoice)], "look": {"supplier": str(invoice.supplier or "")}}
