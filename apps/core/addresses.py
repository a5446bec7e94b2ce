"""What web addresses and forms hold, which anybody may have written. Pure."""

from typing import Any

LONGEST_KEY = 19  # digits; a key has 63 bits


def key_in(text: Any) -> int:
    """Return the key or number that an address holds, 0 for what no row can have: letters, ², five thousand digits."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < LONGEST_KEY else 0


def typed_in(text: Any) -> str:
    """Return what somebody typed as a database can hold it: without the character NUL, which no key types."""
    return str(text).replace("\x00", "").strip()
