"""The log of calls, so that tests and people can count what was asked of the sandbox."""

from dataclasses import dataclass
from typing import Any

from apps.core import clock
from apps.sandbox import direct, time
from apps.sandbox.models import Call

KEPT = 20_000
_TRIM_EVERY = 500
_INSERT = (
    "INSERT INTO sandbox_call (at, began, ended, method, path, division, status, query) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)


@dataclass(frozen=True, slots=True)
class Begun:
    """A call that came in. `began`: seconds of the machine's clock, which the sandbox never moves."""

    method: str
    path: str
    division: int | None
    query: str
    began: float


def begin(method: str, path: str, division: int | None = None, query: str = "") -> Begun:
    """Note that a call came in; `end` writes it down."""
    return Begun(method, path[:80], division, query[:500], time.machine_seconds())


def end(begun: Begun, status: int) -> None:
    """Write down a call; `status` 0 means that no answer was given. Only about the last KEPT stay."""
    number = direct.run(
        _INSERT,
        [
            *(direct.moment(clock.now()), begun.began, time.machine_seconds()),
            *(begun.method, begun.path, begun.division, status, begun.query),
        ],
    )
    if number % _TRIM_EVERY == 0:
        Call.objects.filter(pk__lte=number - KEPT).delete()


def count(path: str = "", **conditions: Any) -> int:
    """Return how many calls are in the log; `method`, `division` and `status` narrow it further."""
    found = Call.objects.filter(**conditions)
    return (found.filter(path=path) if path else found).count()


def most_at_once(division: int | None = None) -> int:
    """Return how many calls were open at the same moment at most: in this division, or in all together."""
    found = Call.objects.all() if division is None else Call.objects.filter(division=division)
    moments = [
        edge for began, ended in found.values_list("began", "ended") for edge in ((began, 1), (ended, -1))
    ]
    most = now = 0
    for _moment, step in sorted(moments):  # an end comes before a beginning of the same moment
        now += step
        most = max(most, now)
    return most


def refused_429(division: int | None = None) -> int:
    """Return how many calls were answered 429: in this division, or in all together."""
    return count(status=429) if division is None else count(status=429, division=division)


def recent(limit: int = 20) -> list[Call]:
    """Return the last calls, newest first."""
    return list(Call.objects.order_by("-pk")[:limit])


def clear() -> None:
    """Empty the log."""
    Call.objects.all().delete()
