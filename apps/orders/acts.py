"""What a person can do with an order where it now is, with the key that does it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.clients.policy import WAIVABLE
from apps.core.causes import Cause
from apps.core.states import State, WaitsFor
from apps.orders.four_eyes import waits_for_second
from apps.orders.models import PurchaseOrder, PurchaseOrderLine, Standing
from apps.orders.withdrawing import hindrance

WAITS = {State.ATTENTION, State.PROPOSED}
NEEDS_ROUTE = {Cause.NOT_OURS, Cause.SEVERAL_ADMINISTRATIONS}
ON_THE_LINES = {Cause.ITEM_UNKNOWN, Cause.NO_VAT_CODE, Cause.COST_CENTRE_MISSING}
IN_EXACT = {Cause.REJECTED_BY_EXACT, Cause.SUPPLIER_BLOCKED}  # mended there, tried again here
CAN_BE_UNDONE = set(WaitsFor) - {WaitsFor.PILOT}


@dataclass(frozen=True)
class Act:
    """One button. `opens`: the part of the page that it opens; `leads`: the page that it leads to; else it acts."""

    name: str
    label: Promise | str
    icon: str
    key: str = ""
    opens: str = ""
    leads: str = ""
    is_main: bool = False


ACCEPT = Act("accept", _("Accept"), "check", "a", is_main=True)
MAP = Act("map", _("Map vendor"), "person_search", "m", opens="map", is_main=True)
MAP_ITEM = Act("map_item", _("Map items"), "inventory_2", "m", opens="items", is_main=True)
CHANGE = Act("accept", _("Change in Exact"), "published_with_changes", "a", is_main=True)
BY_HAND = Act("accept", _("It is done in Exact"), "task_alt", "a", is_main=True)
ROUTE = Act("route", _("Choose administration"), "move_to_inbox", "m", opens="route", is_main=True)
MOVE = Act("route", _("Other administration"), "move_to_inbox", opens="route")
ANYWAY = Act("order_anyway", _("Order anyway"), "gavel", "b", is_main=True)
APPROVE = Act("order_anyway", _("Approve"), "check", "a", is_main=True)
FILL_IN = Act(
    "fill_in", _("Fill in"), "edit_note", "f", leads="admin:orders_purchaseorder_fill_in", is_main=True
)
FILL_IN_AGAIN = replace(FILL_IN, label=_("Fill in again"), is_main=False)
MEND = Act("edit", _("Edit lines"), "edit", "e", opens="edit", is_main=True)
EDIT = Act("edit", _("Edit lines"), "edit", "e", opens="edit")
SECOND = Act("approve", _("Approve"), "check", "a", is_main=True)
RETRY = Act("retry", _("Try again"), "refresh", "r")
AFTER_MENDING = Act("retry", _("Try again"), "refresh", "r", is_main=True)
LOOK = Act("retry", _("Look in Exact now"), "travel_explore", "r", is_main=True)
IGNORE = Act("ignore", _("Ignore"), "block", "i", opens="ignore")
UNDO = Act("undo", _("Undo"), "undo", "u", is_main=True)
UNDO_IN_EXACT = Act("undo", _("Undo in Exact"), "undo", "u", opens="undo")
SEEN = Act("note", _("Seen"), "visibility", "n", is_main=True)
REOPEN = Act("reopen", _("Take up again"), "unarchive", "u", is_main=True)


def acts_for(order: PurchaseOrder, lines: Iterable[PurchaseOrderLine] = ()) -> list[Act]:
    """Return the acts that fit, the one that solves it first; `lines` are those of an order that waits."""
    if order.state == State.IGNORED:
        return [REOPEN]
    if order.state == State.UNCERTAIN:
        return [LOOK]
    if order.state == State.READY:
        return [UNDO] if order.waits_for in CAN_BE_UNDONE else []
    if order.state == State.DONE:
        return _done(order)
    return _waiting(order, lines) if order.state in WAITS else []


def _done(order: PurchaseOrder) -> list[Act]:
    acts = [SEEN] if order.to_correct or order.is_news else []
    if order.standing == Standing.GONE:
        return [REOPEN, *acts]
    return acts if hindrance(order) else [*acts, UNDO_IN_EXACT]


def _answering(order: PurchaseOrder) -> list[Act]:
    """What is done with an answer: agreed with, or seen to by hand in Exact."""
    if order.state == State.PROPOSED:
        return [BY_HAND if order.is_by_hand else CHANGE, RETRY, IGNORE]
    is_to_see = order.about_id is not None and order.cause == Cause.NEEDS_APPROVAL
    return [*([SEEN] if is_to_see else []), RETRY, MOVE, IGNORE]


def _lacks_figures(order: PurchaseOrder, lines: Iterable[PurchaseOrderLine]) -> bool:
    """Tell whether a line says not how much, or at what price: that is filled in, approving does not replace it."""
    return order.cause == Cause.NEEDS_APPROVAL and any(
        line.item is not None and None in (line.ordered, line.ordered_price) for line in lines
    )


def _waiting(order: PurchaseOrder, lines: Iterable[PurchaseOrderLine]) -> list[Act]:
    if order.administration_id is None or order.cause in NEEDS_ROUTE:
        return [ROUTE, RETRY, IGNORE]
    if order.is_answer:
        return _answering(order)
    if waits_for_second(order):
        return [SECOND, EDIT, RETRY, MOVE, IGNORE]
    if order.cause == Cause.UNREADABLE and not order.line_count:
        return [FILL_IN, MOVE, IGNORE]
    acts = [ACCEPT] if order.state == State.PROPOSED else []
    if order.question_id is not None:
        acts.append(MAP)
    elif order.cause == Cause.ITEM_UNKNOWN:
        acts.append(MAP_ITEM)
    lacks_figures = _lacks_figures(order, lines)
    if order.cause in WAIVABLE and not lacks_figures:
        anyway = APPROVE if order.cause == Cause.NEEDS_APPROVAL else ANYWAY
        acts.append(replace(anyway, is_main=not acts))
    if order.cause in ON_THE_LINES or lacks_figures:
        return [*acts, replace(MEND, is_main=not acts), RETRY, MOVE, IGNORE]
    if order.cause in IN_EXACT and not any(act.is_main for act in acts):
        return [AFTER_MENDING, *acts, EDIT, MOVE, IGNORE]
    return [*acts, EDIT, *([FILL_IN_AGAIN] if order.typed else []), RETRY, MOVE, IGNORE]
