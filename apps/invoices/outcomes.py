"""What became of one file, as the machine-readable line of `receive`."""

from typing import Any

from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core.identifiers import Kind
from apps.core.money import as_text
from apps.intake.document import Document, Party
from apps.intake.models import Part, PartKind, PartOutcome
from apps.invoices.receiving import Received

NAMES = {PartOutcome.DOCUMENT: "invoice", PartOutcome.DUPLICATE: "duplicate"}


def outcome_of(file: str, received: Received) -> dict[str, Any]:
    """Return the line for `file`: names and shapes are a contract, amounts are signed decimals as text."""
    part, invoice = received.part, received.invoice
    own = invoice if part.outcome == PartOutcome.DOCUMENT else None
    where = part.administration_id
    administration = Administration.objects.filter(pk=where).first() if where else None
    return {
        "file": file,
        "sha256": part.original_id,
        "outcome": NAMES.get(PartOutcome(part.outcome), "rejected"),
        "reason": part.reason or _handed_on(part),
        "format": part.format,
        **_figures(received.document),
        "administration": administration.slug if administration else None,
        "status": own.state if own else None,
        "cause": (own.cause or None) if own else None,
    }


def _handed_on(part: Part) -> str:
    """An order is no invoice: of it this line says no more."""
    is_order = part.outcome == PartOutcome.RECEIVED and part.kind == PartKind.ORDER
    return _("This is an order document; it is read with the orders.") if is_order else ""


def _figures(document: Document | None) -> dict[str, Any]:
    if document is None:
        names = "kind number issue_date due_date currency net tax payable lines supplier customer"
        return dict.fromkeys(names.split())
    return {
        "kind": document.kind.value,
        "number": document.number,
        "issue_date": document.issue_date.isoformat(),
        "due_date": document.due_date.isoformat() if document.due_date else None,
        "currency": document.currency,
        "net": as_text(document.net),
        "tax": as_text(document.tax),
        "payable": as_text(document.payable),
        "lines": len(document.lines),
        "supplier": _party(document.supplier, document),
        "customer": _party(document.customer, None),
    }


def _party(party: Party, payee_of: Document | None) -> dict[str, Any]:
    ibans = payee_of.payee_ibans if payee_of else ()
    return {
        "name": party.name,
        "country": party.country,
        "vat": party.vat,
        "legal_id": party.legal_id,
        "iban": next((iban.value for iban in ibans if iban.kind is Kind.IBAN), None),
    }
