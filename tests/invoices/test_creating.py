"""Asking for a new supplier: once, with what was filled in. What it comes to is told in tests/flows."""

from typing import Any

import pytest

from apps.core import clock
from apps.invoices import creating
from apps.invoices.models import CardAct, CardWrite
from apps.invoices.reviewing import Refused
from apps.people.models import User
from apps.posting.models import Posting, PostingState
from apps.vendors.models import Question
from tests.bells import calls, rung
from tests.exact.factories import DivisionFactory, RelationFactory
from tests.vendors.factories import QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    made: Question = QuestionFactory()
    DivisionFactory(administration=made.administration)
    return made


def test_it_is_kept_with_its_posting_and_a_worker_is_rung_for(question: Question, reviewer: User) -> None:
    namesake = RelationFactory(division=question.administration.division, name="Anker")
    write = creating.create(question, {"name": " Anker ", "kvk": "3456 7892"}, by=reviewer)
    plan = write.posting.plan
    assert (write.name, write.asked_by, write.act) == ("Anker", reviewer, CardAct.CREATE)
    assert plan["steps"][0]["payload"]["SearchCode"] == write.posting.reference
    assert plan["look"]["known"] == [str(namesake.exact_id)]
    assert rung() == calls("division_due", namesake.division_id)


def test_the_second_of_two_at_once_is_told(
    question: Question, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    creating.create(question, {"name": "Anker"}, by=reviewer)

    class Blind:
        """Who looked before the first one was written."""

        def filter(self, **_values: Any) -> "Blind":
            return self

        def exclude(self, **_values: Any) -> "Blind":
            return self

        def first(self) -> None:
            return None

    with monkeypatch.context() as patched:
        patched.setattr("apps.invoices.models.card_write.CardWrites.under_way", lambda _rows: Blind())
        with pytest.raises(Refused):
            creating.create(question, {"name": "Anker"}, by=reviewer)
    assert (CardWrite.objects.count(), Posting.objects.count()) == (1, 1)


def test_what_was_refused_is_sent_again_once(question: Question, reviewer: User) -> None:
    write = creating.create(question, {"name": "Anker"}, by=reviewer)
    write.posting.refuse(cause="rejected_by_exact", words="no")
    again = creating.create(question, {"name": "Anker B.V."}, by=reviewer)
    posting = Posting.objects.get()
    assert (again.pk, posting.state, posting.words, posting.finished_at) == (
        write.pk,
        PostingState.WAITING,
        "",
        None,
    )
    assert posting.plan["steps"][0]["payload"]["Name"] == "Anker B.V."
    with pytest.raises(Refused):
        creating.create(question, {"name": "Anker B.V."}, by=reviewer)


@pytest.mark.parametrize("values", [{}, {"name": "A", "country": "NLD"}, {"name": "A", "email": "nobody"}])
def test_what_exact_would_refuse_is_not_sent(
    question: Question, reviewer: User, values: dict[str, str]
) -> None:
    with pytest.raises(Refused):
        creating.create(question, values, by=reviewer)
    assert not Posting.objects.exists()


def test_an_answered_question_needs_no_supplier(question: Question, reviewer: User) -> None:
    relation = RelationFactory(division=question.administration.division)
    question.answered_at, question.supplier = clock.now(), relation.exact_id
    question.save(update_fields=["answered_at", "supplier"])
    with pytest.raises(Refused):
        creating.create(question, {"name": "Anker"}, by=reviewer)


def test_one_vendor_that_asks_twice_gets_one_card(question: Question, reviewer: User) -> None:
    other = QuestionFactory(administration=question.administration, identity="iban NL47BUNQ0649621411")
    first = creating.create(question, {"name": "Anker B.V."}, by=reviewer)
    with pytest.raises(Refused):
        creating.create(other, {"name": "ANKER B.V."}, by=reviewer)
    assert creating.create(other, {"name": "Anker Elders"}, by=reviewer).pk != first.pk
    assert Posting.objects.count() == 2


def test_what_was_refused_for_another_question_stands_in_nobodys_way(
    question: Question, reviewer: User
) -> None:
    other = QuestionFactory(administration=question.administration, identity="iban NL47BUNQ0649621411")
    creating.create(question, {"name": "Anker"}, by=reviewer).posting.refuse(
        cause="rejected_by_exact", words="no"
    )
    assert creating.create(other, {"name": "Anker"}, by=reviewer).question == other
