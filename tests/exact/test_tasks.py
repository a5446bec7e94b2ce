from datetime import timedelta
from typing import Any

import pytest

from apps.core import queue
from apps.exact import mirror, tasks
from apps.exact.models import Connection, Division, SyncState
from apps.sandbox import faults, time
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, SyncStateFactory

pytestmark = pytest.mark.django_db


def rung() -> list[tuple[str, int]]:
    return sorted((bell.func(), bell.task["args"][0]) for bell in queue.OrmQ.objects.all())


def test_at_night_each_linked_division_gets_a_task_of_its_own() -> None:
    linked = [DivisionFactory(administration=AdministrationFactory()) for _ in range(2)]
    DivisionFactory()
    DivisionFactory(administration=AdministrationFactory(), connection=None)
    tasks.nightly_sync()
    assert rung() == [("apps.exact.tasks.sync_division", division.pk) for division in linked]


def test_a_division_is_synced(division: Division) -> None:
    tasks.sync_division(division.pk)
    assert not mirror.is_empty(division)


def test_what_did_not_come_to_its_end_is_resumed_when_it_is_time() -> None:
    past, future = SyncStateFactory(), SyncStateFactory()
    time.advance(timedelta(minutes=1))
    SyncState.objects.filter(pk=past.pk).update(resume_at=past.division.seen_at)
    SyncState.objects.filter(pk=future.pk).update(resume_at=future.division.seen_at + timedelta(hours=1))
    tasks.resume_syncs()
    assert rung() == [("apps.exact.tasks.resume_division", past.division.pk)]


def test_only_what_is_unfinished_is_read_on(division: Division, count_calls: Any) -> None:
    faults.arm("error_before_commit", path="hrm/Costunits", status=503)
    mirror.sync(division)
    time.advance(mirror.RUN)
    before = count_calls(division=division.code)
    tasks.resume_division(division.pk)
    assert count_calls(division=division.code) - before == 1
    assert not mirror.is_empty(division)


def test_a_chain_that_nobody_used_for_a_day_is_kept_alive(connected: Connection, count_calls: Any) -> None:
    tasks.keep_alive()
    assert count_calls("oauth2/token") == 0
    time.advance(timedelta(days=1, minutes=1))
    tasks.keep_alive()
    assert count_calls("oauth2/token", status=200) == 1
