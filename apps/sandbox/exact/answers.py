"""What Exact answers, in its verbose JSON of OData v2 (Exact facts 3.2)."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse

from apps.sandbox.exact import literals, store, table
from apps.sandbox.exact.table import Property, Resource
from apps.sandbox.models import Row

JSON = "application/json; charset=utf-8"
_IN_KEYS = "'=,"
# Texts of a fixed width, by resource (empty: any) and field; blanks fill them up on the right.
_WIDTHS = {
    ("vat/VATCodes", "Code"): 3,
    ("crm/Accounts", "Country"): 3,
    ("crm/Accounts", "Language"): 10,
    ("crm/Accounts", "State"): 3,
    ("", "PurchaseVATCode"): 3,
    ("", "SalesVATCode"): 3,
    ("", "SalesVatCode"): 3,
    ("", "VATCode"): 3,
}


def root(request: HttpRequest) -> str:
    """Return the absolute address of `/api/v1` as the caller sees it."""
    host = request.META.get("HTTP_HOST", "127.0.0.1")
    return f"{request.scheme}://{host}{request.path[: request.path.index('/api/')]}/api/v1"


def entity_uri(base: str, division: int, resource: Resource, data: dict[str, Any]) -> str:
    """Return the address of one entity."""
    types = [resource.properties[name].type for name in resource.key]
    values = [
        literals.key_literal(type_, data.get(name)) for type_, name in zip(types, resource.key, strict=True)
    ]
    inner = values[0] if len(values) == 1 else ",".join(map("=".join, zip(resource.key, values, strict=True)))
    return f"{base}/{division}/{resource.path}({quote(inner, safe=_IN_KEYS)})"


class Renderer:
    """Turns rows of one resource into entities with the selected fields."""

    def __init__(
        self,
        base: str,
        division: int,
        resource: Resource,
        select: Iterable[str] | None = None,
        expand: frozenset[str] = frozenset(),
        *,
        trimmed: bool = False,
    ) -> None:
        self.base, self.division, self.resource, self.expand = base, division, resource, expand
        self.trimmed = trimmed
        props = [resource.properties[name] for name in (select or resource.properties)]
        self.lists = [prop for prop in props if prop.is_list]
        self.fields: list[tuple[str, Callable[[Any], Any] | None]] = [
            (prop.name, self._shower(prop)) for prop in props if not prop.is_list
        ]
        self.hidden = {"Attachment"} if resource.service in ("sync", "bulk") else frozenset[str]()

    def entity(self, row: Row) -> dict[str, Any]:
        """Return one row as an entity."""
        data = {**row.data, "Timestamp": row.timestamp}
        uri = entity_uri(self.base, self.division, self.resource, data)
        shown: dict[str, Any] = {"__metadata": {"uri": uri, "type": self.resource.entity_type}}
        for name, show in self.fields:
            value = data.get(name)
            shown[name] = show(value) if show and value is not None else value
        for name in self.hidden & shown.keys():
            shown[name] = None
        for prop in self.lists:
            shown[prop.name] = self._list(prop, row, uri)
        return shown

    def _shower(self, prop: Property) -> Callable[[Any], Any] | None:
        """Return what shows a value; codes of fixed width come with blanks (Exact facts 3.4)."""
        width = _WIDTHS.get((self.resource.base, prop.name)) or _WIDTHS.get(("", prop.name))
        if self.trimmed or not (prop.padded or width):
            return literals.shower(prop.type)
        return (lambda text: str(text).rjust(18)) if prop.padded else lambda text: str(text).ljust(width or 0)

    def _list(self, prop: Property, row: Row, uri: str) -> dict[str, Any]:
        if prop.name not in self.expand:
            return {"__deferred": {"uri": f"{uri}/{prop.name}"}}
        path = table.LISTS.get(prop.name)
        if path is None:
            return {"results": []}
        inner = Renderer(self.base, self.division, table.get(path), trimmed=self.trimmed)
        return {"results": [inner.entity(each) for each in store.children(path, row.division, row.key)]}


def collection(
    entities: list[dict[str, Any]], *, bare: bool, total: int | None, following: str | None
) -> dict[str, Any]:
    """Return the `d` of a list; `bare` leaves the wrapper out, as for a small `$top` (Exact facts 3.2)."""
    if bare:
        return {"d": entities}
    wrapped: dict[str, Any] = {"results": entities}
    if total is not None:
        wrapped["__count"] = str(total)
    if following is not None:
        wrapped["__next"] = following
    return {"d": wrapped}


def next_link(request: HttpRequest, **changes: str | None) -> str:
    """Return the absolute address of the next page: the same options with these changed."""
    options = {**request.GET.dict(), **changes}
    kept = {name: value for name, value in options.items() if value is not None}
    base = root(request).removesuffix("/api/v1")
    tail = quote(request.path[request.path.index("/api/") :], safe="/()'$=,")
    return f"{base}{tail}?{urlencode(kept, quote_via=quote, safe='$')}"


def as_json(body: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return a JSON answer."""
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=JSON)
