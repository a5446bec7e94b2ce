"""The clock that the sandbox moves for everybody."""

from datetime import UTC, datetime, timedelta

from apps.core import clock
from apps.sandbox import time

SPRING = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def test_the_clock_of_the_product_follows(small: None) -> None:
    time.move_to(SPRING)
    assert SPRING <= clock.now() < SPRING + timedelta(seconds=30)
    time.advance(timedelta(days=1))
    assert clock.today() == datetime(2027, 3, 2, tzinfo=UTC).date()
    time.advance(-86_400.0)
    assert clock.today() == SPRING.date()


def test_real_time_can_be_restored(small: None) -> None:
    time.move_to(SPRING)
    time.reset()
    assert time.offset_seconds() == 0.0


def test_the_offset_is_read_once_a_second(small: None, django_assert_num_queries: object) -> None:
    time.forget()
    time.offset_seconds()
    with django_assert_num_queries(0, using="sandbox"):  # type: ignore[operator]
        time.offset_seconds()
