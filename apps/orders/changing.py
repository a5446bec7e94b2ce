"""Changing an order in Exact as an accepted answer says: handing it to `posting`, and taking the result back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.causes import Cause
from apps.core.http import Rejected, RemoteError, Unauthorised
from apps.core.transitions import Changed
from apps.exact.budget import Purpose
from apps.exact.client import Exact
from apps.exact.models import Division
from apps.orders import noticing
from apps.orders.amounts import Charged, sent_price
from apps.orders.change_plans import change_plan, written
from apps.orders.comparing import There, compared, there
from apps.orders.difference import Difference, kept
from apps.orders.differing import values_by_line
from apps.orders.models import (
    ENDED,
    Outcome,
    PurchaseOrder,
    PurchaseOrderLine,
    State,
    ValueSource,
    WaitsFor,
)
from apps.posting.models import Method, Posting, PostingState

SYSTEM, EXACT = "Postkamer", "Exact"
AGAIN = timedelta(minutes=5)  # until Exact is asked again after trouble


def submit(answer: PurchaseOrder, division: Division) -> Posting | None:
    """Turn an accepted answer into a posting that changes its order; None when it has to wait or be looked at again.

    Exact is asked first how the order stands now: two calls, and so never in a transaction. What is no longer as the
    person saw it is compared again.
    """
    order = answer.about
    if order is None or order.state != State.DONE or order.posting is None:
        return _again(answer, _("its order is not in Exact"))
    try:
        seen = noticing.look(order, Exact(division, Purpose.POSTING))
    except RemoteError as error:
        return _put_off(answer, error)
    try:
        noticing.notice(order, seen, division)
        differences = compared(answer, division).differences
        if order.standing in ENDED or [each.as_kept() for each in differences] != answer.differences:
            return _again(answer, _("the order was changed in Exact meanwhile, so it is compared again"))
        return _hand_over(answer, order, differences, division)
    except Changed:
        return None


def _hand_over(
    answer: PurchaseOrder, order: PurchaseOrder, differences: list[Difference], division: Division
) -> Posting | None:
    now = there(order)
    ids = {key: row.exact_line for key, row in now.rows.items() if row.exact_line}
    touched = {each.line_id for each in differences if each.can_apply and each.line_id is not None}
    if touched - set(ids):
        return _again(answer, _("a line of the order is not in Exact any more"))
    parent = order.posting
    if parent is None or parent.exact_id is None:
        return None
    plan = change_plan(
        differences,
        {line.key: line for line in now.lines},
        ids,
        order=parent.exact_id,
        day=now.day,
        sent_price=_prices(order, now, division),
    )
    with transaction.atomic():
        posting = parent.further(Method.ORDER_CHANGE, plan)
        why = _("handed to the outbox as %(reference)s") % {"reference": posting.reference}
        answer.move(State.POSTING, who=SYSTEM, why=why, at=clock.now(), posting=posting)
    return posting


def _prices(order: PurchaseOrder, now: There, division: Division) -> Any:
    charged = noticing.charged_of(order, list(now.rows.values()), division)
    codes = {key: row.vat_code for key, row in now.rows.items()}

    def sent(key: int, price: Decimal) -> Decimal:
        return sent_price(price, charged.get(codes[key], Charged()))

    return sent


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


def settle(answer: PurchaseOrder) -> bool:
    """Bring an answer under way, and its order, to what its finished posting says; False when it has none such.

    What was written before a refusal is in Exact, and so on the order here. Raises core.transitions.Changed.
    """
    posting = answer.posting
    if posting is None or posting.method != Method.ORDER_CHANGE:
        return False
    if posting.state not in (PostingState.DONE, PostingState.REFUSED):
        return False
    with transaction.atomic():
        if posting.state == PostingState.DONE:
            _changed(answer, posting)
        else:
            words = posting.words or _("refused")
            cause = {"cause": posting.cause or Cause.REJECTED_BY_EXACT, "detail": words}
            answer.move(State.ATTENTION, who=EXACT, why=words, at=clock.now(), **cause)
        _take_over(answer, written(posting.plan, posting.steps))
    return True


def _changed(answer: PurchaseOrder, posting: Posting) -> None:
    order = answer.about
    left = [one.sentence for one in map(kept, answer.differences) if not one.can_apply]
    answer.move(
        State.DONE,
        who=EXACT,
        why=_("changed in Exact as it says"),
        at=clock.now(),
        outcome=Outcome.CHANGED,
        done_at=posting.finished_at or clock.now(),
        exact_number=order.exact_number if order else "",
        exact_url=order.exact_url if order else "",
        to_correct="\n".join(left),
    )


def _take_over(answer: PurchaseOrder, lines: set[int | None]) -> None:
    """Keep with the order what was written of its lines (None: of the order as a whole), with an event."""
    order = PurchaseOrder.objects.get(pk=answer.about_id)
    done = [one for one in map(kept, answer.differences) if one.can_apply and one.line_id in lines]
    if not done or order.state != State.DONE:
        return
    rows = {row.pk: row for row in order.lines.filter(pk__in=[key for key in lines if key])}
    for key, values in values_by_line(done).items():
        _set(rows[key], values)
    day = next((one.value for one in done if one.line_id is None), order.receipt_date)
    if day != order.receipt_date:  # those that had none of their own keep the day that Exact gave them
        PurchaseOrderLine.objects.filter(order=order, receipt_date=None).update(receipt_date=order.receipt_date)
    places = {(one.line_id, one.field.value) for one in done}
    noticed = [one for one in order.noticed if (one.get("line_id"), one["field"]) not in places]
    order.move(
        State.DONE,
        who=EXACT,
        why=_("changed as %(answer)s says: %(what)s")
        % {"answer": answer.number or answer, "what": "; ".join(one.sentence for one in done)},
        at=clock.now(),
        changed_at=order.changed_at,
        receipt_date=day,
        noticed=noticed,
    )


def _set(row: PurchaseOrderLine, values: dict[str, Any]) -> None:
    """Set what was written; a quantity or price is the person's who accepted it, and not the document's any more."""
    for name, value in values.items():
        setattr(row, name, value)
    if {"ordered", "ordered_price"} & set(values):
        row.ordered_source = ValueSource.PERSON
        values = {**values, "ordered_source": row.ordered_source}
    row.save(update_fields=list(values))
