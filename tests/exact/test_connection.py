import json
import socket
from copy import copy
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction

from apps.core import clock, leases
from apps.core.http import RemoteCallInTransaction, Temporary, Unauthorised
from apps.exact import chain, connection, connection_tasks, lookout, signing_in
from apps.exact.client import Exact
from apps.exact.connection import access_token, newer_token
from apps.exact.losses import Loss
from apps.exact.models import Connection, ConnectionStatus, ExactApp
from apps.exact.visitor import Visitor
from apps.sandbox import faults, switches, time
from apps.sandbox.models import RegisteredApp, Token
from tests.bells import calls, forget, rung
from tests.processes import Place

TOKEN = "oauth2/token"


@pytest.fixture(autouse=True)
def _silence(connected: Connection) -> None:
    """Forget the bells of signing in."""
    forget()


def test_a_fresh_token_is_given_without_a_call(connected: Connection, count_calls: Any) -> None:
    assert access_token(connected) == connected.access_token
    assert count_calls() == 0


@pytest.mark.parametrize(("age", "refreshes"), [(569, 0), (574, 0), (576, 1), (601, 1)])
def test_a_pair_is_replaced_at_its_very_end_and_never_before_570_seconds(
    connected: Connection, count_calls: Any, age: int, refreshes: int
) -> None:
    time.advance(age)
    access_token(connected)
    assert count_calls(TOKEN) == refreshes
    assert count_calls(TOKEN, status=200) == refreshes


def test_refreshing_rotates_the_stored_pair_and_the_new_one_works(connected: Connection) -> None:
    old = connected.access_token, connected.refresh_token
    time.advance(600)
    assert access_token(connected) != old[0]
    stored = Connection.objects.get(pk=connected.pk)
    assert stored.refresh_token == connected.refresh_token != old[1]
    assert stored.version == 2
    assert stored.expires_at - stored.issued_at <= timedelta(seconds=600)
    assert stored.lease is None
    assert Exact(stored).me()["FullName"]


def test_tokens_are_not_readable_in_the_database(connected: Connection) -> None:
    from django.db import connection as database

    with database.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM exact_connection")
        assert all(value.startswith("f1:") for value in cursor.fetchone())


def test_a_pair_that_another_process_renewed_is_taken_over(connected: Connection, count_calls: Any) -> None:
    stale = Connection.objects.get(pk=connected.pk)
    time.advance(600)
    fresh = access_token(connected)
    assert access_token(stale) == fresh
    assert count_calls(TOKEN) == 1


def test_no_renewal_while_a_transaction_is_open(connected: Connection, count_calls: Any) -> None:
    time.advance(600)
    with pytest.raises(RemoteCallInTransaction), transaction.atomic():
        access_token(connected)
    assert count_calls(TOKEN) == 0


def test_an_old_refresh_token_ends_the_connection_in_plain_words(connected: Connection) -> None:
    Token.objects.update(rotated=True)
    time.advance(600)
    with pytest.raises(Unauthorised, match="successor that we do not have"):
        access_token(connected)
    connected.refresh_from_db()
    assert (connected.status, connected.loss) == (ConnectionStatus.LOST, Loss.REPLACED)
    assert connected.trouble == "Old refresh token used."
    assert connected.refresh_token not in connected.trouble + connected.sentences


def test_a_lost_connection_is_not_tried_again(connected: Connection, count_calls: Any) -> None:
    Connection.objects.update(status=ConnectionStatus.LOST, loss=Loss.PASSWORD)
    connected.refresh_from_db()
    with pytest.raises(Unauthorised, match="Sign in again with the new password"):
        access_token(connected)
    assert count_calls() == 0


def test_a_lost_answer_is_told_at_once_and_not_asked_for_again_before_a_minute(
    connected: Connection, count_calls: Any
) -> None:
    faults.arm("lost_refresh")
    time.advance(600)
    with pytest.raises(Temporary) as first:
        access_token(connected)
    assert (connected.status, connected.loss) == (ConnectionStatus.UNSURE, Loss.NO_ANSWER)
    assert connected.troubled_at and connected.try_at and connected.asked_at is None
    assert round((connected.try_at - connected.troubled_at).total_seconds()) == 60
    assert first.value.retry_at_ms == int(connected.try_at.timestamp() * 1000)
    assert rung() == calls(chain.TELL, connected.pk)
    time.advance(50)
    with pytest.raises(Temporary):
        access_token(connected)
    assert count_calls(TOKEN) == 1


