"""How far a sync is, and when it may end. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

CALLS_A_MINUTE = 57  # of the sixty that Exact allows; the rest is for people (Exact facts 2.1)
_USUAL_SECONDS = 0.5  # of one call, as long as none was made


@dataclass(frozen=True, slots=True)
class Stage:
    """One resource. `total`: rows in all, when known; `page_size`: None where all rows come at once."""

    name: str
    is_done: bool
    rows: int
    calls: int
    seconds: float
    page_size: int | None
    total: int | None = None
    first: bool = False
    """A full pass, which reads every row: without a total nobody knows how many these are."""

    @property
    def calls_left(self) -> int:
        """Calls that this one still takes, as far as can be known."""
        if self.is_done:
            return 0
        if self.page_size is None or self.total is None:
            return 1
        return max(-(-max(self.total - self.rows, 0) // self.page_size), 1)

    @property
    def is_open_ended(self) -> bool:
        """Whether there may be many more rows than is known."""
        return not self.is_done and self.first and self.page_size is not None and self.total is None


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a run is. `ends_at`: None when it has ended. `at_least`: it may well take longer."""

    done: int
    of: int
    rows: int
    calls: int
    ends_at: datetime | None
    at_least: bool


def pace(
    stages: Iterable[Stage], now: datetime, *, goes_on_at: datetime | None = None, minute_left: int = 0
) -> Pace:
    """Return how far a run with these stages is.

    It ends after the calls that are left: at the speed that was seen, but no faster than the minutes allow, and not
    before `goes_on_at`. `minute_left`: calls that may still be made in this minute.
    """
    stages = list(stages)
    left = sum(stage.calls_left for stage in stages)
    calls, seconds = sum(stage.calls for stage in stages), sum(stage.seconds for stage in stages)
    speed = seconds / calls if calls else _USUAL_SECONDS
    minutes = -(-max(left - minute_left, 0) // CALLS_A_MINUTE)
    takes = max(timedelta(seconds=left * speed), timedelta(minutes=max(minutes - 1, 0)))
    if minutes:
        begins = max(now, goes_on_at or now).replace(second=0, microsecond=0) + timedelta(minutes=1)
    else:
        begins = max(now, goes_on_at or now)
    return Pace(
        done=sum(stage.is_done for stage in stages),
        of=len(stages),
        rows=sum(stage.rows for stage in stages),
        calls=calls,
        ends_at=begins + takes if left else None,
        at_least=any(stage.is_open_ended for stage in stages),
    )
