"""The second look at an order above the amount that asks for two people."""

from django.utils.translation import gettext as _

from apps.clients import policy
from apps.clients.models import Mode
from apps.core import clock
from apps.core.states import State
from apps.orders import four_eyes
from apps.orders.as_seen import refuse_forgotten, seen
from apps.orders.coding import in_the_way, waits_until
from apps.orders.models import PurchaseOrder
from apps.orders.refused import Refused
from apps.people.models import User


def approve(order: PurchaseOrder, *, by: User, version: int) -> None:
    """Agree as the second person with an order that one agreed with; `version` is the one that was seen.

    It is ordered after the minutes for undo. What stands in the way is looked at again. Raises Refused when it waits
    for something else or `by` had the first look, and core.transitions.Changed when it moved since.
    """
    seen(order, version)
    if order.state != State.ATTENTION or not four_eyes.waits_for_second(order):
        raise Refused(_("This document waits for no second person."))
    if by.pk in four_eyes.looked(order):
        raise Refused(_("You edited or accepted this order yourself. A second person must approve it."))
    refuse_forgotten(order)
    if missing := in_the_way(order):
        words = _("Since it was accepted something came in the way. Try it again first. %(what)s")
        raise Refused(words % {"what": missing[0].detail})
    mode = order.administration.mode if order.administration else Mode.PROPOSE
    decision = policy.decide(mode, (), waived=(), accepted=True)
    order.move(
        decision.state,
        who=str(by),
        why=_("approved as the second person"),
        at=clock.now(),
        waits_for=decision.waits_for,
        waits_until=waits_until(decision),
        touched=True,
    )
