from uuid import uuid4

import pytest

from apps.items import acts
from apps.items.models import ItemMapping, ItemQuestion
from tests.exact.factories import DivisionFactory, ItemFactory
from tests.items.factories import ItemQuestionFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


def asked() -> tuple[ItemQuestion, str]:
    question = ItemQuestionFactory()
    item = ItemFactory(division=DivisionFactory(administration=question.administration))
    return question, str(item.exact_id)


def test_a_group_is_mapped_and_one_that_is_refused_stops_no_other() -> None:
    (first, item), (second, other), by = asked(), asked(), UserFactory()
    wrong, _item = asked()
    done = acts.map_group({wrong: str(uuid4()), first: item, second: other}, by=by)
    assert done.answered == [first.pk, second.pk]
    assert len(done.mappings) == 2
    (refusal,) = done.refusals
    assert str(wrong.administration) in refusal
    again = acts.map_group({first: item}, by=by)
    assert (again.mappings, len(again.refusals)) == ([], 1)


def test_what_a_press_decided_is_taken_back_once() -> None:
    (question, item), by = asked(), UserFactory()
    acts.map_group({question: item}, by=by)
    assert acts.take_back(ItemMapping.objects.all(), by=by) == 1
    assert acts.take_back(ItemMapping.objects.all(), by=by) == 0
