from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock, queue
from apps.core.http import Unauthorised
from apps.exact import chain, lookout
from apps.exact.client import Exact
from apps.exact.losses import Loss
from apps.exact.models import Connection, ConnectionStatus, Division
from apps.sandbox import switches
from tests.exact.factories import ConnectionFactory, DivisionFactory

pytestmark = pytest.mark.django_db
MENDED = "apps.invoices.tasks.resume"


def rung() -> list[tuple[str, int]]:
    return [(bell.func(), bell.task["args"][0]) for bell in queue.OrmQ.objects.order_by("pk")]


@pytest.mark.parametrize("reason", ["BlockedUser", "InactiveUser"])
def test_a_reason_about_the_user_bars_the_connection(reason: str) -> None:
    division = DivisionFactory()
    connection = division.connection
    lookout.note_reason(connection, division, reason)
    assert (connection.status, connection.trouble) == (ConnectionStatus.BLOCKED, reason)
    division.refresh_from_db()
    assert division.refused == ""
    assert rung() == [(chain.TELL, connection.pk)]
    lookout.note_reason(connection, division, reason)
    assert len(rung()) == 1


@pytest.mark.parametrize(
    ("reason", "loss"), [("DivisionBlocked", Loss.DIVISION_BLOCKED), ("NoDivisionAccess", Loss.NO_ACCESS)]
)
def test_a_reason_about_a_division_stays_with_the_division(reason: str, loss: Loss) -> None:
    division = DivisionFactory()
    lookout.note_reason(division.connection, division, reason)
    division.refresh_from_db()
    assert division.refused == loss
    assert division.connection.status == ConnectionStatus.ALIVE
    assert rung() == []


@pytest.mark.parametrize(
    ("reason", "loss"), [("BlockedCustomer", Loss.BLOCKED_CUSTOMER), ("LicenseExpired", Loss.LICENCE)]
)
def test_a_reason_about_a_customer_bars_the_connection_only_when_it_is_ours(reason: str, loss: Loss) -> None:
    division = DivisionFactory()
    connection = division.connection
    for _call in range(2):
        lookout.note_reason(connection, division, reason)
    assert (connection.status, division.refused) == (ConnectionStatus.ALIVE, loss)
    assert rung() == [(lookout.LOOK, connection.pk)]  # current/Me tells whose customer it is
    lookout.note_reason(connection, None, reason)
    assert (connection.status, connection.loss) == (ConnectionStatus.BLOCKED, loss)


def test_an_unknown_reason_changes_nothing() -> None:
    division = DivisionFactory()
    lookout.note_reason(division.connection, division, "SomethingNew")
    assert (division.connection.status, division.refused, rung()) == (ConnectionStatus.ALIVE, "", [])


def test_a_lost_connection_does_not_become_a_barred_one() -> None:
    connection = ConnectionFactory(status=ConnectionStatus.LOST, loss=Loss.PASSWORD)
    lookout.note_reason(connection, None, "BlockedUser")
    assert (connection.status, connection.loss) == (ConnectionStatus.LOST, Loss.PASSWORD)


def test_a_call_that_succeeds_in_a_refused_division_clears_it(division: Division) -> None:
    Division.objects.update(refused=Loss.NO_ACCESS)
    division.refresh_from_db()
    Exact(division).find("hrm/Costcenters", "")
    assert Division.objects.filter(refused="").get() == division


def test_no_query_is_made_for_a_call_that_succeeds_where_all_is_well(
    division: Division, django_assert_num_queries: Any
) -> None:
    assert division.connection
    with django_assert_num_queries(0):
        lookout.note_success(division.connection, division)


def test_the_reason_of_a_data_call_is_kept(division: Division) -> None:
    switches.block_user("InactiveUser")
    with pytest.raises(Unauthorised, match="activated"):
        Exact(division).find("hrm/Costcenters", "")
    stored = Connection.objects.get()
    assert (stored.status, stored.loss) == (ConnectionStatus.BLOCKED, Loss.INACTIVE_USER)


def test_unused_chains_are_those_not_renewed_since_then() -> None:
    day = clock.now() - timedelta(days=1)
    old = ConnectionFactory(issued_at=day - timedelta(hours=1), status=ConnectionStatus.UNSURE)
    ConnectionFactory(issued_at=day - timedelta(hours=1), status=ConnectionStatus.LOST)
    ConnectionFactory()
    assert lookout.unused(since=day) == [old.pk]


def test_due_are_the_tries_whose_moment_has_come() -> None:
    now = clock.now()
    past, future = now - timedelta(seconds=1), now + timedelta(minutes=1)
    due = [ConnectionFactory(status=status, try_at=past) for status in ("unsure", "blocked")]
    ConnectionFactory(status=ConnectionStatus.LOST, try_at=past)
    ConnectionFactory(status=ConnectionStatus.UNSURE, try_at=future)
    ConnectionFactory(try_at=past)
    assert lookout.due() == [connection.pk for connection in due]


@pytest.mark.parametrize("status", [ConnectionStatus.UNSURE, ConnectionStatus.BLOCKED])
def test_a_try_that_a_clock_put_right_has_moved_far_off_is_due(status: ConnectionStatus) -> None:
    soon, far = (clock.now() + timedelta(hours=hours) for hours in (1, 240))
    ConnectionFactory(status=status, loss=Loss.OTHER, try_at=soon)
    connection = ConnectionFactory(status=status, loss=Loss.OTHER, try_at=far)
    assert lookout.due() == [connection.pk]
