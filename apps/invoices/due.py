"""What there is to book: which documents, and in which divisions, the oldest work first."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min, Q

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.exact.models import Division
from apps.exact.models.connection import ConnectionStatus
from apps.invoices.models import SENT, Invoice, Invoices, Leaving, State, WaitsFor
from apps.posting.holding import HELD
from apps.posting.models import Posting

STANDING_STILL = Q(division__administration__paused_at__isnull=False) | Q(
    division__halt__halted_at__isnull=False
)
USABLE = (ConnectionStatus.ALIVE, ConnectionStatus.UNSURE)  # unsure: its pair may still live


def is_connected(division: Division) -> bool:
    """Tell whether a try makes sense."""
    return division.connection is not None and division.connection.status in USABLE


def ready_in(division: Division, *, at_once: bool) -> Invoices:
    """Return what may be booked now in `division`. Whatever was ready before a pilot began waits for its end, too."""
    ready = _bookable().filter(administration=division.administration_id)
    return ready if at_once else ready.filter(Q(waits_until=None) | Q(waits_until__lte=clock.now()))


def _bookable() -> Invoices:
    ready: Invoices = Invoice.objects.filter(state=State.READY).exclude(administration__mode=Mode.PILOT)
    leaving = Leaving.objects.under_way().values("administration")  # what is ready was coded for the test
    ready = ready.exclude(mapping__forgotten_at__isnull=False)  # it is about to be asked again
    return ready.exclude(waits_for=WaitsFor.PILOT).exclude(HELD).exclude(administration__in=leaving)


def divisions_with_work(administrations: Iterable[Administration] | None = None) -> list[Division]:
    """Return the linked divisions that have something ready or under way, of all or of these administrations."""
    ready = Q(administration__in=_bookable().values("administration"))
    open_postings = Q(pk__in=Posting.objects.open().order_by().values("division"))
    taken = Q(administration__in=Invoice.objects.filter(state__in=SENT).values("administration"))
    divisions = Division.objects.select_related("app", "connection", "administration")
    divisions = divisions.filter(administration__isnull=False).filter(ready | open_postings | taken)
    if administrations is not None:
        divisions = divisions.filter(administration__in=administrations)
    return list(divisions.order_by("pk"))


def divisions_due() -> list[int]:
    """Return the keys of the linked divisions with something to book or to take back now, the oldest work first."""
    now = clock.now()
    connected = Q(administration__division__connection__status__in=USABLE)
    ready = _bookable().filter(Q(waits_until=None) | Q(waits_until__lte=now))
    ready = ready.filter(connected | ~Q(waits_for=WaitsFor.CONNECTION))
    decided = Q(removal=None, posting__finished_at__isnull=False) | Q(removal__finished_at__isnull=False)
    taken = Invoice.objects.filter(decided, state__in=SENT)
    postings = Posting.objects.open().filter(next_attempt_at__lte=now, division__administration__isnull=False)
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
