"""What bells and schedules of orders call does its work on rows named by their keys."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.core import clock, queue
from apps.items import answering
from apps.orders import asking, tasks
from apps.orders.delivering import submit
from apps.orders.models import State
from apps.posting.models import Posting
from apps.vendors import learning
from tests.orders.buying import Buying, again, line_of, make_buying
from tests.people.factories import UserFactory
from tests.rules.factories import BookingRuleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buying(db: None) -> Buying:
    made = make_buying()
    made.ordered_before()
    return made


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    bells: list[tuple[Any, ...]] = []
    monkeypatch.setattr(queue, "ring", lambda *bell: bells.append(bell))
    return bells


def test_those_who_wait_are_counted_by_their_question(buying: Buying) -> None:
    stranger = buying.coded(vendor_name="Nobody", vendor_key="kvk 90000003")
    unknown = buying.coded({"seller_item": "NEW"}, {"seller_item": "NEW"})
    (vendor,) = asking.waiting_for_vendors()
    assert (vendor["question"], vendor["document"]) == (stranger.question_id, stranger.pk)
    items = list(asking.waiting_for_items())
    assert {one["document"] for one in items} == {unknown.pk}
    assert {one["question"] for one in items} == {line_of(unknown).item_question_id}


def test_the_bells_of_answers_move_orders(buying: Buying, rung: list[Any]) -> None:
    person = UserFactory()
    stranger = buying.coded(vendor_name="Nobody", vendor_key="kvk 90000003")
    unknown = buying.coded({"seller_item": "NEW"})
    question, asked = stranger.question, line_of(unknown).item_question
    assert question
    assert asked
    mapping = learning.answer(question, buying.supplier, by=person)
    remembered = answering.answer(asked, buying.item, by=person)
    assert mapping
    assert remembered
    assert {bell[0] for bell in rung} == {"vendor_answered", "item_answered"}
    tasks.vendor_answered(question.pk)
    tasks.item_answered(asked.pk)
    assert {again(stranger).state, again(unknown).state} == {State.READY}
    mapping.take_back(by=person)
    answering.take_back(remembered, by=person)
    tasks.mapping_taken_back(mapping.pk)
    tasks.item_mapping_taken_back(remembered.pk)
    assert {again(stranger).state, again(unknown).state} == {State.ATTENTION}


def test_a_rule_that_changed_is_followed(buying: Buying) -> None:
    order = buying.coded()
    since = clock.now() - timedelta(minutes=1)
    BookingRuleFactory(seller_item="T-12", never_automatic=True, changed_at=clock.now())
    tasks.rules_changed(int(since.timestamp()))
    assert again(order).state == State.PROPOSED


def test_a_mended_connection_wakes_the_divisions_that_have_work(buying: Buying, rung: list[Any]) -> None:
    buying.coded()
    assert buying.division.connection
    tasks.resume(buying.division.connection.pk)
    assert rung == [("apps.orders.tasks.deliver", buying.division.pk)]


def test_a_round_takes_back_what_was_decided(buying: Buying) -> None:
    order = buying.coded()
    assert submit(order, buying.division)
    posting = Posting.objects.get(pk=order.posting_id or 0)
    posting.finish(exact_id=str(uuid4()), number="26000042", url="", adopted=False)
    tasks.deliver(buying.division.pk)
    assert again(order).exact_number == "26000042"


def test_the_sweeper_makes_good_what_lost_bells_left(buying: Buying) -> None:
    stranger = buying.coded(vendor_name="Nobody", vendor_key="kvk 90000003")
    assert stranger.question
    learning.answer(stranger.question, buying.supplier, by=UserFactory())
    received = buying.order()
    tasks.sweep()
    assert {again(stranger).state, again(received).state} == {State.READY}
