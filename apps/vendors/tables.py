"""The rows of a table that somebody uploads: csv of any usual make, or xlsx. Nothing in it is trusted. Pure.

Such a file is written by hand, by another program, or by somebody who means harm: what is opened is small, holds
no macro, reaches no other file, and unpacks to a bounded size before anything reads it.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from apps.vendors.sheets import unguarded

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
_MOST_LINES = 100_000  # with the empty ones, of which a sheet may claim a million
_MOST_UNPACKED = 60 * 1024 * 1024
_MOST_OF_SHEET = 40 * 1024 * 1024
_MOST_OF_TEXTS = 16 * 1024 * 1024  # shared texts are held in memory as a whole
_MOST_OF_OTHERS = 2 * 1024 * 1024
_MOST_FILES = 500
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SEPARATORS = ";,\t"
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_CODECS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

Rows = list[tuple[int, list[str]]]


class Unreadable(Exception):
    """This is no table that can be read. The message is two sentences for people."""


def read(content: bytes) -> Rows:
    """Return the rows of the table in `content` that hold anything, each with its number as a spreadsheet shows it.

    Cells are text without the mark of `sheets.guarded`. Raises Unreadable for everything else than a csv or xlsx
    file within the limits.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 5 MB. Split it into several files."))
    if content.startswith(_OLD_OFFICE):
        raise Unreadable(
            _("This is an old Excel file, or one with a password. Save it as .xlsx without a password.")
        )
    rows = _sheet(content) if content.startswith(_ZIP) else _csv(_text_of(content))
    return _bounded(rows)


def _bounded(rows: Iterable[Sequence[str]]) -> Rows:
    found: Rows = []
    for number, row in enumerate(rows, start=1):
        if number > _MOST_LINES or len(found) > MOST_ROWS:
            raise Unreadable(_("The table has more than 20,000 rows. Split it into several files."))
        if len(row) > MOST_COLUMNS:
            raise Unreadable(
                _("The table has more than 200 columns. Leave in only the columns of an export of mappings.")
            )
        cells = [unguarded(cell) for cell in row]
        if any(cell.strip() for cell in cells):
            found.append((number, cells))
    if not found:
        raise Unreadable(_("There is nothing in this file. Choose another one."))
    return found


def _text_of(content: bytes) -> str:
    """The text of a csv file: UTF-8, UTF-16 or the code page of Windows, whichever it is."""
    try:
        for mark, name in _CODECS:
            if content.startswith(mark):
                return content.decode(name)
        if b"\x00" in content:  # Latin text as UTF-16 has a zero in every other place
            return content.decode("utf-16-be" if content[:1] == b"\x00" else "utf-16-le")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _no_table() from error


def _csv(text: str) -> Iterator[list[str]]:
    told = _SEPARATOR_LINE.match(text)
    if told:
        yield []  # Excel's own line about the separator is a line all the same
        text = text[told.end() :]
    separator = told[1] if told else _separator(text)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except (csv.Error, TypeError) as error:
        raise _no_table() from error


def _separator(text: str) -> str:
    """The separator that splits the first line with anything on it into most pieces."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def _no_table() -> Unreadable:
    return Unreadable(_("This file holds no table that can be read. Save it as .xlsx or .csv and try again."))


def _sheet(content: bytes) -> Iterator[list[str]]:
    """The first sheet of a workbook, row by row, after a look at everything that is packed in it."""
    _look_inside(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a sheet says of its size is not believed
        for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
            yield _trimmed([_text(value) for value in row])
    except Unreadable:
        raise
    except Exception as error:
        raise _no_table() from error


def _look_inside(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            files = packed.infolist()
            if len(files) > _MOST_FILES or sum(file.file_size for file in files) > _MOST_UNPACKED:
                raise _too_large()
            for file in files:
                _look_at(packed, file)
    except Unreadable:
        raise
    except Exception as error:
        raise _no_table() from error


def _look_at(packed: zipfile.ZipFile, file: zipfile.ZipInfo) -> None:
    name = file.filename.lower()
    if "vbaproject" in name or "externallink" in name or "/embeddings/" in name:
        raise Unreadable(
            _("This workbook holds macros or refers to other files. Save it as a plain .xlsx or as .csv.")
        )
    if file.file_size > _most_of(name):
        raise _too_large()
    if name.endswith((".xml", ".rels")):
        # No declaration of entities, in whatever code it may hide: what Excel writes is UTF-8 and has none.
        xml = packed.read(file).removeprefix(codecs.BOM_UTF8)
        if not xml.lstrip().startswith(b"<") or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
            raise _no_table()


def _most_of(name: str) -> int:
    if name.startswith("xl/worksheets/"):
        return _MOST_OF_SHEET
    return _MOST_OF_TEXTS if name == "xl/sharedstrings.xml" else _MOST_OF_OTHERS


def _too_large() -> Unreadable:
    return Unreadable(_("What is packed in this file is too large. Save only the table, as .xlsx or .csv."))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (date, datetime)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
