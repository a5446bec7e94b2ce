"""GET: one row, a list page by page, or a count."""

import base64
import itertools
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from apps.sandbox.exact import answers, atom, documents, expressions, order_feed, query, rights, store, table
from apps.sandbox.exact.calling import Calling
from apps.sandbox.exact.errors import Refused
from apps.sandbox.exact.query import Query
from apps.sandbox.exact.table import Resource
from apps.sandbox.models import Row

Data = dict[str, Any]


def get(call: Calling) -> HttpResponse:
    """Answer a GET; raises Refused."""
    if call.address.list:
        return _inner_list(call)
    if call.address.key is not None:
        return _one(call)
    if call.resource.path == rights.PATH:
        return shape(call, {"d": {"UserHasRights": rights.has(call)}})
    wanted = query.parse(call.request.GET.dict(), call.resource, call.switches)
    if call.address.count:
        return HttpResponse(str(_count(call, wanted)), content_type="text/plain; charset=utf-8")
    return _page(call, wanted)


def shape(call: Calling, body: Data, status: int = 200) -> HttpResponse:
    """Return the body as JSON when the caller asked for it, else as Atom (Exact facts 3.1)."""
    asked = call.request.headers.get("Accept", "") + call.request.GET.get("$format", "")
    return answers.as_json(body, status) if "json" in asked else atom.answer(body, status)


def _renderer(call: Calling, wanted: Query | None = None) -> answers.Renderer:
    select, expand = (wanted.select, wanted.expand) if wanted else (None, frozenset[str]())
    return answers.Renderer(
        call.root, call.division, call.resource, select, expand, trimmed=call.switches.trimmed_texts
    )


def _one(call: Calling) -> HttpResponse:
    wanted = query.parse(call.request.GET.dict(), call.resource, call.switches, listing=False)
    row = call.row()
    if call.resource.path == order_feed.PATH:
        (row,) = order_feed.told(call.division, [row])
    entity = _finished(call, _renderer(call, wanted).entity(row), row)
    return shape(call, {"d": entity})


def _inner_list(call: Calling) -> HttpResponse:
    row = call.row()
    prop = call.resource.properties.get(call.address.list or "")
    if prop is None or not prop.is_list:
        raise Refused(404, f"Resource not found for the segment '{call.address.list}'.")
    path = table.LISTS.get(prop.name)
    found: list[Data] = []
    if path:
        renderer = answers.Renderer(
            call.root, call.division, table.get(path), trimmed=call.switches.trimmed_texts
        )
        found = [renderer.entity(each) for each in store.children(path, call.division, row.key)]
    return shape(call, answers.collection(found, bare=False, total=None, following=None))


def _finished(call: Calling, entity: Data, row: Row) -> Data:
    if call.resource.path == "system/Divisions" and "Current" in entity:
        entity["Current"] = row.key == str(call.division)
    if call.resource.path == documents.ATTACHMENTS and "Attachment" in entity:
        kept = documents.content(row.key)
        entity["Attachment"] = base64.b64encode(kept).decode() if kept is not None else None
    return entity


def _page(call: Calling, wanted: Query) -> HttpResponse:
    size = call.resource.page_size
    limit = min(bound for bound in (size, wanted.top, 10**9) if bound is not None)
    total = _count(call, replace(wanted, after=None)) if wanted.count else None
    rows = list(itertools.islice(_matching(call, wanted), limit + 1))
    more, rows = len(rows) > limit, rows[:limit]
    within = wanted.top is not None and (size is None or wanted.top <= size)
    following = _following(call, wanted, rows[-1]) if more and not within else None
    renderer = _renderer(call, wanted)
    shown = order_feed.told(call.division, rows) if call.resource.path == order_feed.PATH else rows
    entities = [_finished(call, renderer.entity(row), row) for row in shown]
    bare = within and wanted.after is None and not wanted.count
    return shape(call, answers.collection(entities, bare=bare, total=total, following=following))


def _count(call: Calling, wanted: Query) -> int:
    if wanted.filter is None and call.made({}) is None:
        return call.rows().count()
    return sum(1 for _row in _matching(call, wanted))


def _following(call: Calling, wanted: Query, last: Row) -> str:
    key: Any = last.timestamp if call.resource.service == "sync" else last.key
    value = last.data.get(wanted.order.name) if wanted.order else None
    left = str(wanted.top - (call.resource.page_size or 0)) if wanted.top is not None else None
    return answers.next_link(call.request, **{"$skiptoken": query.token(value, key), "$top": left})


def _matching(call: Calling, wanted: Query) -> Iterable[Row]:
    made = call.made(wanted.filter.equal if wanted.filter else {})
    if made is not None:
        return _sorted(wanted, [row for row in made if _fits(wanted, row)], _place_of(call.resource))
    rows = _narrowed(call, wanted)
    if call.resource.service == "sync":
        after = max(wanted.after[1] if wanted.after else 0, (wanted.filter and wanted.filter.above) or 0)
        return rows.filter(timestamp__gt=after).order_by("timestamp").iterator(chunk_size=250)
    if wanted.order is not None:
        return _sorted(wanted, [row for row in rows if _fits(wanted, row)], str)
    later = rows.filter(key__gt=wanted.after[1]) if wanted.after else rows
    return (row for row in later.order_by("key").iterator(chunk_size=100) if _fits(wanted, row))


def _fits(wanted: Query, row: Row) -> bool:
    return wanted.filter is None or wanted.filter.test(_fields(row))


def _fields(row: Row) -> Data:
    return {**row.data, "Timestamp": row.timestamp}


def _narrowed(call: Calling, wanted: Query) -> QuerySet[Row]:
    rows = call.rows()
    if wanted.filter is None:
        return rows
    for name, value in wanted.filter.equal.items():
        if store.PARENTS.get(call.resource.base) == name:
            rows = rows.filter(parent=value)
        elif call.resource.key == (name,):
            rows = rows.filter(key=str(value))
        else:
            rows = rows.filter(**{f"data__{name}": value})
    return rows


def _place_of(resource: Resource) -> Callable[[str], Any]:
    """Return what turns a key into its place: keys that are numbers come in their order."""
    whole = len(resource.key) == 1 and resource.properties[resource.key[0]].type.startswith("Int")
    return int if whole else str


def _sorted(wanted: Query, rows: list[Row], place_of: Callable[[str], Any]) -> list[Row]:
    order = expressions.reader(wanted.order) if wanted.order else None

    def place(data: Data, key: str) -> tuple[Any, ...]:
        value = order(data) if order else None
        return (True, value, place_of(key)) if value is not None else (False, place_of(key))

    rows.sort(key=lambda row: place(_fields(row), row.key), reverse=wanted.descending)
    if wanted.after is None:
        return rows
    name = wanted.order.name if wanted.order else ""
    last = place({name: wanted.after[0]}, wanted.after[1])
    if wanted.descending:
        return [row for row in rows if place(_fields(row), row.key) < last]
    return [row for row in rows if place(_fields(row), row.key) > last]
