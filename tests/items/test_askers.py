from decimal import Decimal
from typing import Any

import pytest

from apps.items.askers import counted, open_for
from apps.items.models import ItemQuestion
from apps.people.models import Role
from tests import office
from tests.items.factories import ItemQuestionFactory
from tests.items.waiting import order

pytestmark = pytest.mark.django_db


def test_documents_are_counted_once_and_their_lines_added_up(settings: Any) -> None:
    settings.ITEM_ASKERS = ("tests.items.waiting.lines",)
    question = ItemQuestionFactory()
    other = ItemQuestionFactory(administration=question.administration)
    order(question, question, other, net="10.00")
    order(question, net="2.50")
    ItemQuestionFactory()
    documents, amounts, kinds = counted(ItemQuestion.objects.all())
    assert documents == {question.pk: 2, other.pk: 1}
    assert kinds == {key: [("orders.purchaseorder", "orders")] for key in (question.pk, other.pk)}
    assert amounts == {question.pk: Decimal("22.50"), other.pk: Decimal(10)}
    assert counted(ItemQuestion.objects.filter(pk=other.pk))[0] == {other.pk: 1}


def test_several_kinds_of_documents_count_together_and_none_is_none(settings: Any) -> None:
    question = ItemQuestionFactory()
    order(question)
    settings.ITEM_ASKERS = ("tests.items.waiting.lines",) * 2
    assert counted(ItemQuestion.objects.all())[0] == {question.pk: 2}
    settings.ITEM_ASKERS = ()
    assert counted(ItemQuestion.objects.all()) == ({}, {}, {})


def test_questions_that_somebody_waits_for_are_of_whoever_sees_them() -> None:
    first, other = ItemQuestionFactory(), ItemQuestionFactory()
    ItemQuestionFactory(administration=first.administration)  # nobody waits for it any more
    order(first)
    order(other)
    assert set(open_for(office.person(Role.BOOKKEEPER, first.administration.client))) == {first}
    assert not open_for(office.person(Role.BOOKKEEPER))
