"""Exact's rows as rows of a mirror: written page by page, and marked as gone when Exact has them no more."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.exact.models import Division, Entity, Guided, Mirrored
from apps.exact.resources import Resource
from apps.exact.values import guid_of, text_of

Row = dict[str, Any]
_BATCH = 500


def write(resource: Resource, division: Division, generation: int, page: Iterable[Row]) -> int:
    """Insert or update the rows of one page, as seen by full pass `generation`; return how many there were."""
    rows = entities(resource, division, page)
    for row in rows:
        row.generation = generation
    columns = [
        f.name for f in resource.model._meta.fields if f.name not in ("id", "division", resource.model.KEY)
    ]
    resource.model.everything.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["division", resource.model.KEY],
        update_fields=columns,
    )
    return len(rows)


def entities(resource: Resource, division: Division, page: Iterable[Row]) -> list[Entity]:
    """Return the rows of the mirror, each key once, as it came last; rows of another division are left out."""
    limits = {field.name: field.max_length for field in resource.model._meta.fields if field.max_length}
    found: dict[UUID | str, Entity] = {}
    for row in page:
        key, ours = key_of(resource, row), row.get("Division") in (None, division.code)
        columns = resource.columns(row) if ours and key else None
        if key and columns:
            values = {resource.model.KEY: key, **_raw(resource.model, row), **columns}
            fitting = {
                name: value[: limits.get(name)] if isinstance(value, str) else value
                for name, value in values.items()
            }
            found[key] = resource.model(division=division, **fitting)
    return list(found.values())


def key_of(resource: Resource, row: Row) -> UUID | str | None:
    """Return what names a row in its division; None when a part of it lacks."""
    if issubclass(resource.model, Guided):
        return guid_of(row.get(resource.key[0]))
    parts = [text_of(row.get(name)) for name in resource.key]
    return "|".join(parts) if all(parts) else None


def mark_gone(resource: Resource, division: Division, generation: int, at: datetime, scope: Q) -> int:
    """Mark the rows within `scope` that full pass `generation` did not see; return how many there are."""
    unseen = resource.model.everything.filter(
        scope, division=division, gone_at=None, generation__lt=generation
    )
    return unseen.update(gone_at=at)


def _raw(model: type[Entity], row: Row) -> Row:
    return {"raw": row} if issubclass(model, Mirrored) else {}
