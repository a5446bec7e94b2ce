"""Doubles within one administration: the same document again, or the same number with other figures."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.intake.party_json import known_as
from apps.invoices.models import Invoice
from apps.vendors.sameness import is_same_sender

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What doubles are compared by. `keys` are the vendor's numbers as text, strongest first; amount is signed.

    `receiver` says for whom a document is that no administration of ours fits: doubles are within one receiver.
    """

    administration: int | None
    keys: tuple[str, ...]
    vendor: str
    number: str
    issue_date: date
    payable: Decimal
    receiver: str = ""

    @property
    def number_key(self) -> str:
        """The number as compared: without blanks and capitals."""
        return _BLANKS.sub("", self.number).casefold()[:100]

    @property
    def double_key(self) -> str:
        """The hash that the database keeps unique, so that two workers cannot both take the same document."""
        strongest = self.keys[0] if self.keys else self.vendor.casefold()
        parts = (
            self.administration or self.receiver,
            strongest,
            self.number_key,
            self.issue_date,
            self.payable.normalize(),
        )
        return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Double:
    """An earlier document that this one repeats. `certain`: same figures; else only the same number."""

    invoice: Invoice
    certain: bool


def find(fingerprint: Fingerprint, *, besides: int | None = None) -> Double | None:
    """Return the earlier document that `fingerprint` repeats, a certain double before a possible one.

    Same vendor (any shared number, else the same name), number, date and amount is certain; same vendor and
    number with other figures is possible. Without a number: vendor, date and amount. Costs one query.
    """
    earlier = Invoice.objects.filter(
        administration=fingerprint.administration, number_key=fingerprint.number_key
    )
    if not fingerprint.number_key:
        earlier = earlier.filter(issue_date=fingerprint.issue_date, payable=fingerprint.payable)
    same_vendor = [
        invoice
        for invoice in earlier.exclude(pk=besides or 0).select_related("part").order_by("pk")
        if _same_vendor(invoice, fingerprint) and _same_receiver(invoice, fingerprint)
    ]
    certain = [invoice for invoice in same_vendor if _same_figures(invoice, fingerprint)]
    if certain:
        return Double(certain[0], certain=True)
    return Double(same_vendor[0], certain=False) if same_vendor else None


def _same_vendor(invoice: Invoice, fingerprint: Fingerprint) -> bool:
    theirs = (invoice.vendor.get("keys", []), invoice.vendor_name)
    return is_same_sender(theirs, (fingerprint.keys, fingerprint.vendor))


def _same_receiver(invoice: Invoice, fingerprint: Fingerprint) -> bool:
    return fingerprint.administration is not None or known_as(invoice.customer) == fingerprint.receiver


def _same_figures(invoice: Invoice, fingerprint: Fingerprint) -> bool:
    return invoice.issue_date == fingerprint.issue_date and invoice.payable == fingerprint.payable
