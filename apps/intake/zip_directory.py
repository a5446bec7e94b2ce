"""The directory at the end of a ZIP file, read before anything in it is trusted (APPNOTE.TXT 4.3). Pure.

The library would read a directory of any size into memory first; here a million entries cost nothing.
"""

import struct

MOST_ENTRIES = 500
_END, _END_64, _LOCATOR = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LONGEST_COMMENT = 1 << 16
_IN_64 = 0xFFFFFFFF


class Damaged(Exception):
    """There is no directory, or it is not whole."""


class TooMany(Damaged):
    """The directory names more than MOST_ENTRIES things."""


def names(content: bytes) -> list[bytes]:
    """Return the names in the directory of a ZIP file. Raises Damaged, or TooMany beyond MOST_ENTRIES."""
    try:
        return _walked(content, *_where(content))
    except struct.error as error:
        raise Damaged from error


def _where(content: bytes) -> tuple[int, int]:
    """Return where the directory begins and ends. It stands right before what ends the file."""
    end = _end_of(content)
    size = _END.unpack_from(content, end)[5]
    locator = end - _LOCATOR.size
    if locator >= 0 and content.startswith(b"PK\x06\x07", locator):
        end = locator - _END_64.size
        if end < 0 or not content.startswith(b"PK\x06\x06", end):
            raise Damaged
        size = _END_64.unpack_from(content, end)[8]
    elif size == _IN_64:
        raise Damaged
    if size > end:
        raise Damaged
    return end - size, end


def _end_of(content: bytes) -> int:
    last = len(content) - _END.size
    if last < 0:
        raise Damaged
    if content.startswith(b"PK\x05\x06", last) and content.endswith(b"\0\0"):
        return last
    found = content.rfind(b"PK\x05\x06", max(0, last - _LONGEST_COMMENT))
    if found < 0:
        raise Damaged
    return found


def _walked(content: bytes, at: int, end: int) -> list[bytes]:
    found: list[bytes] = []
    while at < end:
        values = _ENTRY.unpack_from(content, at)
        if values[0] != b"PK\x01\x02":
            raise Damaged
        if len(found) == MOST_ENTRIES:
            raise TooMany
        name_at, lengths = at + _ENTRY.size, values[10:13]
        found.append(content[name_at : name_at + lengths[0]])
        at = name_at + sum(lengths)
    return found
