import pytest

from apps.core import http
from apps.econnect.claiming import in_turn
from apps.econnect.models import Inbound
from tests.econnect.factories import InboundFactory

pytestmark = pytest.mark.django_db


def test_an_account_that_cannot_be_reached_does_not_hold_up_the_others() -> None:
    down = http.Temporary("no line")
    worked: list[int] = []

    def work(key: int) -> http.RemoteError | None:
        worked.append(key)
        return down if key == 1 else None

    in_turn([(1, 10), (2, 10), (3, 20), (4, 20)], work, again="nothing")
    assert worked == [1, 3, 4]


@pytest.mark.parametrize(
    "error", [http.Temporary(status=500), http.Rejected(status=404), http.Unauthorised(status=403)]
)
def test_a_document_with_a_fault_of_its_own_does_not_hold_up_its_account(error: http.RemoteError) -> None:
    worked: list[int] = []

    def work(key: int) -> http.RemoteError | None:
        worked.append(key)
        return error

    in_turn([(1, 10), (2, 10)], work, again="nothing")
    assert worked == [1, 2]


def test_a_round_ends_and_rings_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.core import clock, queue

    moments = iter([0.0, 1.0, 70.0])
    monkeypatch.setattr(clock, "stopwatch", lambda: next(moments))
    worked: list[int] = []
    in_turn([(1, 10), (2, 10)], worked.append, again="apps.intake.tasks.fetch_peppol")
    assert worked == [1]
    assert queue.OrmQ.objects.get().func() == "apps.intake.tasks.fetch_peppol"


def test_a_row_that_changed_meanwhile_is_not_claimed() -> None:
    from apps.econnect.claiming import claimed
    from apps.econnect.models import Stage

    inbound = InboundFactory()
    Inbound.objects.update(stage=Stage.FAILED)
    with claimed(inbound, stage=Stage.KNOWN) as held:
        assert not held
    inbound.refresh_from_db()
    assert (inbound.attempts, inbound.lease) == (0, None)
