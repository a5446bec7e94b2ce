"""Handing an accepted answer to `posting`, which changes the order in Exact as it says."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.causes import Cause
from apps.core.http import Rejected, RemoteError, Unauthorised
from apps.core.states import SYSTEM
from apps.core.transitions import Changed
from apps.exact.budget import Purpose
from apps.exact.client import Exact
from apps.exact.models import Division
from apps.orders import noticing
from apps.orders.change_plans import change_plan
from apps.orders.change_preview import prices
from apps.orders.comparing import compared, there
from apps.orders.difference import Difference
from apps.orders.models import ENDED, PurchaseOrder, State, WaitsFor
from apps.posting.models import Method, Posting

EXACT = "Exact"
AGAIN = timedelta(minutes=5)  # until Exact is asked again after trouble


def submit(answer: PurchaseOrder, division: Division) -> Posting | None:
    """Turn an accepted answer into a posting that changes its order; None when it has to wait or be looked at again.

    Exact is asked first how the order stands now: two calls, and so never in a transaction. What is no longer as the
    person saw it is compared again.
    """
    try:
        return _submitted(answer, division)
    except Changed:  # another process, or a person, moved it or its order in this very moment
        return None


def _submitted(answer: PurchaseOrder, division: Division) -> Posting | None:
    order = PurchaseOrder.objects.select_related("posting").filter(answers=answer).first()
    answer.about = order
    if order is None or order.state != State.DONE or order.posting is None:
        _again(answer, _("its order is not in Exact"))
        return None
    try:
        seen = noticing.look(order, Exact(division, Purpose.POSTING))
    except RemoteError as error:
        _put_off(answer, error)
        return None
    noticing.notice(order, seen, division, noticing.inclusive_in(division))
    differences = compared(answer, division).differences
    if order.standing in ENDED or [each.as_kept() for each in differences] != answer.differences:
        _again(answer, _("the order was changed in Exact meanwhile, so it is compared again"))
        return None
    return _hand_over(answer, order, differences, division)


def _hand_over(
    answer: PurchaseOrder, order: PurchaseOrder, differences: list[Difference], division: Division
) -> Posting | None:
    now = there(order)
    ids = {key: row.exact_line for key, row in now.rows.items() if row.exact_line}
    touched = {each.line_id for each in differences if each.can_apply and each.line_id is not None}
    if touched - set(ids):
        _again(answer, _("a line of the order is not in Exact any more"))
        return None
    parent = order.posting
    if parent is None or parent.exact_id is None:
        return None
    plan = change_plan(
        differences,
        {line.key: line for line in now.lines},
        ids,
        order=parent.exact_id,
        day=now.day,
        sent_price=prices(order, now, division),
    )
    with transaction.atomic():
        # Who takes the order back in this moment moves the same row: one of the two is told so.
        as_seen = PurchaseOrder.objects.select_for_update(no_key=True).filter(pk=order.pk)
        if not as_seen.filter(state=State.DONE, version=order.version).exists():
            raise Changed(_("%(row)s was changed by somebody else meanwhile.") % {"row": order})
        posting = parent.further(Method.ORDER_CHANGE, plan)
        why = _("handed to the outbox as %(reference)s") % {"reference": posting.reference}
        answer.move(State.POSTING, who=SYSTEM, why=why, at=clock.now(), posting=posting)
    return posting


def _again(answer: PurchaseOrder, why: str) -> None:
    """Have it compared anew, as if it just came in: nobody agreed with what it is now."""
    answer.move(State.RECEIVED, who=SYSTEM, why=why, at=clock.now(), accepted_by=None)


def _put_off(answer: PurchaseOrder, error: RemoteError) -> None:
    words = str(error)
    if isinstance(error, Rejected):
        cause = Cause.REJECTED_BY_EXACT
        answer.move(State.ATTENTION, who=EXACT, why=words, at=clock.now(), cause=cause, detail=words)
        return
    waits = WaitsFor.CONNECTION if isinstance(error, Unauthorised) else WaitsFor.CLOCK
    mine = PurchaseOrder.objects.filter(pk=answer.pk, state=State.READY, version=answer.version)
    mine.update(waits_for=waits, waits_until=clock.now() + AGAIN, detail=words)
