"""The only source of time. In sandbox mode the sandbox's offset moves product and sandbox alike."""

import time as _time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

DUTCH = ZoneInfo("Europe/Amsterdam")


@cache
def _offset_source(path: str) -> Callable[[], float]:
    return cast(Callable[[], float], import_string(path))


def _offset() -> timedelta:
    path = settings.CLOCK_OFFSET
    return timedelta(seconds=_offset_source(path)()) if path else timedelta()


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now().astimezone(ZoneInfo("UTC")) + _offset()


def today() -> date:
    """Return today's date as a Dutch bookkeeper knows it."""
    return local_date(now())


def local_date(moment: datetime) -> date:
    """Return the Dutch calendar date of an aware moment."""
    return moment.astimezone(DUTCH).date()


def stopwatch() -> float:
    """Return seconds of a clock that only measures lengths; the sandbox never moves it."""
    return _time.monotonic()
