"""From a card that was written to the answer: what the rows say decides, whoever comes by and how often."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.core import clock
from apps.exact.models import SyncState
from apps.invoices import answering
from apps.invoices.models import CardAct, CardWrite
from apps.people.models import User
from apps.posting.models import Method, PostingState
from apps.vendors.models import Mapping
from tests.exact.factories import RelationFactory, SyncStateFactory
from tests.invoices.factories import CardWriteFactory
from tests.vendors.factories import QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(reviewer: User) -> CardWrite:
    """A supplier that is in Exact, not read yet."""
    question = QuestionFactory()
    made: CardWrite = CardWriteFactory(
        administration=question.administration,
        question=question,
        asked_by=reviewer,
        posting__state=PostingState.DONE,
        posting__finished_at=clock.now() - timedelta(minutes=1),
        posting__exact_id=uuid4(),
    )
    for name in ("relations", "bank_accounts"):
        SyncStateFactory(
            division=made.posting.division, resource=name, synced_at=clock.now() - timedelta(hours=1)
        )
    return made


def read(write: CardWrite, **card: Any) -> None:
    """Let a sync read the card; `gone=True`: it was not there any more."""
    if not card.pop("gone", False):
        RelationFactory(
            division=write.posting.division, exact_id=write.posting.exact_id, name="Anker", **card
        )
    SyncState.objects.filter(division=write.posting.division).update(synced_at=clock.now(), resume_at=None)


def test_the_mirrors_are_read_at_once_and_the_answer_waits_for_them(write: CardWrite) -> None:
    assert answering.settle() == 0
    states = SyncState.objects.filter(division=write.posting.division)
    assert all(state.resume_at for state in states)
    read(write)
    assert (answering.settle(write.posting.division_id), answering.settle()) == (1, 0)
    write.refresh_from_db()
    assert write.question
    assert write.question.supplier == write.relation == write.posting.exact_id
    assert Mapping.objects.get().supplier == write.relation


def test_another_division_is_not_gone_on_with(write: CardWrite) -> None:
    read(write)
    assert answering.settle(write.posting.division_id + 1) == 0


def test_a_mirror_of_accounts_that_exact_refuses_is_not_waited_for(write: CardWrite) -> None:
    SyncState.objects.filter(resource="bank_accounts").update(trouble="refused")
    RelationFactory(division=write.posting.division, exact_id=write.posting.exact_id)
    assert answering.settle() == 0
    SyncState.objects.filter(resource="relations").update(synced_at=clock.now(), resume_at=None)
    assert answering.settle() == 1


@pytest.mark.parametrize(
    ("card", "is_answered"),
    [({"blocked": True}, False), ({"is_supplier": False}, False), ({"gone": True}, False), ({}, True)],
)
def test_a_card_that_cannot_be_the_answer_is_left_to_people(
    write: CardWrite, card: dict[str, Any], is_answered: bool
) -> None:
    read(write, **card)
    assert answering.settle() == 1
    write.refresh_from_db()
    assert write.question
    assert bool(write.question.answered_at) == is_answered
    assert bool(write.remark) != is_answered


def test_without_who_asked_a_person_chooses_the_card(write: CardWrite) -> None:
    CardWrite.objects.update(asked_by=None)
    read(write)
    answering.settle()
    write.refresh_from_db()
    assert write.question
    assert (write.question.answered_at, bool(write.remark)) == (None, True)


def test_a_question_that_was_withdrawn_ends_it(write: CardWrite) -> None:
    assert write.question
    write.question.delete()
    read(write)
    assert answering.settle() == 1


def test_one_that_fails_stops_nobody(write: CardWrite, monkeypatch: pytest.MonkeyPatch) -> None:
    read(write)
    other = CardWriteFactory(
        act=CardAct.ENRICH,
        relation=uuid4(),
        posting__method=Method.CARD,
        posting__state=PostingState.REFUSED,
        posting__finished_at=clock.now(),
        posting__cause="rejected_by_exact",
        posting__words="Ongeldig: KvK-nummer",
    )

    def broken(*_values: Any, **_more: Any) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr("apps.invoices.reviewing.map_vendor", broken)
    assert answering.settle() == 1
    other.refresh_from_db()
    assert (other.ended_at is None, other.remark) == (False, "Ongeldig: KvK-nummer")
    assert CardWrite.objects.under_way().get() == write
