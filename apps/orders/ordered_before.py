"""Whether an order with this number to this supplier is there already: another of ours, or somebody else's in Exact."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.core.states import SENT, State
from apps.exact.models import Division, ExactOrder
from apps.orders.models import Kind, PurchaseOrder
from apps.orders.plans import your_ref
from apps.posting.models import Posting

CANCELLED = 40  # PurchaseOrders.OrderStatus (Exact facts 4.4)
GOES_ON = (State.READY, *SENT, State.DONE)


def obstacles(order: PurchaseOrder, division: Division, supplier: UUID) -> list[Obstacle]:
    """Return what speaks for a double: orders in Exact that bear the number and are none of ours; one query.

    One of our own that was taken back just now may still be in the mirror: its description says whose it was.
    """
    if not order.number:
        return []
    ours = Posting.objects.filter(
        division=division, exact_id=OuterRef("order_id")
    )  # one per entry: by its index
    there = ExactOrder.objects.filter(
        division=division, supplier=supplier, line_number=0, your_ref__iexact=your_ref(order)
    )
    there = there.exclude(order_status=CANCELLED).exclude(Exists(ours))
    if order.posting:
        there = there.exclude(description__contains=f"[{order.posting.reference}]")
    words = _("Exact has order %(number)s of %(date)s with this reference already.")
    return [
        Obstacle(Cause.POSSIBLE_DOUBLE, words % {"number": number, "date": _shown(day)})
        for number, day in there.order_by("order_number").values_list("order_number", "order_date")
    ]


def of_ours(order: PurchaseOrder, supplier: UUID) -> PurchaseOrder | None:
    """Return another order of ours with this number to this supplier, that came before or goes on already; one query.

    Two papers may name their vendor so differently that only the supplier shows them to be of one: a number of the
    chamber of commerce on the one, the code of the card on the other.
    """
    if not order.number_key:
        return None
    same = PurchaseOrder.objects.filter(
        administration=order.administration_id,
        kind=Kind.ORDER,
        number_key=order.number_key,
        supplier=supplier,
    )
    before = Q(pk__lt=order.pk) | Q(state__in=GOES_ON)
    return same.filter(before).exclude(pk=order.pk).exclude(state=State.IGNORED).order_by("pk").first()


def _shown(day: date | None) -> str:
    return str(date_format(day, "j-n-Y")) if day else _("unknown date")
