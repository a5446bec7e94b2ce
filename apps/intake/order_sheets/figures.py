"""Figures and dates as people write them in a sheet: with a decimal comma or point, by either one's habits. Pure."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

_FIRST_YEAR, _LAST_YEAR = 1990, 2099  # outside these a date is a slip of the pen
_SERIAL_START = date(1899, 12, 30)  # the day that Excel counts its days from
_LONGEST = 40
_AROUND = re.compile(r"^(?:€|EUR\b)\s*|\s*(?:€|\bEUR)$", re.IGNORECASE)
_NO_CENTS = re.compile(r"[.,]-$")  # "12,-"
_BLANK_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u202f'\u2019](?=\d{3}(?!\d))", re.ASCII)
_UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,12}", re.ASCII)
_THOUSANDS = {mark: re.compile(rf"[+-]?\d{{1,3}}(?:\{mark}\d{{3}}){{1,3}}", re.ASCII) for mark in ".,"}
MOST_DECIMALS = 10
_BEHIND = re.compile(rf"\d{{0,{MOST_DECIMALS}}}", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+)?", re.ASCII)
_DUTCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: [\d:]+)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SERIAL = re.compile(r"\d{5}", re.ASCII)


class Unclear(ValueError):
    """The text may be two figures: 1.234 is a thousand and more, or one and a bit."""


def decimal_mark(texts: Iterable[str]) -> str:
    """Return the mark, "," or ".", that stands before decimals in all `texts` that say so; "" when they differ."""
    marks = {mark for text in texts if (mark := _mark_in(_bare(text)))}
    return marks.pop() if len(marks) == 1 else ""


def number(text: str, mark: str = "") -> Decimal | None:
    """Return the figure in `text`, None when it is none. Raises Unclear where only `mark` could tell, and is "".

    Blanks, a euro sign, and marks between thousands are left out.
    """
    bare = _bare(text)
    is_unclear = _UNCLEAR.fullmatch(bare) is not None
    if is_unclear and not mark:
        raise Unclear(text)
    found = mark if is_unclear else _mark_in(bare)
    whole, _point, behind = bare.partition(found) if found else (bare, "", "")
    other = "," if found == "." else "."
    for one in (other,) if found else (".", ","):
        if _THOUSANDS[one].fullmatch(whole):
            whole = whole.replace(one, "")
    if not _WHOLE.fullmatch(whole or "0") or not _BEHIND.fullmatch(behind) or not (whole or behind):
        return None
    value = Decimal(f"{whole or 0}.{behind}" if behind else whole)
    return value if value else abs(value)


def written(value: Decimal | None) -> str:
    """Return a figure with a decimal comma that `number` reads back whatever stands around it; "" for None."""
    if value is None:
        return ""
    whole, _point, behind = f"{round(value, MOST_DECIMALS):f}".partition(".")
    behind = behind.rstrip("0")
    return f"{whole},{behind}{'0' * (len(behind) == 3)}" if behind else whole


def day(text: str) -> date | None:
    """Return the date in `text`: 2026-10-01, 1-10-2026, 20261001, or Excel's number of the day; else None."""
    plain = " ".join(text.split())[:_LONGEST]
    if found := _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _date(found[1], found[2], found[3])
    if found := _DUTCH.fullmatch(plain):
        return _date(found[3] if len(found[3]) == 4 else f"20{found[3]}", found[2], found[1])
    if _SERIAL.fullmatch(plain):
        serial = _SERIAL_START + timedelta(days=int(plain))
        return serial if _FIRST_YEAR <= serial.year <= _LAST_YEAR else None
    return None


def _date(year: str, month: str, of_month: str) -> date | None:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        return None


def _bare(text: str) -> str:
    plain = _AROUND.sub("", text[:_LONGEST].strip())
    return _BLANK_THOUSANDS.sub("", _NO_CENTS.sub("", plain))


def _mark_in(bare: str) -> str:
    """The mark before the decimals of a figure that can be read in one way; "" when there is none."""
    if _UNCLEAR.fullmatch(bare):
        return ""
    last = max(",.", key=bare.rfind)
    return last if bare.count(last) == 1 else ""
