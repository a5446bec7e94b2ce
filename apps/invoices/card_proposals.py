"""What a new card is pre-filled with: the document that waits for it, but for the firm's own numbers."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.exact.models import PaymentCondition
from apps.invoices import card_checks, card_fields, card_reading
from apps.invoices.card_sources import first_waiting, own_numbers, told_by
from apps.invoices.models import Invoice
from apps.vendors.models import Question


@dataclass(frozen=True, slots=True)
class Proposed:
    """A field of the form: what is filled in, where it comes from, and what is doubtful about it, "" for nothing."""

    field: card_fields.CardField
    value: str
    source: str = ""
    doubt: str = ""


def propose(question: Question) -> list[Proposed]:
    """Return every field of a new card, pre-filled from the first document that waits for the answer.

    Numbers of the firm's own administrations are never filled in.
    """
    invoice = first_waiting(question)
    vendor, payment = told_by(invoice or question)
    values = card_reading.of_document(vendor, payment, own_numbers([(vendor, payment)]))
    source = _source(invoice)
    sources = dict.fromkeys(values, source)
    condition, why = _payment_condition(question, invoice)
    if condition:
        values["payment_condition"], sources["payment_condition"] = condition, why
    if values.get("country") and not vendor.get("country"):
        sources["country"] = _("from the VAT number")
    wrong = card_checks.doubts(values)
    if len(payment.get("ibans", [])) > 1 and values.get("iban"):
        wrong["iban"] = _("The document names several accounts: check which one is to be paid to.")
    return [
        Proposed(field, values.get(field.name, ""), sources.get(field.name, ""), wrong.get(field.name, ""))
        for field in card_fields.FIELDS
    ]


def _source(invoice: Invoice | None) -> str:
    if invoice is None:
        return _("from the document")
    day = date_format(invoice.issue_date, "SHORT_DATE_FORMAT")
    return _("from document %(number)s of %(day)s") % {"number": invoice.number or "-", "day": day}


def _payment_condition(question: Question, invoice: Invoice | None) -> tuple[str, str]:
    """Return the payment condition with as many days as the document gives, if there is one and only one."""
    if invoice is None or invoice.due_date is None:
        return "", ""
    days = (invoice.due_date - invoice.issue_date).days
    rows = PaymentCondition.objects.filter(
        division__administration=question.administration_id, payment_days=days
    )
    codes = list(rows.values_list("code", flat=True)[:2])
    why = _("the document is to be paid within %(days)d days") % {"days": days}
    return (codes[0], why) if len(codes) == 1 else ("", "")
