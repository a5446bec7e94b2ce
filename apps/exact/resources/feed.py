"""What a resource is: where it is read, how a reading goes, and how its rows become rows of a mirror. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from apps.exact import models
from apps.exact.values import text_of

Columns = dict[str, Any]


class Strategy(Enum):
    """How a resource is read again (Exact facts 3.6).

    BY_TIMESTAMP and BY_MODIFIED read what changed. WHOLE reads everything each time. BALANCES have no mark of change:
    the periods whose ledger lines changed.
    """

    BY_TIMESTAMP = "by row version"
    BY_MODIFIED = "by Modified"
    WHOLE = "whole"
    BALANCES = "by changed period"


_FRAMES = {
    Strategy.BY_TIMESTAMP: ("Division", "Timestamp", "Modified"),
    Strategy.BY_MODIFIED: ("Division", "Modified"),
    Strategy.WHOLE: (),
    Strategy.BALANCES: ("Division",),
}


@dataclass(frozen=True, kw_only=True)
class Feed:
    """Something that is read page by page. `frame`: fields that say whose a row is and how new.

    `module`: the setting with the words by which a package is known that has this; "" for what every package has.
    """

    name: str
    path: str
    strategy: Strategy
    fields: tuple[str, ...] = ()
    key: tuple[str, ...] = ("ID",)
    frame: tuple[str, ...] | None = None
    label: Any = ""
    module: str = ""

    @property
    def title(self) -> str:
        """What it holds, for people."""
        return str(self.label)

    @property
    def select(self) -> tuple[str, ...]:
        """The fields asked of Exact."""
        return (*self.key, *(_FRAMES[self.strategy] if self.frame is None else self.frame), *self.fields)

    @property
    def page_size(self) -> int | None:
        """Rows on a page (Exact facts 3.2); None where everything comes at once."""
        return {"sync": 1000, "read": None}.get(self.path.split("/", 1)[0], 60)


@dataclass(frozen=True, kw_only=True)
class Resource(Feed):
    """A feed that is mirrored. `columns` gives None for a row that lacks what its columns need."""

    model: type[models.Entity]
    columns: Callable[[Columns], Columns | None]

    @property
    def title(self) -> str:
        """What it holds, for people."""
        return str(self.model._meta.verbose_name_plural)


def coded(row: Columns) -> Columns | None:
    """Return code and description; None without a code."""
    code = text_of(row.get("Code"))
    return {"code": code, "description": text_of(row.get("Description"))} if code else None


def coded_and(more: Callable[[Columns], Columns]) -> Callable[[Columns], Columns | None]:
    """Return what gives code, description and `more`."""

    def columns(row: Columns) -> Columns | None:
        first = coded(row)
        return first and {**first, **more(row)}

    return columns


def texts(row: Columns, names: dict[str, str]) -> Columns:
    """Return the texts of `row`: by column the name of the field."""
    return {column: text_of(row.get(field)) for column, field in names.items()}
