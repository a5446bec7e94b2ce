"""Invoices of a division that stands still."""

from apps.exact.models import Division
from apps.invoices.models import Invoice
from apps.posting import holding


def hold(division: Division) -> str:
    """Let the invoices of a paused or halted division wait; return why, in words, "" when it may go on."""
    return holding.hold(division, Invoice.objects.all())
