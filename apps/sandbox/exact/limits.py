"""Call limits per app and division, and the budget of refused calls (Exact facts 2.2 and 2.3)."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F

from apps.core import clock
from apps.sandbox.exact.errors import Refused
from apps.sandbox.models import ErrorBudget, Grant, Switches, Usage

COUNTED = frozenset({400, 401, 403, 404})
BLOCKED_WORDS = "API rate limit exceeded"
_MINUTE, _DAY = 60, 86_400
_HOUR = timedelta(hours=1)


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


def spend(grant: Grant, division: int, switches: Switches) -> dict[str, str]:
    """Count one call and return the headers of both windows; raises Refused (429, only the window hit)."""
    now = clock.now().timestamp()
    minute, day = int(now // _MINUTE), int(now // _DAY)
    usage, _made = Usage.objects.get_or_create(app_id=grant.app_id, division=division)
    while True:
        used_minute = usage.minute_count if usage.minute == minute else 0
        used_day = usage.day_count if usage.day == day else 0
        if used_day >= switches.day_limit:
            raise Refused(429, headers=DAY.headers(day, switches.day_limit, used_day))
        if used_minute >= switches.minute_limit:
            raise Refused(429, headers=MINUTE.headers(minute, switches.minute_limit, used_minute))
        if _count(usage, minute, used_minute + 1, day, used_day + 1, now):
            return DAY.headers(day, switches.day_limit, used_day + 1) | MINUTE.headers(
                minute, switches.minute_limit, used_minute + 1
            )
        usage.refresh_from_db()


def _count(usage: Usage, minute: int, minute_count: int, day: int, day_count: int, now: float) -> bool:
    seen = {"minute": usage.minute, "minute_count": usage.minute_count, "day_count": usage.day_count}
    hit = Usage.objects.filter(pk=usage.pk, **seen).update(
        minute=minute, minute_count=minute_count, day=day, day_count=day_count, touched=int(now * 1000)
    )
    return hit == 1


def refuse_blocked(grant: Grant, division: int, endpoint: str) -> None:
    """Raise Refused (429) while this endpoint is blocked for this app, user and division."""
    found = ErrorBudget.objects.filter(
        app_id=grant.app_id,
        user_id=grant.user_id,
        division=division,
        endpoint=endpoint,
        blocked_until__gt=clock.now(),
    )
    if found.exists():
        raise Refused(429, BLOCKED_WORDS)


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


def exhausted() -> dict[str, str]:
    """Return the headers of a minute window with nothing left, for a 429 on purpose."""
    return MINUTE.headers(int(clock.now().timestamp() // _MINUTE), 60, 60)
