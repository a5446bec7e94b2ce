"""The sandbox's truth next to the mirrors: what is missing, what is too much, what differs."""

from typing import Any

from django.db.models import Count

from apps.core import clock
from apps.exact import writing
from apps.exact.balances import first_year
from apps.exact.client import Exact
from apps.exact.models import Division, Entity
from apps.exact.resources import MIRRORS, Resource

_NOT_COMPARED = {"id", "division", "generation", "gone_at", "raw"}


def differences(division: Division, *names: str) -> dict[str, tuple[int, int, int]]:
    """Return by mirror how many rows are missing, too much, and different; nothing for mirrors that are right."""
    found = {name: _difference(division, MIRRORS[name]) for name in names or MIRRORS}
    return {name: counts for name, counts in found.items() if any(counts)}


def _difference(division: Division, resource: Resource) -> tuple[int, int, int]:
    assert not _doubles(division, resource)
    filter_ = f"ReportingYear ge {first_year(clock.today())}" if resource.name == "balances" else ""
    rows = Exact(division).find(resource.path, filter_, select=resource.select)
    truth = {_key(each): _columns(each) for each in writing.entities(resource, division, rows)}
    assert len(truth) == len(rows), f"{resource.name}: rows of Exact that no mirror can hold"
    ours = {_key(each): _columns(each) for each in resource.model._default_manager.filter(division=division)}
    differ = sum(truth[key] != ours[key] for key in truth.keys() & ours.keys())
    return len(truth.keys() - ours.keys()), len(ours.keys() - truth.keys()), differ


def _doubles(division: Division, resource: Resource) -> int:
    rows = resource.model.everything.filter(division=division).values(resource.model.KEY)
    times = rows.annotate(times=Count("pk"))
    return len(times.filter(times__gt=1))


def _key(row: Entity) -> Any:
    return getattr(row, row.KEY)


def _columns(row: Entity) -> dict[str, Any]:
    return {
        field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in _NOT_COMPARED
    }
