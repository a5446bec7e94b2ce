"""Tables as files that a spreadsheet opens: csv and xlsx, in which no cell is ever a formula. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

SEPARATOR = ";"  # what a Dutch or Belgian Excel splits csv by
# What a spreadsheet takes for the start of a formula (OWASP, CSV injection), also behind our own mark.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_MARKED = re.compile(r"'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def guarded(text: str) -> str:
    """Return `text` with `'` before it when a spreadsheet could take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return what `guarded` was given: one `'` less where it stands before a formula; "'t Hoekje" stays."""
    return text[1:] if _MARKED.match(text) else text


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """Return `rows` as csv: UTF-8 with the mark by which Excel knows it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=SEPARATOR, lineterminator="\r\n")
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(rows: Iterable[Sequence[str]], *, title: str) -> bytes:
    """Return `rows` as one sheet of text cells; characters that XML cannot hold are left out."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: WriteOnlyWorksheet, text: str) -> Any:
    plain = ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    cell = WriteOnlyCell(sheet, guarded(plain))
    cell.data_type = "s"  # also where openpyxl sees a formula or an error value
    return cell
