from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.items import groups
from apps.items.models import ItemQuestion, QuestionKind
from tests.exact.factories import DivisionFactory, ItemFactory
from tests.items.factories import ItemMappingFactory, ItemQuestionFactory
from tests.items.waiting import order
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_by_orders(settings: Any) -> None:
    settings.ITEM_ASKERS = ("tests.items.waiting.lines",)


def found(**asked: str) -> list[groups.Group]:
    questions = groups.narrowed(ItemQuestion.objects.open(), asked)
    return groups.groups_of(questions, UserFactory(role="administrator"))


def test_one_item_of_a_supplier_is_one_group_and_most_documents_come_first() -> None:
    first, second = (ItemQuestionFactory(seller_item="T-1") for _ in range(2))
    other = ItemQuestionFactory(seller_item="T-1", supplier_name="Somebody else")
    ItemQuestionFactory(seller_item="T-2")  # no document waits for it
    for question in (other, first, second, second):
        order(question, net="5.00")
    top, last = found()
    assert [row.question for row in top.rows] == [first, second]
    assert [row.documents for row in top.rows] == [1, 2]
    assert (top.documents, top.administrations, top.undecided) == (3, 2, 2)
    assert top.amount == 15
    assert last.question == other


def test_it_is_narrowed_by_what_the_address_asks() -> None:
    question = ItemQuestionFactory(name="Touw", supplier_name="Anker", kind=QuestionKind.SEVERAL)
    order(question)
    for asked in (
        {"q": "tou"},
        {"q": "anker"},
        {"q": question.seller_item},
        {"kind": "several"},
        {"kind": "x"},
    ):
        assert len(found(**asked)) == 1, asked
    assert len(found(administration=str(question.administration_id))) == 1
    for asked in ({"q": "lamp"}, {"kind": "conflict"}, {"days": "1"}, {"administration": "999999"}):
        assert not found(**asked), asked
    ItemQuestion.objects.update(asked_at=clock.now() - timedelta(days=2))
    assert len(found(days="1")) == 1


def test_candidates_and_what_others_chose_may_be_chosen(english: None) -> None:
    question = ItemQuestionFactory(seller_item="T-1")
    division = DivisionFactory(administration=question.administration)
    item, chosen = ItemFactory(division=division, code="A1"), ItemFactory(division=division, code="A2")
    question.candidates = [
        {"item": str(item.exact_id), "code": "A1", "name": "Touw", "usable": True, "keys": [], "score": 80}
    ]
    question.save(update_fields=["candidates"])
    ItemMappingFactory(value="T-1", supplier_name=question.supplier_name, item_code="A2")
    order(question)
    (row,) = found()[0].rows
    assert [choice.code for choice in row.choices] == ["A2", "A1"]
    assert row.chosen == str(chosen.exact_id)
    assert "other administrations" in row.choices[0].reasons[0]
    assert row.choices[1].reasons == ["description 80 % alike"]
