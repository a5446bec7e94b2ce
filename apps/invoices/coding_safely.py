"""Coding one document of many: one that cannot be coded is set aside for a person, and those behind it go on."""

from typing import Any

from apps.core import setting_aside
from apps.invoices.coding import code
from apps.invoices.models import Invoice


def code_safely(invoice: Invoice, **how: Any) -> bool:
    """Code `invoice` anew; False when another process moved it. One that cannot be coded waits for a person.

    `how`: as coding.code takes it. Raises core.setting_aside.OUTAGE.
    """
    return setting_aside.safely(code, invoice, **how)
