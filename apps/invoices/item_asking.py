"""Which lines of invoices wait for an answer about their item: counted by the page of these questions."""

from typing import Any

from django.db.models import F, QuerySet

from apps.invoices.models import InvoiceItem, State


def waiting_for_items() -> QuerySet[Any, Any]:
    """Return the lines that wait to hear which item they are, with `question` and `document` (keys) and `amount`."""
    rows = InvoiceItem.objects.filter(line__invoice__state=State.ATTENTION, question__isnull=False)
    return rows.order_by().values("question", amount=F("line__net"), document=F("line__invoice"))
