"""Whether what a row points at exists in its own division (Exact facts 3.5: `Ongeldige referentie`)."""

from typing import Any

from apps.sandbox.exact import store, table
from apps.sandbox.exact.errors import Problem, objection
from apps.sandbox.exact.table import Property, Resource

_ACCOUNTS, _LEDGER, _ENTRIES = "crm/Accounts", "financial/GLAccounts", "purchaseentry/PurchaseEntries"
_VAT, _CONDITIONS = "vat/VATCodes", "cashflow/PaymentConditions"
GUIDS = {
    "Account": _ACCOUNTS,
    "Accountant": _ACCOUNTS,
    "Document": "documents/Documents",
    "EntryID": _ENTRIES,
    "FinancialTransactionEntryID": _ENTRIES,
    "InvoiceAccount": _ACCOUNTS,
    "Item": "logistics/Items",
    "ItemGroup": "logistics/ItemGroups",
    "ItemUnit": "logistics/Units",
    "MailMessageID": "mailbox/MailMessagesSent",
    "Parent": _ACCOUNTS,
    "PaymentInTransitAccount": _LEDGER,
    "PrivateGLAccount": _LEDGER,
    "PurchaseOrderID": "purchaseorder/PurchaseOrders",
    "PurchaseOrderLine": "purchaseorder/PurchaseOrderLines",
    "Reseller": _ACCOUNTS,
    "Supplier": _ACCOUNTS,
    "VATNonDeductibleGLAccount": _LEDGER,
    "YearEndCostGLAccount": _LEDGER,
    "YearEndReflectionGLAccount": _LEDGER,
}
CODES = {
    "CostCenter": "hrm/Costcenters",
    "CostUnit": "hrm/Costunits",
    "Costcenter": "hrm/Costcenters",
    "Costunit": "hrm/Costunits",
    "Journal": "financial/Journals",
    "PaymentCondition": _CONDITIONS,
    "PaymentConditionPurchase": _CONDITIONS,
    "PaymentConditionSales": _CONDITIONS,
    "PurchaseUnit": "logistics/Units",
    "PurchaseVATCode": _VAT,
    "SalesVATCode": _VAT,
    "SalesVatCode": _VAT,
    "VATCode": _VAT,
}
PEOPLE = frozenset({"UserID"})  # no row of a division


def target(prop: Property) -> str | None:
    """Return the resource that a Guid field points into; None when that is nothing the sandbox keeps."""
    return GUIDS.get(prop.name) or (_LEDGER if prop.name.startswith("GL") else None)


def is_reference(resource: Resource, prop: Property) -> bool:
    """Tell whether a field points at another row."""
    if prop.name in resource.key or prop.name in PEOPLE or prop.is_list:
        return False
    return prop.type == "Guid" or (
        prop.type == "String" and resource.base != CODES.get(prop.name, resource.base)
    )


def problems(
    resource: Resource, division: int, data: dict[str, Any], but: frozenset[str] = frozenset()
) -> list[Problem]:
    """Return an objection for each field of `data` that points at nothing in this division."""
    found = []
    for name, value in data.items():
        prop = resource.properties[name]
        if value and name not in but and is_reference(resource, prop) and not _exists(prop, division, value):
            found.append(Problem("reference", name))
        elif prop.is_list:
            inner = table.get(table.LISTS[name])
            found += [each for line in value for each in problems(inner, division, line, but)]
    return found


def check(resource: Resource, division: int, data: dict[str, Any], but: frozenset[str] = frozenset()) -> None:
    """Raise Objection when something points at nothing; `but` names fields that others check."""
    found = problems(resource, division, data, but)
    if found:
        raise objection(*found)


def _exists(prop: Property, division: int, value: str) -> bool:
    if prop.type == "String":
        return store.by_mark(CODES[prop.name], division, value) is not None
    path = target(prop)
    if path is None:
        return False
    if store.rows(path, division).filter(key=value).exists():
        return True
    lines = "financialtransaction/TransactionLines"
    return prop.name == "FinancialTransactionEntryID" and store.children(lines, division, value).exists()
