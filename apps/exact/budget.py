"""What may still be asked of Exact in a division: the call windows, and the errors that block an endpoint.

Both are shared by all processes and hosts through the database. Exact's headers are the truth; between two of them
we count ourselves. Background work leaves some calls to people, and syncs leave some to postings, so that nobody
meets a refusal of ours and Exact never has to refuse at all (Exact facts 2.1-2.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from apps.core import clock, http
from apps.exact.models import CallWindow, Connection, Division, Refusals
from apps.exact.values import integer_of

MINUTE, DAY, HOUR = 60, 86_400, 3_600  # seconds
COUNTED = frozenset({400, 401, 403, 404})  # what fills the error budget (2.3)
KEPT_OF_A_MINUTE = 3  # calls that background work leaves to people
_AHEAD = 2  # windows that Exact's clock may be before ours; more is a clock that was put right


class Purpose(Enum):
    """Who asks. People may use everything; postings leave a reserve to people, syncs one to both."""

    PERSON = "person"
    POSTING = "posting"
    SYNC = "sync"

    @property
    def day_percent(self) -> int:
        """The part of a day's calls that this purpose may use, in percent."""
        kept = {
            Purpose.PERSON: 0,
            Purpose.POSTING: settings.DAY_PERCENT_FOR_PEOPLE,
            Purpose.SYNC: settings.DAY_PERCENT_FOR_PEOPLE + settings.DAY_PERCENT_FOR_POSTINGS,
        }
        return int(100 - kept[self])

    @property
    def errors_an_hour(self) -> int:
        """How many refused calls of one endpoint in an hour stop this purpose; Exact blocks at ten."""
        return 9 if self is Purpose.PERSON else int(settings.ERRORS_AN_HOUR)


class Spent(http.Temporary):
    """The window is used up as far as this purpose may; nothing was sent. `window` is "minute" or "day"."""

    def __init__(self, words: str, *, window: str, retry_at_ms: int) -> None:
        super().__init__(words, retry_at_ms=retry_at_ms, reason=window)
        self.window = window


class EndpointBlocked(http.Temporary):
    """One endpoint of the division has had its refusals of this hour; the others may go on. Nothing was sent."""


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
    row = window or CallWindow()
    minute, day = _numbers(clock.now())
    used = row.day_used if row.day == day else 0
    minute_used = row.minute_used if row.minute == minute else 0
    return Weather(used, row.day_limit, max(row.minute_limit - minute_used, 0))


def spend(division: Division, purpose: Purpose) -> None:
    """Count one call before it is made: one guarded update. Raises Spent when `purpose` may make none now."""
    minute, day = _numbers(clock.now())
    if _count(division, purpose, minute, day):
        return
    row, made = CallWindow.objects.get_or_create(division=division)
    if made and _count(division, purpose, minute, day):
        return
    raise _spent(row, purpose, minute, day)


def _numbers(moment: datetime) -> tuple[int, int]:
    seconds = int(moment.timestamp())
    return seconds // MINUTE, seconds // DAY


def _count(division: Division, purpose: Purpose, minute: int, day: int) -> bool:
    new_minute = Q(minute__lt=minute) | Q(minute__gt=minute + _AHEAD)
    new_day = Q(day__lt=day) | Q(day__gt=day + _AHEAD)
    kept = 0 if purpose is Purpose.PERSON else Least(Value(KEPT_OF_A_MINUTE), F("minute_limit") / 20)
    fits = (new_minute | Q(minute_used__lt=F("minute_limit") - kept)) & (
        new_day | Q(day_limit=None) | Q(day_used__lt=F("day_limit") * purpose.day_percent / 100)
    )
    hit = CallWindow.objects.filter(fits, division=division).update(
        minute=_if(new_minute, minute, F("minute")),
        minute_used=_if(new_minute, 1, F("minute_used") + 1),
        day=_if(new_day, day, F("day")),
        day_used=_if(new_day, 1, F("day_used") + 1),
    )
    return hit == 1


def _if(condition: Q, value: int, otherwise: Combinable) -> Case:
    return Case(When(condition, then=Value(value)), default=otherwise, output_field=BigIntegerField())


def _spent(row: CallWindow, purpose: Purpose, minute: int, day: int) -> Spent:
    same_day = row.day_limit is not None and day <= row.day <= day + _AHEAD
    if same_day and row.day_used >= (row.day_limit or 0) * purpose.day_percent // 100:
        opens = (row.day + 1) * DAY
        words = _("Exact's calls of today are used as far as this may; it goes on at %(time)s.")
        window = "day"
    else:
        opens = (max(row.minute, minute) + 1) * MINUTE
        words = _("Exact's calls of this minute are used; it goes on at %(time)s.")
        window = "minute"
    at = datetime.fromtimestamp(opens, UTC).astimezone(clock.DUTCH)
    return Spent(words % {"time": f"{at:%H:%M}"}, window=window, retry_at_ms=opens * 1000)


