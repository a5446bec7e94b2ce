"""The two counting windows of Exact: clock minutes and UTC days, as numbers since 1970. Pure (Exact facts 2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from apps.exact.values import integer_of

MINUTE, DAY = 60, 86_400  # seconds
LATE = 1  # seconds that our windows begin after Exact's: a clock that runs ahead of Exact's then calls none too early
AHEAD = 120  # seconds that Exact's clock may be before ours; a count from further on is of a clock put right since
_MOST = 10**7  # no limit is larger (a day has 86,400 seconds); a share of it still fits into a column


def number(moment: datetime, seconds: int) -> int:
    """Return the number of the window of `seconds` that we count a call of `moment` in."""
    return int(moment.timestamp() - LATE) // seconds


def latest(moment: datetime, seconds: int) -> int:
    """Return the highest number that Exact's clock may be at, at `moment` of ours."""
    return int(moment.timestamp() + AHEAD) // seconds


def opens(window: int, seconds: int) -> datetime:
    """Return when a call counts for the window after number `window`."""
    return datetime.fromtimestamp((window + 1) * seconds + LATE, UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the headers of one window say: its number, calls used in it, and its limit."""

    number: int
    used: int
    limit: int

    @classmethod
    def by(cls, headers: Mapping[str, str], prefix: str, seconds: int) -> "Reading | None":
        """Read the three headers that begin with `prefix`; None when they are not all there. Resets are UTC ms."""
        limit = min(integer_of(headers.get(f"{prefix}Limit")), _MOST)
        reset = integer_of(headers.get(f"{prefix}Reset"))
        if limit <= 0 or reset <= 0:
            return None
        left = min(max(integer_of(headers.get(f"{prefix}Remaining")), 0), limit)
        return cls(reset // 1000 // seconds - 1, limit - left, limit)

    def is_one_after(self, last: "Reading | None") -> bool:
        """Tell whether exactly one call was made since `last`, with the same limit."""
        if last is None or last.limit != self.limit:
            return False
        return self.used == (last.used + 1 if self.number == last.number else 1)


@dataclass(frozen=True, slots=True)
class Told:
    """What the headers of one answer say of both windows. None: that window was not mentioned."""

    minute: Reading | None
    day: Reading | None

    @classmethod
    def by(cls, headers: Mapping[str, str]) -> "Told":
        """Read the six headers."""
        return cls(
            Reading.by(headers, "X-RateLimit-Minutely-", MINUTE), Reading.by(headers, "X-RateLimit-", DAY)
        )

    def follows(self, last: "Told | None", minute: int) -> bool:
        """Tell whether our own count says the same, given that `last` was told one call ago of ours.

        `minute` is the window that we counted this call in: over its edge Exact may have counted it in the next.
        """
        if last is None or self.minute is None or self.minute.number != minute:
            return False
        same_day = self.day == last.day if self.day is None else self.day.is_one_after(last.day)
        return same_day and self.minute.is_one_after(last.minute)
