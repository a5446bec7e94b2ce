"""What becomes of an answer to an order: a confirmation, a change, a cancellation. Nothing is changed in Exact by it
unless a person accepts what is shown.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.clients import policy
from apps.clients.models import Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.core.states import SYSTEM
from apps.core.transitions import Changed
from apps.orders.comparing import Compared, compared
from apps.orders.difference import Difference
from apps.orders.models import (
    ENDED,
    Kind,
    Outcome,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrders,
    Standing,
    State,
    WaitsFor,
)
from apps.orders.refused import Refused
from apps.people.models import User

ACKNOWLEDGED, CONDITIONALLY, REJECTED = "AB", "CA", "RE"  # UNTDID 4343
LINE_FIELDS = (
    *("item", "item_code", "item_name", "purchase_unit", "factor", "ordered", "ordered_price", "unit_why"),
)


def settle(
    answer: PurchaseOrder,
    *,
    accepted: bool = False,
    who: str = SYSTEM,
    why: str = "",
    mode: str = "",
    **values: Any,
) -> None:
    """Compare an answer with its order and move it on. It stays as it is while its order is still on its way.

    `accepted`: a person agreed with the differences as they are now. `mode`: of the administration, where that is to
    be thought another; `values` are set with it. Raises core.transitions.Changed when it was moved since it was read.
    """
    order = _order_of(answer)
    if order is not None and not _can_compare(order):
        _wait(answer, order)
        return
    found = _compared(answer) if order else Compared([], [])
    values = {**_decided(answer, order, found.differences, accepted=accepted, mode=mode), **values}
    to, because = values.pop("to"), values.pop("because")
    with transaction.atomic():
        PurchaseOrderLine.objects.bulk_update(found.lines, LINE_FIELDS)
        differences = [each.as_kept() for each in found.differences]
        reason = "; ".join(filter(None, (why, because)))
        answer.move(to, who=who, why=reason, at=clock.now(), differences=differences, **values)
        if to == State.DONE and order is not None and order.state == State.DONE:
            _tell(order, answer, because)


def _order_of(answer: PurchaseOrder) -> PurchaseOrder | None:
    """Return the order that `answer` is about as it is now: it may have been read long before."""
    orders = PurchaseOrder.objects.select_related("posting", "administration__division")
    answer.about = orders.filter(answers=answer).first()
    return answer.about


def _can_compare(order: PurchaseOrder) -> bool:
    """Tell whether what is ordered is settled: it is in Exact, put aside, or only waits for the end of a pilot."""
    is_on_trial = order.state == State.READY and order.waits_for == WaitsFor.PILOT
    return order.state in (State.DONE, State.IGNORED) or is_on_trial


def _wait(answer: PurchaseOrder, order: PurchaseOrder) -> None:
    """Let it wait until its order is in Exact: that is nobody's work, and no event each time."""
    words = _("It waits until order %(number)s is in Exact.") % {"number": order.number}
    if answer.state == State.RECEIVED:
        if answer.detail != words:
            PurchaseOrder.objects.filter(pk=answer.pk, version=answer.version).update(detail=words)
            answer.detail = words
        return
    answer.move(State.RECEIVED, who=SYSTEM, why=words, at=clock.now(), detail=words, accepted_by=None)


def _compared(answer: PurchaseOrder) -> Compared:
    return compared(answer, getattr(answer.administration, "division", None))


def _decided(
    answer: PurchaseOrder,
    order: PurchaseOrder | None,
    differences: Sequence[Difference],
    *,
    accepted: bool,
    mode: str,
) -> dict[str, Any]:
    """Return what `answer` becomes: the state under *to*, why in words under *because*, and what goes with it."""
    if order is None:
        words = _("We know no order with number %(number)s.")
        return _attention(words % {"number": answer.order_reference or "-"})
    if words := _out_of_reach(order):
        return _attention(words)
    is_off = answer.kind == Kind.CANCELLATION or answer.response_code == REJECTED
    if is_off and order.standing in (Standing.CANCELLED, Standing.GONE):
        return _done(order, Outcome.BY_HAND, _("the order is cancelled in Exact already"))
    if is_off:
        return _attention(_off(answer))
    if differences and order.standing in ENDED:
        words = _("In Exact the order is: %(standing)s. Nothing of this is changed there.")
        return _attention(words % {"standing": order.get_standing_display()})
    if differences:
        return _with_differences(answer, accepted=accepted, mode=mode)
    if answer.response_code == CONDITIONALLY and not _is_followed(order):
        words = _("The supplier accepts with changes, but names none that we can read. Read the document.")
        return _attention(words)
    if order.state != State.DONE:
        return {"to": State.READY, "because": _("no differences"), "waits_for": WaitsFor.PILOT}
    if answer.response_code == ACKNOWLEDGED:
        words = _("the supplier received the order, and has yet to confirm it")
        return _done(order, Outcome.ACKNOWLEDGED, words)
    return _done(order, Outcome.CONFIRMED, _("as ordered: no differences"))


def _out_of_reach(order: PurchaseOrder) -> str:
    if order.state == State.IGNORED:
        return _("The order that this answers was put aside.")
    words = _("It was ordered in another division of Exact than is linked now: change it there.")
    return words if order.is_elsewhere else ""


