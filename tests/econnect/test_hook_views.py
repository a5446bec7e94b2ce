from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from apps.core import queue
from apps.econnect import hook_views
from apps.econnect.models import Account, HookCall, Inbound
from apps.sandbox import time
from tests.econnect.conftest import SECRET, post, told
from tests.econnect.factories import AccountFactory

pytestmark = pytest.mark.django_db


def rung() -> list[str]:
    return [bell.func() for bell in queue.OrmQ.objects.all()]


def test_a_genuine_call_is_kept_word_for_word_and_rings(account: Account) -> None:
    body = told(message="né")
    assert post(account, body) == 200
    call = HookCall.objects.get()
    assert (call.body.encode(), call.topic, call.party_id) == (body, "InvoiceReceived", "0106:12345678")
    assert rung() == ["apps.intake.tasks.fetch_peppol"]


def test_a_crowd_of_calls_rings_once(account: Account) -> None:
    assert {post(account, told()) for _call in range(5)} == {200}
    assert HookCall.objects.count() == 5
    assert len(rung()) == 1
    time.advance(6)
    post(account, told())
    assert len(rung()) == 2


def test_a_call_is_kept_before_anything_else_can_fail(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_task: str) -> None:
        raise RuntimeError("the queue is away")

    monkeypatch.setattr(queue, "ring", fail)
    with pytest.raises(RuntimeError):
        post(account, told())
    assert HookCall.objects.exists()


def test_a_replay_is_the_same_call_and_an_old_one_is_refused(account: Account) -> None:
    body = told()
    assert [post(account, body) for _ in range(2)] == [200, 200]
    assert len(rung()) == 1
    time.advance(timedelta(minutes=6))
    assert post(account, body) == 400
    assert HookCall.objects.count() == 1


def test_a_stranger_gets_nothing_in(account: Account) -> None:
    assert post(account, told(), secret="another") == 403
    assert post(account, told(), secret="") == 403
    assert not HookCall.objects.exists()
    assert rung() == []


def test_a_call_for_another_account_does_not_get_in_by_this_door(account: Account) -> None:
    other = AccountFactory(hook_secret="theirs")
    assert post(account, told(), secret="theirs") == 403
    assert post(other, told(), secret="theirs") == 200


def test_an_account_without_a_secret_takes_nothing() -> None:
    assert post(AccountFactory(hook_secret=""), told(), secret="") == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\x00" * 70, b"{" * 5000])
def test_what_is_no_call_is_refused(account: Account, body: bytes) -> None:
    assert post(account, body) == 400


def test_a_topic_that_we_do_not_know_is_kept_and_taken(account: Account) -> None:
    assert post(account, told(topic="SomethingNew")) == 200
    assert HookCall.objects.get().topic == "SomethingNew"
    assert not Inbound.objects.exists()


def test_a_long_body_is_not_read(account: Account) -> None:
    assert post(account, b" " * (hook_views.LONGEST + 1)) == 413


def test_nobody_reads_anything_here(account: Account, client: Client) -> None:
    url = f"/econnect/hook/{account.pk}/"
    assert {client.get(url).status_code, client.put(url).status_code, client.delete(url).status_code} == {405}
    assert client.post("/econnect/hook/99999999999999999999/").status_code == 404


def test_a_call_is_not_redirected_to_https_and_lost(account: Account, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert post(account, told()) == 200


def test_the_former_secret_is_taken_until_the_new_one_is_used(account: Account) -> None:
    Account.objects.update(hook_secret="new", hook_former_secret=SECRET)
    assert post(account, told()) == 200
    assert post(account, told(), secret="new") == 200
    assert post(account, told()) == 403
    assert Account.objects.get(pk=account.pk).hook_former_secret == ""
