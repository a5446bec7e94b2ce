"""The rows of a table that somebody uploads: csv of any usual make, or xlsx. Nothing in it is trusted. Pure.

Such a file is written by hand, by another program, or by somebody who means harm: what is opened is small, holds
no macro, reaches no other file, and unpacks to a bounded size before anything reads it.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from apps.core.tables import csv_texts, workbooks
from apps.core.tables.sheets import unguarded
from apps.core.tables.unreadable import Unreadable

__all__ = ["MOST_BYTES", "MOST_COLUMNS", "MOST_ROWS", "Rows", "Unreadable", "first_row", "read"]

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
_MOST_LINES = 100_000  # with the empty ones, of which a sheet may claim a million
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Rows = list[tuple[int, list[str]]]


def read(content: bytes, *, figures: bool = False) -> Rows:
    """Return the rows of the table in `content` that hold anything, each with its number as a spreadsheet shows it.

    Cells are text without the mark of `sheets.guarded`; `figures` as `workbooks.rows_of`. Raises Unreadable for
    everything else than a csv or xlsx file within the limits.
    """
    found = list(_bounded(_rows(content, figures=figures)))
    if not found:
        raise Unreadable(_("There is nothing in this file. Choose another one."))
    return found


def first_row(content: bytes) -> list[str]:
    """Return the cells of the first row that holds anything, [] where none does; what follows is not looked at.

    Raises Unreadable as `read`.
    """
    return next((cells for _number, cells in _bounded(_rows(content))), [])


def _rows(content: bytes, *, figures: bool = False) -> Iterator[list[str]]:
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 5 MB. Split it into several files."))
    if content.startswith(_OLD_OFFICE):
        raise Unreadable(
            _("This is an old Excel file, or one with a password. Save it as .xlsx without a password.")
        )
    if content.startswith(_ZIP):
        return workbooks.rows_of(content, columns=MOST_COLUMNS + 1, figures=figures)
    return csv_texts.rows_of(csv_texts.text_of(content))


def _bounded(rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, list[str]]]:
    found = 0
    for number, row in enumerate(rows, start=1):
        if number > _MOST_LINES or found > MOST_ROWS:
            raise Unreadable(_("The table has more than 20,000 rows. Split it into several files."))
        if len(row) > MOST_COLUMNS:
            raise Unreadable(
                _("The table has more than 200 columns. Leave in only the columns of an export.")
            )
        cells = [unguarded(cell.replace("\x00", "")) for cell in row]  # no database holds that one
        if any(cell.strip() for cell in cells):
            found += 1
            yield number, cells
