"""Which rules were changed or removed since a moment, and where they speak."""

from datetime import timedelta

import pytest

from apps.clients.models import Administration
from apps.core import clock
from apps.people.models import Role
from apps.rules import lately, ruling
from tests import office
from tests.clients.factories import AdministrationFactory
from tests.rules.factories import BookingRuleFactory

pytestmark = pytest.mark.django_db


def test_what_changed_before_is_not_told() -> None:
    BookingRuleFactory(changed_at=clock.now() - timedelta(hours=2))
    assert lately.since(clock.now() - timedelta(hours=1)) == []


def test_a_rule_speaks_where_it_is_of_and_spoke_where_it_was() -> None:
    since = clock.now()
    here, there = AdministrationFactory(), AdministrationFactory()
    BookingRuleFactory()
    moved = BookingRuleFactory(administration=here)
    moved.administration, moved.client = None, there.client
    ruling.save(moved, by=office.person(Role.ADMINISTRATOR))
    of_firm, of_client = lately.since(since)
    assert of_firm.rule is not None
    places = [set(Administration.objects.filter(one.where)) for one in (of_firm, of_client)]
    assert places == [{here, there}, {here, there}]
    assert (of_client.administrations, of_client.clients) == (
        frozenset({here.pk}),
        frozenset({there.client_id}),
    )


def test_what_is_off_or_gone_speaks_no_more_but_spoke() -> None:
    since = clock.now()
    administration = AdministrationFactory()
    off = BookingRuleFactory(administration=administration, active=False)
    gone = BookingRuleFactory(administration=administration)
    key = gone.pk
    ruling.remove(gone, by=office.person(Role.ADMINISTRATOR))
    found = {one.pk: one for one in lately.since(since)}
    assert set(found) == {off.pk, key}
    assert all(one.rule is None and one.administrations == {administration.pk} for one in found.values())
    assert found[key].at >= since
