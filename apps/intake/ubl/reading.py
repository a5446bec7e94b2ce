"""From bytes to a Document: UBL 2.1 Invoice and CreditNote of every flavour (e-invoicing facts 2). Pure."""

from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from lxml import etree

from apps.intake.detection import CREDIT_NOTE, Format, NotAnInvoice, detect, is_invoice
from apps.intake.document import Document, DocumentKind, Line, Party, PaymentMeans
from apps.intake.parsing import MAX_BYTES, parse
from apps.intake.ubl.branches import Branch
from apps.intake.ubl.lines import read_adjustments, read_lines, read_taxes
from apps.intake.ubl.parties import address_text, country, read_party
from apps.intake.ubl.payments import read_attachments, read_g_account, read_payment_means, read_rate
from apps.intake.ubl.values import Values


class Head(TypedDict):
    """What the root element says."""

    format: Format
    kind: DocumentKind
    type_code: str


class References(TypedDict):
    """What the document refers to."""

    buyer_reference: str
    order_reference: str
    contract: str
    invoice_references: tuple[str, ...]
    cost_centre: str


class Totals(TypedDict):
    """The monetary totals."""

    net: Decimal
    payable: Decimal
    gross: Decimal | None
    prepaid: Decimal | None
    rounding: Decimal | None
    line_total: Decimal | None
    allowance_total: Decimal | None
    charge_total: Decimal | None


class Dates(TypedDict):
    """The dates."""

    issue_date: date
    due_date: date | None
    tax_point: date | None
    delivery_date: date | None
    period_start: date | None
    period_end: date | None


def _references(root: Branch) -> References:
    names = ("InvoiceDocumentReference", "CreditNoteDocumentReference")
    billed = (one.under(name).text("ID") for one in root.every("BillingReference") for name in names)
    return {
        "buyer_reference": root.text("BuyerReference"),
        "order_reference": root.under("OrderReference").text("ID"),
        "contract": root.under("ContractDocumentReference").text("ID"),
        "invoice_references": tuple(filter(None, billed)),
        "cost_centre": root.text("AccountingCost"),
    }


def _totals(root: Branch, values: Values) -> Totals:
    totals = root.under("LegalMonetaryTotal")
    return {
        "net": values.demanded_amount(totals, "TaxExclusiveAmount"),
        "payable": values.demanded_amount(totals, "PayableAmount"),
        "gross": values.amount(totals, "TaxInclusiveAmount"),
        "prepaid": values.amount(totals, "PrepaidAmount"),
        "rounding": values.amount(totals, "PayableRoundingAmount"),
        "line_total": values.amount(totals, "LineExtensionAmount"),
        "allowance_total": values.amount(totals, "AllowanceTotalAmount"),
        "charge_total": values.amount(totals, "ChargeTotalAmount"),
    }


def _dates(root: Branch, values: Values, means: tuple[PaymentMeans, ...]) -> Dates:
    """The dates; a due date may stand in the header or, always in a credit note, in a payment means."""
    period = root.under("InvoicePeriod")
    due = values.day(root, "DueDate") or next((m.due_date for m in means if m.due_date), None)
    return {
        "issue_date": values.demanded_day(root, "IssueDate"),
        "due_date": due,
        "tax_point": values.day(root, "TaxPointDate"),
        "delivery_date": values.day(root.under("Delivery"), "ActualDeliveryDate"),
        "period_start": values.day(period, "StartDate"),
        "period_end": values.day(period, "EndDate"),
    }


def _party(root: Branch, name: str) -> Party | None:
    return read_party(root.under(name)) if name in root else None


def _currency(root: Branch, values: Values) -> str:
    """The currency of the document; older ones leave it to the amounts."""
    on_total = root.under("LegalMonetaryTotal").attribute("PayableAmount", "currencyID").upper()
    return values.currency(root, "DocumentCurrencyCode") or on_total[:3]


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> Document:
    """Return the invoice or credit note in `data`.

    Raises Unreadable when the bytes are no XML that may be read, or when the issue date, the net total or the
    payable total is missing or none; NotAnInvoice when it is another kind of document. Any other value that
    cannot be read is left out and named in `Document.oddities`.
    """
    return read_root(parse(data, max_bytes=max_bytes))


def read_root(element: etree._Element) -> Document:
    """Return the invoice or credit note that a parsed root element holds. Raises as `read` does."""
    found = detect(element)
    if not is_invoice(found):
        raise NotAnInvoice(found)
    return _credit_note(element, found) if element.tag == CREDIT_NOTE else _invoice(element, found)


def _invoice(element: etree._Element, found: Format) -> Document:
    root, values = Branch(element), Values(1)
    lines = read_lines(root, values, name="InvoiceLine", quantity="InvoicedQuantity")
    type_code = root.text("InvoiceTypeCode")
    return _document(root, values, lines, kind=DocumentKind.INVOICE, type_code=type_code, format=found)


def _credit_note(element: etree._Element, found: Format) -> Document:
    root, values = Branch(element), Values(-1)
    lines = read_lines(root, values, name="CreditNoteLine", quantity="CreditedQuantity")
    type_code = root.text("CreditNoteTypeCode")
    return _document(root, values, lines, kind=DocumentKind.CREDIT_NOTE, type_code=type_code, format=found)


def _document(root: Branch, values: Values, lines: tuple[Line, ...], **head: Unpack[Head]) -> Document:
    currency = _currency(root, values)
    means = read_payment_means(root, values)
    taxes = read_taxes(root, values, currency)
    totals, dates = _totals(root, values), _dates(root, values, means)
    adjustments = read_adjustments(root, values)
    delivery = root.under("Delivery").under("DeliveryLocation").under("Address")
    return Document(
        number=root.text("ID"),
        currency=currency,
        tax_currency=values.currency(root, "TaxCurrencyCode"),
        **taxes._asdict(),
        delivery_country=country(delivery),
        delivery_address=address_text(delivery),
        supplier=read_party(root.under("AccountingSupplierParty").under("Party")),
        customer=read_party(root.under("AccountingCustomerParty").under("Party")),
        payee=_party(root, "PayeeParty"),
        tax_representative=_party(root, "TaxRepresentativeParty"),
        payment_means=means,
        g_account=read_g_account(root, values),
        stated_rate=read_rate(root, values, currency),
        payment_terms=root.under("PaymentTerms").paragraph("Note"),
        lines=lines,
        adjustments=adjustments,
        note=root.paragraph("Note"),
        attachments=read_attachments(root),
        customization_id=root.text("CustomizationID"),
        profile_id=root.text("ProfileID"),
        oddities=tuple(values.oddities),
        **_references(root),
        **totals,
        **dates,
        **head,
    )
