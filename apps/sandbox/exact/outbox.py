"""What webhooks are to tell: a change of a subscribed topic becomes deliveries, in the transaction of the change."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, timedelta

from django.conf import settings

from apps.core import clock
from apps.sandbox.models import Delivery, RegisteredApp, Row, Switches

SUBSCRIPTIONS = "webhooks/WebhookSubscriptions"
# The topics whose changes are told. Ledger lines are told by the topics of the entry kinds (Exact facts 4.8).
_FIRES = {
    "crm/Accounts": "Accounts",
    "crm/BankAccounts": "BankAccounts",
    "documents/DocumentAttachments": "DocumentAttachments",
    "documents/Documents": "Documents",
    "financial/GLAccounts": "GLAccounts",
    "logistics/Items": "Items",
    "purchaseentry/PurchaseEntries": "PurchaseEntries",
    "purchaseentry/PurchaseEntryLines": "PurchaseEntries",  # a topic of entries fires for their lines too (7)
    "purchaseorder/PurchaseOrders": "PurchaseOrders",
    "purchaseorder/PurchaseOrderLines": "PurchaseOrders",
}
# The topics that one may subscribe to besides; what they are about is not written here.
_SILENT = (
    "Contacts Opportunities HostingOpportunities Quotations JournalStatus BankEntries CashEntries "
    "GeneralJournalEntries FinancialTransactions StockPositions MailMessagesSent MailMessageAttachments "
    "CostTransactions TimeTransactions ProjectPlanning SalesEntries SalesInvoices SalesOrders "
    "GoodsDeliveries Subscriptions"
)
TOPICS = frozenset(_FIRES.values()) | frozenset(_SILENT.split())


def changes(rows: Iterable[Row]) -> list[Delivery]:
    """Return the news that these rows of one resource, about to be written, are to others; not stored yet."""
    rows = list(rows)
    subscriptions = _subscriptions(rows)
    if not subscriptions:
        return []
    same = Row.objects.filter(resource=rows[0].resource, division=rows[0].division)
    known = set(same.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
    acts = [(row, "Update" if row.key in known else "Create") for row in rows]
    return _deliveries(subscriptions, acts)


def removals(rows: Iterable[Row]) -> list[Delivery]:
    """Return the news that these rows of one division, about to be removed, are to others; not stored yet."""
    found: list[Delivery] = []
    for row in rows:
        found += _deliveries(_subscriptions([row]), [(row, "Delete")])
    return found


def queue(news: list[Delivery]) -> None:
    """Store news, to be sent when it is due."""
    if news:
        Delivery.objects.bulk_create(news)


def _subscriptions(rows: list[Row]) -> list[Row]:
    topic = _FIRES.get(rows[0].resource) if rows else None
    if topic is None:
        return []
    made = Row.objects.filter(resource=SUBSCRIPTIONS, division=rows[0].division)
    return [subscription for subscription in made if subscription.data.get("Topic") == topic]


def _deliveries(subscriptions: list[Row], acts: list[tuple[Row, str]]) -> list[Delivery]:
    if not subscriptions:
        return []
    switches = Switches.objects.filter(pk=1).first() or Switches()
    due_at = clock.now() + timedelta(seconds=switches.webhook_delay_seconds)
    secrets = dict(RegisteredApp.objects.values_list("client_id", "webhook_secret"))
    bodies = [
        (to.data["CallbackURL"], _body(to, row, act, secrets)) for row, act in acts for to in subscriptions
    ]
    # What comes twice is the same notification, to the byte: it was one event (7).
    return [
        Delivery(url=url, body=body, due_at=due_at)
        for url, body in bodies
        for _time in range(switches.webhook_times)
    ]


def _body(to: Row, row: Row, act: str, secrets: dict[str, str]) -> str:
    """Return what is sent: JSON without blanks, signed over the text of its Content (Exact facts 7)."""
    client_id = to.data["ClientID"]
    root = f"{settings.SANDBOX_URL}/exact/api/v1/{row.division}"
    content = json.dumps(
        {
            "Topic": to.data["Topic"],
            "ClientId": f"{{{client_id}}}",
            "Division": row.division,
            "Action": act,
            "Key": row.key,
            "ExactOnlineEndpoint": f"{root}/{row.resource}(guid'{row.key}')",
            "EventCreatedOn": clock.now()
            .astimezone(UTC)
            .replace(tzinfo=None)
            .isoformat(timespec="milliseconds"),
        },
        separators=(",", ":"),
    )
    secret = secrets.get(client_id) or settings.SANDBOX_EXACT_WEBHOOK_SECRET
    signed = hmac.new(secret.encode(), content.encode(), hashlib.sha256).hexdigest().upper()
    return f'{{"Content":{content},"HashCode":"{signed}"}}'
