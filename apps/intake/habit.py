"""Whether a channel has gone quiet against its habit. Pure: working days only, holidays are not known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

LOOKS_BACK = timedelta(weeks=12)
LEAST_DAYS = 6  # days with arrivals that make a habit
SHORTEST = 2  # working days: a Monday without mail is no silence
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Habit:
    """When something last came in, how long the wait is now, and how long it ever was before, in working days."""

    last_on: date
    wait: int
    longest: int

    @property
    def is_broken(self) -> bool:
        """Tell whether the wait is longer than it ever was, and long enough to say something."""
        return self.wait > max(self.longest, SHORTEST)


def habit_of(days: Iterable[date], today: date) -> Habit | None:
    """Return the habit that these days of arrival show, None for too few of them within LOOKS_BACK of the last one.

    `days` are Dutch dates in any order, `today` too.
    """
    known = sorted({day for day in days if day <= today})
    recent = [day for day in known if day >= known[-1] - LOOKS_BACK]
    if len(recent) < LEAST_DAYS:
        return None
    longest = max(working_days(earlier, later) for earlier, later in pairwise(recent))
    return Habit(recent[-1], working_days(recent[-1], today), longest)


def working_days(after: date, until: date) -> int:
    """Count the days from Monday to Friday after `after`, up to and including `until`; 0 when that is before."""
    days = max((until - after).days, 0)
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((after + timedelta(days=n)).weekday() < _SATURDAY for n in range(1, rest + 1))
