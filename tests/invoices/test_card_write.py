import pytest
from django.db import IntegrityError, transaction

from apps.core import clock
from apps.core.causes import Cause
from apps.invoices.models import CardAct, CardWrite
from apps.posting.models import Method, PostingState
from tests.invoices.factories import CardWriteFactory
from tests.posting.factories import PostingFactory
from tests.vendors.factories import QuestionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def refused(**values: object) -> CardWrite:
    posting = PostingFactory(
        method=Method.SUPPLIER,
        state=PostingState.REFUSED,
        finished_at=clock.now(),
        **{"cause": Cause.REJECTED_BY_EXACT, "words": "Ongeldig: Naam", **values},
    )
    made: CardWrite = CardWriteFactory(posting=posting)
    return made


def test_it_says_that_it_is_under_way_and_why_it_waits() -> None:
    write = CardWriteFactory(posting__words="The administration is paused.")
    assert write.sentence == "Is being created in Exact. The administration is paused."
    assert not write.is_refused
    assert CardWriteFactory(
        act=CardAct.ENRICH, relation="3b2ae8b4-5f5c-4c3f-9b5e-111111111111"
    ).sentence.startswith("The card is being filled in")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Exact refused: Ongeldig: Naam. Mend the form and send it again."),
        ({"cause": Cause.POSSIBLE_DOUBLE, "words": "There is one."}, "There is one."),
        (
            {"steps": {"account": {"state": "done", "id": "1"}}},
            "The card is in Exact, but its account number was refused: Ongeldig: Naam. Mend it or leave it out, "
            "and send it again.",
        ),
        (
            {"cause": Cause.OUTCOME_UNCERTAIN, "words": ""},
            "Exact kept giving no answer: look there for the card, then send it again.",
        ),
    ],
)
def test_what_was_refused_says_why_and_what_to_do(values: dict[str, object], sentence: str) -> None:
    write = refused(**values)
    assert write.is_refused
    assert write.sentence == sentence


def test_it_ends_once() -> None:
    write = CardWriteFactory()
    again = CardWrite.objects.get(pk=write.pk)
    assert (write.end(remark="Look at it."), again.end()) == (True, False)
    assert write.sentence == "Look at it."
    write.refresh_from_db()
    assert write.remark == "Look at it."


def test_of_each_question_the_last_one_is_told_while_there_is_something_to_tell() -> None:
    question, other, silent = QuestionFactory.create_batch(3)
    CardWriteFactory(question=question, ended_at=clock.now(), remark="old")
    last = CardWriteFactory(question=question)
    remark = CardWriteFactory(question=other, ended_at=clock.now(), remark="Look.")
    CardWriteFactory(question=silent, ended_at=clock.now(), remark="old")
    CardWriteFactory(question=silent, ended_at=clock.now())
    told = CardWrite.objects.last_of([question, other, silent], CardAct.CREATE)
    assert told == {question.pk: last, other.pk: remark}
    assert CardWrite.objects.last_of([question], CardAct.ENRICH) == {}


def test_a_question_has_one_new_supplier_under_way() -> None:
    question = QuestionFactory()
    CardWriteFactory(question=question, ended_at=clock.now())
    CardWriteFactory(question=question)
    with pytest.raises(IntegrityError), transaction.atomic():
        CardWriteFactory(question=question)
