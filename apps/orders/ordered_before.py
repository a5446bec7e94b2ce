"""Whether Exact has an order with this number to this supplier already, made by somebody else."""

from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.exact.models import Division, ExactOrder
from apps.orders.models import PurchaseOrder
from apps.orders.plans import your_ref
from apps.posting.models import Posting

CANCELLED = 40  # PurchaseOrders.OrderStatus (Exact facts 4.4)


def obstacles(order: PurchaseOrder, division: Division, supplier: UUID) -> list[Obstacle]:
    """Return what speaks for a double: orders in Exact that bear the number and are none of ours; one query.

    One of our own that was taken back just now may still be in the mirror: its description says whose it was.
    """
    if not order.number:
        return []
    ours = Posting.objects.filter(division=division, exact_id__isnull=False).values("exact_id")
    there = ExactOrder.objects.filter(
        division=division, supplier=supplier, line_number=0, your_ref__iexact=your_ref(order)
    )
    there = there.exclude(order_status=CANCELLED).exclude(order_id__in=ours)
    if order.posting:
        there = there.exclude(description__contains=f"[{order.posting.reference}]")
    words = _("Exact has order %(number)s of %(date)s with this reference already.")
    return [
        Obstacle(Cause.POSSIBLE_DOUBLE, words % {"number": number, "date": _shown(day)})
        for number, day in there.order_by("order_number").values_list("order_number", "order_date")
    ]


def _shown(day: date | None) -> str:
    return str(date_format(day, "j-n-Y")) if day else _("unknown date")