def test_the_later_try_proves_a_chain_lost_whose_answer_was_lost(
    connected: Connection, count_calls: Any
) -> None:
    faults.arm("lost_refresh")
    time.advance(600)
    with pytest.raises(Temporary):
        access_token(connected)
    time.advance(61)
    with pytest.raises(Unauthorised, match=r"lost on its way.*Sign in again"):
        access_token(connected)
    assert (connected.status, connected.loss) == (ConnectionStatus.LOST, Loss.NO_ANSWER)
    assert connected.trouble == "Old refresh token used."
    assert count_calls(TOKEN) == 2
    assert rung().count((chain.TELL, (connected.pk,))) == 2  # what is wrong is another thing now


@pytest.mark.parametrize(("fault", "status"), [("error_before_commit", 503), ("dropped_before", 0)])
def test_the_later_try_mends_a_chain_that_exact_did_not_renew(
    connected: Connection, fault: str, status: int
) -> None:
    faults.arm(fault, path=TOKEN, status=status)
    time.advance(600)
    with pytest.raises(Temporary):
        access_token(connected)
    assert connected.status == ConnectionStatus.UNSURE
    time.advance(61)
    assert access_token(connected)
    assert {name: getattr(connected, name) for name in chain.SOUND} == chain.SOUND
    assert set(calls(chain.MENDED, connected.pk)) <= set(rung())


def test_the_present_pair_is_used_to_its_end_while_its_successor_is_in_doubt(
    connected: Connection, count_calls: Any
) -> None:
    faults.arm("lost_refresh")
    time.advance(576)
    old = connected.access_token
    assert access_token(connected) == old
    assert connected.status == ConnectionStatus.UNSURE
    time.advance(10)
    assert Exact(connected).me()["FullName"]
    assert count_calls(TOKEN) == 1
    time.advance(10)
    with pytest.raises(Temporary):
        access_token(connected)


def test_the_pauses_between_later_tries_grow_to_an_hour(connected: Connection) -> None:
    faults.arm("error_before_commit", path=TOKEN, status=502, times=20)
    time.advance(600)
    pauses = []
    for _try in range(9):
        with pytest.raises(Temporary):
            access_token(connected)
        assert connected.try_at
        pauses.append(round((connected.try_at - clock.now()).total_seconds()))
        time.advance(connected.try_at - clock.now() + timedelta(seconds=1))
    assert pauses[0] in (59, 60)
    assert all(later >= earlier - 1 for earlier, later in pairwise(pauses))
    assert pauses[-1] in (3599, 3600)
    assert rung() == calls(chain.TELL, connected.pk)  # one trouble, told once


def test_too_many_calls_is_no_reason_for_alarm(connected: Connection, count_calls: Any) -> None:
    faults.arm("too_many", path=TOKEN)
    time.advance(600)
    with pytest.raises(Temporary):
        access_token(connected)
    assert (connected.status, connected.asked_at, rung()) == (ConnectionStatus.ALIVE, None, [])
    with pytest.raises(Temporary):
        access_token(connected)
    assert count_calls(TOKEN) == 1
    time.advance(61)
    assert access_token(connected)


def test_what_never_left_is_no_reason_for_alarm(connected: Connection) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    ExactApp.objects.update(base_url=f"http://127.0.0.1:{closed}")
    time.advance(600)
    stored = Connection.objects.select_related("app").get()
    with pytest.raises(Temporary) as nobody:
        access_token(stored)
    assert (stored.status, stored.asked_at, rung()) == (ConnectionStatus.ALIVE, None, [])
    assert nobody.value.retry_at_ms


