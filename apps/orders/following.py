"""What became of orders in Exact since: received, complete, cancelled, gone, changed. From the mirror alone."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from apps.core import clock
from apps.core.transitions import Changed
from apps.exact.kept import stamps_of
from apps.exact.models import Division, ExactOrder
from apps.orders import noticing
from apps.orders.exact_side import mirrored
from apps.orders.models import ENDED, Kind, Outcome, PurchaseOrder, Standing, State
from apps.posting.models import Method, Posting

MIRROR = "purchase_orders"
AT_ONCE = 200
FOLLOWED = timedelta(days=400)


def notice(division: Division) -> int:
    """Tell on each order what became of it in `division` since; return on how many something was told.

    What was written after the mirror was read is left to its next reading: it does not show that yet.
    """
    read_at = stamps_of(division).get(MIRROR)
    if read_at is None:
        return 0
    told, after = 0, 0
    while orders := _to_compare(division, after):
        after = orders[-1].pk
        told += _told(orders, division, read_at)
    return told


def _to_compare(division: Division, after: int) -> list[PurchaseOrder]:
    """Return the next orders to be compared: of those that ended only what Exact versioned anew, or lost, since."""
    heads = ExactOrder.everything.filter(
        division=division, order_id=OuterRef("posting__exact_id"), line_number=0
    )
    anew = Exists(heads.filter(timestamp__gt=OuterRef("noticed_version")))
    lost = Exists(heads.filter(gone_at__isnull=False)) & ~Q(standing=Standing.GONE)
    found = Exists(heads.filter(gone_at=None)) & Q(standing=Standing.GONE)
    rows = PurchaseOrder.objects.filter(
        ~Q(standing__in=ENDED) | anew | lost | found,
        state=State.DONE,
        kind=Kind.ORDER,
        outcome=Outcome.ORDERED,
        posting__division=division,
        posting__method=Method.ORDER,
        done_at__gte=clock.now() - FOLLOWED,
        pk__gt=after,
    )
    return list(rows.select_related("posting").prefetch_related("lines").order_by("pk")[:AT_ONCE])


def _told(orders: Sequence[PurchaseOrder], division: Division, read_at: datetime) -> int:
    known = {order.posting.exact_id: order for order in orders if order.posting and order.posting.exact_id}
    heads, lines = _mirrored(division, list(known))
    fresh, inclusive = _written_since(orders, read_at), noticing.inclusive_in(division)
    told, seen = 0, []
    for exact_id, order in known.items():
        head = heads.get(exact_id)
        if head is None or order.pk in fresh:
            continue
        with suppress(Changed):  # a person acted in this very moment: the next look tells
            told += noticing.notice(order, mirrored(head, lines[exact_id]), division, inclusive)
            if order.standing in ENDED and order.noticed_version != head.timestamp:
                order.noticed_version = head.timestamp
                seen.append(order)
    PurchaseOrder.objects.bulk_update(seen, ["noticed_version"])
    return told


def _mirrored(
    division: Division, keys: Sequence[UUID]
) -> tuple[dict[UUID, ExactOrder], dict[UUID, list[ExactOrder]]]:
    rows = ExactOrder.everything.filter(division=division, order_id__in=keys)
    heads: dict[UUID, ExactOrder] = {}
    lines: dict[UUID, list[ExactOrder]] = defaultdict(list)
    for row in rows.order_by("line_number"):
        if row.line_number == 0:
            heads[row.order_id] = row
        elif row.gone_at is None:
            lines[row.order_id].append(row)
    return heads, lines


def _written_since(orders: Sequence[PurchaseOrder], moment: datetime) -> set[int]:
    """Return the keys of the orders that something was, or may have been, written of after `moment`."""
    changes = Posting.objects.filter(asked_at__gte=moment) | Posting.objects.filter(finished_at__gte=moment)
    changes = changes | Posting.objects.open()
    answers = PurchaseOrder.objects.filter(about__in=orders, posting__in=changes)
    made = PurchaseOrder.objects.filter(
        pk__in=[order.pk for order in orders], posting__finished_at__gte=moment
    )
    return {
        key for key in (*answers.values_list("about", flat=True), *made.values_list("pk", flat=True)) if key
    }
