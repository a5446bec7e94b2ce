"""Checks a request body against the table: fields, verbs, types, what is mandatory (Exact facts 3.5, 4)."""

import json
from typing import Any

from apps.sandbox.exact import literals, table
from apps.sandbox.exact.errors import Problem, objection, stream
from apps.sandbox.exact.table import Property, Resource

# The lists that a POST may carry, with the field of their rows that the owner fills.
NESTED = {
    "PurchaseEntryLines": "EntryID",
    "PurchaseInvoiceLines": "InvoiceID",
    "PurchaseOrderLines": "PurchaseOrderID",
}


def parse(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in a body; raises Refused (400)."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise stream("The request body is not valid JSON.") from error
    if not isinstance(found, dict):
        raise stream("The request body is not a JSON object.")
    return found


def posted(resource: Resource, body: dict[str, Any]) -> dict[str, Any]:
    """Return the canonical values of a POST; raises Refused (400) or Objection (500, all that is missing)."""
    data = _typed(resource, body, "post")
    problems = _missing(resource, data)
    for name in NESTED.keys() & data.keys():
        inner = table.get(table.LISTS[name])
        data[name] = [_typed(inner, line, "post") for line in data[name]]
        problems += [each for line in data[name] for each in _missing(inner, line, but=NESTED[name])]
    if problems:
        raise objection(*problems)
    return data


def put(resource: Resource, body: dict[str, Any]) -> dict[str, Any]:
    """Return the canonical values of a partial PUT; raises Refused (400) or Objection (500)."""
    lists = [name for name in body if name in resource.properties and resource.properties[name].is_list]
    if lists:
        raise stream(f"The property '{lists[0]}' cannot be updated; use its own endpoint.")
    data = _typed(resource, body, "put")
    emptied = [Problem("mandatory", name) for name in resource.mandatory if _is_empty(data.get(name, "kept"))]
    if emptied:
        raise objection(*emptied)
    return data


def _typed(resource: Resource, body: Any, verb: str) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise stream("An entity is not a JSON object.")
    return {name: _value(resource, name, value, verb) for name, value in body.items() if name != "__metadata"}


def _value(resource: Resource, name: str, value: Any, verb: str) -> Any:
    prop = resource.properties.get(name)
    if prop is None:
        raise stream(f"The property name '{name}' specified for type '{resource.entity_type}' is not valid.")
    if not (prop.post if verb == "post" else prop.put):
        raise stream(f"The property '{name}' of type '{resource.entity_type}' is read-only.")
    if prop.is_list:
        return _rows(prop, value)
    try:
        return literals.incoming(prop.type, value)
    except ValueError as error:
        raise stream(
            f"Error encountered in converting the value from request payload for property '{name}' to type "
            f"'Edm.{prop.type}', which is the property's expected type. See inner exception for more detail."
        ) from error


def _rows(prop: Property, value: Any) -> list[Any]:
    rows = value.get("results") if isinstance(value, dict) else value
    if not isinstance(rows, list) or (rows and prop.name not in NESTED):
        raise stream(f"The list '{prop.name}' cannot be sent like this.")
    return rows


def _is_empty(value: Any) -> bool:
    return value in (None, "", [])


def _missing(resource: Resource, data: dict[str, Any], but: str = "") -> list[Problem]:
    return [
        Problem("mandatory", name) for name in resource.mandatory if name != but and _is_empty(data.get(name))
    ]
