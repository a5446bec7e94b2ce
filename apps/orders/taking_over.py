"""Bringing an answer, and the order it is about, to what the posting of its changes says."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.causes import Cause
from apps.orders import noticing
from apps.orders.change_plans import written
from apps.orders.difference import kept
from apps.orders.differing import values_by_line
from apps.orders.models import Outcome, PurchaseOrder, PurchaseOrderLine, State, ValueSource
from apps.orders.plans import amount_of
from apps.posting.models import Method, Posting, PostingState

EXACT = "Exact"


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
    order = PurchaseOrder.objects.get(answers=answer)
    done = [one for one in map(kept, answer.differences) if one.can_apply and one.line_id in lines]
    if not done or order.state != State.DONE:
        return
    changes = values_by_line(done)
    for row in order.lines.filter(pk__in=changes):
        _set(row, changes[row.pk])
    day = next((one.value for one in done if one.line_id is None), order.receipt_date)
    if day != order.receipt_date:  # those that had none of their own keep the day that Exact gave them
        PurchaseOrderLine.objects.filter(order=order, receipt_date=None).update(
            receipt_date=order.receipt_date
        )
    _expect(order)
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


def _expect(order: PurchaseOrder) -> None:
    """Know the order again by what it comes to now, or taking it back would find it changed by somebody."""
    posting = order.posting
    if posting is None or "amount" not in posting.plan["look"]:
        return
    rows = list(order.lines.filter(item__isnull=False, ordered__isnull=False))
    amount = amount_of(rows, noticing.charged_of(order, rows, posting.division))
    posting.plan = {**posting.plan, "look": {**posting.plan["look"], "amount": str(amount)}}
    posting.save(update_fields=["plan"])


def _set(row: PurchaseOrderLine, values: dict[str, Any]) -> None:
    """Set what was written; it is the person's who accepted it, and not the document's any more."""
    for name, value in values.items():
        setattr(row, name, value)
    if {"ordered", "ordered_price"} & set(values):
        row.ordered_source = ValueSource.PERSON
        values = {**values, "ordered_source": row.ordered_source}
    if "receipt_date" in values:
        row.receipt_date_source, row.receipt_date_why = ValueSource.PERSON, ""
        values = {**values, "receipt_date_source": row.receipt_date_source, "receipt_date_why": ""}
    row.save(update_fields=list(values))
