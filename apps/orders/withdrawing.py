"""Taking back what was ordered: order and document leave Exact, and the order returns to the queue."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.clients.models import Mode
from apps.core import clock, queue
from apps.core.causes import Cause
from apps.core.states import SENT, State
from apps.core.transitions import Changed
from apps.orders.models import Outcome, PurchaseOrder, Standing
from apps.posting.kinds import KINDS
from apps.posting.models import DOCUMENT, ORDER, Method, Posting, PostingState
from apps.posting.removing import DOCUMENTS, leave, leavings, step

GIVEN_UP = (PostingState.REFUSED, PostingState.WITHDRAWN)
BEGUN = (Standing.PARTIAL, Standing.COMPLETE, Standing.CANCELLED)


def hindrance(order: PurchaseOrder) -> str:
    """Return why what `order` became in Exact cannot be taken back, in words; "" when it can be tried.

    Whether Exact received or invoiced some of it meanwhile is asked of Exact itself, before anything is removed.
    """
    posting = order.posting
    if order.state != State.DONE or posting is None or posting.method != Method.ORDER:
        return _("Only what was ordered can be taken back.")
    if is_on_trial(order):
        return _("On pilot nothing is written into Exact. End the pilot first.")
    if order.is_elsewhere:
        return _("It was ordered in another division of Exact than is linked now. Correct it there.")
    if posting.adopted:
        return _("This was not ordered by Postkamer, so it is not removed here. Change it in Exact.")
    if order.standing in BEGUN:
        return _("Something of this order was received, invoiced or cancelled in Exact. Correct it there.")
    if order.standing == Standing.GONE:
        return _("The order is no longer in Exact. Take it up again instead.")
    return ""


def taken_back(order: PurchaseOrder) -> dict[str, Any]:
    """Return what is set with an order that is taken back: a person has to agree anew, whatever was waived.

    That it is no double of another stays: nobody takes that back with it.
    """
    return {"taken_back": True, "waived": [one for one in order.waived if one == Cause.POSSIBLE_DOUBLE]}


def is_on_trial(order: PurchaseOrder) -> bool:
    """Tell whether nothing may be written into the books of `order` now."""
    return order.administration is not None and order.administration.mode == Mode.PILOT


def withdraw(order: PurchaseOrder, *, by: str) -> None:
    """Have order and document removed from Exact; `order` waits for that. See `hindrance` for when not.

    Raises core.transitions.Changed when it moved since it was read, or a change of it is on its way to Exact.
    """
    posting = order.posting
    if posting is None:
        raise ValueError(f"{order} was never ordered.")
    why = _("taken back: %(number)s is removed from Exact") % {"number": order.exact_number}
    plan = {"steps": _steps(posting), "outcome": order.outcome}
    with transaction.atomic():
        order.move(State.POSTING, who=by, why=why, at=clock.now(), touched=True, outcome="", done_at=None)
        if order.answers.filter(state__in=SENT).exists():
            raise Changed(_("A change of this order is on its way to Exact. Take it back after that."))
        removal = posting.further(Method.REMOVAL, plan)
        PurchaseOrder.objects.filter(pk=order.pk).update(removal=removal)
        queue.ring("division_due", posting.division_id)


def _steps(posting: Posting) -> list[dict[str, Any]]:
    """Remove the order, unless somebody changed it, and then the document of it."""
    document = posting.steps.get(DOCUMENT, {}).get("id")
    seen = {"as_booked": posting.plan["look"]}
    steps = [step(ORDER, KINDS[ORDER].resource, str(posting.exact_id), posting, **seen)]
    return [*steps, step(DOCUMENT, DOCUMENTS, document, posting)] if document else steps


def tidy(order: PurchaseOrder) -> str:
    """Have the document removed that an order which is given up left in Exact; return words about it, "" without.

    For an order that will not be made there any more: it is put aside, or belongs to other books. In the transaction
    of whoever decides that. On pilot nothing is written: there it is only counted as left behind.
    """
    posting = order.posting
    if posting is None or posting.state not in GIVEN_UP:
        return ""
    steps = leavings(posting)
    if not steps:
        return ""
    removal = posting.further(Method.REMOVAL, {"steps": steps})
    posting.steps = {}
    posting.save(update_fields=["steps"])
    if is_on_trial(order):
        removal.refuse(cause=Cause.REJECTED_BY_EXACT, words=_("On pilot nothing is written into Exact."))
        leave(removal)
        return _("its document stays in Exact")
    queue.ring("division_due", posting.division_id)
    return _("its document is removed from Exact")


def settle(order: PurchaseOrder) -> bool:
    """Bring an order that is being taken back to what its removal says; False when none is under way."""
    removal = order.removal
    if removal is None:
        return False
    is_gone = removal.steps.get(ORDER, {}).get("state") == "done"
    if removal.state == PostingState.DONE or (removal.state == PostingState.REFUSED and is_gone):
        _returned(order, removal)
    elif removal.state == PostingState.REFUSED:
        _stays(order, removal)
    elif removal.state == PostingState.UNCLEAR and order.state == State.POSTING:
        order.move(
            State.UNCERTAIN,
            who="Exact",
            why=removal.words,
            at=clock.now(),
            cause=Cause.OUTCOME_UNCERTAIN,
            detail=removal.words,
        )
    return True


def _returned(order: PurchaseOrder, removal: Posting) -> None:
    why = _("%(number)s is removed from Exact") % {"number": order.exact_number}
    kept = removal.steps.get(DOCUMENT, {})
    if kept.get("state") == "left":
        why = _("%(number)s is removed from Exact, but its document is still there: %(words)s") % {
            "number": order.exact_number,
            "words": kept.get("said") or removal.words,
        }
    give_back(order, who="Exact", why=why, with_document=kept.get("state") == "done")


def give_back(order: PurchaseOrder, *, who: str, why: str, with_document: bool = False) -> None:
    """Return an order that is not in Exact any more to the queue, as a proposal.

    `with_document`: its document is not there any more either.
    """
    with transaction.atomic():
        if order.posting:
            order.posting.withdraw(with_document=with_document)
        order.lines.update(exact_line=None)
        order.move(
            State.PROPOSED,
            who=who,
            why=why,
            at=clock.now(),
            touched=True,
            accepted_by=None,
            **taken_back(order),
            removal=None,
            outcome="",
            done_at=None,
            exact_number="",
            exact_url="",
            standing=Standing.UNKNOWN,
            noticed=[],
            noticed_at=None,
            noticed_seen=False,
            to_correct="",
        )


def _stays(order: PurchaseOrder, removal: Posting) -> None:
    """End a removal that Exact refused: the order stands as it did."""
    posting = order.posting
    order.move(
        State.DONE,
        who="Exact",
        why=_("could not be taken back: %(words)s") % {"words": removal.words or _("refused")},
        at=clock.now(),
        removal=None,
        outcome=removal.plan.get("outcome") or Outcome.ORDERED,
        done_at=posting.finished_at if posting and posting.finished_at else clock.now(),
    )
