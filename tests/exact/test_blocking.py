"""The error budget: we stop before Exact does, endpoint by endpoint, and go on after an hour (Exact facts 2.3)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apps.core import clock
from apps.core.http import Rejected, RemoteError
from apps.exact.blocking import Endpoints, free_at
from apps.exact.budget import EndpointBlocked, Purpose
from apps.exact.client import Exact
from apps.exact.models import Division, Refusals
from apps.sandbox import faults, switches, time
from tests.exact.factories import ConnectionFactory, DivisionFactory

pytestmark = pytest.mark.django_db
HERE, THERE = "vat/VATCodes", "hrm/Costunits"
CountCalls = Callable[..., int]


def refuse(exact: Exact, times: int) -> int:
    """Ask for what Exact refuses so often; return how many calls were made until we stopped ourselves."""
    for made in range(times):
        try:
            exact.find(HERE, "NoSuchField eq 1")
        except EndpointBlocked:
            return made
        except RemoteError:
            continue
    return times


def endpoints(division: Division, purpose: Purpose = Purpose.SYNC) -> Endpoints:
    assert division.connection
    return Endpoints(division, division.connection, purpose)


def test_background_work_stops_at_six_people_at_nine_and_exact_never_blocks(
    division: Division, count_calls: CountCalls
) -> None:
    assert refuse(Exact(division, Purpose.POSTING), 12) == 6
    assert refuse(Exact(division, Purpose.SYNC), 12) == 0
    assert refuse(Exact(division, Purpose.PERSON), 12) == 3
    assert count_calls(HERE, status=400) == 9
    time.advance(timedelta(hours=1, seconds=1))
    assert Exact(division, Purpose.POSTING).find(HERE, "")


def test_the_other_endpoints_go_on(division: Division) -> None:
    exact = Exact(division, Purpose.SYNC)
    refuse(exact, 12)
    assert exact.find(THERE, "") is not None


def test_the_words_say_which_endpoint_and_when_it_goes_on(division: Division, english: None) -> None:
    exact = Exact(division, Purpose.SYNC)
    refuse(exact, 6)
    with pytest.raises(EndpointBlocked) as caught:
        exact.find(HERE, "")
    assert HERE in caught.value.words
    first = Refusals.objects.get().moments[0]
    assert caught.value.retry_at_ms == int((first + 3600) * 1000)


def test_refusals_of_an_hour_ago_do_not_count(division: Division) -> None:
    refuse(Exact(division, Purpose.SYNC), 5)
    time.advance(timedelta(hours=1, seconds=1))
    assert refuse(Exact(division, Purpose.SYNC), 12) == 6


@pytest.mark.parametrize("status", [429, 403, 400])
def test_a_block_by_exact_itself_holds_for_an_hour_whatever_its_status(
    division: Division, count_calls: CountCalls, status: int
) -> None:
    switches.change(error_limit=3, blocked_status=status)
    exact = Exact(division, Purpose.SYNC)
    assert refuse(exact, 3) == 3
    with pytest.raises(EndpointBlocked) as caught:
        exact.find(HERE, "")
    assert caught.value.retry_at_ms is not None
    assert caught.value.retry_at_ms / 1000 == pytest.approx(clock.now().timestamp() + 3600, abs=5)
    with pytest.raises(EndpointBlocked):
        Exact(division).find(HERE, "")
    assert count_calls(HERE) == 4


def test_server_faults_and_spent_minutes_are_not_counted(division: Division) -> None:
    exact = Exact(division)
    for fault in ("error_before_commit", "too_many"):
        faults.arm(fault, path=HERE, status=503)
        with pytest.raises(RemoteError):
            exact.find(HERE, "")
    assert not Refusals.objects.exists()


def test_each_user_and_division_has_a_budget_of_its_own() -> None:
    first = DivisionFactory()
    second = DivisionFactory(connection=first.connection)
    for _refusal in range(6):
        endpoints(first).note(HERE)
    with pytest.raises(EndpointBlocked):
        endpoints(first).check(HERE)
    endpoints(second).check(HERE)
    Endpoints(first, ConnectionFactory(), Purpose.SYNC).check(HERE)


def test_a_clock_put_right_again_does_not_keep_an_endpoint_blocked() -> None:
    division = DivisionFactory()
    time.advance(timedelta(days=1))
    endpoints(division).block(HERE)
    for _refusal in range(12):
        endpoints(division).note(HERE)
    row = Refusals.objects.get()
    assert free_at(row, Purpose.SYNC, clock.now())
    time.advance(timedelta(days=-1))
    assert free_at(row, Purpose.SYNC, clock.now()) is None


def test_what_is_there_is_found_without_a_refusal(division: Division) -> None:
    assert Exact(division).find("crm/Accounts", "ID eq guid'00000000-0000-4000-8000-000000000001'") == []
    with pytest.raises(Rejected):
        Exact(division).find("crm/Accounts", "")
    assert Refusals.objects.get().endpoint == "crm/Accounts"
