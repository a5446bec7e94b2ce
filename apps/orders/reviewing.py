"""What a person decides about an order. Each act is one guarded move with its event; what it cannot do now, it says.

All of them raise core.transitions.Changed when the order moved since it was read, and Refused when the act does not
fit where the order is.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.clients import policy
from apps.clients.models import Administration, Mode
from apps.clients.policy import WAIVABLE
from apps.core import clock, queue
from apps.core.causes import Cause
from apps.core.states import UNDER_WAY, State
from apps.core.transitions import Changed
from apps.intake import rule_making
from apps.intake.models import Part, PartOutcome
from apps.intake.rule_making import Proposal
from apps.orders import confirming, four_eyes, other_post, placing, rerouting, withdrawing
from apps.orders.as_seen import refuse_forgotten, refuse_overtaken, seen
from apps.orders.coding import code, in_the_way, waits_until
from apps.orders.models import PurchaseOrder, Standing
from apps.orders.refused import Refused
from apps.people.models import User
from apps.posting.models import Posting, PostingState

__all__ = [
    "Person",
    "Refused",
    "accept",
    "ignore",
    "note",
    "order_anyway",
    "reopen",
    "retry",
    "retry_all",
    "route",
]
Person = User | str


def accept(order: PurchaseOrder, *, by: Person, version: int) -> None:
    """Agree with a proposed order; `version` is the one that was seen.

    It is ordered after the minutes for undo; in an administration on pilot it waits for the pilot's end. One above the
    amount for two people waits for the second. Of an answer the differences are agreed with.
    """
    if order.is_answer:
        confirming.accept(order, by=by, version=version)
        return
    if order.state != State.PROPOSED:
        raise Refused(_("Only a proposed order can be accepted."))
    seen(order, version)
    refuse_forgotten(order)
    refuse_overtaken(order)
    person: dict[str, Any] = {"who": str(by), "accepted_by": by if isinstance(by, User) else None}
    if second := four_eyes.after_agreeing(order, by):
        order.move(State.ATTENTION, why=second["detail"], at=clock.now(), **person, **second)
        return
    mode = order.administration.mode if order.administration else Mode.PROPOSE
    decision = policy.decide(mode, (), waived=(), accepted=True)
    order.move(
        decision.state,
        why=_("accepted"),
        at=clock.now(),
        waits_for=decision.waits_for,
        waits_until=waits_until(decision),
        **person,
    )


def undo(order: PurchaseOrder, *, by: Person, version: int | None = None) -> None:
    """Take an order back: a ready one before it is sent, one that was made by removing it from Exact."""
    if order.state == State.DONE:
        seen(order, version)
        if words := withdrawing.hindrance(order):
            raise Refused(words)
        withdrawing.withdraw(order, by=str(by))
        return
    if order.state != State.READY:
        raise Refused(_("This can no longer be undone: the order is already on its way to Exact."))
    back: dict[str, Any] = {"who": str(by), "why": _("taken back"), "touched": True, "accepted_by": None}
    order.move(State.PROPOSED, at=clock.now(), **back, **withdrawing.taken_back(order))


def ignore(order: PurchaseOrder, *, by: Person, why: str, version: int | None = None) -> None:
    """Put a document aside: not ours, no order, a double. `why` is what the person says."""
    seen(order, version)
    if order.state in UNDER_WAY or order.state == State.IGNORED:
        raise Refused(_("An order that is made or on its way cannot be ignored."))
    _refuse_uncertain(order)
    with transaction.atomic():
        said = "; ".join(filter(None, (why, withdrawing.tidy(order))))
        order.lines.update(item_question=None)
        order.move(State.IGNORED, who=str(by), why=said, at=clock.now(), touched=True, question=None)
        Part.objects.filter(pk=order.part_id).update(
            outcome=PartOutcome.IGNORED, reason=why, settled_by=str(by)[:150]
        )


def reopen(order: PurchaseOrder, *, by: Person) -> None:
    """Take up again what was put aside, or what somebody deleted in Exact."""
    if order.state == State.DONE and order.standing == Standing.GONE:
        withdrawing.give_back(order, who=str(by), why=_("taken up again"))
        return
    if order.state != State.IGNORED:
        raise Refused(_("Only an ignored document can be taken up again."))
    with transaction.atomic():
        Part.objects.filter(pk=order.part_id).update(outcome=PartOutcome.DOCUMENT, reason="", settled_by="")
        _again(order, by=by, why=_("taken up again"))


def note(order: PurchaseOrder, *, by: Person, version: int) -> None:
    """Say that a person looked at what is to be corrected, or was changed, in Exact: nothing is to be done any more.

    Of an answer that asks for it: that it was dealt with (confirming.seen).
    """
    if order.is_answer and order.state == State.ATTENTION:
        confirming.seen(order, by=by, version=version)
        return
    seen(order, version)
    if order.state != State.DONE or not (order.to_correct or order.is_news):
        raise Refused(_("There is nothing new in Exact about this document."))
    why = _("seen: it stays as it is in Exact")
    with transaction.atomic():
        order.lines.filter(item_mapping__forgotten_at__isnull=False).update(item_mapping=None)
        gone = {"to_correct": "", "mapping": None} if order.to_correct else {}
        keep(order, who=str(by), why=why, noticed_seen=order.noticed_at is not None, **gone)


def keep(order: PurchaseOrder, *, who: str, why: str, **values: object) -> None:
    """Set `values` on an order that is done and stays so, with an event; raises core.transitions.Changed."""
    order.move(State.DONE, who=who, why=why, at=clock.now(), changed_at=order.changed_at, **values)


def retry(order: PurchaseOrder, *, by: Person) -> None:
    """Try a waiting order again, with what is known now. One of unknown outcome is looked for at once."""
    if order.state == State.UNCERTAIN and order.posting:
        _look_now(order.removal or order.posting)
        return
    if order.state not in {State.ATTENTION, State.PROPOSED}:
        raise Refused(_("Only a document that waits can be tried again."))
    _again(order, by=by, why=_("tried again"))


def retry_all(orders: Iterable[PurchaseOrder], *, by: Person) -> int:
    """Try each of `orders` again; return how many were. Those that moved meanwhile are left alone."""
    tried = 0
    for order in orders:
        try:
            retry(order, by=by)
        except (Changed, Refused):
            continue
        tried += 1
    return tried


def route(
    order: PurchaseOrder,
    administration: Administration,
    *,
    by: User,
    version: int | None = None,
    remember: Proposal | None = None,
) -> None:
    """Choose the administration of an order; it is matched and coded there at once.

    `remember`: what is made a rule of, so that the next one like it goes there by itself.
    """
    seen(order, version)
    if order.state in UNDER_WAY:
        raise Refused(_("An order that is made or on its way cannot be moved."))
    if other_post.kind_of_untaken(administration):
        raise Refused(_("%(name)s takes no orders.") % {"name": administration.name})
    _refuse_uncertain(order)
    with transaction.atomic():
        if remember is not None:
            rule_making.make(order.part, remember, administration, by=by)
        words = _("administration chosen: %(name)s") % {"name": administration.name}
        if order.administration_id != administration.pk and (said := withdrawing.tidy(order)):
            words = f"{words}; {said}"
        rerouting.reroute(order, administration, by=by)
        begin(order, who=str(by), why=words)


def order_anyway(order: PurchaseOrder, *, by: Person, version: int | None = None) -> None:
    """Decide to order in spite of what the document waits for: the cause that the person saw, at `version`."""
    seen(order, version)
    if order.state != State.ATTENTION or order.cause not in WAIVABLE or order.is_answer:
        raise Refused(_("What this document waits for must be solved first."))
    if four_eyes.waits_for_second(order):
        raise Refused(_("A second person must approve this order."))
    if gaps := [one.detail for one in in_the_way(order) if one.is_gap and one.cause == order.cause]:
        raise Refused(_("Nobody can decide this; fill in what is missing. %(what)s") % {"what": gaps[0]})
    values: dict[str, Any] = {"waived": [*order.waived, order.cause], "touched": True}
    why = _("order anyway: %(cause)s") % {"cause": order.get_cause_display()}
    if order.cause == Cause.POSSIBLE_DOUBLE:
        values["double_key"] = None
    code(order, who=str(by), why=why, **values)
    if (
        order.state == State.ATTENTION
        and order.cause not in order.waived
        and order.cause == values["waived"][-1]
    ):
        raise Changed(_("What it waits for changed since you looked at it. Read it again."))


def begin(order: PurchaseOrder, **how: Any) -> None:
    """Code `order`, or compare an answer with its order, unless something is lacking before that can be.

    `how`: as coding.code takes it.
    """
    if placing.missing(order) is None:
        (confirming.settle if order.is_answer else code)(order, **how)


def _refuse_uncertain(order: PurchaseOrder) -> None:
    if order.posting and order.posting.cause == Cause.OUTCOME_UNCERTAIN:
        raise Refused(_("Exact may have this order already. Try it again first, so that we look."))


def _again(order: PurchaseOrder, *, by: Person, why: str) -> None:
    if order.administration is None:
        _place_again(order, by, why)
    elif order.is_answer or rerouting.becomes_change(order, by=by):
        confirming.settle(order, who=str(by), why=why)
    else:
        code(order, who=str(by), why=why)


def _place_again(order: PurchaseOrder, by: Person, why: str) -> None:
    with transaction.atomic():
        if rerouting.place_again(order, by=by):
            begin(order, who=str(by), why=why)
            return
        waits = {"cause": order.cause or Cause.NOT_OURS, "detail": order.detail}
        order.move(State.ATTENTION, who=str(by), why=why, at=clock.now(), **waits)


def _look_now(posting: Posting) -> None:
    Posting.objects.filter(pk=posting.pk, state=PostingState.UNCLEAR).update(next_attempt_at=clock.now())
    queue.ring("division_due", posting.division_id)
