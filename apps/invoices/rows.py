"""A read document as rows: what of it is stored, in which columns. Pure."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format

from apps.core.identifiers import Identifier
from apps.core.money import ZERO, cents
from apps.exact.models import Relation
from apps.intake.document import Adjustment, Document, Line
from apps.intake.party_json import party_json
from apps.invoices.models import Invoice, InvoiceLine
from apps.invoices.supplies import supply_json
from apps.rules.conditions import DocumentFacts
from apps.vendors.evidence import keys_of


def vendor_identifiers(document: Document) -> list[Identifier]:
    """Return every number by which the sender may be known: the party's, and the accounts to pay to."""
    return [*document.supplier.identifiers, *document.payee_ibans]


def gross_of(document: Document) -> Decimal:
    """Return the total with VAT; where the document has none: net plus VAT, before what was paid already."""
    return cents(document.gross if document.gross is not None else document.net + (document.tax or ZERO))


def payment_json(document: Document) -> dict[str, Any]:
    """Return how the document wants to be paid, as JSON; `ibans` are normalised."""
    means = document.payment_means
    return {
        "ibans": [iban.value for iban in document.payee_ibans],
        "bics": {one.iban.value: one.bic for one in means if one.iban and one.bic},
        "codes": [one.code for one in means],
        "reference": next((one.reference for one in means if one.reference), ""),
        "direct_debit": any(one.is_direct_debit for one in means),
        "card": any(one.is_card for one in means),
        "rate": [str(document.exchange[0]), document.exchange[1]] if document.exchange else None,
        "prepaid": str(document.prepaid) if document.prepaid is not None else "",
        "rounding": str(document.rounding) if document.rounding is not None else "",
        "subtotals": [
            [
                total.category,
                str(total.rate) if total.rate is not None else "",
                str(total.taxable),
                str(total.tax),
            ]
            for total in document.subtotals
        ],
        "is_pdf": document.in_pdf,
        "attachments": [one.filename for one in document.attachments],
        "order_reference": document.order_reference,
        "buyer_reference": document.buyer_reference,
        "note": document.note[:2000],
        "header": [document.contract, document.payment_terms[:500]],
        "period": [str(document.period_start or ""), str(document.period_end or "")],
        "delivery_address": document.delivery_address[:255],
        "supply": supply_json(document),
    }


def facts_of(invoice: Invoice, relation: Relation) -> DocumentFacts:
    """Return what booking rules may ask of `invoice`, whose supplier is `relation`."""
    payment = invoice.payment
    texts = (payment.get("note", ""), payment.get("reference", ""), *payment.get("header", ()))
    return DocumentFacts(
        supplier_name=relation.name,
        supplier_code=relation.code,
        classification=relation.classification,
        vendor_keys=frozenset({*invoice.vendor.get("keys", ()), invoice.vendor_key}),
        header="\n".join(text for text in texts if text),
        buyer_reference=payment.get("buyer_reference", ""),
        order_number=payment.get("order_reference", ""),
        delivery_address=payment.get("delivery_address", ""),
    )


def period_of(invoice: Invoice) -> tuple[date, date] | None:
    """Return the days that the document says it is about (BT-73, BT-74); None unless it names both in order."""
    start, end = invoice.payment.get("period") or ("", "")
    if not start or not end or start > end:
        return None
    return date.fromisoformat(start), date.fromisoformat(end)


def wording_of(invoice: Invoice, relation: Relation) -> dict[str, str]:
    """Return what the words in a rule's description stand for (rules.wording.WORDS, but for the line's text)."""
    period = period_of(invoice)
    return {
        "supplier": relation.name,
        "number": invoice.number,
        "date": date_format(invoice.issue_date, "j-n-Y"),
        "period": " - ".join(date_format(day, "j-n-Y") for day in period) if period else "",
        "order": invoice.payment.get("order_reference", ""),
    }


def columns(document: Document) -> dict[str, Any]:
    """Return the columns of an Invoice that come from the document alone."""
    identifiers = vendor_identifiers(document)
    keys = [str(key) for key in keys_of(identifiers)]
    return {
        "kind": document.kind.value,
        "format": str(document.format),
        "number": document.number[:100],
        "issue_date": document.issue_date,
        "due_date": document.due_date,
        "currency": document.currency[:3],
        "net": cents(document.net),
        "tax": None if document.tax is None else cents(document.tax),
        "gross": gross_of(document),
        "payable": cents(document.payable),
        "g_account": None if document.g_account is None else cents(document.g_account),
        "prepaid": cents(document.prepaid or ZERO),
        "line_count": len(document.lines),
        "vendor_name": document.supplier.name[:255],
        "vendor": {**party_json(document.supplier), "keys": keys},
        "customer": party_json(document.customer),
        "payment": payment_json(document),
    }


def lines_of(document: Document, invoice: Invoice) -> list[InvoiceLine]:
    """Return the unsaved lines of `invoice`: the document's lines, then its discounts and charges."""
    rows = [_line(invoice, position, line, document) for position, line in enumerate(document.lines, start=1)]
    for position, adjustment in enumerate(document.adjustments, start=len(rows) + 1):
        rows.append(_adjustment(invoice, position, adjustment))
    return rows


def _line(invoice: Invoice, position: int, line: Line, document: Document) -> InvoiceLine:
    text = " - ".join(dict.fromkeys(part for part in (line.name, line.description) if part))
    return InvoiceLine(
        invoice=invoice,
        position=position,
        description=text[:500],
        quantity=None if line.quantity is None else round(line.quantity, 4),
        net=cents(line.net if line.net is not None else ZERO),
        document_cost_center=(line.cost_centre or document.cost_centre)[:60],
        seller_item=line.seller_item[:60],
        commodity_code=line.commodity_code[:40],
        **_tax(line),
    )


def _adjustment(invoice: Invoice, position: int, adjustment: Adjustment) -> InvoiceLine:
    return InvoiceLine(
        invoice=invoice,
        position=position,
        is_adjustment=True,
        description=adjustment.reason[:500],
        net=cents(adjustment.net if adjustment.net is not None else ZERO),
        **_tax(adjustment),
    )


def _tax(line: Line | Adjustment) -> dict[str, Any]:
    return {
        "category": line.category[:4],
        "rate": line.rate,
        "exemption_code": line.exemption_code[:40],
        "exemption_reason": line.exemption_reason[:255],
    }
