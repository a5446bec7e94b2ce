"""Coding one order of many: one that cannot be coded is set aside for a person, and those behind it go on."""

from typing import Any

from apps.core import setting_aside
from apps.orders.coding import code
from apps.orders.models import PurchaseOrder


def code_safely(order: PurchaseOrder, **how: Any) -> bool:
    """Code `order` anew; False when another process moved it. One that cannot be coded waits for a person.

    `how`: as coding.code takes it. Raises core.setting_aside.OUTAGE.
    """
    return setting_aside.safely(code, order, **how)
