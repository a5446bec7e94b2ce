from typing import Any

import pytest

from apps.core import leases
from apps.econnect import hook_calls, hooks
from apps.econnect.client import EConnect
from apps.econnect.models import Account, HookCall, Party
from apps.econnect.registration import default_account
from apps.sandbox import faults
from apps.sandbox.econnect import network
from apps.sandbox.models import FaultKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def fresh(db: None) -> Account:
    """An account without a secret and without a hook."""
    return default_account()


def there(account: Account) -> list[dict[str, Any]]:
    return EConnect(account).hooks()


def test_a_hook_is_registered_with_a_secret_of_its_own(fresh: Account) -> None:
    hooks.register(fresh)
    fresh.refresh_from_db()
    (hook,) = there(fresh)
    assert hook["action"] == f"{hooks.address(fresh)}#{fresh.hook_secret}"
    assert (hook["id"], hook["isActive"], hook["topics"]) == (fresh.hook_id, True, list(hooks.TOPICS))
    assert len(fresh.hook_secret) > 30
    assert (fresh.hook_trouble, fresh.hook_checked_at is not None) == ("", True)


def test_registering_again_changes_the_hook_that_is_there(fresh: Account, settings: Any) -> None:
    hooks.register(fresh)
    secret = fresh.hook_secret
    settings.PUBLIC_URL = "https://mail.example"
    hooks.register(fresh)
    (hook,) = there(fresh)
    assert hook["action"].startswith("https://mail.example/econnect/hook/")
    fresh.refresh_from_db()
    assert fresh.hook_secret == secret


def test_a_hook_whose_answer_was_lost_is_found_and_not_doubled(fresh: Account) -> None:
    faults.arm(FaultKind.DROPPED_ANSWER, method="PUT", path="econnect/hook")
    hooks.register(fresh)
    fresh.refresh_from_db()
    assert fresh.hook_trouble
    hooks.register(fresh)
    fresh.refresh_from_db()
    (hook,) = there(fresh)
    assert (fresh.hook_id, fresh.hook_trouble) == (hook["id"], "")


def test_doubles_to_our_address_go_and_hooks_of_others_stay(fresh: Account) -> None:
    hooks.register(fresh)
    client = EConnect(fresh)
    client.put_hook({"name": "double", "action": f"{hooks.address(fresh)}#x", "topics": ["*"]})
    client.put_hook({"name": "other", "action": "https://other.example/#x", "topics": ["*"]})
    hooks.register(fresh)
    assert {hook["name"] for hook in there(fresh)} == {hooks.NAME, "other"}


def test_a_new_secret_leaves_the_former_one_valid_until_it_is_used(fresh: Account, party: Party) -> None:
    hooks.register(fresh)
    former = fresh.hook_secret
    faults.arm(FaultKind.ERROR_BEFORE_COMMIT, method="PUT", path="econnect/hook")
    hooks.register(fresh, new_secret=True)
    fresh.refresh_from_db()
    assert fresh.hook_former_secret == former
    network.send(party.party_id, b"<Invoice/>")  # signed with the secret that eConnect still has
    network.deliver_due()
    assert HookCall.objects.filter(topic="InvoiceReceived").count() == 1
    attempted = fresh.hook_secret
    hooks.register(fresh, new_secret=True)  # goes on with the one that was begun, and provokes a call
    fresh.refresh_from_db()
    assert (fresh.hook_secret, fresh.hook_former_secret) == (attempted, "")
    network.send(party.party_id, b"<Invoice/>")
    network.deliver_due()
    assert HookCall.objects.filter(topic="InvoiceReceived").count() == 2
    hook_calls.handle()


def test_two_processes_do_not_register_at_once(fresh: Account) -> None:
    assert leases.take(fresh, seconds=60)
    hooks.register(Account.objects.get(pk=fresh.pk))
    assert there(fresh) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"isActive": False}, "switched off"),
        ({"topics": ["InvoiceReceived"]}, "OrderReceived"),
        ({"action": "https://other.example/#x"}, "other.example"),
    ],
)
def test_what_is_wrong_with_the_hook_is_said_in_words(
    fresh: Account, change: dict[str, Any], words: str
) -> None:
    hooks.register(fresh)
    (hook,) = there(fresh)
    EConnect(fresh).put_hook({**hook, **change})
    hooks.check(fresh)
    fresh.refresh_from_db()
    assert words in fresh.hook_trouble
    assert "#" not in fresh.hook_trouble  # never a secret


def test_a_hook_that_is_gone_is_noticed(fresh: Account) -> None:
    hooks.register(fresh)
    EConnect(fresh).delete_hook(fresh.hook_id)
    hooks.check(fresh)
    fresh.refresh_from_db()
    assert (fresh.hook_id, "no hook" in fresh.hook_trouble) == ("", True)


@pytest.mark.parametrize("url", ["", "http://mail.example"])
def test_without_a_public_address_nothing_is_asked(
    fresh: Account, settings: Any, url: str, count_calls: Any
) -> None:
    settings.PUBLIC_URL = url
    hooks.register(fresh)
    fresh.refresh_from_db()
    assert "PUBLIC_URL" in fresh.hook_trouble
    assert count_calls() == 0


def test_a_second_hook_goes_by_mail_where_that_is_set(fresh: Account, settings: Any) -> None:
    settings.ECONNECT_MAIL_HOOK = "peppol@firm.example"
    for _time in range(2):
        hooks.register(fresh)
    assert sorted(hook["action"].partition("#")[0] for hook in there(fresh)) == [
        hooks.address(fresh),
        "mailto:peppol@firm.example",
    ]
    fresh.refresh_from_db()
    assert fresh.hook_trouble == ""
