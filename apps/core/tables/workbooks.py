"""The rows of an xlsx file, after a look at everything that is packed in it. Pure."""

import codecs
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from apps.core.tables.unreadable import Unreadable, no_table

_MOST_UNPACKED = 60 * 1024 * 1024
_MOST_OF_SHEET = 40 * 1024 * 1024
_MOST_OF_TEXTS = 16 * 1024 * 1024  # shared texts are held in memory as a whole
_MOST_OF_OTHERS = 2 * 1024 * 1024
_MOST_FILES = 500
_EXACT_BELOW = 10**15  # a spreadsheet keeps no more digits than these
_DECIMALS = 10  # beyond them lies the noise of binary numbers
_LOOKS_LIKE_THOUSANDS = 3  # digits behind a mark


def rows_of(content: bytes, *, columns: int, figures: bool = False) -> Iterator[list[str]]:
    """Yield the first sheet of a workbook row by row, as text, at most `columns` wide. Raises Unreadable.

    `figures`: a number is written so that it can be read in one way alone, also where a comma may mark decimals: no
    noise of its binary form, a percentage with its sign, a fourth decimal behind three ("1.2340").
    """
    _look_inside(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a sheet says of its size is not believed
        for row in sheet.iter_rows(max_col=columns, values_only=not figures):
            yield _trimmed([_figure(cell) if figures else _text(cell) for cell in row])
    except Unreadable:
        raise
    except Exception as error:
        raise no_table() from error


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
        raise no_table() from error


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
            raise no_table()


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


def _figure(cell: Any) -> str:
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < _EXACT_BELOW:
        return _text(value)
    percent = "%" in (cell.number_format or "")
    number = round(Decimal(repr(value)) * (100 if percent else 1), _DECIMALS)
    text = f"{number:f}".rstrip("0").rstrip(".") if number % 1 else f"{number:.0f}"
    whole, point, behind = text.partition(".")
    return whole + point + behind + "0" * (len(behind) == _LOOKS_LIKE_THOUSANDS) + "%" * percent


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
