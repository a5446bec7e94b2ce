"""A4 pages as a PDF, with a small vocabulary: paragraphs and pairs. The same texts give the same bytes.

The library costs 57 MB of memory: import this only where something is printed.
"""

import unicodedata
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import XPos, YPos

FONT = "Helvetica"
_ENCODING = "cp1252"


class Paper(FPDF):
    """Pages made at `made_at` (aware): the date in the file, and not the moment of printing."""

    def __init__(self, made_at: datetime, title: str = "") -> None:
        super().__init__(format="A4")
        self.core_fonts_encoding = _ENCODING
        self.set_creation_date(made_at)
        self.set_title(plain(title))
        self.set_margin(15)
        self.set_auto_page_break(True, margin=15)
        self.add_page()

    def paragraph(self, text: str, *, size: int = 9, bold: bool = False) -> None:
        """Write a paragraph over the whole width; nothing for no text."""
        if text:
            self.set_font(FONT, "B" if bold else "", size)
            self.multi_cell(0, size * 0.5, plain(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def pair(self, name: str, value: str) -> None:
        """Write a name with its value; nothing when there is none."""
        if value:
            self.set_font(FONT, "", 9)
            self.cell(45, 5, plain(name))
            self.multi_cell(0, 5, plain(value), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def plain(text: str) -> str:
    """Return `text` in Western European characters: others lose their accents, or become question marks."""
    text = text.replace("→", "->")
    try:
        text.encode(_ENCODING)
    except UnicodeEncodeError:
        bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        return bare.encode(_ENCODING, "replace").decode(_ENCODING)
    return text
