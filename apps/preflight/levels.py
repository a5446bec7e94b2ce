"""What a point of a preflight is: how it stands, where it belongs, and what it was judged by. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GOOD, FAIR, POOR, UNKNOWN, NOTE = "good", "fair", "poor", "unknown", "note"
LEVELS = (POOR, UNKNOWN, FAIR, NOTE, GOOD)  # the worst first
USER, PACKAGE, BOOKS, CARDS = "user", "package", "books", "cards"
UNUSED, UNLICENSED = "unused", "unlicensed"  # cases of a note: not needed here; the package lacks the mailbox


@dataclass(frozen=True, slots=True)
class Point:
    """One point: `key` says what was looked at, `case` what was found where that can be several things."""

    key: str
    group: str
    level: str
    case: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kept(self) -> dict[str, Any]:
        """The point as it is stored."""
        return {
            "key": self.key,
            "group": self.group,
            "level": self.level,
            "case": self.case,
            "values": dict(self.values),
        }


def score_of(points: list[Point]) -> int | None:
    """Return the share of the points that count and are good, in percent, rounded down; None without any known."""
    counting = [point for point in points if point.level != NOTE]
    if all(point.level == UNKNOWN for point in counting):
        return None
    return sum(point.level == GOOD for point in counting) * 100 // len(counting)