def test_a_renewal_that_a_killed_process_left_is_told_and_tried_at_once(
    connected: Connection, count_calls: Any
) -> None:
    time.advance(600)
    assert leases.take(connected, seconds=connection.LEASE_SECONDS)
    Connection.objects.update(asked_at=clock.now())  # and then the process was killed
    assert lookout.due() == []
    time.advance(connection.LEASE_SECONDS + 1)
    assert lookout.due() == [connected.pk]
    assert access_token(connected)  # Exact had not done it
    assert count_calls(TOKEN, status=200) == 1
    assert connected.status == ConnectionStatus.ALIVE
    assert rung() == [*calls(chain.TELL, connected.pk), *calls(chain.MENDED, connected.pk)]


def test_a_late_failure_does_not_undo_what_another_process_stored(connected: Connection) -> None:
    time.advance(600)
    slow = Connection.objects.get(pk=connected.pk)
    assert chain.begin(slow)
    twin = copy(slow)
    Connection.objects.update(asked_at=None)
    access_token(connected)
    chain.unanswered(slow, "too late")
    chain.refused(twin, Loss.PASSWORD, "too late")
    connected.refresh_from_db()
    assert (connected.status, connected.trouble) == (ConnectionStatus.ALIVE, "")


def test_a_sign_in_meanwhile_wins(connected: Connection) -> None:
    time.advance(600)
    slow = Connection.objects.get(pk=connected.pk)
    assert chain.begin(slow)
    again = signing_in.complete(
        Visitor().consent(signing_in.begin(connected.app), divisions=[3100101]), connected.owner
    )
    twin = copy(slow)
    chain.refused(slow, Loss.REPLACED, "Old refresh token used.")
    chain.renewed(twin, {"access_token": "a", "refresh_token": "b"})
    assert slow.access_token == again.access_token
    assert slow.status == ConnectionStatus.ALIVE


def test_a_barred_user_is_asked_for_again_once_in_a_quarter_of_an_hour(
    connected: Connection, count_calls: Any
) -> None:
    switches.block_user()
    time.advance(600)
    with pytest.raises(Unauthorised, match="blocked"):
        access_token(connected)
    assert (connected.status, connected.loss) == (ConnectionStatus.BLOCKED, Loss.BLOCKED_USER)
    for _minute in range(14):
        time.advance(60)
        with pytest.raises(Unauthorised):
            Exact(connected).me()
    assert count_calls(TOKEN) == 1
    switches.block_user("")
    time.advance(61)
    assert Exact(connected).me()["FullName"]
    assert {name: getattr(connected, name) for name in chain.SOUND} == chain.SOUND
    assert rung() == [*calls(chain.TELL, connected.pk), *calls(chain.MENDED, connected.pk)]


def test_one_caller_probes_whether_a_barred_user_may_come_in_again(connected: Connection) -> None:
    chain.bar(connected, Loss.INACTIVE_USER, "InactiveUser")
    first, second = (Connection.objects.get(pk=connected.pk) for _caller in range(2))
    time.advance(chain.BLOCKED_PAUSE + timedelta(seconds=1))
    Connection.objects.update(issued_at=clock.now(), expires_at=clock.now() + timedelta(seconds=600))
    assert access_token(first)
    with pytest.raises(Unauthorised):
        access_token(second)


def test_not_expired_keeps_the_pair_that_still_lives(connected: Connection, count_calls: Any) -> None:
    now = clock.now()  # as if our clock ran ahead of Exact's
    Connection.objects.update(issued_at=now - timedelta(seconds=580), expires_at=now + timedelta(seconds=20))
    connected.refresh_from_db()
    token = connected.access_token
    assert access_token(connected) == access_token(connected) == token
    assert count_calls(TOKEN) == 1
    assert (connected.status, connected.asked_at, rung()) == (ConnectionStatus.ALIVE, None, [])


@pytest.mark.parametrize("older_wording", [False, True])
def test_not_expired_about_a_pair_that_is_over_waits_some_seconds(
    connected: Connection, count_calls: Any, older_wording: bool
) -> None:
    switches.change(early_refresh_is_401=older_wording)
    Connection.objects.update(issued_at=clock.now() - timedelta(seconds=600), expires_at=clock.now())
    connected.refresh_from_db()
    for _time in range(2):
        with pytest.raises(Temporary) as early:
            access_token(connected)
        assert early.value.retry_at_ms
    assert count_calls(TOKEN) == 1
    assert connected.status == ConnectionStatus.ALIVE
    time.advance(571)
    assert access_token(connected)


