"""The rows of a csv file of any usual make: its code and its separator are found by themselves. Pure."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from apps.core.tables.unreadable import no_table

_SEPARATORS = ";,\t"
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_CODECS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_of(content: bytes) -> str:
    """Return the text of a csv file: UTF-8, UTF-16 or the code page of Windows. Raises Unreadable when it is none."""
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
        raise no_table() from error


def rows_of(text: str) -> Iterator[list[str]]:
    """Yield the rows of `text`, which says its separator itself or is split where it splits best. Raises Unreadable."""
    told = _SEPARATOR_LINE.match(text)
    if told:
        yield []  # Excel's own line about the separator is a line all the same
        text = text[told.end() :]
    separator = told[1] if told else _separator(text)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except (csv.Error, TypeError) as error:
        raise no_table() from error


def _separator(text: str) -> str:
    """The separator that splits the first line with anything on it into most pieces."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)
