from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from apps.items.asking import ask
from apps.items.matching import Candidate, Found, Outcome
from apps.items.models import ItemQuestion
from apps.items.wanted import Wanted
from tests.clients.factories import AdministrationFactory
from tests.items.cards import card
from tests.items.factories import ItemQuestionFactory

pytestmark = pytest.mark.django_db
UNKNOWN = Found(Outcome.UNKNOWN)


def test_a_question_says_what_the_first_document_said() -> None:
    line = Wanted("t-1", "a1", "8711253001202", "Touw", "C62", Decimal(3), Decimal("1.23456789"))
    key, administration = line.keys[0], AdministrationFactory()
    asked = ask(administration, uuid4(), {key: (line, UNKNOWN)}, supplier_name="Anker")
    question = ItemQuestion.objects.get(pk=asked[key].pk)
    assert (question.identity, question.name, question.supplier_name) == ("seller_item T-1", "Touw", "Anker")
    assert (question.seller_item, question.buyer_item, question.gtin) == ("t-1", "a1", "8711253001202")
    assert (question.unit, question.price) == ("C62", Decimal("1.234568"))
    assert question.keys == list(line.keys)


def test_an_open_question_is_asked_no_second_time_and_an_answered_one_is() -> None:
    administration, supplier, line = AdministrationFactory(), uuid4(), Wanted(seller_item="T-1")
    key = line.keys[0]
    first = ask(administration, supplier, {key: (line, UNKNOWN)})[key]
    offered = Found(Outcome.SEVERAL, candidates=(Candidate(card(1), (key,)),))
    assert ask(administration, supplier, {key: (line, offered)})[key] == first
    first.refresh_from_db()
    assert (first.kind, first.candidates[0]["code"]) == ("several", "A1")
    ItemQuestion.objects.update(item=uuid4(), answered_at=first.asked_at)
    assert ask(administration, supplier, {key: (line, UNKNOWN)})[key] != first


def test_a_question_that_another_worker_asked_in_between_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    administration, supplier, line = AdministrationFactory(), uuid4(), Wanted(seller_item="T-1")
    manager = type(ItemQuestion.objects)
    real: Any = manager.bulk_create

    def late(self: Any, rows: list[ItemQuestion], **more: Any) -> Any:
        ItemQuestionFactory(administration=administration, supplier=supplier, seller_item="T-1")
        return real(self, rows, **more)

    monkeypatch.setattr(manager, "bulk_create", late)
    (question,) = ask(administration, supplier, {line.keys[0]: (line, UNKNOWN)}).values()
    assert ItemQuestion.objects.get() == question


def test_a_price_that_no_column_holds_is_left_out() -> None:
    line = Wanted(seller_item="T-1", price=Decimal(10) ** 15)
    (question,) = ask(AdministrationFactory(), uuid4(), {line.keys[0]: (line, UNKNOWN)}).values()
    assert question.price is None
