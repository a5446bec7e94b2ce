from typing import Any

import pytest

from apps.clients.models import Client
from apps.core import clock
from apps.econnect import tasks
from apps.econnect.models import Account, Answer, Inbound, Party, Stage
from apps.sandbox import faults, firm
from apps.sandbox.econnect import network
from apps.sandbox.models import FaultKind
from tests.clients.factories import ClientFactory
from tests.econnect.factories import AccountFactory, AnswerFactory, InboundFactory

pytestmark = pytest.mark.django_db


def kept(party: Party) -> Inbound:
    made: Inbound = InboundFactory(
        party=party,
        document_id=network.send(party.party_id, b"<Invoice/>"),
        stage=Stage.KEPT,
        sha256="a" * 64,
        kept_at=clock.now(),
    )
    return made


def test_answers_go_before_the_document_is_removed(party: Party) -> None:
    inbound = kept(party)
    AnswerFactory(inbound=inbound)
    tasks.remove_kept()
    tasks.give_answers()
    tasks.remove_kept()
    inbound.refresh_from_db()
    assert (inbound.stage, Answer.objects.get().given_at is not None) == (Stage.REMOVED, True)


def test_each_night_the_parties_of_all_accounts_are_read(account: Account) -> None:
    own_client: Client = ClientFactory()
    AccountFactory(client=own_client, username=firm.parties.USERNAME, password=firm.parties.PASSWORD)
    tasks.refresh_all_parties()
    assert Party.objects.count() == len(firm.PARTIES)


def test_an_account_is_checked_with_its_hook(account: Account) -> None:
    tasks.check_account(account.pk)
    account.refresh_from_db()
    assert (account.trouble, "Register it" in account.hook_trouble) == ("", True)
    tasks.register_hook(account.pk)
    account.refresh_from_db()
    assert account.hook_trouble == ""
    before = account.hook_secret
    tasks.change_secret(account.pk)
    account.refresh_from_db()
    assert account.hook_secret != before
    tasks.refresh_parties(account.pk)
    assert Party.objects.exists()


def test_an_account_without_access_says_so(account: Account) -> None:
    Account.objects.update(client_secret="wrong")
    tasks.check_account(account.pk)
    account.refresh_from_db()
    assert "does not give us access" in account.trouble
    assert "does not give us access" in account.hook_trouble


def test_each_day_a_hook_that_was_registered_is_looked_after(account: Account) -> None:
    tasks.register_hook(account.pk)
    faults.arm(FaultKind.ERROR_BEFORE_COMMIT, path="econnect/hook")
    tasks.check_hooks()
    account.refresh_from_db()
    assert account.hook_trouble
    tasks.check_hooks()
    account.refresh_from_db()
    assert account.hook_trouble == ""


def test_without_econnect_nothing_happens(settings: Any) -> None:
    settings.SANDBOX = False
    for task in (
        tasks.give_answers,
        tasks.remove_kept,
        tasks.refresh_all_parties,
        tasks.check_hooks,
        tasks.prune_hook_calls,
    ):
        task()
    assert not Account.objects.exists()
