"""Pausing an administration: once, and the history says who."""

import pytest

from apps.core import clock
from tests.clients.factories import AdministrationFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_pause_begins_once_and_ends_once_and_the_history_says_who() -> None:
    administration, user = AdministrationFactory(), UserFactory()
    assert administration.pause(by=user)
    assert not administration.pause(by=user)
    administration.refresh_from_db()
    assert administration.paused_at
    assert administration.paused_at <= clock.now()
    assert administration.resume(by=user)
    assert not administration.resume(by=user)
    administration.refresh_from_db()
    assert administration.paused_at is None
    told = [(row.paused_at is not None, row.history_user) for row in administration.history.all()[:2]]
    assert told == [(False, user), (True, user)]


def test_of_two_people_who_press_at_the_same_time_one_pauses() -> None:
    administration, user = AdministrationFactory(), UserFactory()
    stale = type(administration).objects.get(pk=administration.pk)
    assert administration.pause(by=user)
    assert not stale.pause(by=user)
