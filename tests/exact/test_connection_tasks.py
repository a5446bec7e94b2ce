from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from apps.core import clock, queue
from apps.exact import connection_tasks
from apps.exact.losses import Loss
from apps.exact.models import Connection, ConnectionStatus
from apps.sandbox import faults, switches, time
from tests.exact.factories import ConnectionFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


def rung() -> list[tuple[str, int]]:
    return sorted((bell.func(), bell.task["args"][0]) for bell in queue.OrmQ.objects.all())


def test_a_chain_that_nobody_used_for_a_day_is_kept_alive(connected: Connection, count_calls: Any) -> None:
    connection_tasks.keep_alive()
    assert count_calls("oauth2/token") == 0
    time.advance(timedelta(days=1, minutes=1))
    connection_tasks.keep_alive()
    assert count_calls("oauth2/token", status=200) == 1


def test_a_chain_in_doubt_is_kept_alive_as_well(connected: Connection, count_calls: Any) -> None:
    Connection.objects.update(status=ConnectionStatus.UNSURE, try_at=clock.now())
    time.advance(timedelta(days=2))
    connection_tasks.keep_alive()
    assert count_calls("oauth2/token", status=200) == 1
    connected.refresh_from_db()
    assert connected.status == ConnectionStatus.ALIVE


def test_keeping_one_chain_alive_does_not_fail_with_another(connected: Connection) -> None:
    faults.arm("error_before_commit", path="oauth2/token", status=503)
    time.advance(timedelta(days=2))
    connection_tasks.keep_alive()
    connected.refresh_from_db()
    assert connected.status == ConnectionStatus.UNSURE


def test_each_minute_what_is_in_doubt_is_looked_after_and_what_is_untold_told() -> None:
    sound, told = ConnectionFactory(), ConnectionFactory(status="lost", told_at=clock.now())
    due = ConnectionFactory(status="unsure", try_at=clock.now(), told_at=clock.now())
    untold = ConnectionFactory(status="lost")
    connection_tasks.watch_connections()
    assert {sound.pk, told.pk}.isdisjoint(pk for _task, pk in rung())
    assert rung() == [
        ("apps.exact.connection_tasks.look_after", due.pk),
        ("apps.exact.connection_tasks.tell", untold.pk),
    ]


def test_looking_after_a_connection_tells_why_its_pair_is_refused(connected: Connection) -> None:
    switches.withdraw_consent()
    connection_tasks.look_after(connected.pk)
    connected.refresh_from_db()
    assert (connected.status, connected.loss) == (ConnectionStatus.LOST, Loss.CONSENT)


def test_the_owner_of_a_lost_connection_is_told_by_mail() -> None:
    connection = ConnectionFactory(status="lost", loss=Loss.CONSENT, owner=UserFactory())
    connection_tasks.tell(connection.pk)
    assert len(mail.outbox) == 1


def test_at_night_the_divisions_of_every_connection_are_asked_for(connected: Connection) -> None:
    lost = ConnectionFactory(status="lost")
    queue.OrmQ.objects.all().delete()
    connection_tasks.refresh_divisions()
    assert rung() == [("apps.exact.connection_tasks.list_divisions", connected.pk)]
    connected.divisions.update(connection=lost)
    connection_tasks.list_divisions(connected.pk)
    assert connected.divisions.count() == 4


def test_divisions_that_cannot_be_asked_for_wait_for_the_next_night(connected: Connection) -> None:
    faults.arm("error_before_commit", path="system/Divisions", status=503)
    connection_tasks.list_divisions(connected.pk)
    assert connected.divisions.count() == 4
