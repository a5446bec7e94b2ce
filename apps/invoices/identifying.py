"""Which supplier an invoice is booked on, and what is doubtful about the vendor."""

from apps.clients.models import Administration
from apps.exact.kept import Stamps
from apps.exact.models import Division
from apps.invoices.accounts import obstacles_of, says_nothing_new
from apps.invoices.models import Invoice
from apps.vendors import identifying
from apps.vendors.identifying import Identified, Sender


def sender_of(invoice: Invoice) -> Sender:
    """Return who sent `invoice`, as it says."""
    return Sender(invoice.vendor_name, invoice.vendor, invoice.part)


def identify(
    invoice: Invoice,
    administration: Administration,
    division: Division | None,
    stamps: Stamps | None = None,
    *,
    asks: bool = True,
) -> Identified:
    """Match the vendor of `invoice`; `asks` a person what the evidence does not decide, and about a new account."""
    found = identifying.identify(sender_of(invoice), administration, division, stamps, asks=asks)
    # Many senders are booked on a collective vendor, each with an account of its own.
    if found.card is None or found.is_collective:
        return found
    if found.has_case or not says_nothing_new(invoice, found.card):
        found.obstacles += obstacles_of(invoice, found.card, administration, asks=asks)
    return found
