"""The next step of a document in its administration: an order is coded, an answer is compared with its order."""

from apps.core.setting_aside import safely
from apps.core.states import SYSTEM
from apps.orders import confirming
from apps.orders.coding_safely import code_safely
from apps.orders.models import PurchaseOrder


def go_on(order: PurchaseOrder, *, who: str = SYSTEM, why: str = "") -> bool:
    """Bring `order` on from RECEIVED; False when another process moved it. What cannot be waits for a person.

    `who` and `why` stand in its history.
    """
    if not order.is_answer:
        return code_safely(order, who=who, why=why)
    return safely(confirming.settle, order, who=who, why=why)
