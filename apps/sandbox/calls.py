"""The log of calls, so that tests and people can count what was asked of the sandbox."""

from typing import Any

from apps.core import clock
from apps.sandbox.models import Call

KEPT = 5000
_TRIM_EVERY = 500


def record(method: str, path: str, status: int, division: int | None = None, query: str = "") -> None:
    """Write down one call; `status` 0 means that no answer was given. Only the last KEPT stay."""
    call = Call.objects.create(
        at=clock.now(), method=method, path=path[:80], division=division, status=status, query=query[:500]
    )
    if call.pk % _TRIM_EVERY == 0:
        Call.objects.filter(pk__lte=call.pk - KEPT).delete()


def count(path: str = "", **conditions: Any) -> int:
    """Return how many calls are in the log; `method`, `division` and `status` narrow it further."""
    found = Call.objects.filter(**conditions)
    return (found.filter(path=path) if path else found).count()


def recent(limit: int = 20) -> list[Call]:
    """Return the last calls, newest first."""
    return list(Call.objects.order_by("-pk")[:limit])


def clear() -> None:
    """Empty the log."""
    Call.objects.all().delete()
