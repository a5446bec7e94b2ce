"""The stages of the day: which documents a list shows, in which order, and how many there are."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.causes import Cause
from apps.core.counting import COUNTED, CountOf
from apps.intake.models import Part, PartOutcome, Receipt
from apps.invoices.models import NOTICED, WITH_CAUSE, Invoice, State
from apps.invoices.vendor_groups import waiting
from apps.items import askers
from apps.people.models import User
from apps.vendors.models import IBANCase

REFUSED = Q(state=State.ATTENTION, cause=Cause.REJECTED_BY_EXACT)


@dataclass(frozen=True)
class Stage:
    """One list of documents. Work is shown oldest first, what is past newest first.

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
    Stage("since", _("Changed in Exact"), NOTICED, order="in_exact_at", is_work=True),
    # By the constraint on done_at these are exactly the documents in DONE, in the order of one index.
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
    """Return how many documents and questions wait for `user`, each no further than COUNTED + 1: cheap at any size.

    Keys: those of the stages of work, `ready`, `unmapped` for the vendors and `items` for the items nobody mapped,
    `accounts` for the open cases about accounts, `rejected` for parts that became nothing, `held` for mail of unknown
    senders. One query.
    """
    mine = Invoice.objects.visible_to(user)
    rows: dict[str, QuerySet[Any, Any]] = {
        stage.key: mine.filter(stage.condition).values("pk")
        for stage in STAGES
        if stage.is_work or stage.key == "ready"
    }
    rows["unmapped"] = waiting(user).values("identity").distinct()
    rows["items"] = askers.open_for(user).values("supplier_name", "identity").distinct()
    rows["rejected"] = Part.objects.visible_to(user).filter(outcome=PartOutcome.REJECTED).values("pk")
    rows["held"] = Receipt.objects.visible_to(user).filter(~Q(hold="")).values("pk")
    rows["accounts"] = IBANCase.objects.visible_to(user).open().values("pk")
    counted = {key: CountOf(found.order_by()[: COUNTED + 1]) for key, found in rows.items()}
    return User.objects.filter(pk=user.pk).values(**counted).first() or dict.fromkeys(rows, 0)


def counts_of_page(request: Any) -> dict[str, int]:
    """Return `counts` of the person who asks for a page, counted once for the whole page."""
    if not hasattr(request, "stage_counts"):
        request.stage_counts = counts(request.user)
    return request.stage_counts  # type: ignore[no-any-return]