@dataclass(frozen=True, slots=True)
class Told:
    """What the headers of one answer say. None: that window was not mentioned."""

    minute: int | None
    minute_used: int
    minute_limit: int
    day: int | None
    day_used: int
    day_limit: int

    @classmethod
    def by(cls, headers: Mapping[str, str]) -> "Told":
        """Read the six headers; resets are UTC milliseconds (Exact facts 2.2)."""
        minute = _window(headers, "X-RateLimit-Minutely-", MINUTE)
        day = _window(headers, "X-RateLimit-", DAY)
        return cls(*minute, *day)

    def follows(self, last: "Told | None", minute: int) -> bool:
        """Tell whether this is just what we counted ourselves since `last`, one call ago."""
        if last is None or (self.minute_limit, self.day_limit) != (last.minute_limit, last.day_limit):
            return False
        used = last.minute_used + 1 if self.minute == last.minute else 1
        same_day = self.day == last.day and self.day_used == (
            last.day_used + 1 if self.day is not None else 0
        )
        return same_day and self.minute == minute and self.minute_used == used


def _window(headers: Mapping[str, str], prefix: str, seconds: int) -> tuple[int | None, int, int]:
    limit, reset = integer_of(headers.get(f"{prefix}Limit")), integer_of(headers.get(f"{prefix}Reset"))
    if limit <= 0 or reset <= 0:
        return None, 0, 0
    left = max(integer_of(headers.get(f"{prefix}Remaining")), 0)
    return reset // 1000 // seconds - 1, max(limit - left, 0), limit


def hear(division: Division, told: Told, *, whole: bool) -> None:
    """Bring our count to what Exact told. `whole`: a good answer, on which a missing day means no ceiling.

    Within one window a count only rises: calls that others made at the same moment may not be told of yet.
    """
    changes: dict[str, Any] = {}
    if told.minute is not None:
        changes |= _raised("minute", told.minute, told.minute_used, told.minute_limit)
    if told.day is not None:
        changes |= _raised("day", told.day, told.day_used, told.day_limit)
    elif whole and told.minute is not None:
        changes["day_limit"] = None
    if changes:
        CallWindow.objects.filter(division=division).update(**changes)


def _raised(window: str, number: int, used: int, limit: int) -> dict[str, Any]:
    later = Q(**{f"{window}__lt": number}) | Q(**{f"{window}__gt": number + _AHEAD})
    more = Q(**{window: number, f"{window}_used__lt": used})
    return {
        f"{window}_limit": Value(limit),
        window: _if(later, number, F(window)),
        f"{window}_used": _if(later | more, used, F(f"{window}_used")),
    }


def close_minute(division: Division) -> None:
    """Make no more calls in this minute: Exact refused one and did not say until when."""
    minute, _day = _numbers(clock.now())
    CallWindow.objects.filter(division=division).update(minute=minute, minute_used=F("minute_limit"))


class Meter:
    """The budget of one division for one client object: asked before each call, told after it."""

    def __init__(self, division: Division, connection: Connection, purpose: Purpose) -> None:
        self._division, self._connection, self._purpose = division, connection, purpose
        self._last: Told | None = None
        self._refusals: dict[str, Refusals] = {}
        self._read_at = 0.0

    def before(self, endpoint: str) -> None:
        """Count a call to `endpoint` (a resource path); raises EndpointBlocked or Spent, and then nothing is sent."""
        self._refuse_blocked(endpoint)
        spend(self._division, self._purpose)

    def after(self, endpoint: str, status: int, headers: Mapping[str, str], words: str) -> None:
        """Take in what the answer says about the windows and the error budget."""
        told = Told.by(headers)
        if not told.follows(self._last, _numbers(clock.now())[0]):
            hear(self._division, told, whole=status < 300)
        self._last = told
        if status in COUNTED:
            self._note(endpoint)
        elif status == 429 and told.minute is None and told.day is None:
            if "rate limit exceeded" in words.lower():
                self._note(endpoint, blocked=True)
            else:
                close_minute(self._division)

    def _refuse_blocked(self, endpoint: str) -> None:
        if clock.stopwatch() - self._read_at > MINUTE or not self._read_at:
            rows = Refusals.objects.filter(division=self._division, connection=self._connection)
            self._refusals = {row.endpoint: row for row in rows}
            self._read_at = clock.stopwatch()
        row = self._refusals.get(endpoint)
        until = _free_at(row, self._purpose) if row else None
        if until:
            words = _("Exact refused %(endpoint)s too often; it is asked again at %(time)s.")
            values = {"endpoint": endpoint, "time": f"{until.astimezone(clock.DUTCH):%H:%M}"}
            raise EndpointBlocked(words % values, retry_at_ms=int(until.timestamp() * 1000))

    def _note(self, endpoint: str, *, blocked: bool = False) -> None:
        now = clock.now()
        key: dict[str, Any] = {"division": self._division, "connection": self._connection, "endpoint": endpoint}
        with transaction.atomic():
            row, _made = Refusals.objects.select_for_update().get_or_create(**key)
            row.moments = [*_recent(row, now), now.timestamp()][-20:]
            if blocked:
                row.blocked_until = datetime.fromtimestamp(now.timestamp() + HOUR, UTC)
            row.save(update_fields=["moments", "blocked_until"])
        self._refusals[endpoint] = row


def _recent(row: Refusals, now: datetime) -> list[float]:
    return [moment for moment in row.moments if now.timestamp() - HOUR < moment <= now.timestamp()]


def _free_at(row: Refusals, purpose: Purpose) -> datetime | None:
    """Return when `purpose` may ask this endpoint again; None: now."""
    now = clock.now()
    if row.blocked_until and row.blocked_until > now:
        return row.blocked_until
    recent, limit = _recent(row, now), purpose.errors_an_hour
    return datetime.fromtimestamp(recent[-limit] + HOUR, UTC) if len(recent) >= limit else None
