"""Which document speaks for a vendor, what it says, and which of its numbers are the firm's own."""

from collections.abc import Iterable, Mapping
from typing import Any

from apps.clients.models import AdministrationIdentifier
from apps.invoices import card_reading
from apps.invoices.card_reading import Own
from apps.invoices.models import Invoice
from apps.vendors.models import Question

Told = tuple[Mapping[str, Any], Mapping[str, Any]]  # what a document says of the vendor, and of the payment


def own_numbers(documents: Iterable[Told]) -> Own:
    """Return which numbers of these documents (vendor and payment) are the firm's own; one query for all."""
    values = {one for vendor, payment in documents for one in card_reading.own_candidates(vendor, payment)}
    rows = AdministrationIdentifier.objects.filter(value__in=values)
    return set(rows.values_list("kind", "value"))


def told_by(about: Invoice | Question) -> Told:
    """Return what a document, or the one that asked a question, says of the vendor and of the payment."""
    return (about.vendor, about.payment) if isinstance(about, Invoice) else (about.party, {})


def first_waiting(question: Question) -> Invoice | None:
    """Return the first document that waits for the answer to `question`, None when none does any more."""
    return Invoice.objects.filter(question=question).order_by("received_at", "pk").first()
