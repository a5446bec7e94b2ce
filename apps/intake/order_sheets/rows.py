"""The rows of an order sheet as the lines of the order. Pure."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.intake.order import OrderLine
from apps.intake.order_sheets.cells import Cells, Row
from apps.intake.order_sheets.columns import ITEMS, LINE
from apps.intake.parsing import Unreadable

MOST_LINES = 5_000


def read_lines(rows: Sequence[tuple[int, Row]], cells: Cells) -> tuple[OrderLine, ...]:
    """Return a line for each row that has one; what is wrong with a cell is noted in `cells`.

    Raises Unreadable (code `lines`) when there are none, or more than MOST_LINES.
    """
    wanted = [(number, row) for number, row in rows if any(row.get(column) for column in LINE)]
    if not wanted:
        raise Unreadable(_("The sheet has no lines: every row must say what is ordered."), "lines")
    if len(wanted) > MOST_LINES:
        words = _("The sheet has more than %(most)s lines. Make several orders of it.")
        raise Unreadable(words % {"most": MOST_LINES}, "lines")
    return tuple(_line(position, number, row, cells) for position, (number, row) in enumerate(wanted, 1))


def _line(position: int, number: int, row: Row, cells: Cells) -> OrderLine:
    if not row.get("quantity"):
        cells.fault(number, "quantity", _("this must be filled in."))
    if not any(row.get(column) for column in ITEMS):
        words = _("no item is named. Fill in an item code, a GTIN or a description.")
        cells.fault(number, next(one for one in ITEMS if one in cells.headings), words)
    return OrderLine(
        position=position,
        number=cells.text(row, "line") or str(position),
        name=cells.text(row, "description"),
        seller_item=cells.text(row, "supplier_item"),
        buyer_item=cells.text(row, "our_item"),
        gtin=_gtin(number, row, cells),
        quantity=cells.number(number, row, "quantity"),
        unit=cells.text(row, "unit"),
        price=cells.number(number, row, "price"),
        discount=cells.percentage(number, row, "discount"),
        rate=cells.percentage(number, row, "vat_rate"),
        delivery_date=cells.day(number, row, "line_delivery_date"),
        cost_centre=cells.text(row, "cost_centre"),
        cost_unit=cells.text(row, "cost_unit"),
        project=cells.text(row, "project"),
    )


def _gtin(number: int, row: Row, cells: Cells) -> str:
    """A barcode as written; one that a spreadsheet took for a large figure has lost its last digits."""
    text = cells.text(row, "gtin").replace(" ", "")
    if "E+" in text.upper():
        words = _(
            "“%(text)s” was shortened by the spreadsheet. Make the column one of texts, and fill it in again."
        )
        cells.fault(number, "gtin", words, text=text)
    return text
