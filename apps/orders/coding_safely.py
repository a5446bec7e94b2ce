"""Coding one order of many: one that cannot be coded is set aside for a person, and those behind it go on."""

import logging
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.causes import Cause
from apps.core.states import SYSTEM, State
from apps.core.transitions import Changed
from apps.orders.coding import code
from apps.orders.models import PurchaseOrder
from apps.posting.drain import OUTAGE

log = logging.getLogger(__name__)


def code_safely(order: PurchaseOrder, **how: Any) -> bool:
    """Code `order` anew; False when another process moved it. One that cannot be coded waits for a person.

    `how`: as coding.code takes it.
    """
    try:
        code(order, **how)
    except OUTAGE:
        raise
    except Changed:
        return False
    except Exception as error:  # a poisoned order must not stop those behind it
        log.exception("Order %s could not be coded", order.pk)
        set_aside(order, error)
    return True


def set_aside(order: PurchaseOrder, error: Exception) -> None:
    """Let a person see what a fault of ours stopped, rather than trying each minute for ever."""
    detail = our_fault(error)
    order.refresh_from_db()
    with suppress(Changed):
        order.move(
            State.ATTENTION,
            who=SYSTEM,
            why=detail,
            at=clock.now(),
            cause=Cause.UNREADABLE,
            detail=detail,
            question=None,  # no answer about its vendor, given or taken back, moves it on
            mapping=None,
        )


def our_fault(error: Exception) -> str:
    """Return the sentence for people about a fault of ours."""
    return _("Something went wrong in Postkamer itself: %(error)s") % {"error": type(error).__name__}
