"""Removing rows, with the trace that sync/Deleted keeps of them for two months (Exact facts 3.6)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

from django.db.models import QuerySet

from apps.sandbox.exact import outbox, store
from apps.sandbox.models import Row

DELETED = "sync/Deleted"
KEPT_FOR = timedelta(days=61)
# Deleted.EntityType by resource (facts, enums); what is not here leaves no trace. That the link of an item to
# its supplier is an ItemAccount is a guess, and that a line of an order is told like the order is one too [G].
TYPES = {
    "financialtransaction/TransactionLines": 1,
    "crm/Accounts": 2,
    "documents/DocumentAttachments": 4,
    "documents/Documents": 6,
    "financial/GLAccounts": 7,
    "logistics/Items": 9,
    "purchaseorder/PurchaseOrders": 22,
    "purchaseorder/PurchaseOrderLines": 22,
    "logistics/SupplierItem": 30,
    "crm/BankAccounts": 48,
}


def remove(rows: Iterable[Row]) -> None:
    """Delete these rows; those of a kind that sync/Deleted knows leave a trace with a row version of its own."""
    gone: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        gone[row.division].append(row)
    for division, each in gone.items():
        news = outbox.removals(each)
        Row.objects.filter(pk__in=[row.pk for row in each]).delete()
        outbox.queue(news)
        traces = [_trace(row) for row in each if row.resource in TYPES]
        if traces:
            store.put_all(DELETED, division, traces)


def remembered(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return those traces of deleted rows that are not forgotten yet."""
    return rows.filter(data__DeletedDate__gte=store.now_text(ago=KEPT_FOR))


def _trace(row: Row) -> dict[str, object]:
    return {
        "ID": str(uuid4()),
        "EntityType": TYPES[row.resource],
        "EntityKey": row.key,
        "DeletedDate": store.now_text(),
    }
