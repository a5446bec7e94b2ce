"""Makes the sandbox's one table out of the description of Exact's reference pages.

`python tests/contract/compacting.py` writes it anew.
"""

import json
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[2] / "apps/sandbox/exact/resources.json"

SERVED = """
current/Me system/Divisions hrm/Divisions system/AvailableFeatures
crm/Accounts sync/CRM/Accounts bulk/CRM/Accounts crm/BankAccounts
logistics/Items sync/Logistics/Items bulk/Logistics/Items logistics/ItemGroups logistics/Units
logistics/SupplierItem sync/Logistics/SupplierItem
financial/GLAccounts sync/Financial/GLAccounts bulk/Financial/GLAccounts
vat/VATCodes vat/VatPercentages hrm/Costcenters hrm/Costunits
financial/Journals cashflow/PaymentConditions financial/FinancialPeriods read/financial/JournalStatusList
purchaseentry/PurchaseEntries purchaseentry/PurchaseEntryLines
purchase/PurchaseInvoices purchase/PurchaseInvoiceLines
purchaseorder/PurchaseOrders purchaseorder/PurchaseOrderLines sync/PurchaseOrder/PurchaseOrders
documents/Documents sync/Documents/Documents bulk/Documents/Documents documents/DocumentTypes
documents/DocumentAttachments sync/Documents/DocumentAttachments bulk/Documents/DocumentAttachments
financialtransaction/TransactionLines sync/Financial/TransactionLines bulk/Financial/TransactionLines
financial/ReportingBalance read/financial/Returns read/financial/PayablesList read/financial/ReceivablesList
sync/Deleted read/sync/Sync/SyncTimestamp webhooks/WebhookSubscriptions
mailbox/Mailboxes mailbox/MailMessagesSent mailbox/MailMessageAttachments read/mailbox/DefaultMailbox
users/UserHasRights
""".split()


def compact(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return {path: {key, methods, mandatory_on_post, scope, properties}} of the served resources.

    A property is [type, may be sent in POST, in PUT, satisfies the mandatory filter, is a padded code].
    """
    return {path: _resource(metadata["resources"][path]) for path in SERVED}


def _resource(described: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": described["key"],
        "methods": described["methods"],
        "mandatory_on_post": described["mandatory_on_post"],
        "scope": described["scope"],
        "properties": {each["name"]: _property(each) for each in described["properties"]},
    }


def _property(described: dict[str, Any]) -> list[Any]:
    methods = described["methods"] or ["GET"]
    return [
        described["type"].removeprefix("Edm.").rstrip("?"),
        int("POST" in methods),
        int("PUT" in methods),
        int(bool(described.get("filter"))),
        int(bool(described.get("padded_code"))),
    ]


def text(table: dict[str, Any]) -> str:
    """Return the table as it stands in the repository: one property a line."""
    return (
        json.dumps(table, indent=0, separators=(",", ":"))
        .replace("[\n", "[")
        .replace(",\n0", ",0")
        .replace(",\n1", ",1")
        .replace("\n]", "]")
        + "\n"
    )


if __name__ == "__main__":
    facts = Path(__file__).parents[2].parent / "shared/facts/exact-metadata.json"
    TABLE.write_text(text(compact(json.loads(facts.read_text()))))
