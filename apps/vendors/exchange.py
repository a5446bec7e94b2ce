"""Mappings as a table: its columns in both languages, and the rows that somebody may take along."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.exact.models import Relation
from apps.vendors.collective import normalised
from apps.vendors.models import Mapping
from apps.vendors.models.mapping import Mappings
from apps.vendors.tables import Rows, Unreadable

AT_ONCE = 2_000
# The columns of an export, each with the other names under which an import knows it.
COLUMNS = {
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
}
NEEDED = ("administration", "kind", "value", "code")
_KNOWN = {normalised(one): column for column, (_title, names) in COLUMNS.items() for one in names.split("|")}


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
    places = _places(rows[0][1])
    found = []
    for number, cells in rows[1:]:
        values = {
            column: cells[place].strip() if place < len(cells) else "" for column, place in places.items()
        }
        found.append(Line(number, **values))
    if not found:
        raise Unreadable(_("There is a header and no row below it. Choose another file."))
    return found


def _places(header: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, text in enumerate(header):
        column = _column(text)
        if column in places and column in NEEDED:
            raise Unreadable(
                _("Column “%(name)s” stands there twice. Leave one of them out.") % {"name": text}
            )
        if column:
            places[column] = place
    missing = [_(COLUMNS[column][0]) for column in NEEDED if column not in places]
    if missing:
        raise Unreadable(
            _("The first row does not name these columns: %(names)s. Begin with an export to see how.")
            % {"names": ", ".join(missing)}
        )
    return places


def _column(text: str) -> str:
    return _KNOWN.get(normalised(text[:100]), "")


def export_rows(mappings: Mappings) -> Iterator[list[str]]:
    """Yield the header and then `mappings`, which the caller narrowed to what the person may see."""
    yield [_(title) for title, _names in COLUMNS.values()]
    rows = mappings.select_related("administration__client", "learned_from", "forgotten_by")
    rows = rows.order_by("administration__slug", "kind", "value", "pk")
    ordered = iter(rows.iterator(chunk_size=AT_ONCE))
    while batch := list(islice(ordered, AT_ONCE)):
        codes = _codes(batch)
        for mapping in batch:
            code = codes.get((mapping.administration_id, mapping.supplier), "")
            line = _line(mapping, code)
            yield [getattr(line, column) for column in COLUMNS]


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
