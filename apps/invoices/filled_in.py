"""Which candidate is filled in for a person to agree with. Pure."""

from collections.abc import Sequence
from typing import Any

NEAR_ENOUGH, FAR_AHEAD = 90, 10  # of a name that is filled in: its score, and its lead on the next


def chosen(candidates: Sequence[dict[str, Any]], suggested: str) -> str:
    """Return the supplier that is filled in: for a person to agree with, never applied by itself. "" for none.

    Numbers that point to one card; else what the other administrations did; else a name that is nearly the same and
    far ahead of the next. Where the evidence disagrees, or a number of the card itself, nothing is filled in.
    """
    usable = [one for one in candidates if one["usable"]]
    sure = [one for one in usable if one.get("keys")]
    if len(sure) == 1 and len([one for one in candidates if one.get("keys")]) == 1:
        return "" if sure[0].get("differences") else str(sure[0]["supplier"])
    if sure:
        return ""
    if suggested:
        return suggested
    first = usable[0] if usable else None
    is_near = first and first.get("score", 0) >= NEAR_ENOUGH and first.get("gap", 0) >= FAR_AHEAD
    return str(first["supplier"]) if first and is_near and not first.get("differences") else ""
