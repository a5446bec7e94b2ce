from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.core import clock
from apps.sandbox import time as sandbox_time

pytestmark = pytest.mark.django_db


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta()


def test_the_sandbox_moves_the_product_clock() -> None:
    before = clock.now()
    sandbox_time.advance(3 * 3600)
    assert timedelta(hours=3) <= clock.now() - before < timedelta(hours=3, minutes=1)


def test_the_stopwatch_stands_apart_from_the_sandbox_clock() -> None:
    before = clock.stopwatch()
    sandbox_time.advance(3 * 3600)
    assert clock.stopwatch() - before < 60


def test_without_an_offset_source_it_is_real_time(settings: Settings) -> None:
    settings.CLOCK_OFFSET = ""
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
    ],
    ids=["winter before midnight", "winter midnight", "summer midnight"],
)
def test_a_local_date_is_the_dutch_one(moment: datetime, day: date) -> None:
    assert clock.local_date(moment) == day