def test_a_wrong_secret_is_tried_once_more_when_it_was_put_right(
    connected: Connection, count_calls: Any
) -> None:
    RegisteredApp.objects.update(secret="another")
    time.advance(600)
    with pytest.raises(Unauthorised, match="client secret"):
        access_token(connected)
    assert (connected.status, connected.loss) == (ConnectionStatus.LOST, Loss.SECRET)
    ExactApp.objects.update(client_secret="another")
    assert lookout.try_again(connected)
    assert (lookout.LOOK, (connected.pk,)) in rung()
    assert access_token(Connection.objects.select_related("app").get(pk=connected.pk))
    assert not lookout.try_again(connected)


def test_a_person_may_have_it_tried_before_its_turn(connected: Connection) -> None:
    chain.bar(connected, Loss.LICENCE, "LicenseExpired")
    assert lookout.try_again(connected)
    assert Exact(connected).me()
    assert connected.status == ConnectionStatus.ALIVE


def test_nobody_has_it_tried_while_the_answer_may_still_come(connected: Connection) -> None:
    chain.unanswered(connected, "no answer")
    assert not lookout.try_again(connected)
    time.advance(61)
    assert lookout.try_again(connected)


def test_a_chain_lost_otherwise_is_not_tried_again(connected: Connection) -> None:
    Connection.objects.update(status=ConnectionStatus.LOST, loss=Loss.PASSWORD)
    assert not lookout.try_again(connected)
    assert rung() == []


def test_a_pair_that_exact_refuses_before_its_end_is_asked_about_soon(
    connected: Connection, count_calls: Any
) -> None:
    Token.objects.update(ended="password")
    time.advance(60)
    for _call in range(2):
        with pytest.raises(Unauthorised):
            Exact(connected).me()
    assert rung() == calls(lookout.LOOK, connected.pk)
    connection.prove(connected)
    assert (connected.status, connected.loss) == (ConnectionStatus.LOST, Loss.PASSWORD)
    assert count_calls(TOKEN) == 1


def test_a_pair_that_exact_refuses_without_a_reason_rests_until_a_new_one_is_due(
    connected: Connection,
) -> None:
    time.advance(60)
    connection.prove(connected)  # too early
    assert (connected.status, connected.loss) == (ConnectionStatus.BLOCKED, Loss.OTHER)
    with pytest.raises(Unauthorised):
        access_token(connected)
    time.advance(520)
    assert Exact(connected).me()
    assert connected.status == ConnectionStatus.ALIVE


def test_a_refused_token_is_replaced_by_the_stored_one_first(connected: Connection, count_calls: Any) -> None:
    stale = Connection.objects.get(pk=connected.pk)
    time.advance(600)
    access_token(connected)
    assert newer_token(stale) == connected.access_token
    assert count_calls(TOKEN) == 1


def test_a_young_refused_token_is_not_refreshed(connected: Connection, count_calls: Any) -> None:
    assert newer_token(connected) is None
    assert count_calls() == 0


def test_who_finds_the_lease_taken_waits_and_gives_up_in_time(
    connected: Connection, settings: Any, count_calls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.exact.connection.PATIENCE", 0.2)
    time.advance(600)
    assert leases.take(connected, seconds=60)
    with pytest.raises(Temporary, match="Another process"):
        access_token(connected)
    assert count_calls(TOKEN) == 0


def test_ten_processes_at_the_expiry_cause_one_refresh(place: Place) -> None:
    outcome = json.loads(place.run("tests/exact/ten_askers.py"))
    assert outcome == {"refreshes": 1, "new": 10, "failed": [], "status": "alive", "version": 2}


def test_a_clock_that_is_put_right_ends_no_chain_and_no_doubt(connected: Connection) -> None:
    time.advance(timedelta(days=10))
    access_token(connected)
    time.advance(600)
    faults.arm("dropped_before", path="oauth2/token")
    with pytest.raises(Temporary):
        access_token(Connection.objects.get())
    Token.objects.update(issued_at=clock.now() - timedelta(days=10, hours=1))  # only our clock was wrong
    time.reset()
    connection_tasks.look_after(connected.pk)
    assert Connection.objects.get().status == ConnectionStatus.ALIVE
