"""How many calls may still be made in a division: of this minute and of this UTC day (Exact facts 2.1 and 2.2).

The count is one row, shared by all processes and hosts through the database. Exact's headers are the truth; between
two of them we count ourselves. Background work leaves some calls to people, and syncs leave some to postings, so
that nobody meets a refusal of ours and Exact never has to refuse at all.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, Case, F, Q, Value, When
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from apps.core import clock, http
from apps.exact import windows
from apps.exact.models import CallWindow, Division
from apps.exact.windows import DAY, MINUTE, Reading, Told

KEPT_OF_A_MINUTE = 3  # calls that background work leaves to people, and at most a twentieth of the limit
UNDER_WAY = 10  # calls that may be counted here and not told of yet


class Purpose(Enum):
    """Who asks. People may use everything; postings leave a reserve to people, syncs one to both."""

    PERSON = "person"
    POSTING = "posting"
    SYNC = "sync"

    @property
    def day_percent(self) -> int:
        """The part of a day's calls that this purpose may use, in percent."""
        people, postings = settings.DAY_PERCENT_FOR_PEOPLE, settings.DAY_PERCENT_FOR_POSTINGS
        kept = {Purpose.PERSON: 0, Purpose.POSTING: people, Purpose.SYNC: people + postings}
        return int(100 - kept[self])

    @property
    def errors_an_hour(self) -> int:
        """How many refused calls of one endpoint in an hour stop this purpose; Exact blocks at ten (2.3)."""
        return 9 if self is Purpose.PERSON else int(settings.ERRORS_AN_HOUR)


class Spent(http.Temporary):
    """A window is used up as far as this purpose may, or Exact said so; nothing happened. "minute" or "day"."""

    def __init__(self, words: str, *, window: str, opens: datetime) -> None:
        super().__init__(words, retry_at_ms=int(opens.timestamp() * 1000), status=429, reason=window)
        self.window = window


class EndpointBlocked(http.Temporary):
    """One endpoint of the division has had its refusals of this hour; the others may go on. Nothing happened."""

    def __init__(self, words: str, *, until: datetime) -> None:
        super().__init__(words, retry_at_ms=int(until.timestamp() * 1000), status=429)


@dataclass(frozen=True, slots=True)
class Weather:
    """What is left in a division: calls of this UTC day (`left` of `limit`; None: no ceiling) and of this minute."""

    used: int
    limit: int | None
    minute_left: int

    @property
    def left(self) -> int | None:
        """Calls left today, None where Exact sets no ceiling."""
        return None if self.limit is None else max(self.limit - self.used, 0)


def weather(division: Division) -> Weather:
    """Return what is left now, for people to read; one query."""
    return weather_of(CallWindow.objects.filter(division=division).first())


def weather_of(window: CallWindow | None) -> Weather:
    """Return what is left now by the row of a division that was read already; None: nothing was called yet."""
    row, now = window or CallWindow(), clock.now()
    used = row.day_used if _is_present(row.day, now, DAY) else 0
    minute_used = row.minute_used if _is_present(row.minute, now, MINUTE) else 0
    return Weather(used, row.day_limit, max(row.minute_limit - minute_used, 0))


def _is_present(number: int, now: datetime, seconds: int) -> bool:
    return windows.number(now, seconds) <= number <= windows.latest(now, seconds)


def spend(division: Division, purpose: Purpose) -> int:
    """Count one call before it is made: one guarded update. Return the minute it was counted in.

    Raises Spent when `purpose` may make none now.
    """
    now = clock.now()
    if not _count(division, purpose, now):
        row, made = CallWindow.objects.get_or_create(division=division)
        if not (made and _count(division, purpose, now)):
            raise _spent(row, purpose, now)
    return windows.number(now, MINUTE)


