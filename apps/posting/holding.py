"""Documents of a division that stands still: what was not begun comes back, and says what it waits for."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.states import SYSTEM, State, WaitsFor
from apps.core.transitions import Changed
from apps.exact.models import Division
from apps.posting.halting import is_paused, standstill
from apps.posting.models import Posting, PostingCall, Postings, PostingState

# Documents that say already that they wait for this: they make nothing due.
HELD = Q(waits_for=WaitsFor.PAUSE, administration__paused_at__isnull=False) | Q(
    waits_for=WaitsFor.HALT, administration__division__halt__halted_at__isnull=False
)


def hold(division: Division, documents: QuerySet[Any, Any]) -> str:
    """Let those of `documents` that are of a paused or halted division wait; return why, "" when it may go on.

    What was handed over and not begun becomes ready again, so that it can still be undone or corrected; what was
    begun stays as it is and goes on afterwards. Documents within the minutes for undo keep these.
    """
    words = standstill(division)
    if words:
        waits_for = WaitsFor.PAUSE if is_paused(division) else WaitsFor.HALT
        _take_back_unbegun(division, documents, waits_for, words)
        due = Q(waits_until=None) | Q(waits_until__lte=clock.now())
        ready = documents.filter(due, state=State.READY, administration=division.administration_id)
        ready.exclude(waits_for=WaitsFor.PILOT).update(waits_for=waits_for, waits_until=None)
    return words


def _take_back_unbegun(division: Division, documents: QuerySet[Any, Any], waits_for: str, why: str) -> None:
    rows = documents.filter(posting__in=_unbegun().filter(division=division), state=State.POSTING)
    for document in rows.select_related("posting"):
        try:
            take_back(document, waits_for, why)
        except Changed:
            continue  # a worker began it in this very moment


@transaction.atomic
def take_back(document: Any, waits_for: str, why: str) -> None:
    """Make a document ready again of whose posting nothing was sent. Raises Changed when something was."""
    posting = document.posting
    document.move(State.READY, who=SYSTEM, why=why, at=clock.now(), waits_for=waits_for, posting=None)
    if posting is None or not _unbegun().filter(pk=posting.pk).delete()[0]:
        raise Changed(_("%(document)s is on its way to Exact already.") % {"document": document})


def _unbegun() -> Postings:
    """Postings of which nothing was sent, and so nothing can be in Exact."""
    unbegun: Postings = Posting.objects.filter(
        state=PostingState.WAITING, attempts=0, looks=0, steps={}, asked_at=None
    )
    # One that was taken back before has calls to tell of: it is no new one.
    return unbegun.exclude(Exists(PostingCall.objects.filter(posting=OuterRef("pk"))))
