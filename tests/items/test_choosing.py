from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.core import clock
from apps.exact.models import Division
from apps.items import choosing
from apps.items.choosing import NotChosen
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, ItemFactory
from tests.items.factories import ItemMappingFactory, ItemQuestionFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def division() -> Division:
    made: Division = DivisionFactory(administration=AdministrationFactory())
    return made


def codes(division: Division, typed: str) -> list[str]:
    return [item.code for item in choosing.fitting(division.administration_id or 0, typed)]


def test_items_fit_by_code_barcode_and_words_of_the_name(division: Division) -> None:
    ItemFactory(division=division, code="A1", description="Touw, geslagen, 12 mm", barcode="8711253001202")
    ItemFactory(division=division, code="A2", description="Verfroller")
    ItemFactory(division=division, code="A3", description="Touw", is_purchase_item=False)
    ItemFactory(division=division, code="A4", description="Touw", ends_on=clock.today() - timedelta(days=1))
    ItemFactory(code="A5", description="Touw")  # another administration's
    assert codes(division, "touw 12") == codes(division, "8711253001202") == ["A1"]
    assert codes(division, "a") == ["A1", "A2"]
    assert codes(division, "") == codes(division, "lamp") == []


def test_what_is_no_item_that_may_be_bought_there_is_not_chosen(division: Division) -> None:
    question = ItemQuestionFactory(administration=division.administration)
    item = ItemFactory(division=division)
    assert choosing.item_of(question, str(item.exact_id)) == item
    for odd in ("", "x", str(uuid4()), str(ItemFactory().exact_id)):
        with pytest.raises(NotChosen):
            choosing.item_of(question, odd)


def test_what_other_administrations_chose_is_the_item_of_the_same_code_here(division: Division) -> None:
    question = ItemQuestionFactory(administration=division.administration, seller_item="T-1")
    item = ItemFactory(division=division, code="A1")
    known = {"supplier_name": question.supplier_name, "value": "T-1", "item_code": "A1"}
    mappings = [ItemMappingFactory(**known) for _ in range(2)]
    ItemMappingFactory(**{**known, "supplier_name": "Somebody else"})
    ItemMappingFactory(**{**known, "item_code": "A9"})  # no such item here
    boss = UserFactory(role="administrator")
    assert choosing.elsewhere([question], boss) == {question.pk: {item: 2}}
    assert choosing.elsewhere([question], UserFactory()) == {question.pk: {}}  # who sees none of them
    mappings[0].take_back(by=boss)
    assert choosing.elsewhere([question], boss) == {question.pk: {item: 1}}


def candidate(score: int = 0, *keys: str, usable: bool = True) -> dict[str, Any]:
    return {"item": str(uuid4()), "score": score, "keys": list(keys), "usable": usable}


def test_what_is_filled_in() -> None:
    suggested, near, next_one = UUID(int=7), candidate(96), candidate(80)
    assert choosing.filled_in([near, next_one], None) == near["item"]
    assert choosing.filled_in([near, next_one], suggested) == str(suggested)
    assert choosing.filled_in([near, candidate(90)], None) == ""
    assert choosing.filled_in([candidate(80)], None) == choosing.filled_in([], None) == ""
    numbered = candidate(0, "gtin")
    assert choosing.filled_in([numbered, near], suggested) == numbered["item"]
    assert choosing.filled_in([numbered, candidate(0, "seller_item")], suggested) == ""
    assert choosing.filled_in([candidate(0, "gtin", usable=False)], suggested) == ""
