"""When what is read: nightly slots, full passes, and how long something waits. Pure."""

from datetime import datetime, time, timedelta

from apps.core.clock import DUTCH
from apps.exact.resources.feed import Strategy

OVERLAP = timedelta(hours=2)  # the doubled hour of autumn, and clocks that differ (Exact facts 3.3)
PAUSE = timedelta(minutes=5)  # after no answer
GIVEN_WAY = timedelta(minutes=1)  # whoever wants to post comes back within that time
BUSY = timedelta(seconds=15)  # somebody else is at work in the division
WEEK = timedelta(days=7)
FURTHEST = timedelta(days=2)  # nothing is ever planned further ahead
DELETIONS_KEPT = timedelta(days=55)  # Exact keeps them for two months (3.6)
_DUSK, _NIGHT_SECONDS = time(1), 4 * 3600
_SCATTER = 2_654_435_761  # Knuth's multiplier: neighbours come to lie far apart


def next_night(number: int, after: datetime) -> datetime:
    """Return the first moment behind `after` that is the slot of division `number`, from 01:00 to 05:00 Dutch time.

    The slots of any number of divisions lie evenly over the night, and each is the same every night.
    """
    seconds = (number * _SCATTER % 2**32) * _NIGHT_SECONDS >> 32
    day = after.astimezone(DUTCH).date()
    dusks = (datetime.combine(day + timedelta(days=days), _DUSK, DUTCH) for days in (0, 1))
    slots = ((dusk + timedelta(seconds=seconds)).astimezone(after.tzinfo) for dusk in dusks)
    return next(slot for slot in slots if slot > after)


def wants_full(
    strategy: Strategy, *, full_at: datetime | None, deletions: bool | None, now: datetime
) -> bool:
    """Tell whether the pass that begins now must see every row, to find what is gone.

    `full_at`: the end of the last such pass. `deletions`: whether Exact tells what is deleted in this resource:
    None for one that sync/Deleted does not know; False when it may not be read, or reaches back too little.
    """
    if strategy is Strategy.WHOLE:
        return True
    if strategy is Strategy.BY_TIMESTAMP and deletions is not False:
        return False
    return full_at is None or now - full_at >= WEEK


def tells_deletions(*, read_at: datetime | None, refused: bool, now: datetime) -> bool:
    """Tell whether sync/Deleted, last read at `read_at`, misses nothing when it is read next."""
    return not refused and (read_at is None or now - read_at < DELETIONS_KEPT)
