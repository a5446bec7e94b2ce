"""The query options of a list GET, checked as Exact checks them (Exact facts 3.1 and 3.6)."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.sandbox.exact import expressions
from apps.sandbox.exact.errors import Refused, syntax
from apps.sandbox.exact.table import Property, Resource
from apps.sandbox.models import Switches

KNOWN = frozenset(
    {"$select", "$filter", "$orderby", "$top", "$expand", "$skiptoken", "$inlinecount", "$format"}
)
LEDGER = "financialtransaction/TransactionLines"
DEMANDING = frozenset({"crm/Accounts", "logistics/Items", LEDGER})
# The only fields that a filter may name; for the link of an item to its supplier that is what worked in 2022.
ONLY_FILTERS = {
    "bulk/Documents/DocumentAttachments": frozenset({"Document", "ID"}),
    "logistics/SupplierItem": frozenset({"ID"}),
}
NO_STAR = frozenset(
    {"sync/Logistics/Items", "sync/Logistics/SupplierItem", "sync/PurchaseOrder/PurchaseOrders"}
)


@dataclass(slots=True)
class Query:
    """What a list GET asks for. `after` is what the skiptoken holds: [order value, key]."""

    select: tuple[str, ...]
    expand: frozenset[str]
    filter: expressions.Filter | None
    order: Property | None
    descending: bool
    top: int | None
    after: list[Any] | None
    count: bool


def token(order_value: Any, key: Any) -> str:
    """Return an opaque skiptoken that stands behind the row with this order value and key."""
    raw = json.dumps([order_value, key], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _after(text: str | None) -> list[Any] | None:
    if text is None:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError as error:
        raise syntax("Bad $skiptoken.") from error
    if not isinstance(found, list) or len(found) != 2:
        raise syntax("Bad $skiptoken.")
    return found


def parse(
    options: Mapping[str, str], resource: Resource, switches: Switches, *, listing: bool = True
) -> Query:
    """Return the checked query; raises Refused (400). What lists must carry, a GET by key need not."""
    unknown = [name for name in options if name.startswith("$") and name not in KNOWN]
    if unknown:
        raise syntax(f"The query parameter '{unknown[0]}' is not supported.")
    select, expand = _select(options, resource)
    found = Query(
        select=select,
        expand=expand,
        filter=expressions.parse(options["$filter"], resource) if "$filter" in options else None,
        order=None,
        descending=False,
        top=_top(options.get("$top")),
        after=_after(options.get("$skiptoken")),
        count=_count(options.get("$inlinecount")),
    )
    if found.filter and found.expand:
        raise syntax("$filter together with $expand of a list is not supported.")
    found.order, found.descending = _order(options.get("$orderby"), resource)
    if listing:
        _demands(found, options, resource, switches)
    return found


def _select(options: Mapping[str, str], resource: Resource) -> tuple[tuple[str, ...], frozenset[str]]:
    expand = [name.strip() for name in options.get("$expand", "").split(",") if name.strip()]
    for name in expand:
        if name not in resource.properties or not resource.properties[name].is_list:
            raise syntax(f"Cannot expand '{name}'.")
    names = [name.strip() for name in options.get("$select", "").split(",") if name.strip()]
    if "*" in names and resource.path in NO_STAR:
        raise syntax("$select=* is not supported.")
    if not names or "*" in names:
        return tuple(resource.properties), frozenset(expand)
    for name in names:
        if name.split("/")[0] not in resource.properties:
            raise syntax(f"No property '{name}' exists in type '{resource.entity_type}'.")
    return tuple(dict.fromkeys(name.split("/")[0] for name in names)), frozenset(expand)


def _top(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.strip().isdigit():
        raise syntax("Incorrect format for $top.")
    return int(text)


def _count(text: str | None) -> bool:
    if text not in (None, "none", "allpages"):
        raise syntax("Unknown $inlinecount.")
    return text == "allpages"


def _order(text: str | None, resource: Resource) -> tuple[Property | None, bool]:
    if text is None:
        return None, False
    words = text.split()
    if not 1 <= len(words) <= 2 or "," in text or words[1:] not in ([], ["asc"], ["desc"]):
        raise syntax("$orderby takes one field.")
    prop = resource.properties.get(words[0])
    if prop is None or prop.is_list:
        raise syntax(f"No property '{words[0]}' exists in type '{resource.entity_type}'.")
    return prop, words[1:] == ["desc"]


def _demands(query: Query, options: Mapping[str, str], resource: Resource, switches: Switches) -> None:
    fields = query.filter.fields if query.filter else frozenset()
    demanding = resource.path in DEMANDING and (resource.path != LEDGER or switches.ledger_needs_filter)
    if demanding and not fields & resource.filter_fields:
        raise Refused(
            400,
            "This endpoint has mandatory filtering applied. Please add a $filter on one of: "
            + ", ".join(sorted(resource.filter_fields)),
        )
    if resource.service == "bulk" and "$select" not in options and query.top != 1:
        raise Refused(400, "Please add a $select or a $top=1 statement to the query string.")
    refused = fields - ONLY_FILTERS.get(resource.path, fields)
    if refused:
        raise _unfilterable(refused)
    if resource.service == "sync":
        _sync_demands(query, fields)


def _sync_demands(query: Query, fields: frozenset[str]) -> None:
    """Refuse all but `Timestamp gt`; that the rows cannot be counted either is a careful reading [G]."""
    if fields - {"Timestamp"} or (query.filter and query.filter.above is None):
        raise _unfilterable(fields)
    if query.order or query.count:
        raise syntax("Only $select, $filter and $top are supported here.")


def _unfilterable(fields: frozenset[str]) -> Refused:
    return Refused(400, f"Filtering on these fields is not supported: {', '.join(sorted(fields))}")
