"""Orders of a division that stands still."""

from apps.exact.models import Division
from apps.orders.models import PurchaseOrder
from apps.posting import holding


def hold(division: Division) -> str:
    """Let the orders of a paused or halted division wait; return why, in words, "" when it may go on."""
    return holding.hold(division, PurchaseOrder.objects.all())