def _count(division: Division, purpose: Purpose, now: datetime) -> bool:
    """Count a call where one is left. A count of an earlier window, or of a clock put right since, is over."""
    new_minute, new_day = _is_over("minute", now, MINUTE), _is_over("day", now, DAY)
    kept = 0 if purpose is Purpose.PERSON else Least(Value(KEPT_OF_A_MINUTE), F("minute_limit") / 20)
    fits = (new_minute | Q(minute_used__lt=F("minute_limit") - kept)) & (
        new_day | Q(day_limit=None) | Q(day_used__lt=F("day_limit") * purpose.day_percent / 100)
    )
    hit = CallWindow.objects.filter(fits, division=division).update(
        minute=_case((new_minute, windows.number(now, MINUTE)), default=F("minute")),
        minute_used=_case((new_minute, 1), default=F("minute_used") + 1),
        day=_case((new_day, windows.number(now, DAY)), default=F("day")),
        day_used=_case((new_day, 1), default=F("day_used") + 1),
    )
    return hit == 1


def _is_over(window: str, now: datetime, seconds: int) -> Q:
    earlier = Q(**{f"{window}__lt": windows.number(now, seconds)})
    return earlier | Q(**{f"{window}__gt": windows.latest(now, seconds)})


def _case(*choices: tuple[Q, int], default: Any) -> Case:
    whens = [When(condition, then=Value(value)) for condition, value in choices]
    return Case(*whens, default=default, output_field=BigIntegerField())


def _spent(row: CallWindow, purpose: Purpose, now: datetime) -> Spent:
    most = None if row.day_limit is None else row.day_limit * purpose.day_percent // 100
    if most is not None and row.day_used >= most and _is_present(row.day, now, DAY):
        return _until_day_after(row.day)
    present = _is_present(row.minute, now, MINUTE)
    return _until_minute_after(row.minute if present else windows.number(now, MINUTE))


def _until_day_after(day: int) -> Spent:
    opens = windows.opens(day, DAY)
    words = _(
        "The calls that Exact allows this administration today are used up. It goes on by itself at %s."
    )
    return Spent(words % _time(opens), window="day", opens=opens)


def _until_minute_after(minute: int) -> Spent:
    opens = windows.opens(minute, MINUTE)
    words = _("The calls that Exact allows in this minute are used up. It goes on by itself at %s.")
    return Spent(words % _time(opens), window="minute", opens=opens)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(clock.DUTCH):%H:%M}"


def hear(division: Division, told: Told, *, whole: bool) -> None:
    """Bring our count to what Exact told. `whole`: a good answer, on which a missing day means no ceiling.

    Within one minute a count only rises: calls that others made meanwhile may not be told of yet. Within a day it
    sinks too, for a call that was counted and never arrived would be missing until midnight.
    """
    now = clock.now()
    changes: dict[str, Any] = {}
    if told.minute:
        changes |= _raised("minute", told.minute, now, MINUTE)
    if told.day:
        changes |= _raised("day", told.day, now, DAY)
    elif whole and told.minute:
        changes["day_limit"] = None
    if changes:
        CallWindow.objects.filter(division=division).update(**changes)


def _raised(window: str, told: Reading, now: datetime, seconds: int) -> dict[str, Any]:
    used = f"{window}_used"
    later = Q(**{f"{window}__lt": told.number}) | Q(**{f"{window}__gt": windows.latest(now, seconds)})
    more = later | Q(**{window: told.number, f"{used}__lt": told.used})
    choices = [(more, told.used)]
    if seconds == DAY:
        less = Q(**{window: told.number, f"{used}__gt": told.used + UNDER_WAY})
        choices.append((less, told.used + UNDER_WAY))
    return {
        f"{window}_limit": Value(told.limit),
        window: _case((later, told.number), default=F(window)),
        used: _case(*choices, default=F(used)),
    }


def refused(division: Division, told: Told) -> Spent:
    """Close the window that Exact refused a call for (429) and return the error that says when it opens.

    Only the day's headers: the day. Anything else, also none at all: this minute (Exact facts 2.2).
    """
    now = clock.now()
    row = CallWindow.objects.filter(division=division)
    if told.day and not told.minute:
        day = _closed(told.day, now, DAY)
        row.update(day=day, day_used=told.day.limit, day_limit=told.day.limit)
        return _until_day_after(day)
    minute = _closed(told.minute, now, MINUTE)
    row.update(minute=minute, minute_used=F("minute_limit"))
    return _until_minute_after(minute)


def _closed(told: Reading | None, now: datetime, seconds: int) -> int:
    """Return the window to close: Exact's, unless our clocks differ too much to wait for that."""
    present = windows.number(now, seconds)
    return max(present, told.number) if told and told.number <= windows.latest(now, seconds) else present
