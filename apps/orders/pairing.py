"""Which order a confirmation, change or cancellation is about."""

from django.db.models import Q

from apps.core.causes import Cause
from apps.orders.doubles import Fingerprint, fingerprint_of, key_of
from apps.orders.models import Kind, PurchaseOrder, PurchaseOrders, State
from apps.vendors.sameness import is_same_sender


def order_of(answer: PurchaseOrder) -> PurchaseOrder | None:
    """Return the order of ours that `answer` is about, None when it is not here."""
    return find(fingerprint_of(answer), besides=answer.pk)


def find(seen: Fingerprint, *, besides: int | None = None) -> PurchaseOrder | None:
    """Return the order that an answer is about: of the same vendor, by any number that both know it by.

    That is the buyer's number, the seller's, or the one that Exact gave. An order that stands in Exact goes before one
    that does not; of several the newest. Ignored orders are none.
    """
    if seen.administration is None or not (seen.order_reference or seen.sales_order_id):
        return None
    numbers = [number for number in (seen.order_reference, seen.sales_order_id) if number]
    known = Q(number_key__in=map(key_of, numbers)) | Q(exact_number=seen.order_reference.strip() or "-")
    if seen.sales_order_id:
        known |= Q(vendor__sales_order_id=seen.sales_order_id)
    orders = PurchaseOrder.objects.filter(known, administration=seen.administration, kind=Kind.ORDER)
    orders = orders.exclude(state=State.IGNORED).exclude(pk=besides or 0)
    same = [one for one in orders.select_related("posting").order_by("-pk") if _is_of_same(one, seen)]
    return next((one for one in same if one.state == State.DONE), same[0] if same else None)


def waiting() -> PurchaseOrders:
    """Return the answers whose order is not here (yet)."""
    waiting: PurchaseOrders = PurchaseOrder.objects.filter(
        state=State.ATTENTION, cause=Cause.NEEDS_APPROVAL, about=None, administration__isnull=False
    ).exclude(kind=Kind.ORDER)
    return waiting


def _is_of_same(order: PurchaseOrder, seen: Fingerprint) -> bool:
    mine = (order.vendor.get("keys", []), order.vendor_name)
    return is_same_sender(mine, (seen.keys, seen.vendor))
