"""Answers that wait are compared anew when their order changed in Exact, or a pilot ended."""

from collections.abc import Iterable
from contextlib import suppress

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.clients.models import Mode
from apps.core.causes import Cause
from apps.core.states import State, WaitsFor
from apps.core.transitions import Changed
from apps.exact.models import Division
from apps.orders import confirming
from apps.orders.models import Kind, PurchaseOrder, PurchaseOrders


def mirrors_read(division: Division) -> int:
    """Compare anew what waits for a person about orders in `division`, where that now comes to something else."""
    waiting = _answers().filter(
        Q(state=State.PROPOSED) | Q(state=State.ATTENTION, cause=Cause.NEEDS_APPROVAL),
        about__state=State.DONE,
        about__posting__division=division,
    )
    overtaken = (one for one in waiting if confirming.is_overtaken(one))
    return _settle(overtaken, _("the order was changed in Exact meanwhile"))


def pilots_ended(administration: int | None = None) -> int:
    """Compare anew what waited for the end of a pilot that has ended (of one administration, or all)."""
    waiting = _answers().filter(state=State.READY, waits_for=WaitsFor.PILOT)
    if administration is not None:
        waiting = waiting.filter(administration=administration)
    return _settle(waiting.exclude(administration__mode=Mode.PILOT), _("the pilot ended"))


def _answers() -> PurchaseOrders:
    rows: PurchaseOrders = PurchaseOrder.objects.exclude(kind=Kind.ORDER).order_by("pk")
    return rows.select_related(
        "administration__division", "about__posting", "about__administration__division"
    )


def _settle(answers: Iterable[PurchaseOrder], why: str) -> int:
    moved = 0
    for answer in answers:
        with suppress(Changed):
            confirming.settle(answer, why=why)
            moved += 1
    return moved
