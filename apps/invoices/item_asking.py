"""Which lines of invoices wait for an answer about their item: counted by the page of these questions."""

from typing import Any

from django.db.models import F, QuerySet, Value

from apps.invoices.models import Invoice, InvoiceItem, State


def waiting_for_items() -> QuerySet[Any, Any]:
    """Return the lines that wait to hear which item they are, as items.askers.waiting has them."""
    rows = InvoiceItem.objects.filter(line__invoice__state=State.ATTENTION, question__isnull=False)
    what = {"of": Value("invoices.invoice"), "called": Value(str(Invoice._meta.verbose_name_plural))}
    return rows.order_by().values("question", amount=F("line__net"), document=F("line__invoice"), **what)
