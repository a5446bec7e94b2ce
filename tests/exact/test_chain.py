import pytest

from apps.core import clock
from apps.exact import chain
from apps.exact.losses import Loss
from apps.exact.models import Connection, SyncState
from tests.bells import calls, rung
from tests.exact.factories import ConnectionFactory, SyncStateFactory

pytestmark = pytest.mark.django_db


def test_what_failed_is_due_again_when_a_connection_is_mended() -> None:
    failed, sound, _foreign = (SyncStateFactory(trouble=words) for words in ("No access.", "", "Other."))
    chain.wake(failed.division.connection)
    chain.wake(sound.division.connection)
    due = SyncState.objects.filter(resume_at__lte=clock.now())
    assert list(due) == [failed]
    mended = [one.division.connection.pk for one in (failed, sound)]
    assert rung() == [call for key in mended for call in calls(chain.MENDED, key)]


def test_losing_and_mending_are_in_the_history() -> None:
    connection = ConnectionFactory()
    chain.bar(connection, Loss.LICENCE, "LicenseExpired")
    Connection.objects.update(**chain.SOUND)
    connection.refresh_from_db()
    chain.wake(connection)
    whys = connection.history.order_by("pk").values_list("status", "history_change_reason")
    assert [status for status, _why in whys][-2:] == ["blocked", "alive"]
    assert all(why for _status, why in list(whys)[-2:])
