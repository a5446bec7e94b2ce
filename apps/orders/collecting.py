"""Bringing orders on their way to what their postings say."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.causes import Cause
from apps.core.states import SENT, State
from apps.core.transitions import Changed
from apps.exact.models import Division
from apps.orders import taking_over, withdrawing
from apps.orders.models import Outcome, PurchaseOrder, Standing
from apps.posting.models import Posting, PostingState

EXACT = "Exact"


def collect(division: Division) -> None:
    """Bring the orders under way in `division` to what their postings say."""
    told = Q(posting__finished_at__isnull=False) | Q(posting__state=PostingState.UNCLEAR, state=State.POSTING)
    under_way = PurchaseOrder.objects.filter(told, posting__division=division, state__in=SENT)
    for order in under_way.select_related("posting", "removal", "about").order_by("pk"):
        try:
            if not withdrawing.settle(order) and not taking_over.settle(order):
                _take_back(order)
        except Changed:
            continue  # another process took it back


def _take_back(order: PurchaseOrder) -> None:
    posting = order.posting
    if posting is None:
        return
    if posting.state == PostingState.DONE:
        _done(order, posting)
    elif posting.state == PostingState.REFUSED:
        why = posting.words or _("refused")
        order.move(
            State.ATTENTION, who=EXACT, why=why, at=clock.now(), cause=posting.cause, detail=posting.words
        )
    elif posting.state == PostingState.UNCLEAR and order.state == State.POSTING:
        order.move(
            State.UNCERTAIN,
            who=EXACT,
            why=posting.words,
            at=clock.now(),
            cause=Cause.OUTCOME_UNCERTAIN,
            detail=posting.words,
        )


def _done(order: PurchaseOrder, posting: Posting) -> None:
    order.move(State.DONE, who=EXACT, at=clock.now(), done_at=posting.finished_at, **_ordered(posting))


def _ordered(posting: Posting) -> dict[str, Any]:
    words = _("was already in Exact: %(number)s") if posting.adopted else _("ordered as %(number)s")
    return {
        "why": words % {"number": posting.exact_number},
        "outcome": Outcome.ORDERED,
        "exact_number": posting.exact_number,
        "exact_url": posting.exact_url,
        "standing": Standing.OPEN,
    }
