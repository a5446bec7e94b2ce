"""After a trial in a test division its orders start again in the real one: nothing that was tried is ordered.

Each is moved by itself and only from where it was read, so this may run twice, and be cut off anywhere.
"""

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.states import SYSTEM, State
from apps.core.transitions import Changed
from apps.exact.models import Division, SyncState
from apps.items import learning
from apps.orders.coding import NOBODY
from apps.orders.models import PurchaseOrder, Standing
from apps.orders.rerouting import uncode
from apps.posting.models import OPEN, Posting, PostingState

NEEDED = ("relations", "items", "vat_codes")  # without these nothing is matched or coded
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
    "noticed_version": 0,
    "to_correct": "",
    "touched": False,
    "waived": [],
}


def go_on(division: int) -> int:
    """Let what was tried in a test division start again in `division`, which came in its place; return how many did.

    What was remembered of items goes with it. Until suppliers, items and VAT codes of `division` were read nothing is
    done: nothing could be coded.
    """
    read = SyncState.objects.filter(division=division, resource__in=NEEDED, synced_at__isnull=False)
    if read.count() < len(NEEDED):
        return 0
    now = Division.objects.select_related("administration").get(pk=division)
    if now.administration:
        learning.carry_over(now.administration, now)
    tried = Q(posting__division__is_test=True) & ~Q(posting__division=division)
    about = Q(about__posting__division__is_test=True) & ~Q(about__posting__division=division)
    rows = PurchaseOrder.objects.filter(tried | about, administration__division=division)
    rows = rows.exclude(state=State.IGNORED).select_related("posting__division", "removal")
    # Answers first: once its order started again, nothing tells that an answer was of the trial.
    return sum(_start_again(order) for order in rows.order_by(F("about").asc(nulls_last=True), "pk"))


def _start_again(order: PurchaseOrder) -> bool:
    keys = [key for key in (order.posting_id, order.removal_id) if key]
    try:
        with transaction.atomic():
            left = Posting.objects.filter(pk__in=keys, state__in=OPEN)
            left.update(state=PostingState.WITHDRAWN, finished_at=clock.now())
            order.move(State.RECEIVED, who=SYSTEM, why=_words(order), at=clock.now(), **AFRESH)
            uncode(order)
    except Changed:
        return False
    return True


def _words(order: PurchaseOrder) -> str:
    if order.exact_number:
        return _("the trial ended; ordered there as %(number)s") % {"number": order.exact_number}
    return _("the trial ended")
