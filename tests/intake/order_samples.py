"""The sample orders of the repository, and sheets with whatever rows a test wants."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from apps.core.tables.sheets import csv_of
from tests.shared import ROOT

ORDERS = ROOT / "fixtures" / "orders"
HEADER = (
    "Order number",
    "Order date",
    "Supplier",
    "Item code",
    "Description",
    "Quantity",
    "Price",
    "Discount %",
)
LINE = ("4711", "2026-10-01", "De Zwaluw", "A-1", "Meel", "2", "1,50", "")


def sample(name: str) -> bytes:
    """Return the bytes of a sample order."""
    return (ORDERS / name).read_bytes()


def sheet(*rows: Sequence[str], header: Sequence[str] = HEADER) -> bytes:
    """Return a csv file with these rows below its header."""
    return csv_of([header, *(rows or (LINE,))])


def changed(**cells: str) -> list[str]:
    """Return the right row with other cells, by the first word of their header in small letters."""
    names = [name.casefold().replace(" ", "_").replace("_%", "") for name in HEADER]
    row = dict(zip(names, LINE, strict=True))
    assert cells.keys() <= row.keys()
    return list((row | cells).values())


def book(
    *rows: Sequence[Any], header: Sequence[str] = HEADER, formats: dict[str, str] | None = None
) -> bytes:
    """Return an xlsx file with these rows; `formats`: how cells are shown, by their address."""
    made = Workbook()
    page = made.worksheets[0]
    for row in (header, *rows):
        page.append(list(row))
    for address, form in (formats or {}).items():
        page[address].number_format = form
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
