import pytest

from apps.core import clock, queue
from apps.exact import hook_tasks, webhooks
from apps.exact.models import Division, Notice, OwnWrite, Subscription
from apps.exact.resources import RESOURCES
from apps.sandbox import time
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, NoticeFactory, OwnWriteFactory, SyncStateFactory

pytestmark = pytest.mark.django_db


def rung() -> list[tuple[str, int]]:
    return sorted((bell.func(), bell.task["args"][0]) for bell in queue.OrmQ.objects.all())


def test_a_notice_rings_for_its_division() -> None:
    state = SyncStateFactory(synced_at=clock.now())
    time.advance(600)
    NoticeFactory(app=state.division.app, division_code=state.division.code)
    hook_tasks.handle_notices()
    assert rung() == [("apps.exact.tasks.resume_division", state.division.pk)]


def test_each_division_that_is_due_gets_a_task_of_its_own() -> None:
    division = DivisionFactory(
        administration=AdministrationFactory(), connection__app__webhook_secret="secret"
    )
    for name in RESOURCES:
        SyncStateFactory(division=division, resource=name, synced_at=division.seen_at)
    hook_tasks.subscribe_divisions()
    assert rung() == [("apps.exact.hook_tasks.subscribe_division", division.pk)]


def test_a_division_is_subscribed(division: Division) -> None:
    hook_tasks.subscribe_division(division.pk)
    assert Subscription.objects.filter(division=division, trouble="").count() == len(webhooks.TOPICS)


def test_what_is_old_goes() -> None:
    NoticeFactory()
    OwnWriteFactory()
    time.advance(31 * 86_400)
    hook_tasks.prune_notices()
    assert not Notice.objects.exists()
    assert not OwnWrite.objects.exists()
