"""The next step of a document in its administration: an order is coded, an answer is compared with its order."""

import logging

from apps.core.states import SYSTEM
from apps.core.transitions import Changed
from apps.orders import confirming
from apps.orders.coding_safely import code_safely, set_aside
from apps.orders.models import PurchaseOrder
from apps.posting.drain import OUTAGE

log = logging.getLogger(__name__)


def go_on(order: PurchaseOrder, *, who: str = SYSTEM, why: str = "") -> bool:
    """Bring `order` on from RECEIVED; False when another process moved it. What cannot be waits for a person.

    `who` and `why` stand in its history.
    """
    if not order.is_answer:
        return code_safely(order, who=who, why=why)
    try:
        confirming.settle(order, who=who, why=why)
    except OUTAGE:
        raise
    except Changed:
        return False
    except Exception as error:  # a poisoned answer must not stop those behind it
        log.exception("Answer %s could not be settled", order.pk)
        set_aside(order, error)
    return True
