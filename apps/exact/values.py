"""Exact's values as Python knows them, and back. Pure; nothing here raises on odd input.

Sources: Exact facts 3.1 (literals), 3.2 (shapes of answers), 3.3 (dates in disguised Dutch time).
"""

import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

_DATE = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_of(value: Any) -> datetime | None:
    """Return the moment in `/Date(ms)/` (or zone-less ISO text): Dutch wall-clock time dressed as UTC (3.3)."""
    if not isinstance(value, str):
        return None
    found = _DATE.fullmatch(value)
    try:
        if found:
            return _EPOCH + timedelta(milliseconds=int(found[1]))
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def date_of(value: Any) -> date | None:
    """Return the calendar date in `/Date(ms)/`, as a Dutch bookkeeper sees it."""
    moment = moment_of(value)
    return moment.date() if moment else None


def decimal_of(value: Any, places: int = 2) -> Decimal | None:
    """Return a Double (or a number as text) rounded half up to `places`; None for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
        if not number.is_finite() or abs(number) >= 10**13:
            return None
        return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    except ArithmeticError:
        return None


def guid_of(value: Any) -> UUID | None:
    """Return a Guid, None for blanks, oddities and the empty Guid."""
    try:
        guid = UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return guid if guid and guid.int else None


def integer_of(value: Any, bits: int = 64) -> int:
    """Return an integer of at most `bits` with its sign; an Int64 may come as text (3.2). 0 for anything else."""
    if isinstance(value, float) and not math.isfinite(value):
        return 0
    try:
        number = int(value) if isinstance(value, int | float | str) else 0
    except ValueError:
        return 0
    return number if -(2 ** (bits - 1)) <= number < 2 ** (bits - 1) else 0


def small_of(value: Any) -> int:
    """Return an integer that fits a small positive column, 0 for anything else."""
    return max(integer_of(value, 16), 0)


def text_of(value: Any) -> str:
    """Return trimmed text, "" for null; numbers as they are written."""
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def flag_of(value: Any) -> bool:
    """Return a Boolean that Exact gives as boolean, as 0 or 1 (Byte), or as text."""
    return value if isinstance(value, bool) else text_of(value).lower() in ("1", "true")


def trimmed(value: Any) -> Any:
    """Return `value` with every string in it stripped (3.4), and without what no database takes.

    That is NULs, halves of surrogate pairs, and numbers that are not finite.
    """
    if isinstance(value, str):
        storable = value if value.isascii() else value.encode(errors="ignore").decode()
        return storable.replace("\x00", "").strip()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [trimmed(each) for each in value]
    if isinstance(value, dict):
        return {name: trimmed(each) for name, each in value.items()}
    return value


def iso(day: date) -> str:
    """Return a date as requests carry it: ISO text without a zone, for a `Z` may shift the day (3.3)."""
    return day.isoformat()


def filter_text(text: str) -> str:
    """Return `text` as a literal of `$filter`: in quotes, with quotes doubled (3.1)."""
    return "'" + text.replace("'", "''") + "'"


def filter_guid(guid: UUID | str) -> str:
    """Return a Guid as a literal of `$filter`."""
    return f"guid'{guid}'"


def filter_moment(wall_clock: datetime) -> str:
    """Return Dutch wall-clock time as a literal of `$filter`; the zone of `wall_clock` is not looked at."""
    return f"datetime'{wall_clock.replace(tzinfo=None, microsecond=0).isoformat()}'"
