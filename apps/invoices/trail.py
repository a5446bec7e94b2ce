"""The audit trail of a document: everything that happened to it, in order, in words, with who and why."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.intake.findings import Finding
from apps.invoices.models import Invoice, InvoiceLine
from apps.invoices.receiving import SYSTEM
from apps.invoices.trail_words import call_words, codes_of, move_words
from apps.posting.models import PostingCall

MOST_CALLS = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened. `technical` is the call as Exact names it, "" for what is no call."""

    at: datetime
    title: str
    who: str
    why: str
    technical: str = ""


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything about one document: what happened in order, what the checks found, and what each line is booked on.

    `lines`: each with (what it is, code, why) for the codes that it has.
    """

    invoice: Invoice
    steps: tuple[Step, ...]
    findings: tuple[str, ...]
    lines: tuple[tuple[InvoiceLine, list[tuple[str, str, str]]], ...]


def trail_of(invoice: Invoice) -> Trail:
    """Return the trail of `invoice`, its texts in the language of the moment where they were not written before."""
    steps = [_received(invoice)]
    steps += [
        Step(event.at, move_words(event, first=not place), event.who, event.why)
        for place, event in enumerate(invoice.events.order_by("at", "pk"))
    ]
    steps += _calls(invoice)
    steps.sort(key=lambda step: step.at)
    return Trail(
        invoice,
        tuple(steps),
        tuple(str(Finding(**finding).sentence()) for finding in invoice.findings),
        tuple((line, codes_of(line)) for line in invoice.lines.order_by("position")),
    )


def _received(invoice: Invoice) -> Step:
    part, receipt = invoice.part, invoice.part.receipt
    words = _("%(file)s, %(size)d bytes, by %(channel)s; SHA-256 %(sum)s") % {
        "file": part.filename,
        "size": part.original.size,
        "channel": receipt.get_channel_display(),
        "sum": part.original_id,
    }
    return Step(receipt.received_at, _("Received"), receipt.sender or SYSTEM, words)


def _calls(invoice: Invoice) -> list[Step]:
    if invoice.posting is None:
        return []
    family = invoice.posting.family().values("pk")
    calls = PostingCall.objects.filter(posting__in=family).order_by("at", "pk")[:MOST_CALLS]
    return [Step(call.at, _("Call to Exact"), SYSTEM, call_words(call), str(call)) for call in calls]
