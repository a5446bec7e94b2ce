"""The clock offset that product and sandbox obey alike, kept in the sandbox's database."""

import time as _time
from datetime import UTC, datetime, timedelta

from django.db import OperationalError
from django.utils import timezone

from apps.sandbox.models import Switches

FRESH_SECONDS = 1.0  # 0 where a jump must be seen by several processes in the same moment
_kept: dict[str, float] = {}


def machine_seconds() -> float:
    """Return seconds since 1970 by the machine's own clock, which no offset moves."""
    return _time.time()


def offset_seconds() -> float:
    """Return how many seconds the sandbox's clock runs ahead; what was read is kept for `FRESH_SECONDS`."""
    now = _time.monotonic()
    if not _kept or now - _kept["read_at"] > FRESH_SECONDS:
        _kept.update(offset=_read(), read_at=now)
    return _kept["offset"]


def _read() -> float:
    try:
        return Switches.objects.values_list("offset_seconds", flat=True).filter(pk=1).first() or 0.0
    except OperationalError:  # the sandbox's tables are not there yet: time is real
        return 0.0


def forget() -> None:
    """Read the offset anew at the next question: after a change by others, or a rolled back test."""
    _kept.clear()


def move_to(moment: datetime) -> None:
    """Set the clock so that it now is `moment` (aware); it runs on from there."""
    _set((moment.astimezone(UTC) - timezone.now()).total_seconds())


def advance(step: timedelta | float) -> None:
    """Move the clock by `step`, a timedelta or seconds; negative steps go back."""
    seconds = step.total_seconds() if isinstance(step, timedelta) else step
    _set(_read() + seconds)


def reset() -> None:
    """Go back to real time."""
    _set(0.0)


def _set(seconds: float) -> None:
    Switches.objects.update_or_create(pk=1, defaults={"offset_seconds": seconds})
    forget()
