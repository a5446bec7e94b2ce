"""Mappings as a table: its columns in both languages, and the rows that somebody may take along."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext_noop

from apps.core.tables.columns import Columns
from apps.core.tables.reading import Rows
from apps.exact.models import Relation
from apps.vendors.models import Mapping
from apps.vendors.models.mapping import Mappings

AT_ONCE = 2_000
# The columns of an export, each with the other names under which an import knows it.
COLUMNS = Columns(
    {
        "administration": (gettext_noop("administration"), "administration|administratie|slug"),
        "client": (gettext_noop("client"), "client|klant"),
        "kind": (gettext_noop("kind"), "kind|soort"),
        "value": (gettext_noop("value"), "value|waarde|number|nummer"),
        "code": (
            gettext_noop("supplier code"),
            "supplier code|crediteurcode|code crediteur|code van de crediteur|crediteurnummer|code",
        ),
        "name": (
            gettext_noop("supplier name"),
            "supplier name|name of the supplier|naam van de crediteur|crediteurnaam",
        ),
        "scope": (gettext_noop("scope"), "scope|reikwijdte|bereik"),
        "origin": (gettext_noop("decided in"), "decided in|besloten in|herkomst"),
        "by": (gettext_noop("by"), "by|door"),
        "when": (gettext_noop("when"), "when|wanneer"),
        "forgotten": (gettext_noop("taken back"), "taken back|teruggenomen|teruggedraaid|ingetrokken"),
    },
    needed=("administration", "kind", "value", "code"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of such a table as it was written; `number` is the row in the spreadsheet."""

    number: int
    administration: str = ""
    client: str = ""
    kind: str = ""
    value: str = ""
    code: str = ""
    name: str = ""
    scope: str = ""
    origin: str = ""
    by: str = ""
    when: str = ""
    forgotten: str = ""


def lines_in(rows: Rows) -> list[Line]:
    """Return the rows below the header; columns are known by their names in Dutch or English, in any order.

    Raises Unreadable when a column that is needed is missing or stands there twice.
    """
    return [Line(number, **values) for number, values in COLUMNS.values_in(rows)]


def export_rows(mappings: Mappings) -> Iterator[list[str]]:
    """Yield the header and then `mappings`, which the caller narrowed to what the person may see."""
    yield COLUMNS.titles()
    rows = mappings.select_related("administration__client", "learned_from", "forgotten_by")
    rows = rows.order_by("administration__slug", "kind", "value", "pk")
    ordered = iter(rows.iterator(chunk_size=AT_ONCE))
    while batch := list(islice(ordered, AT_ONCE)):
        codes = _codes(batch)
        for mapping in batch:
            code = codes.get((mapping.administration_id, mapping.supplier), "")
            line = _line(mapping, code)
            yield [getattr(line, column) for column in COLUMNS.known]


def _codes(batch: Sequence[Mapping]) -> dict[tuple[Any, Any], str]:
    """The codes of the suppliers, of those that are gone from Exact, too."""
    cards = Relation.everything.filter(
        division__administration__in={mapping.administration_id for mapping in batch},
        exact_id__in={mapping.supplier for mapping in batch},
    )
    found = cards.values_list("division__administration_id", "exact_id", "code")
    return {(administration, supplier): code.strip() for administration, supplier, code in found}


def _line(mapping: Mapping, code: str) -> Line:
    return Line(
        number=0,
        administration=mapping.administration.slug,
        client=mapping.administration.client.name,
        kind=mapping.kind,
        value=mapping.value,
        code=code,
        name=mapping.supplier_name,
        scope=str(mapping.get_scope_display()),
        origin=str(mapping.get_origin_display()),
        by=str(mapping.learned_from or ""),
        when=_minute(mapping.learned_at),
        forgotten=" ".join(filter(None, [_minute(mapping.forgotten_at), str(mapping.forgotten_by or "")])),
    )


def _minute(moment: datetime | None) -> str:
    return localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
