"""Which orders wait for an answer about their vendor or an item: counted by the pages of these questions."""

from typing import Any

from django.db.models import F, QuerySet, Value

from apps.core.states import State
from apps.orders.models import PurchaseOrder, PurchaseOrderLine


def waiting_for_vendors() -> QuerySet[Any, Any]:
    """Return the orders that wait to hear who their vendor is, with `question` (key) and `amount`."""
    rows = PurchaseOrder.objects.filter(state=State.ATTENTION, question__isnull=False)
    return rows.order_by().values("question", amount=F("net"), document=F("pk"))


def waiting_for_items() -> QuerySet[Any, Any]:
    """Return the lines that wait to hear which item they mean, as items.askers.waiting has them."""
    rows = PurchaseOrderLine.objects.filter(order__state=State.ATTENTION, item_question__isnull=False)
    what = {
        "of": Value("orders.purchaseorder"),
        "called": Value(str(PurchaseOrder._meta.verbose_name_plural)),
    }
    return rows.order_by().values(question=F("item_question"), amount=F("net"), document=F("order"), **what)
