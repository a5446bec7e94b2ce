import pytest

from apps.core import clock
from apps.core.queue import OrmQ
from apps.exact import mailbox_tasks
from tests.exact.factories import DigitalMailboxFactory

pytestmark = pytest.mark.django_db


def test_the_watch_rings_for_each() -> None:
    DigitalMailboxFactory.create_batch(2, check_at=clock.now())
    before = OrmQ.objects.count()
    mailbox_tasks.watch_mailboxes()
    assert OrmQ.objects.count() == before + 2
