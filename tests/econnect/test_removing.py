from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.core import clock
from apps.econnect import answering, fetching, removing
from apps.econnect.models import Inbound, Party, Stage
from apps.sandbox import faults, time
from apps.sandbox.econnect import network
from apps.sandbox.models import FaultKind
from tests.econnect.factories import InboundFactory

pytestmark = pytest.mark.django_db
SHA = "a" * 64


@pytest.fixture
def inbound(party: Party) -> Inbound:
    made: Inbound = InboundFactory(party=party, document_id=network.send(party.party_id, b"<Invoice/>"))
    return made


@pytest.fixture
def kept(inbound: Inbound) -> Inbound:
    fetching.kept(inbound, SHA)
    time.advance(timedelta(days=4))
    return inbound


def test_nothing_is_removed_of_which_we_do_not_hold_the_bytes(inbound: Inbound) -> None:
    time.advance(timedelta(days=30))
    assert removing.due() == []
    assert removing.remove(inbound.pk) is None
    assert network.is_there(inbound.document_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inbound.objects.update(stage=Stage.KEPT)  # the database itself wants the bytes named


def test_what_is_kept_is_removed_there(kept: Inbound) -> None:
    assert [key for key, _account in removing.due()] == [kept.pk]
    removing.remove(kept.pk)
    kept.refresh_from_db()
    assert (kept.stage, kept.removed_at is not None) == (Stage.REMOVED, True)
    assert not network.is_there(kept.document_id)


def test_what_is_gone_already_is_removed(kept: Inbound) -> None:
    network.document(kept.document_id).delete()
    removing.remove(kept.pk)
    kept.refresh_from_db()
    assert kept.stage == Stage.REMOVED


def test_a_lost_answer_is_simply_repeated(kept: Inbound) -> None:
    faults.arm(FaultKind.DROPPED_ANSWER, path="econnect/delete")
    assert removing.remove(kept.pk) is not None
    kept.refresh_from_db()
    assert (kept.stage, bool(kept.trouble)) == (Stage.KEPT, True)
    removing.remove(kept.pk)
    kept.refresh_from_db()
    assert (kept.stage, kept.trouble) == (Stage.REMOVED, "")


def test_it_waits_while_the_sender_is_answered(kept: Inbound) -> None:
    answer = answering.ask(kept, "AB", who="somebody")
    assert removing.due() == []
    answering.give(answer.pk)
    assert removing.due()


def test_nothing_is_removed_where_that_is_switched_off(kept: Inbound, settings: Any) -> None:
    settings.ECONNECT_REMOVE_AFTER_KEEPING = False
    assert removing.due() == []


def test_a_party_without_the_permission_keeps_it_to_the_end_of_the_term(
    kept: Inbound, count_calls: Any
) -> None:
    kept.party.permissions = {**kept.party.permissions, "canRemoveDocument": False}
    kept.party.save(update_fields=["permissions"])
    removing.remove(kept.pk)
    assert count_calls("econnect/delete") == 0
    assert removing.due() == []
    assert kept.next_attempt_at is None or kept.next_attempt_at > clock.now() - timedelta(days=5)


def test_a_refusal_for_good_leaves_it_kept(kept: Inbound) -> None:
    faults.arm(FaultKind.ERROR_BEFORE_COMMIT, path="econnect/delete", times=50, status=400)
    for _attempt in range(9):
        removing.remove(kept.pk)
    kept.refresh_from_db()
    assert (kept.stage, kept.next_attempt_at) == (Stage.KEPT, None)
    assert kept.trouble
