"""From the bytes of an xlsx or csv file to the order in it. Pure."""

from apps.core.tables import reading as tables
from apps.intake import filetypes
from apps.intake.detection import Format
from apps.intake.filetypes import FileType
from apps.intake.order import OrderDocument, OrderKind
from apps.intake.order_sheets.cells import FIGURES, Cells
from apps.intake.order_sheets.columns import COLUMNS, names_orders
from apps.intake.order_sheets.heads import read_head
from apps.intake.order_sheets.rows import read_lines
from apps.intake.parsing import Unreadable

Rows = list[tuple[int, dict[str, str]]]
TYPES = (FileType.OFFICE, FileType.TEXT)


def is_order_sheet(content: bytes) -> bool:
    """Tell whether a file is a table whose first row is that of the template, in either language."""
    if filetypes.detect(content) not in TYPES:
        return False
    try:
        return names_orders(tables.first_row(content))
    except tables.Unreadable:
        return False


def read(content: bytes) -> OrderDocument:
    """Return the one order in an xlsx or csv file made after the template.

    Raises Unreadable, with the row and the column of the first cells that are wrong, by the names that they have there.
    """
    is_book = filetypes.detect(content) is FileType.OFFICE
    try:
        table = tables.read(content)
        rows = COLUMNS.values_in(table)
        if is_book:
            rows = _with_figures(rows, COLUMNS.values_in(tables.read(content, figures=True)))
    except tables.Unreadable as error:
        raise Unreadable(str(error), "sheet") from error
    cells = Cells(COLUMNS.headings(table[0][1]), (row for _number, row in rows), by_habit=not is_book)
    lines = read_lines(rows, cells)
    head = read_head(rows, cells)
    cells.settle()
    return OrderDocument(kind=OrderKind.ORDER, format=Format.ORDER_SHEET, lines=lines, **head)


def _with_figures(rows: Rows, figured: Rows) -> Rows:
    """The figures of a workbook as `figures` gives them, and its texts as they stand: a code may look like a figure."""
    pairs = zip(rows, figured, strict=True)
    return [(at, row | {one: figures.get(one, "") for one in FIGURES}) for (at, row), (_at, figures) in pairs]
