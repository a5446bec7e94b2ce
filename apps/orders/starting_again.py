"""After a trial in a test division its orders start again in the real one. What is in the test division stays there."""

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from apps.core import clock, queue
from apps.core.states import SENT, SYSTEM, State
from apps.core.transitions import Changed
from apps.exact.models import Division, SyncState
from apps.orders.coding import NOBODY
from apps.orders.models import PurchaseOrder, PurchaseOrders, Standing
from apps.orders.rerouting import uncode
from apps.posting.models import OPEN, Posting, PostingState

AFRESH: dict[str, Any] = {
    **NOBODY,
    "posting": None,
    "removal": None,
    "outcome": "",
    "done_at": None,
    "exact_number": "",
    "exact_url": "",
    "standing": Standing.UNKNOWN,
    "differences": [],
    "noticed": [],
    "noticed_at": None,
    "noticed_seen": False,
    "to_correct": "",
    "touched": False,
    "waived": [],
}


def start_again(division: Division) -> int:
    """Receive anew what was ordered or answered in the test division that `division` came after; return how many.

    Not before the cards of `division` were read: nothing can be matched until then. Cut off anywhere it goes on at the
    next call.
    """
    if division.is_test or division.administration_id is None or not _is_read(division):
        return 0
    moved = sum(_start_again(document) for document in _of_trial(division))
    if moved:
        queue.ring("orders_found")
    return moved


def _is_read(division: Division) -> bool:
    read = SyncState.objects.filter(division=division, resource="relations", synced_at__isnull=False)
    return read.exists()


def _of_trial(division: Division) -> PurchaseOrders:
    """Return what ended, or is on its way, in a test division, and the answers to it."""
    tests = Q(posting__division__is_test=True) | Q(about__posting__division__is_test=True)
    rows = PurchaseOrder.objects.filter(
        tests, administration=division.administration_id, state__in=(*SENT, State.DONE)
    )
    # Answers first: once their order starts again nothing tells any more that they are of the trial.
    first: PurchaseOrders = rows.order_by(F("about").asc(nulls_last=True), "pk")
    return first.select_related("posting__division", "about__posting__division", "removal")


def _start_again(document: PurchaseOrder) -> bool:
    keys = [key for key in (document.posting_id, document.removal_id) if key]
    try:
        with transaction.atomic():
            given_up = {"state": PostingState.WITHDRAWN, "finished_at": clock.now()}
            Posting.objects.filter(pk__in=keys, state__in=OPEN).update(**given_up)
            why = _words(document)
            document.move(State.RECEIVED, who=SYSTEM, why=why, at=clock.now(), **AFRESH)
            uncode(document)
    except Changed:
        return False
    return True


def _words(document: PurchaseOrder) -> str:
    posting = document.posting or (document.about.posting if document.about else None)
    division = posting.division if posting else "?"
    if not document.exact_number:
        return _("the trial in %(division)s ended") % {"division": division}
    words = _("the trial in %(division)s ended; there it was order %(number)s")
    return words % {"division": division, "number": document.exact_number}
