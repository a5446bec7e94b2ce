"""Refused calls of one endpoint, for one user in one division: ten in an hour, and Exact blocks it (facts 2.3).

So we stop ourselves before the tenth, shared by all processes through the database; the other endpoints go on.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.exact.budget import EndpointBlocked, Purpose
from apps.exact.models import Connection, Division, Refusals

COUNTED = frozenset({400, 401, 403, 404})
HOUR = timedelta(hours=1)
_BLOCKED = "rate limit exceeded"
_KEPT = 20  # refusals that a row remembers
_LOOK_AGAIN = 60.0  # seconds


def says_blocked(status: int, words: str) -> bool:
    """Tell whether an answer is a block of its endpoint; its status is not documented."""
    return 400 <= status < 500 and _BLOCKED in words.lower()


class Endpoints:
    """The endpoints of one division for one client object: what is blocked is read once a minute, ours at once."""

    def __init__(self, division: Division, connection: Connection, purpose: Purpose) -> None:
        self._division, self._connection, self._purpose = division, connection, purpose
        self._rows: dict[str, Refusals] = {}
        self._read_at: float | None = None

    def check(self, endpoint: str) -> None:
        """Raise EndpointBlocked when `endpoint` (a resource path) may not be asked now."""
        if self._read_at is None or clock.stopwatch() - self._read_at > _LOOK_AGAIN:
            rows = Refusals.objects.filter(division=self._division, connection=self._connection)
            self._rows = {row.endpoint: row for row in rows}
            self._read_at = clock.stopwatch()
        row = self._rows.get(endpoint)
        until = free_at(row, self._purpose, clock.now()) if row else None
        if until:
            raise _blocked(endpoint, until)

    def note(self, endpoint: str) -> None:
        """Count one refused call."""
        self._keep(endpoint)

    def block(self, endpoint: str) -> EndpointBlocked:
        """Keep that Exact blocks `endpoint`, and return the error that says until when."""
        until = clock.now() + HOUR
        self._keep(endpoint, blocked_until=until)
        return _blocked(endpoint, until)

    def _keep(self, endpoint: str, **values: Any) -> None:
        now = clock.now()
        key: dict[str, Any] = {
            "division": self._division,
            "connection": self._connection,
            "endpoint": endpoint,
        }
        with transaction.atomic():
            row, _made = Refusals.objects.select_for_update().get_or_create(**key)
            row.moments = [*_recent(row, now), now.timestamp()][-_KEPT:]
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=["moments", *values])
        self._rows[endpoint] = row


def _blocked(endpoint: str, until: datetime) -> EndpointBlocked:
    words = _("Exact refused %(endpoint)s too often. It is asked again by itself at %(time)s.")
    values = {"endpoint": endpoint, "time": f"{until.astimezone(clock.DUTCH):%H:%M}"}
    return EndpointBlocked(words % values, until=until)


def _recent(row: Refusals, now: datetime) -> list[float]:
    return [moment for moment in row.moments if (now - HOUR).timestamp() < moment <= now.timestamp()]


def free_at(row: Refusals, purpose: Purpose, now: datetime) -> datetime | None:
    """Return when `purpose` may ask the endpoint of `row` again; None: now. Never further off than an hour."""
    if row.blocked_until and now < row.blocked_until <= now + HOUR:
        return row.blocked_until
    recent, limit = _recent(row, now), purpose.errors_an_hour
    return datetime.fromtimestamp(recent[-limit], now.tzinfo) + HOUR if len(recent) >= limit else None
