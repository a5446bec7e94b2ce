"""Values by EDM type: what a request may hold, the canonical form kept, and what an answer shows.

Canonical: guids lower-case, dates ISO text of Dutch wall-clock time, numbers, booleans, base64 text, None.
"""

import base64
import binascii
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

_EPOCH = datetime(1970, 1, 1)
_JSON_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d+)?\)/")
_RANGES = {"Byte": (0, 255), "Int16": (-(2**15), 2**15 - 1), "Int32": (-(2**31), 2**31 - 1)}


def moment(text: str) -> datetime:
    """Return ISO text as a naive moment; a zone is worked into UTC and dropped (Exact facts 3.3)."""
    parsed = datetime.fromisoformat(text)
    return parsed.astimezone(UTC).replace(tzinfo=None) if parsed.tzinfo else parsed


def canonical_moment(at: datetime) -> str:
    """Return a naive moment as canonical text: without the time when that is midnight."""
    whole = at.replace(microsecond=0)
    return whole.date().isoformat() if whole.time() == datetime.min.time() else whole.isoformat()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def guid(value: Any) -> str:
    """Return a Guid lower-case without braces; raises ValueError or TypeError."""
    return str(UUID(_text(value)))


def _whole(kind: str, value: Any) -> int:
    low, high = _RANGES[kind]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError("not a whole number of this size")
    return value


def _int64(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError("not a whole number")
    return int(value)


def _double(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError("not a number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not a truth value")
    return value


def _date(value: Any) -> str:
    found = _JSON_DATE.fullmatch(_text(value))
    at = datetime.fromtimestamp(int(found[1]) / 1000, UTC) if found else datetime.fromisoformat(value)
    at = at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
    if at.year < 1753:
        raise ValueError("before the first date of a SQL datetime")
    return canonical_moment(at)


def _binary(value: Any) -> str:
    try:
        base64.b64decode(_text(value), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    return str(value)


_INCOMING: dict[str, Callable[[Any], Any]] = {
    "String": _text,
    "Guid": guid,
    "Byte": lambda value: _whole("Byte", value),
    "Int16": lambda value: _whole("Int16", value),
    "Int32": lambda value: _whole("Int32", value),
    "Int64": _int64,
    "Double": _double,
    "Boolean": _boolean,
    "DateTime": _date,
    "Binary": _binary,
}


def incoming(type_: str, value: Any) -> Any:
    """Return the canonical form of a value in a request body; ValueError when it is not of that EDM type.

    Amounts may come as text (Exact facts 3.4).
    """
    if value is None:
        return None
    try:
        return _INCOMING[type_](value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"not an Edm.{type_}: {error}") from error


def _shown_date(value: str) -> str:
    return f"/Date({int((moment(value) - _EPOCH).total_seconds() * 1000)})/"


_SHOWN: dict[str, Callable[[Any], Any]] = {"DateTime": _shown_date, "Int64": str, "Double": float}


def shower(type_: str) -> Callable[[Any], Any] | None:
    """Return what turns a canonical value (not None) into its JSON form, or None when that is the same."""
    return _SHOWN.get(type_)


def key_literal(type_: str, value: Any) -> str:
    """Return a key value as it stands in an address: guid'...', 'text' or the number."""
    if type_ == "Guid":
        return f"guid'{value}'"
    if type_ == "String":
        return "'" + str(value).replace("'", "''") + "'"
    return f"{value}L" if type_ == "Int64" else str(value)
