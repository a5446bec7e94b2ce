"""Channels that have gone quiet are told, until something comes in or somebody knows."""

from datetime import date, datetime, time, timedelta

import pytest

from apps.clients.models import Administration
from apps.core import clock
from apps.intake.models import Channel, Silence
from apps.intake.quiet import known_to, listen, told
from apps.people.models import Role
from tests.clients.factories import AdministrationFactory, AssignmentFactory
from tests.intake.factories import PartFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


def last_workday() -> date:
    return next(
        day for day in (clock.today() - timedelta(days=n) for n in range(8, 15)) if day.weekday() == 4
    )


def came_in(day: date, administration: Administration | None, channel: str = Channel.MAIL) -> None:
    at = datetime.combine(day, time(9), tzinfo=clock.DUTCH)
    PartFactory(administration=administration, receipt__received_at=at, receipt__channel=channel)


def habit(administration: Administration | None, channel: str = Channel.MAIL) -> None:
    """Let something come in on ten working days, until a Friday more than a week ago."""
    friday = last_workday()
    for n in (*range(5), *range(7, 12)):
        came_in(friday - timedelta(days=n), administration, channel)


def test_a_quiet_channel_is_told_once_for_its_administration_and_for_the_firm() -> None:
    administration = AdministrationFactory()
    habit(administration)
    assert [listen(), listen()] == [2, 2]
    assert {row.administration for row in Silence.objects.all()} == {administration, None}


def test_it_ends_when_something_comes_in() -> None:
    administration = AdministrationFactory()
    habit(administration)
    listen()
    came_in(clock.today(), administration)
    assert listen() == 0
    assert not Silence.objects.exists()


def test_the_channel_of_another_administration_keeps_the_whole_alive() -> None:
    quiet, busy = AdministrationFactory(), AdministrationFactory()
    habit(quiet)
    came_in(clock.today(), busy)
    assert listen() == 1
    assert Silence.objects.get().administration == quiet


def test_uploads_have_no_habit() -> None:
    habit(AdministrationFactory(), Channel.UPLOAD)
    assert listen() == 0


def test_what_somebody_knows_is_told_no_more_but_the_next_silence_is() -> None:
    administration, reviewer = AdministrationFactory(), UserFactory(role=Role.REVIEWER)
    habit(None)
    listen()
    (silence,) = told(reviewer)
    assert known_to(silence, str(reviewer))
    listen()
    assert told(reviewer) == []
    came_in(last_workday() + timedelta(days=3), administration)
    listen()
    assert [row.quieted_by for row in told(reviewer)] == [""]


def test_each_sees_the_silence_of_their_own_clients() -> None:
    mine, other = AdministrationFactory(), AdministrationFactory()
    bookkeeper = AssignmentFactory(client=mine.client).user
    habit(mine)
    habit(other)
    listen()
    assert [row.administration for row in told(bookkeeper)] == [mine]
    assert len(told(UserFactory(role=Role.ADMINISTRATOR))) == 3


def test_a_paused_administration_is_quiet_by_intention() -> None:
    habit(AdministrationFactory(paused_at=clock.now()))
    listen()
    assert not Silence.objects.exclude(administration=None).exists()
