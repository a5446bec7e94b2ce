import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from apps.core import clock, leases
from apps.core.http import RemoteCallInTransaction, Temporary, Unauthorised
from apps.exact.client import Exact
from apps.exact.connection import access_token, newer_token
from apps.exact.models import Connection, ConnectionStatus
from apps.sandbox import faults, switches, time
from apps.sandbox.models import RegisteredApp, Token
from tests.processes import Place

TOKEN = "oauth2/token"


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
    with pytest.raises(Unauthorised, match="Old refresh token used"):
        access_token(connected)
    connected.refresh_from_db()
    assert connected.status == ConnectionStatus.LOST
    assert "Sign in again" in connected.trouble
    assert connected.refresh_token not in connected.trouble


def test_a_lost_connection_is_not_tried_again(connected: Connection, count_calls: Any) -> None:
    Connection.objects.update(status=ConnectionStatus.LOST, trouble="It is over.")
    connected.refresh_from_db()
    with pytest.raises(Unauthorised, match="It is over"):
        access_token(connected)
    assert count_calls() == 0


@pytest.mark.parametrize("ending", ["thirty days", "wrong secret"])
def test_a_refused_grant_ends_the_connection(connected: Connection, ending: str) -> None:
    if ending == "thirty days":
        time.advance(timedelta(days=31))
    else:
        RegisteredApp.objects.update(secret="another")
        time.advance(600)
    with pytest.raises(Unauthorised):
        access_token(connected)
    assert connected.status == ConnectionStatus.LOST


def test_a_user_without_rights_is_told_but_the_chain_is_kept(connected: Connection) -> None:
    switches.block_user()
    time.advance(600)
    with pytest.raises(Unauthorised):
        access_token(connected)
    assert connected.status == ConnectionStatus.ALIVE
    assert connected.trouble


def test_a_lost_refresh_answer_is_told_at_once_and_not_repeated(
    connected: Connection, count_calls: Any
) -> None:
    faults.arm("lost_refresh")
    time.advance(600)
    with pytest.raises(Temporary):
        access_token(connected)
    assert count_calls(TOKEN) == 1
    connected.refresh_from_db()
    assert connected.status == ConnectionStatus.ALIVE
    assert connected.trouble
    with pytest.raises(Unauthorised):
        access_token(connected)
    assert connected.status == ConnectionStatus.LOST
    assert count_calls(TOKEN) == 2


@pytest.mark.parametrize("fault", ["error_before_commit", "too_many", "dropped_before"])
def test_a_fault_on_the_way_is_temporary_and_the_old_pair_still_works(
    connected: Connection, fault: str
) -> None:
    faults.arm(fault, path=TOKEN, status=503)
    time.advance(600)
    with pytest.raises(Temporary):
        access_token(connected)
    assert access_token(connected)
    assert (connected.status, connected.trouble) == (ConnectionStatus.ALIVE, "")


@pytest.mark.parametrize("older_wording", [False, True])
def test_not_expired_keeps_the_stored_pair(
    connected: Connection, count_calls: Any, older_wording: bool
) -> None:
    switches.change(early_refresh_is_401=older_wording)
    Connection.objects.update(  # as if our clock ran ahead of Exact's
        issued_at=clock.now() - timedelta(seconds=600), expires_at=clock.now()
    )
    connected.refresh_from_db()
    assert access_token(connected) == connected.access_token
    assert count_calls(TOKEN) == 1
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
