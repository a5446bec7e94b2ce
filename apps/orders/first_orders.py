"""Whether an order is the first one of its vendor: a person validates that one."""

from uuid import UUID

from apps.core.states import State
from apps.exact.models import Division
from apps.orders.models import Outcome, PurchaseOrder


def is_first(order: PurchaseOrder, division: Division, supplier: UUID) -> bool:
    """Tell whether nothing that a person agreed with was ordered from `supplier` in these books yet; one query.

    What was ordered in a test division says nothing about the books that the division of now keeps.
    """
    earlier = PurchaseOrder.objects.filter(
        administration=division.administration_id,
        posting__division=division,
        supplier=supplier,
        state=State.DONE,
        outcome=Outcome.ORDERED,
        accepted_by__isnull=False,
    )
    return not earlier.exclude(pk=order.pk).exists()
