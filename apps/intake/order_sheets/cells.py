"""Reading the cells of one sheet, and saying of each that cannot be read where it stands. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.intake.order_sheets import figures
from apps.intake.order_sheets.columns import COLUMNS
from apps.intake.parsing import Unreadable

MOST_NAMED = 5  # faults in one sentence; a sheet with more of them has one cause
LONGEST = 250  # characters kept of a cell
_SHOWN = 40
FIGURES = ("quantity", "price", "discount", "vat_rate")

Row = Mapping[str, str]


class Cells:
    """The cells of one sheet. `headings`: each column's name as it stands there; `faults` are sentences for people."""

    def __init__(self, headings: Mapping[str, str], rows: Iterable[Row], *, by_habit: bool) -> None:
        """`by_habit`: all figures are texts, and so the mark before their decimals is the same in all of them."""
        self.headings = headings
        self.faults: list[str] = []
        texts = (row.get(column, "") for row in rows for column in FIGURES)
        self._mark = figures.decimal_mark(texts) if by_habit else ""

    def fault(self, row: int, column: str, sentence: str, **values: str) -> None:
        """Note what is wrong with a cell; `sentence` is translated and says what, `values` go into it."""
        name = self.headings.get(column) or COLUMNS.titles([column])[0]
        words = _("Row %(row)s, column “%(column)s”: %(what)s")
        self.faults.append(words % {"row": row, "column": name, "what": sentence % values})

    def text(self, cells: Row, column: str) -> str:
        """Return a cell on one line."""
        return " ".join(cells.get(column, "").split())[:LONGEST]

    def number(self, row: int, cells: Row, column: str) -> Decimal | None:
        """Return a cell as a figure; None for an empty one, and for one at fault."""
        text = cells.get(column, "")
        if not text:
            return None
        try:
            value = figures.number(text, self._mark)
        except figures.Unclear:
            words = _("“%(text)s” can be read in two ways. Write it without a mark between the thousands.")
            self.fault(row, column, words, text=text)
            return None
        if value is None:
            self.fault(row, column, _("“%(text)s” is not a number."), text=text[:_SHOWN])
        return value

    def percentage(self, row: int, cells: Row, column: str) -> Decimal | None:
        """Return a cell as a percentage from 0 to 100, written with or without its sign."""
        bare = cells.get(column, "").removesuffix("%").strip()
        value = self.number(row, {column: bare}, column)
        if value is not None and not 0 <= value <= 100:
            self.fault(row, column, _("“%(text)s” is not a percentage from 0 to 100."), text=bare[:_SHOWN])
            return None
        return value

    def day(self, row: int, cells: Row, column: str) -> date | None:
        """Return a cell as a date."""
        text = cells.get(column, "")
        value = figures.day(text) if text else None
        if text and value is None:
            words = _("“%(text)s” is not a date. Write it as 31-12-2026.")
            self.fault(row, column, words, text=text[:_SHOWN])
        return value

    def demanded_day(self, row: int, cells: Row, column: str) -> date:
        """Return a cell as a date. Raises Unreadable, with all that is at fault, when it is none."""
        value = self.day(row, cells, column)
        if value is None:
            if not cells.get(column):
                self.fault(row, column, _("this must be filled in."))
            raise self._unreadable()
        return value

    def settle(self) -> None:
        """Raise Unreadable (code `sheet`) when anything is at fault, with the first of it."""
        if self.faults:
            raise self._unreadable()

    def _unreadable(self) -> Unreadable:
        left = len(self.faults) - MOST_NAMED
        more = ngettext("%(count)d more cell is wrong.", "%(count)d more cells are wrong.", left)
        named = self.faults[:MOST_NAMED] + ([more % {"count": left}] if left > 0 else [])
        return Unreadable(" ".join(named), "sheet")
