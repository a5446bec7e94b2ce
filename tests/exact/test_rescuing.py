"""Whoever is cut off between the exchange and Me has ended a chain here: the worker saves it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from apps.clients.models import Administration
from apps.core import queue
from apps.exact import connection_tasks, linking, rescuing, sharing, signing_in
from apps.exact.client import Exact
from apps.exact.models import Connection, ConnectionStatus, Division, SignIn
from apps.exact.signing_in import CutOff
from apps.exact.visitor import Visitor
from apps.people.models import User
from apps.sandbox import faults, time
from apps.sandbox.firm import users
from tests import shares
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db
BAKERY = 3100101
OWNER = users.OWNER["UserID"]


@pytest.fixture
def ours(connected: Connection) -> Administration:
    return linking.create_for(Division.objects.get(code=BAKERY))


def killed(*_args: Any, **_kwargs: Any) -> None:
    raise KeyboardInterrupt


def back_from_exact(app: Any, user: User | None, who: str = "") -> str:
    return Visitor().consent(signing_in.begin(app, user), divisions=shares.FIRM, user=who)


def a_minute_of_the_worker() -> None:
    connection_tasks.watch_connections()
    for bell in queue.OrmQ.objects.all():
        if bell.func() == rescuing.RESCUE:
            connection_tasks.rescue_pair(bell.task["args"][0])
            bell.delete()


def lives_on(connected: Connection) -> bool:
    """Tell whether the chain is still renewed, each time that its pair is over."""
    for _time in range(2):
        time.advance(timedelta(minutes=11))
        signing_in.forget_old()
        Exact(Connection.objects.get(pk=connected.pk)).me()
    connected.refresh_from_db()
    return connected.status == ConnectionStatus.ALIVE


def test_a_link_that_was_cut_off_and_left_does_not_end_the_chain(
    ours: Administration, connected: Connection
) -> None:
    _link, address = shares.made(ours)
    browser = Browser()
    back = Visitor().consent(shares.to_exact(browser, address), divisions=shares.FIRM)
    faults.arm("dropped_before", path="current/Me")
    assert browser.get(back).status_code == 200
    before = shares.rows(but=shares.OF_CHAIN)
    time.advance(timedelta(minutes=1))
    a_minute_of_the_worker()
    assert shares.rows(but=shares.OF_CHAIN) == before
    assert rescuing.due() == []
    assert lives_on(connected)
    assert not SignIn.objects.exists()


def test_so_it_is_for_an_administrator_and_when_the_process_is_killed(
    connected: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = UserFactory()
    back = back_from_exact(connected.app, person)
    with monkeypatch.context() as patched:
        patched.setattr(Exact, "me", killed)
        with pytest.raises(KeyboardInterrupt):
            signing_in.come_back(back, person)
    a_minute_of_the_worker()
    assert lives_on(connected)


def test_it_is_tried_each_minute_until_exact_answers_and_no_longer_than_the_pair_lives(
    connected: Connection, count_calls: Any
) -> None:
    faults.arm("dropped_before", path="current/Me")
    with pytest.raises(CutOff):
        signing_in.come_back(back_from_exact(connected.app, None))
    faults.arm("dropped_before", path="current/Me")
    a_minute_of_the_worker()
    assert len(rescuing.due()) == 1
    SignIn.objects.update(begun_at=SignIn.objects.get().begun_at - timedelta(minutes=9))
    time.advance(timedelta(minutes=2))
    signing_in.forget_old()
    (left,) = rescuing.due()  # too old to be completed, but not to be rescued
    time.advance(timedelta(minutes=9))
    asked = count_calls("current/Me")
    assert rescuing.due() == []
    assert not rescuing.try_again(left)
    assert count_calls("current/Me") == asked
    signing_in.forget_old()
    assert not SignIn.objects.exists()


def test_a_chain_that_was_lost_to_the_pair_gets_it(connected: Connection) -> None:
    time.advance(timedelta(minutes=11))
    faults.arm("dropped_before", path="current/Me")
    with pytest.raises(CutOff):
        signing_in.come_back(back_from_exact(connected.app, None))
    with pytest.raises(Exception, match="successor"):
        Exact(connected).me()
    assert Connection.objects.get().status == ConnectionStatus.LOST
    a_minute_of_the_worker()
    assert lives_on(connected)


def test_who_is_new_here_gets_no_chain_by_it_and_may_go_on(connected: Connection) -> None:
    person = UserFactory()
    faults.arm("dropped_before", path="current/Me")
    with pytest.raises(CutOff) as cut_off:
        signing_in.come_back(back_from_exact(connected.app, person, OWNER), person)
    a_minute_of_the_worker()
    assert Connection.objects.get() == connected
    assert rescuing.due() == []
    assert signing_in.come_back(f"/?state={cut_off.value.state}", person).connection != connected


def test_a_link_revoked_in_between_ends_the_sign_in_but_not_the_chain(
    ours: Administration, connected: Connection
) -> None:
    link, _address = shares.made(ours)
    begun, address = sharing.begin(link)
    faults.arm("dropped_before", path="current/Me")
    with pytest.raises(CutOff):
        sharing.complete(begun, signing_in.answer_of(Visitor().consent(address, divisions=shares.FIRM)))
    link.revoke(by=UserFactory())
    with pytest.raises(sharing.Ended):
        sharing.complete(begun, {})
    assert signing_in.shared_sign_in(begun.state) is None
    a_minute_of_the_worker()
    assert not SignIn.objects.exists()
    assert lives_on(connected)
