"""Orders move on when their question is answered, and come back when an answer is taken back."""

from typing import Any

import pytest

from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import Relation
from apps.items import answering
from apps.orders import answers
from apps.orders.models import PurchaseOrder, State
from apps.people.models import User
from apps.vendors import learning
from tests.orders.buying import Buying, again, line_of, make_buying
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buying(db: None) -> Buying:
    made = make_buying()
    made.ordered_before()
    return made


@pytest.fixture
def person(db: None) -> User:
    made: User = UserFactory()
    return made


def stranger(buying: Buying) -> PurchaseOrder:
    return buying.coded(vendor_name="Nobody", vendor_key="kvk 90000003")


def test_an_answer_about_the_vendor_moves_its_orders_on(buying: Buying, person: User) -> None:
    order = stranger(buying)
    assert order.question
    assert answers.vendor_answered(order.question.pk) == 0
    learning.answer(order.question, Relation.objects.get(pk=buying.supplier.pk), by=person)
    assert answers.vendor_answered(order.question.pk) == 1
    order = again(order)
    assert (order.state, order.supplier) == (State.READY, buying.supplier.exact_id)
    assert answers.vendor_answered(order.question_id or 0) == 0


def test_a_vendor_mapping_taken_back_asks_again(buying: Buying, person: User) -> None:
    order = stranger(buying)
    assert order.question
    mapping = learning.answer(order.question, buying.supplier, by=person)
    assert mapping
    answers.vendor_answered(order.question.pk)
    mapping.take_back(by=person)
    assert answers.mapping_taken_back(mapping.pk) == 1
    assert (again(order).state, again(order).cause) == (State.ATTENTION, Cause.VENDOR_UNKNOWN)
    assert answers.mapping_taken_back(mapping.pk) == 0


def test_an_answer_about_an_item_moves_orders_on_and_taken_back_asks_again(
    buying: Buying, person: User
) -> None:
    order = buying.coded({"seller_item": "NEW", "net": None})
    question = line_of(order).item_question
    assert question
    mapping = answering.answer(question, buying.item, by=person)
    assert mapping
    assert answers.item_answered(question.pk) == 1
    order, line = again(order), line_of(order)
    assert (order.state, line.item_code, line.item_mapping) == (State.READY, "TOUW12", mapping)
    answering.take_back(mapping, by=person)
    assert answers.item_mapping_taken_back(mapping.pk) == 1
    assert (again(order).state, again(order).cause) == (State.ATTENTION, Cause.ITEM_UNKNOWN)


def test_what_is_in_exact_already_is_flagged(buying: Buying, person: User) -> None:
    order = buying.coded({"seller_item": "NEW"})
    question = line_of(order).item_question
    assert question
    mapping = answering.answer(question, buying.item, by=person)
    assert mapping
    answers.item_answered(question.pk)
    done = buying.ordered_before()
    order.lines.filter(item_mapping=mapping).update(order=done)
    answering.take_back(mapping, by=person)
    assert answers.item_mapping_taken_back(mapping.pk) == 1
    assert "TOUW12" in again(done).to_correct
    assert again(done).state == State.DONE
    assert answers.item_mapping_taken_back(mapping.pk) == 0


def test_bells_that_were_lost_are_made_good(buying: Buying, person: User) -> None:
    first, second = stranger(buying), buying.coded({"seller_item": "NEW"})
    question = line_of(second).item_question
    assert first.question
    assert question
    learning.answer(first.question, buying.supplier, by=person)
    mapping = answering.answer(question, buying.item, by=person)
    assert mapping
    assert answers.sweep() == 2
    assert {again(first).state, again(second).state} == {State.READY}
    mapping.take_back(by=person)
    assert answers.sweep() == 1
    assert again(second).state == State.ATTENTION
    assert answers.sweep() == 0


def test_the_sweep_begins_from_what_was_taken_back(
    buying: Buying, django_assert_max_num_queries: Any
) -> None:
    for _count in range(5):
        buying.ordered_before()
    with django_assert_max_num_queries(4) as asked:
        assert answers.sweep() == 0
    about_mappings = [one["sql"] for one in asked if "forgotten_at" in one["sql"]]
    assert len(about_mappings) == 2
    assert all('FROM "vendors_mapping"' in sql or 'FROM "items_itemmapping"' in sql for sql in about_mappings)
    assert all(sql.count("JOIN") == 0 for sql in about_mappings)


def test_nobody_is_moved_while_nothing_was_answered(buying: Buying) -> None:
    stranger(buying)
    buying.coded({"seller_item": "NEW"})
    moment = clock.now()
    assert answers.sweep() == 0
    assert not PurchaseOrder.objects.filter(changed_at__gt=moment).exists()
