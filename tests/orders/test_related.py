"""What an answer is about, and what was answered, for those who may see it."""

import pytest

from apps.orders.related import answers_to, order_of
from apps.people.models import Role
from tests import office

pytestmark = pytest.mark.django_db


def test_an_order_and_its_answers_find_each_other_for_those_who_see_them() -> None:
    books = office.books("Ooievaar")
    order, answer = books.orders["done"], books.orders["answer"]
    mine = office.person(Role.BOOKKEEPER, books.client)
    assert answers_to(order, mine, most=5) == [answer]
    assert answers_to(order, mine, most=0) == []
    assert order_of(answer, mine) == order
    assert answers_to(answer, mine, most=5) == []
    assert order_of(order, mine) is None
    stranger = office.person(Role.BOOKKEEPER)
    assert answers_to(order, stranger, most=5) == []
    assert order_of(answer, stranger) is None
