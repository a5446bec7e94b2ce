from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock, http, queue
from apps.econnect import claiming, fetching
from apps.econnect.models import Answer, Inbound, Party, Stage
from apps.sandbox import faults, time
from apps.sandbox.econnect import network
from apps.sandbox.models import FaultKind
from tests.econnect.factories import InboundFactory, PartyFactory

pytestmark = pytest.mark.django_db
CONTENT = b"<Invoice><ID>F-1</ID></Invoice>"
SHA = "a" * 64


@pytest.fixture
def inbound(party: Party) -> Inbound:
    made: Inbound = InboundFactory(party=party, document_id=network.send(party.party_id, CONTENT))
    return made


def attempt(inbound: Inbound) -> http.RemoteError | None:
    with fetching.in_hand(inbound.pk) as held:
        assert held is not None
        try:
            fetching.download(held)
        except http.RemoteError as error:
            fetching.put_off(held, error)
            return error
    return None


def test_a_document_is_held_by_one_process(inbound: Inbound) -> None:
    with fetching.in_hand(inbound.pk) as first, fetching.in_hand(inbound.pk) as second:
        assert first is not None
        assert second is None
    with fetching.in_hand(inbound.pk) as third:
        assert third is not None


def test_an_attempt_is_counted_and_the_next_planned_before_it_is_made(inbound: Inbound) -> None:
    with fetching.in_hand(inbound.pk):
        inbound.refresh_from_db()
        assert inbound.attempts == 1
        assert inbound.next_attempt_at is not None
        assert inbound.next_attempt_at > clock.now()
    assert fetching.due() == []


def test_a_lease_of_a_dead_worker_ends(inbound: Inbound) -> None:
    hand = fetching.in_hand(inbound.pk)
    hand.__enter__()
    time.advance(timedelta(seconds=claiming.LEASE_SECONDS + 1))
    assert [key for key, _account in fetching.due()] == [inbound.pk]
    with fetching.in_hand(inbound.pk) as again:
        assert again is not None
        assert again.attempts == 2


def test_downloading_notes_the_first_time_only(inbound: Inbound) -> None:
    attempt(inbound)
    inbound.refresh_from_db()
    first = inbound.first_fetched_at
    time.advance(timedelta(hours=1))
    attempt(inbound)
    inbound.refresh_from_db()
    assert inbound.first_fetched_at == first


def test_a_fault_is_tried_on_ever_more_slowly_and_never_given_up(inbound: Inbound) -> None:
    faults.arm(FaultKind.ERROR_BEFORE_COMMIT, path="econnect/download", times=100)
    pauses = []
    for _attempt in range(12):
        attempt(inbound)
        inbound.refresh_from_db()
        assert inbound.next_attempt_at is not None
        pauses.append(inbound.next_attempt_at - clock.now())
        time.move_to(inbound.next_attempt_at)
    assert inbound.stage == Stage.KNOWN
    assert inbound.trouble
    assert inbound.request_id
    assert pauses[0] < pauses[1] < pauses[2]
    assert pauses[-1] <= timedelta(hours=4)


def test_what_econnect_refuses_is_given_up_in_words_after_some_attempts(inbound: Inbound) -> None:
    network.document(inbound.document_id).delete()
    for _attempt in range(claiming.LAST_ATTEMPT):
        inbound.refresh_from_db()
        assert inbound.stage == Stage.KNOWN
        attempt(inbound)
    inbound.refresh_from_db()
    assert (inbound.stage, inbound.next_attempt_at) == (Stage.FAILED, None)
    assert inbound.document_id in inbound.trouble
    assert fetching.due() == []


def test_missing_permission_is_not_given_up_for_it_can_be_given(inbound: Inbound) -> None:
    faults.arm(FaultKind.FORBIDDEN, path="econnect/download", times=100)
    for _attempt in range(claiming.LAST_ATTEMPT + 2):
        attempt(inbound)
    inbound.refresh_from_db()
    assert inbound.stage == Stage.KNOWN
    assert inbound.next_attempt_at is not None


def test_a_person_can_begin_anew(inbound: Inbound) -> None:
    Inbound.objects.update(stage=Stage.FAILED, attempts=9, next_attempt_at=None)
    fetching.try_again(inbound)
    assert [key for key, _account in fetching.due()] == [inbound.pk]
    assert "apps.intake.tasks.fetch_peppol" in [bell.func() for bell in queue.OrmQ.objects.all()]


def test_kept_is_said_once_with_its_bytes(inbound: Inbound) -> None:
    assert fetching.kept(inbound, SHA)
    assert not fetching.kept(inbound, "b" * 64)
    inbound.refresh_from_db()
    assert (inbound.stage, inbound.sha256, inbound.attempts, inbound.trouble) == (Stage.KEPT, SHA, 0, "")
    with fetching.in_hand(inbound.pk) as held:
        assert held is None


def test_a_party_that_acknowledges_by_itself_does_so_once(inbound: Inbound) -> None:
    Party.objects.update(answers_itself=True)
    inbound.refresh_from_db()
    for _time in range(2):
        fetching.kept(inbound, SHA)
    assert list(Answer.objects.values_list("status", flat=True)) == ["AB"]


def test_what_can_be_answered_stays_there_for_some_days(inbound: Inbound, settings: Any) -> None:
    fetching.kept(inbound, SHA)
    inbound.refresh_from_db()
    assert inbound.next_attempt_at is not None
    assert inbound.next_attempt_at - clock.now() > timedelta(days=settings.ECONNECT_REMOVE_AFTER_DAYS - 1)
    mute = InboundFactory(party=PartyFactory(permissions={"canChangeDocumentStatus": False}))
    fetching.kept(mute, SHA)
    mute.refresh_from_db()
    assert mute.next_attempt_at <= clock.now()


def test_documents_of_another_environment_are_left_alone(inbound: Inbound) -> None:
    InboundFactory()
    assert [key for key, _account in fetching.due()] == [inbound.pk]


def test_looking_again_makes_everything_due_that_is_on_its_way(inbound: Inbound) -> None:
    later = clock.now() + timedelta(hours=4)
    waiting = InboundFactory(party=inbound.party, next_attempt_at=later)
    lost = InboundFactory(party=inbound.party, next_attempt_at=None)
    failed = InboundFactory(party=inbound.party, stage=Stage.FAILED, next_attempt_at=None)
    fetching.look_again()
    assert {key for key, _account in fetching.due()} == {inbound.pk, waiting.pk, lost.pk}
    failed.refresh_from_db()
    assert failed.next_attempt_at is None
