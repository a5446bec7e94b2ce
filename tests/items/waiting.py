"""Lines of orders that wait for an item, as the floor above tells of them."""

from typing import Any

from django.db.models import F, QuerySet, Value

from apps.orders.models import PurchaseOrderLine, State
from tests.orders.factories import PurchaseOrderFactory, PurchaseOrderLineFactory


def lines(of: str = "orders.purchaseorder", called: str = "orders") -> QuerySet[Any, Any]:
    """Return them; named in settings.ITEM_ASKERS."""
    rows = PurchaseOrderLine.objects.filter(order__state=State.ATTENTION, item_question__isnull=False)
    return rows.values(
        question=F("item_question"),
        amount=F("net"),
        document=F("order"),
        of=Value(of),
        called=Value(called),
    )


def lines_of_invoices() -> QuerySet[Any, Any]:
    """Return the same, as if they were lines of invoices."""
    return lines("invoices.invoice", "invoices")


def order(*questions: Any, net: str = "10.00") -> Any:
    """Make an order with a line that waits for each of these questions."""
    made = PurchaseOrderFactory(
        administration=questions[0].administration, state=State.ATTENTION, cause="item_unknown"
    )
    for position, question in enumerate(questions, start=1):
        PurchaseOrderLineFactory(order=made, position=position, item_question=question, net=net)
    return made