def _is_followed(order: PurchaseOrder) -> bool:
    """Tell whether the order was changed as an answer said: then the next one that says so finds it as it wants."""
    return order.answers.filter(outcome__in=(Outcome.CHANGED, Outcome.BY_HAND)).exists()


def _off(answer: PurchaseOrder) -> str:
    if answer.kind == Kind.CANCELLATION:
        return _("This order was cancelled. Cancel it in Exact; then say that you have seen it.")
    return _("The supplier rejected this order. Cancel it in Exact; then say that you have seen it.")


def _attention(words: str) -> dict[str, Any]:
    return {"to": State.ATTENTION, "because": words, "cause": Cause.NEEDS_APPROVAL, "detail": words}


def _done(order: PurchaseOrder, outcome: Outcome, words: str) -> dict[str, Any]:
    return {
        "to": State.DONE,
        "because": words,
        "outcome": outcome,
        "done_at": clock.now(),
        "exact_number": order.exact_number,
        "exact_url": order.exact_url,
    }


def _with_differences(answer: PurchaseOrder, *, accepted: bool, mode: str) -> dict[str, Any]:
    own = answer.administration.mode if answer.administration else Mode.PROPOSE
    reasons = [_("it differs from the order")]
    decision = policy.decide(mode or own, (), waived=(), accepted=accepted, reasons=reasons)
    because = _("accepted") if accepted else _("it differs from the order: look at the differences")
    waits_until = None
    if decision.waits_for == WaitsFor.HOLD_BACK:
        waits_until = clock.now() + timedelta(minutes=settings.HOLD_BACK_MINUTES)
    return {
        "to": decision.state,
        "because": because,
        "waits_for": decision.waits_for,
        "waits_until": waits_until,
        "proposed_because": "" if accepted else because,
    }


def _tell(order: PurchaseOrder, answer: PurchaseOrder, words: str) -> None:
    """Write on the order how it was answered."""
    why = f"{answer.get_kind_display()} {answer.number}: {words}"
    order.move(
        State.DONE, who=answer.vendor_name or SYSTEM, why=why, at=clock.now(), changed_at=order.changed_at
    )


def accept(answer: PurchaseOrder, *, by: User | str, version: int) -> None:
    """Agree with the differences that were seen at `version`: they are changed in Exact after the minutes for undo.

    Where a person has to do all of it, agreeing says that it is done. Raises Refused when it is not proposed, and
    core.transitions.Changed when it, or the order, is not as it was seen.
    """
    if answer.state != State.PROPOSED or _order_of(answer) is None:
        raise Refused(_("Only proposed changes can be accepted."))
    if answer.version != version:
        raise Changed(_("The document was changed since you opened it."))
    now = [each.as_kept() for each in _compared(answer).differences]
    if now != answer.differences:
        settle(answer, why=_("the order was changed meanwhile"))
        raise Changed(_("The order was changed since you opened this. Look at the differences again."))
    person: dict[str, Any] = {"accepted_by": by if isinstance(by, User) else None, "touched": True}
    if answer.is_by_hand:
        _by_hand(answer, by, _("changed by hand in Exact"), **person)
    else:
        settle(answer, accepted=True, who=str(by), **person)


def seen(answer: PurchaseOrder, *, by: User | str, version: int) -> None:
    """Say that a person dealt with a rejection, a cancellation, or changes to an ended order. Raises as `accept`."""
    if answer.state != State.ATTENTION or answer.cause != Cause.NEEDS_APPROVAL or not answer.is_answer:
        raise Refused(_("Nothing about this document waits to be seen."))
    if answer.version != version:
        raise Changed(_("The document was changed since you opened it."))
    _by_hand(answer, by, _("seen, and dealt with by hand"), touched=True)


def _by_hand(answer: PurchaseOrder, by: User | str, words: str, **values: Any) -> None:
    order = answer.about
    ended = {"outcome": Outcome.BY_HAND, "done_at": clock.now()}
    if order is not None:
        ended |= {"exact_number": order.exact_number, "exact_url": order.exact_url}
    with transaction.atomic():
        answer.move(State.DONE, who=str(by), why=words, at=clock.now(), **ended, **values)
        if order is not None and order.state == State.DONE:
            _tell(order, answer, words)


def due() -> PurchaseOrders:
    """Return the answers that can be settled now: just come in, or their order is in Exact, or put aside, by now."""
    answers: PurchaseOrders = PurchaseOrder.objects.filter(state=State.RECEIVED).exclude(kind=Kind.ORDER)
    settled = Q(about__state__in=(State.DONE, State.IGNORED))
    on_trial = Q(about__state=State.READY, about__waits_for=WaitsFor.PILOT)
    return answers.filter(Q(about=None) | settled | on_trial, administration__isnull=False)


def is_overtaken(answer: PurchaseOrder) -> bool:
    """Tell whether an answer that waits for a person would become something else if it was settled now."""
    order = answer.about
    if order is None or not _can_compare(order):
        return False
    differences = _compared(answer).differences
    now = _decided(answer, order, differences, accepted=False, mode="")
    told = (now["to"], now.get("detail", ""), [each.as_kept() for each in differences])
    return told != (answer.state, answer.detail, answer.differences)
