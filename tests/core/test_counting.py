"""Many counts in one query, each no further than is asked."""

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.clients.models import Administration
from apps.core.counting import CountOf
from apps.people.models import User
from tests.clients.factories import AdministrationFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_counts_are_columns_and_a_slice_bounds_them(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = UserFactory()
    for _each in range(3):
        AdministrationFactory()
    rows = Administration.objects.order_by().values("pk")
    with django_assert_num_queries(1):
        found = User.objects.filter(pk=person.pk).values(every=CountOf(rows), two=CountOf(rows[:2])).get()
    assert found == {"every": 3, "two": 2}
