"""Minute and day windows, and the budget of refused calls."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from apps.core import clock
from apps.sandbox import calls, switches, time
from tests.sandbox.driver import Exact, message
from tests.sandbox.small_firm import HERE, THERE

MINUTELY = {"X-RateLimit-Minutely-Limit", "X-RateLimit-Minutely-Remaining", "X-RateLimit-Minutely-Reset"}
DAILY = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


def limits(response: object) -> dict[str, str]:
    headers = response.headers  # type: ignore[attr-defined]
    return {name: value for name, value in headers.items() if name.startswith("X-RateLimit")}


def test_every_answer_tells_what_is_left(exact: Exact) -> None:
    switches.change(minute_limit=60, day_limit=5000)
    exact.get("vat/VATCodes")
    told = limits(exact.get("vat/Nothing"))
    assert told.keys() == MINUTELY | DAILY
    assert (told["X-RateLimit-Minutely-Remaining"], told["X-RateLimit-Remaining"]) == ("58", "4998")
    minute, day = int(told["X-RateLimit-Minutely-Reset"]), int(told["X-RateLimit-Reset"])
    assert (minute % 60_000, day % 86_400_000) == (0, 0)
    assert 0 < minute - clock.now().timestamp() * 1000 <= 60_000


def test_the_minute_window_is_a_whole_minute(exact: Exact) -> None:
    switches.change(minute_limit=2)
    assert [exact.get("vat/VATCodes").status_code for _ in range(3)] == [200, 200, 429]
    refused = exact.get("vat/VATCodes")
    assert refused.content == b""
    assert limits(refused).keys() == MINUTELY
    assert exact.get("vat/VATCodes", division=THERE).status_code == 200, "each division has its own"
    time.advance(50)
    assert exact.get("vat/VATCodes").status_code == 200, "12:01:00 has come"


def test_the_day_ends_at_midnight_utc(exact: Exact) -> None:
    switches.change(day_limit=1)
    exact.get("vat/VATCodes")
    refused = exact.get("vat/VATCodes")
    assert refused.status_code == 429
    assert limits(refused).keys() == DAILY
    time.advance(timedelta(hours=11, minutes=59))
    assert exact.refresh().status_code == 200
    assert exact.get("vat/VATCodes").status_code == 429
    time.advance(60)
    assert exact.get("vat/VATCodes").status_code == 200


def test_ten_refused_calls_block_the_endpoint_for_an_hour_and_then_longer(exact: Exact) -> None:
    switches.change(error_limit=10)
    for _ in range(10):
        assert exact.get("vat/VATCodes", filter="x").status_code == 400
    blocked = exact.get("vat/VATCodes")
    assert (blocked.status_code, message(blocked)) == (429, "API rate limit exceeded")
    assert exact.get("vat/VatPercentages").status_code == 200, "other endpoints go on"
    assert exact.get("vat/VATCodes", division=THERE).status_code == 200
    time.advance(3601)
    exact.refresh()
    assert exact.get("vat/VATCodes").status_code == 200
    for _ in range(10):
        exact.get("vat/VATCodes", filter="x")
    time.advance(3601)
    exact.refresh()
    assert exact.get("vat/VATCodes").status_code == 429, "the second block lasts twice as long"


def test_refusals_spread_over_hours_do_not_block(exact: Exact) -> None:
    switches.change(error_limit=3)
    for _ in range(4):
        assert exact.get("vat/VATCodes", filter="x").status_code == 400
        time.advance(3601)
        exact.refresh()


def test_a_package_has_limits_of_its_own(exact: Exact) -> None:
    switches.set_package(HERE, minute_limit=2, day_limit=3)
    first = exact.get("vat/VATCodes")
    assert limits(first)["X-RateLimit-Minutely-Limit"] == "2"
    assert limits(first)["X-RateLimit-Limit"] == "3"
    assert [exact.get("vat/VATCodes").status_code for _ in range(2)] == [200, 429]
    assert exact.get("vat/VATCodes", division=THERE).status_code == 200
    time.advance(60)
    assert [exact.get("vat/VATCodes").status_code for _ in range(2)] == [200, 429]
    assert limits(exact.get("vat/VATCodes")).keys() == DAILY


def test_premium_has_no_ceiling_of_a_day(exact: Exact) -> None:
    switches.set_package(HERE, unlimited_days=True, day_limit=1)
    assert [exact.get("vat/VATCodes").status_code for _ in range(3)] == [200] * 3
    assert limits(exact.get("vat/VATCodes")).keys() == MINUTELY


def test_the_status_of_a_block_can_be_switched(exact: Exact) -> None:
    switches.change(error_limit=1, blocked_status=403)
    assert exact.get("vat/VATCodes", filter="x").status_code == 400
    blocked = exact.get("vat/VATCodes")
    assert (blocked.status_code, message(blocked)) == (403, "API rate limit exceeded")


def test_a_limit_of_nought_lets_nothing_through(exact: Exact) -> None:
    switches.set_package(HERE, minute_limit=0)
    assert exact.get("vat/VATCodes").status_code == 429


@pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])
def test_of_many_at_once_just_as_many_get_through_as_may_and_all_are_seen(exact: Exact) -> None:
    switches.set_package(HERE, minute_limit=10)
    switches.change(latency_ms=50)
    calls.clear()
    start = Barrier(4)
    failures: list[Exception] = []

    def call() -> None:
        start.wait()
        try:
            for _ in range(5):
                exact.get("hrm/Costcenters", top=1)
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (calls.count(division=HERE), calls.refused_429(HERE)) == (20, 10)
    assert 2 <= calls.most_at_once(HERE) <= 4
    assert calls.most_at_once(THERE) == 0


def test_business_objections_do_not_count_as_refused(exact: Exact) -> None:
    switches.change(error_limit=2)
    assert [exact.entry(Journal="99").status_code for _ in range(4)] == [500] * 4
