"""Handing ready orders to `posting`, and having it write them."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.setting_aside import OUTAGE, set_aside
from apps.core.states import SYSTEM, State, WaitsFor
from apps.core.transitions import Changed
from apps.exact.models import Division
from apps.orders import changing, last_look, plans
from apps.orders.coding import code
from apps.orders.collecting import collect
from apps.orders.due import divisions_with_work, is_connected, open_postings, ready_in
from apps.orders.holding import hold
from apps.orders.models import PurchaseOrder
from apps.orders.withdrawing import GIVEN_UP
from apps.posting.drain import Drained, drain, goes_on_at
from apps.posting.models import DOCUMENT, EARLIER, ORDER, Method, Posting, PostingState, new_reference
from apps.posting.removing import DOCUMENTS, step

log = logging.getLogger(__name__)
RENEWED_EVERY = 50  # orders that are handed over between two extensions of the turn
BUSY = timedelta(seconds=2)  # a sync, or the booking of invoices, gives way at its next page
WITHOUT_CONNECTION = timedelta(minutes=15)  # whoever mends it wakes what waits at once


def deliver(division: Division, *, at_once: bool = False) -> Drained:
    """Submit what is ready in `division`, drain it, and take the results back. Never inside a transaction.

    `at_once`: no hold-back, and nothing waits for its minute. Nothing is sent while the division stands still. Invoices
    of the division are delivered by others, who share its turn: whoever has it carries out the postings of both.
    """
    if words := hold(division):
        collect(division)
        return Drained(stopped=words)
    if not is_connected(division):
        words = _("The connection to Exact must be mended first.")
        ready_in(division, at_once=True).update(waits_for=WaitsFor.CONNECTION, waits_until=None)
        until = clock.now() + WITHOUT_CONNECTION
        open_postings().filter(division=division).update(words=words, next_attempt_at=until)
        collect(division)
        return Drained(stopped=words)
    any_ready = ready_in(division, at_once=at_once).exists()
    try:
        fill = partial(hand_over, division, at_once) if any_ready else None
        return drain(division, at_once=at_once, fill=fill)
    finally:
        collect(division)


def hand_over(division: Division, at_once: bool, renew: Callable[[], None]) -> None:
    """Submit what is ready in `division`: by the one process that has the turn in it, for it takes a while.

    `renew` extends that turn.
    """
    ready = ready_in(division, at_once=at_once)
    for place, order in enumerate(ready.select_related("part__original", "administration", "posting")):
        if place % RENEWED_EVERY == 0:
            renew()
        _submit_safely(order, division)


def deliver_due(pk: int) -> datetime | None:
    """Deliver what is due in one division; return when it wants to go on, None when it does not."""
    division = Division.objects.select_related("app", "connection", "administration").get(pk=pk)
    drained = deliver(division)
    if hold(division):  # also what was not begun when it halted just now
        return None
    return clock.now() + BUSY if drained.busy else goes_on_at(division)


def resume(connection: int) -> list[Division]:
    """Let go on what waited for this connection, which works again; return the divisions with work to do."""
    reached = Division.objects.filter(connection=connection)
    waiting = PurchaseOrder.objects.filter(state=State.READY, waits_for=WaitsFor.CONNECTION)
    waiting.filter(administration__division__in=reached).update(waits_for=WaitsFor.NOTHING, waits_until=None)
    due = open_postings().filter(division__in=reached, next_attempt_at__gt=clock.now())
    due.update(next_attempt_at=clock.now(), words="")
    return [division for division in divisions_with_work() if division.connection_id == connection]


def _submit_safely(order: PurchaseOrder, division: Division) -> None:
    """Submit one order or answer; one that cannot be, by a fault of ours, does not stop those behind it."""
    try:
        (changing.submit if order.is_answer else submit)(order, division)
    except OUTAGE:
        raise
    except Exception as error:
        log.exception("Order %s could not be handed over", order.pk)
        set_aside(order, error)


def submit(order: PurchaseOrder, division: Division) -> Posting | None:
    """Turn a ready order into a posting; None when somebody else just did, or it had to be coded anew.

    A posting that Exact refused before is used again with the new plan, so that its steps already done (the document,
    its attachments) are not repeated.
    """
    try:
        if why := last_look.why_again(order, division):
            code(order, why=why)
            return None
        with transaction.atomic():
            posting = _posting(order, division)
            order.move(
                State.POSTING,
                who=SYSTEM,
                why=_("handed to the outbox as %(reference)s") % {"reference": posting.reference},
                at=clock.now(),
                posting=posting,
            )
    except Changed:
        return None
    return posting


def plan_of(order: PurchaseOrder, division: Division, reference: str) -> dict[str, Any]:
    """Return the plan that posting would carry out for `order`: also what the pilot's page shows."""
    return plans.order_plan(order, division, reference, list(order.lines.order_by("position")))


def _posting(order: PurchaseOrder, division: Division) -> Posting:
    earlier = order.posting
    if earlier is not None and earlier.division_id != division.pk:  # of a trial: nothing of it is here
        earlier = None
    reference = earlier.reference if earlier else new_reference()
    values: dict[str, Any] = {
        "division": division,
        "method": Method.ORDER,
        "state": PostingState.WAITING,
        "plan": plan_of(order, division, reference),
        "due_date": order.receipt_date,
        "attempts": 0,
        "looks": 0,
        "words": "",
        "cause": "",
        "finished_at": None,
        "next_attempt_at": clock.now(),
    }
    if earlier is None:
        return Posting.objects.create(reference=reference, created_at=clock.now(), **values)
    if earlier.plan["look"].get("supplier") != str(order.supplier):
        values["plan"]["look"]["earlier_suppliers"] = _looked_under(earlier)
        # The document in Exact hangs on another relation and goes; only what is still unclear is looked for.
        values["steps"] = {name: one for name, one in earlier.steps.items() if one["state"] == "started"}
        if document := earlier.steps.get(DOCUMENT, {}).get("id"):
            values["plan"]["steps"].insert(0, step(EARLIER, DOCUMENTS, document, earlier))
    Posting.objects.filter(pk=earlier.pk, state__in=GIVEN_UP).update(**values)
    return earlier


def _looked_under(earlier: Posting) -> list[str]:
    """Return under which suppliers the order may be in Exact already: it was sent for them, and no answer came."""
    if earlier.steps.get(ORDER, {}).get("state") != "started":
        return []
    look = earlier.plan["look"]
    return list(dict.fromkeys([*look.get("earlier_suppliers", []), look["supplier"]]))
