"""SQL as it stands, for what every call needs: building these few queries anew would take most of a call's time."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connections, models

DATABASE = "sandbox"
M = TypeVar("M", bound=models.Model)


def one(sql: str, values: Sequence[Any] | dict[str, Any]) -> tuple[Any, ...] | None:
    """Return the first row that a statement gives, or None; a statement that writes is committed."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(sql, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def run(sql: str, values: Sequence[Any]) -> int:
    """Run a statement that writes one row; return the row's number."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.lastrowid or 0)


def moment(at: datetime) -> Any:
    """Return a moment as the database keeps it, so that it can be compared."""
    return connections[DATABASE].ops.adapt_datetimefield_value(at)


class Columns(list[str]):
    """The columns of a model, to be read by hand and made into an object of it."""

    def __init__(self, model: type[models.Model], prefix: str) -> None:
        fields = model._meta.concrete_fields
        super().__init__(f"{prefix}.{field.column}" for field in fields)
        self.names = [field.attname for field in fields]
        self.reads: list[Callable[[Any], Any] | None] = [
            json.loads if isinstance(field, models.JSONField) else None for field in fields
        ]

    def made(self, model: type[M], values: Sequence[Any]) -> M:
        """Return the object that these values of the columns are."""
        read = [
            reader(value) if reader and value is not None else value
            for reader, value in zip(self.reads, values, strict=True)
        ]
        return model.from_db(DATABASE, self.names, read)
