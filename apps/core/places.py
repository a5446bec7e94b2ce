"""Where a document stands in the list that it was opened from."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest, QueryDict

SEQUENCE = 500  # documents of a list that can be walked through one by one


@dataclass(frozen=True)
class Place:
    """The neighbours of a document, by their keys; `number` counts from 1, 0 when it is not in the list."""

    number: int = 0
    total: int = 0
    previous: int | None = None
    next: int | None = None


def place_of(request: HttpRequest, model_admin: Any, key: int) -> Place:
    """Return the neighbours of the row `key` in the list that the address names, in the list's own order."""
    filters = request.GET.get("_changelist_filters", "")
    asked = request.GET
    request.GET = QueryDict(filters)
    try:
        rows = model_admin.get_changelist_instance(request).queryset
        keys = list(rows.values_list("pk", flat=True)[:SEQUENCE])
    except IncorrectLookupParameters:
        keys = []
    finally:
        request.GET = asked
    return _place(keys, key)


def _place(keys: list[int], key: int) -> Place:
    if key not in keys:
        return Place(0, len(keys), None, keys[0] if keys else None)
    at = keys.index(key)
    return Place(
        at + 1,
        len(keys),
        keys[at - 1] if at else None,
        keys[at + 1] if at + 1 < len(keys) else None,
    )
