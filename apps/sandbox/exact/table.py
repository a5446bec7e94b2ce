"""The one table of resources: what exists, which verbs, which fields of which type, who may write them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SCALARS = frozenset(
    {"Guid", "String", "DateTime", "Boolean", "Double", "Byte", "Int16", "Int32", "Int64", "Binary"}
)
BASES = {
    "CRM/Accounts": "crm/Accounts",
    "Logistics/Items": "logistics/Items",
    "Logistics/SupplierItem": "logistics/SupplierItem",
    "Financial/GLAccounts": "financial/GLAccounts",
    "Financial/TransactionLines": "financialtransaction/TransactionLines",
    "Documents/Documents": "documents/Documents",
    "Documents/DocumentAttachments": "documents/DocumentAttachments",
}
# Which list property holds the rows of which resource; a list that is not here is always empty.
LISTS = {
    "BankAccounts": "crm/BankAccounts",
    "VATPercentages": "vat/VatPercentages",
    "PurchaseEntryLines": "purchaseentry/PurchaseEntryLines",
    "PurchaseInvoiceLines": "purchase/PurchaseInvoiceLines",
    "PurchaseOrderLines": "purchaseorder/PurchaseOrderLines",
}


@dataclass(frozen=True, slots=True)
class Property:
    """A field: its EDM type without prefix, and whether POST and PUT may carry it."""

    name: str
    type: str
    post: bool
    put: bool
    filterable: bool
    padded: bool

    @property
    def is_list(self) -> bool:
        """Whether this is a list of other entities."""
        return self.type not in SCALARS


@dataclass(frozen=True, slots=True)
class Resource:
    """An entity set. `base` is the path under which its rows are kept (that of the plain service)."""

    path: str
    base: str
    key: tuple[str, ...]
    methods: frozenset[str]
    mandatory: tuple[str, ...]
    scope: str
    properties: dict[str, Property]

    @property
    def service(self) -> str:
        """Kind of service: "sync", "bulk", "read", or "" for the plain ones."""
        kind = self.path.split("/", 1)[0]
        return kind if kind in ("sync", "bulk", "read") else ""

    @property
    def page_size(self) -> int | None:
        """Rows per page (Exact facts 3.2): 1,000 for sync and bulk, 60, or None: all at once."""
        return {"sync": 1000, "bulk": 1000, "read": None}.get(self.service, 60)

    @property
    def entity_type(self) -> str:
        """Name of the entity's type as `__metadata` tells it."""
        name = self.path.rsplit("/", 1)[-1]
        return f"Exact.Web.Api.Models.{name.removesuffix('s')}"

    @property
    def filter_fields(self) -> frozenset[str]:
        """The fields of which a list GET must filter on one (Exact facts 3.6); empty: none needed."""
        return frozenset(each.name for each in self.properties.values() if each.filterable)


def _resource(path: str, raw: dict[str, Any]) -> Resource:
    base = path.split("/", 1)[1] if path.startswith(("sync/", "bulk/")) else path
    return Resource(
        path=path,
        base=BASES.get(base, path),
        key=tuple(raw["key"]),
        methods=frozenset(raw["methods"]),
        mandatory=tuple(raw["mandatory_on_post"]),
        scope=raw["scope"],
        properties={
            name: Property(name, type_, *(bool(flag) for flag in flags))
            for name, (type_, *flags) in raw["properties"].items()
        },
    )


@cache
def resources() -> dict[str, Resource]:
    """Return every served resource by path."""
    raw = json.loads((Path(__file__).parent / "resources.json").read_text())
    return {path: _resource(path, described) for path, described in raw.items()}


def get(path: str) -> Resource:
    """Return one resource; KeyError when it is not served."""
    return resources()[path]
