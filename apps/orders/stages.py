"""The stages of the day of orders: which of them a list shows, in which order, and how many there are."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.causes import Cause
from apps.core.counting import COUNTED, CountOf
from apps.orders.models import NOTICED, WITH_CAUSE, PurchaseOrder, State
from apps.people.models import User

REFUSED = Q(state=State.ATTENTION, cause=Cause.REJECTED_BY_EXACT)


@dataclass(frozen=True)
class Stage:
    """One list of orders. Work is shown oldest first, what is past newest first.

    `order` is what an index gives for nothing: the key is the order of arrival.
    """

    key: str
    title: Promise
    condition: Q
    order: str = "pk"
    is_work: bool = False


STAGES = (
    Stage("todo", _("To do"), Q(state__in=WITH_CAUSE) & ~REFUSED, is_work=True),
    Stage("proposed", _("Proposed"), Q(state=State.PROPOSED), is_work=True),
    Stage("refused", _("Refused by Exact"), REFUSED, is_work=True),
    Stage("ready", _("Ready"), Q(state__in=(State.RECEIVED, State.READY, State.POSTING))),
    Stage("since", _("Changed in Exact"), NOTICED & Q(done_at__isnull=False), is_work=True),
    # By the constraint on done_at these are exactly the orders in DONE, in the order of one index.
    Stage("done", _("Done"), Q(done_at__isnull=False), order="-done_at"),
    Stage("ignored", _("Ignored"), Q(state=State.IGNORED), order="-pk"),
    Stage("all", _("All"), Q(), order="-pk"),
)
# No tab of its own: the work of the first three together, as the dashboard counts it.
WAITING = Stage("waiting", _("Waits for a person"), Q(state__in=(*WITH_CAUSE, State.PROPOSED)), is_work=True)
BY_KEY = {stage.key: stage for stage in (*STAGES, WAITING)}


def stage_of(key: str | None) -> Stage:
    """Return the stage called `key`; the work to do when there is none of that name."""
    return BY_KEY.get(key or "", STAGES[0])


def counts(user: Any) -> dict[str, int]:
    """Return how many orders wait for `user` in each stage of work and in `ready`, each no further than COUNTED + 1.

    Cheap at any size; one query.
    """
    mine = PurchaseOrder.objects.visible_to(user)
    rows = {
        stage.key: mine.filter(stage.condition).values("pk")
        for stage in STAGES
        if stage.is_work or stage.key == "ready"
    }
    counted = {key: CountOf(found.order_by()[: COUNTED + 1]) for key, found in rows.items()}
    return User.objects.filter(pk=user.pk).values(**counted).first() or dict.fromkeys(rows, 0)


def counts_of_page(request: Any) -> dict[str, int]:
    """Return `counts` of the person who asks for a page, counted once for the whole page."""
    if not hasattr(request, "order_counts"):
        request.order_counts = counts(request.user)
    found: dict[str, int] = request.order_counts
    return found


def waiting(request: Any) -> int:
    """Return how many orders are somebody's work, as the menu shows it."""
    found = counts_of_page(request)
    return sum(found[stage.key] for stage in STAGES if stage.is_work)
