"""Call limits per app and division, and the budget of refused calls (Exact facts 2.2 and 2.3)."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F

from apps.core import clock
from apps.sandbox import direct
from apps.sandbox.exact.errors import Refused
from apps.sandbox.models import ErrorBudget, Grant, Switches, Usage

COUNTED = frozenset({400, 401, 403, 404})
BLOCKED_WORDS = "API rate limit exceeded"
_MINUTE, _DAY = 60, 86_400
_HOUR = timedelta(hours=1)
_NO_LIMIT = 2**62


@dataclass(frozen=True, slots=True)
class Window:
    """A counting window: its length in seconds and the words that its headers begin with."""

    seconds: int
    prefix: str

    def headers(self, number: int, limit: int, used: int) -> dict[str, str]:
        """Return the three headers of window `number` since 1970; the reset is in UTC milliseconds."""
        return {
            f"{self.prefix}Limit": str(limit),
            f"{self.prefix}Remaining": str(max(limit - used, 0)),
            f"{self.prefix}Reset": str((number + 1) * self.seconds * 1000),
        }


MINUTE = Window(_MINUTE, "X-RateLimit-Minutely-")
DAY = Window(_DAY, "X-RateLimit-")


_PACKAGE = "SELECT minute_limit, day_limit, unlimited_days FROM sandbox_package WHERE division = %s"
_BLOCKED = (
    "SELECT 1 FROM sandbox_errorbudget "
    "WHERE app_id = %s AND user_id = %s AND division = %s AND endpoint = %s AND blocked_until > %s"
)
_SPEND = """
    INSERT INTO sandbox_usage (app_id, division, minute, minute_count, day, day_count, touched)
    SELECT %(app)s, %(division)s, %(minute)s, 1, %(day)s, 1, %(touched)s
    WHERE %(minute_limit)s > 0 AND %(day_limit)s > 0
    ON CONFLICT (app_id, division) DO UPDATE SET
        minute_count = CASE WHEN minute = excluded.minute THEN minute_count ELSE 0 END + 1,
        day_count = CASE WHEN day = excluded.day THEN day_count ELSE 0 END + 1,
        minute = excluded.minute, day = excluded.day, touched = excluded.touched
    WHERE NOT (minute = excluded.minute AND minute_count >= %(minute_limit)s)
        AND NOT (day = excluded.day AND day_count >= %(day_limit)s)
    RETURNING minute_count, day_count
"""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one app may call in one division; no `day`: no ceiling for one app (Exact facts 2.1)."""

    minute: int
    day: int | None


def allowance(division: int, switches: Switches) -> Allowance:
    """Return the limits of the division's package; what that leaves open is as the settings say."""
    minute, day, unlimited = direct.one(_PACKAGE, [division]) or (None, None, False)
    return Allowance(
        minute=switches.minute_limit if minute is None else minute,
        day=None if unlimited else switches.day_limit if day is None else day,
    )


def spend(grant: Grant, division: int, switches: Switches) -> dict[str, str]:
    """Count one call and return the headers of both windows; raises Refused (429, only the window hit).

    One statement counts, so that of many callers none is missed and none gets through too many.
    """
    now = clock.now().timestamp()
    minute, day = int(now // _MINUTE), int(now // _DAY)
    allowed = allowance(division, switches)
    counted = direct.one(
        _SPEND,
        {
            "app": grant.app_id,
            "division": division,
            "touched": int(now * 1000),
            "minute": minute,
            "day": day,
            "minute_limit": allowed.minute,
            "day_limit": _NO_LIMIT if allowed.day is None else allowed.day,
        },
    )
    if counted is None:
        raise _too_many(grant, division, allowed, minute, day)
    days = {} if allowed.day is None else DAY.headers(day, allowed.day, counted[1])
    return days | MINUTE.headers(minute, allowed.minute, counted[0])


def _too_many(grant: Grant, division: int, allowed: Allowance, minute: int, day: int) -> Refused:
    usage = Usage.objects.filter(app_id=grant.app_id, division=division, day=day).first()
    used = usage.day_count if usage else 0
    if allowed.day is not None and used >= allowed.day:
        return Refused(429, headers=DAY.headers(day, allowed.day, used))
    return Refused(429, headers=MINUTE.headers(minute, allowed.minute, allowed.minute))


def refuse_blocked(grant: Grant, division: int, endpoint: str, switches: Switches) -> None:
    """Raise Refused (429, or what the settings say) while this endpoint is blocked for this app, user and division."""
    asked = [grant.app_id, grant.user_id, division, endpoint[:80], direct.moment(clock.now())]
    if direct.one(_BLOCKED, asked):
        raise Refused(switches.blocked_status, BLOCKED_WORDS)


def note_refusal(grant: Grant, division: int, endpoint: str, limit: int) -> None:
    """Count one refused call; at `limit` within an hour the endpoint is blocked, each time twice as long."""
    now = clock.now()
    budget, _made = ErrorBudget.objects.get_or_create(
        app_id=grant.app_id,
        user_id=grant.user_id,
        division=division,
        endpoint=endpoint,
        defaults={"since": now},
    )
    same = ErrorBudget.objects.filter(pk=budget.pk)
    same.filter(since__lte=now - _HOUR).update(since=now, count=0)
    same.update(count=F("count") + 1)
    budget.refresh_from_db()
    if budget.count >= limit:
        until = now + _HOUR * 2**budget.strikes
        same.update(count=0, since=now, strikes=F("strikes") + 1, blocked_until=until)


def exhausted(window: Window = MINUTE, limit: int = 60) -> dict[str, str]:
    """Return the headers of a window with nothing left, for a 429 on purpose."""
    return window.headers(int(clock.now().timestamp() // window.seconds), limit, limit)
