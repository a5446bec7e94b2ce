from typing import Any

import pytest

from apps.core import queue
from apps.items.answering import answer, take_back
from apps.items.models import ItemKind, ItemMapping
from tests.exact.factories import ItemFactory
from tests.items.factories import ItemMappingFactory, ItemQuestionFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    rung: list[tuple[Any, ...]] = []
    monkeypatch.setattr(queue, "ring", lambda *args: rung.append(args))
    return rung


def test_an_answer_is_remembered_and_told(bells: list[tuple[Any, ...]]) -> None:
    question, item, by = ItemQuestionFactory(gtin="8711253001202"), ItemFactory(), UserFactory()
    mapping = answer(question, item, by=by)
    assert mapping
    assert (mapping.kind, mapping.value) == (ItemKind.SELLER_ITEM, question.seller_item)
    assert (mapping.item, mapping.supplier, mapping.learned_from) == (item.exact_id, question.supplier, by)
    assert mapping.seen == [["gtin", "08711253001202"]]
    question.refresh_from_db()
    assert (question.item, question.answered_by) == (item.exact_id, by)
    assert bells == [("item_answered", question.pk)]


def test_a_person_may_have_it_remembered_by_something_else() -> None:
    question = ItemQuestionFactory(gtin="8711253001202")
    mapping = answer(question, ItemFactory(), by=UserFactory(), kind=ItemKind.GTIN)
    assert mapping and (mapping.kind, mapping.value) == (ItemKind.GTIN, "08711253001202")
    other = answer(ItemQuestionFactory(), ItemFactory(), by=UserFactory(), kind=ItemKind.GTIN)
    assert other and other.kind == ItemKind.SELLER_ITEM  # it says no barcode


def test_only_the_first_of_two_answers_counts(bells: list[tuple[Any, ...]]) -> None:
    question, by = ItemQuestionFactory(), UserFactory()
    assert answer(question, ItemFactory(), by=by)
    assert answer(question, ItemFactory(), by=by) is None
    assert ItemMapping.objects.count() == len(bells) == 1


def test_what_is_taken_back_is_told_once(bells: list[tuple[Any, ...]]) -> None:
    mapping, by = ItemMappingFactory(), UserFactory()
    assert take_back(mapping, by=by)
    assert not take_back(mapping, by=by)
    assert ItemMapping.objects.get().forgotten_by == by
    assert bells == [("item_mapping_taken_back", mapping.pk)]
