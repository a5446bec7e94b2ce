"""What there is to order or to change: which documents, and in which divisions, the oldest work first."""

from datetime import datetime

from django.db.models import Min, Q

from apps.clients.models import Mode
from apps.core import clock
from apps.core.states import SENT, State, WaitsFor
from apps.exact.models import Division
from apps.exact.models.connection import ConnectionStatus
from apps.orders.models import PurchaseOrder, PurchaseOrderLine, PurchaseOrders
from apps.posting.holding import HELD
from apps.posting.models import Method, Posting, Postings

OURS = (Method.ORDER, Method.ORDER_CHANGE, Method.ITEM)
STANDING_STILL = Q(division__administration__paused_at__isnull=False) | Q(
    division__halt__halted_at__isnull=False
)
USABLE = (ConnectionStatus.ALIVE, ConnectionStatus.UNSURE)  # unsure: its pair may still live


def is_connected(division: Division) -> bool:
    """Tell whether a try makes sense."""
    return division.connection is not None and division.connection.status in USABLE


def ready_in(division: Division, *, at_once: bool) -> PurchaseOrders:
    """Return what may be ordered now in `division`. What was ready before a pilot began waits for its end, too."""
    ready = _orderable().filter(administration=division.administration_id)
    return ready if at_once else ready.filter(Q(waits_until=None) | Q(waits_until__lte=clock.now()))


def _orderable() -> PurchaseOrders:
    ready: PurchaseOrders = PurchaseOrder.objects.filter(state=State.READY)
    ready = ready.exclude(administration__mode=Mode.PILOT).exclude(waits_for=WaitsFor.PILOT).exclude(HELD)
    # What was taken back is about to be asked again.
    taken_back = PurchaseOrderLine.objects.filter(item_mapping__forgotten_at__isnull=False)
    return ready.exclude(mapping__forgotten_at__isnull=False).exclude(pk__in=taken_back.values("order"))


def open_postings() -> Postings:
    """Return the open postings of orders, of changes of them, and of new items; also those that take orders back."""
    removals = PurchaseOrder.objects.filter(removal__isnull=False).values("removal")
    rows: Postings = Posting.objects.open().filter(Q(method__in=OURS) | Q(pk__in=removals))
    return rows


def divisions_with_work() -> list[Division]:
    """Return the linked divisions that have something ready or under way."""
    ready = Q(administration__in=_orderable().values("administration"))
    under_way = Q(pk__in=open_postings().order_by().values("division"))
    taken = Q(administration__in=PurchaseOrder.objects.filter(state__in=SENT).values("administration"))
    divisions = Division.objects.select_related("app", "connection", "administration")
    divisions = divisions.filter(administration__isnull=False).filter(ready | under_way | taken)
    return list(divisions.order_by("pk"))


def divisions_due() -> list[int]:
    """Return the keys of the linked divisions with something to order or to take back now, the oldest work first."""
    now = clock.now()
    connected = Q(administration__division__connection__status__in=USABLE)
    ready = _orderable().filter(Q(waits_until=None) | Q(waits_until__lte=now))
    ready = ready.filter(connected | ~Q(waits_for=WaitsFor.CONNECTION))
    decided = Q(removal=None, posting__finished_at__isnull=False) | Q(removal__finished_at__isnull=False)
    taken = PurchaseOrder.objects.filter(decided, state__in=SENT)
    postings = open_postings().filter(next_attempt_at__lte=now, division__administration__isnull=False)
    postings = postings.exclude(STANDING_STILL)
    rows = [
        *ready.order_by().values_list("administration__division").annotate(since=Min("received_at")),
        *taken.order_by().values_list("administration__division").annotate(since=Min("received_at")),
        *postings.order_by().values_list("division").annotate(since=Min("created_at")),
    ]
    oldest: dict[int, datetime] = {}
    for division, since in rows:
        if division:
            oldest[division] = min(since, oldest.get(division, since))
    return sorted(oldest, key=lambda division: oldest[division])
