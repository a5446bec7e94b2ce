import pytest

from apps.core import clock, queue
from apps.preflight import tasks
from apps.preflight.models import Preflight
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, SyncPlanFactory, SyncStateFactory
from tests.preflight.factories import PreflightFactory

pytestmark = pytest.mark.django_db
RUNG = list[tuple[str, tuple[int | str, ...]]]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> RUNG:
    heard: RUNG = []
    monkeypatch.setattr(queue, "ring", lambda task, *ids: heard.append((task, ids)))
    return heard


def test_each_night_every_linked_administration_has_a_task_of_its_own(rung: RUNG) -> None:
    linked = [DivisionFactory(administration=AdministrationFactory()).administration for _each in range(2)]
    AdministrationFactory()
    left = PreflightFactory().administration  # linked no more
    tasks.check_all()
    assert rung == [("apps.preflight.tasks.check", (one.pk,)) for one in (*linked, left) if one]


def test_what_a_link_made_stale_is_checked(rung: RUNG) -> None:
    division = DivisionFactory(administration=AdministrationFactory())
    SyncStateFactory(division=division, synced_at=clock.now())
    tasks.division_linked(division.pk)
    assert rung == [("apps.preflight.tasks.check", (division.administration_id,))]


def test_the_first_sync_that_ended_has_it_checked(rung: RUNG) -> None:
    division = DivisionFactory(administration=AdministrationFactory())
    SyncPlanFactory(division=division, ended_at=clock.now())
    tasks.mirrors_read(division.pk)
    assert rung == [("apps.preflight.tasks.check", (division.administration_id,))]
    tasks.check(division.administration_id or 0)
    rung.clear()
    tasks.mirrors_read(division.pk)
    assert rung == []
    assert Preflight.objects.get().checked_at
