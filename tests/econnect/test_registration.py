from typing import Any

import pytest

from apps.core import clock
from apps.econnect.models import Account
from apps.econnect.registration import NotConfigured, default_account
from tests.clients.factories import ClientFactory
from tests.econnect.factories import AccountFactory

pytestmark = pytest.mark.django_db

REAL = {
    "SANDBOX": False,
    "ECONNECT_BASE_URL": "https://accp-psb.econnect.eu/",
    "ECONNECT_IDENTITY_URL": "https://accp-identity.econnect.eu",
    "ECONNECT_CLIENT_ID": "an id",
    "ECONNECT_CLIENT_SECRET": "a secret",
}


def use(settings: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(settings, name, value)


def test_in_the_sandbox_the_account_is_the_sandboxs_own(settings: Any) -> None:
    account = default_account()
    assert account.base_url == f"{settings.SANDBOX_URL}/econnect"
    assert account.identity_url == f"{settings.SANDBOX_URL}/econnect-identity"
    assert (account.app_id, account.client_secret) == (
        settings.SANDBOX_ECONNECT_CLIENT_ID,
        settings.SANDBOX_ECONNECT_CLIENT_SECRET,
    )


def test_asking_twice_makes_one_account() -> None:
    assert default_account().pk == default_account().pk
    assert Account.objects.count() == 1


def test_a_changed_environment_changes_the_account_and_lets_its_token_go(settings: Any) -> None:
    use(settings, **REAL)
    before = default_account()
    Account.objects.update(access_token="old", token_until=clock.now(), trouble="no access")
    use(settings, ECONNECT_CLIENT_SECRET="another")
    after = default_account()
    after.refresh_from_db()
    assert after.pk == before.pk
    assert (after.client_secret, after.access_token, after.token_until, after.trouble) == (
        "another",
        "",
        None,
        "",
    )


def test_another_econnect_is_another_account_so_that_documents_never_mix(settings: Any) -> None:
    sandbox = default_account()
    use(settings, **REAL)
    assert default_account().pk != sandbox.pk
    assert default_account().base_url == "https://accp-psb.econnect.eu"


def test_accounts_of_clients_follow_the_environment(settings: Any) -> None:
    own = AccountFactory(client=ClientFactory(), username="user")
    use(settings, **REAL)
    default_account()
    own.refresh_from_db()
    assert (own.base_url, own.app_id, own.username) == ("https://accp-psb.econnect.eu", "an id", "user")


def test_outside_the_sandbox_the_missing_variables_are_named(settings: Any) -> None:
    use(settings, **{**REAL, "ECONNECT_BASE_URL": "", "ECONNECT_CLIENT_SECRET": ""})
    with pytest.raises(NotConfigured, match="ECONNECT_BASE_URL, ECONNECT_CLIENT_SECRET"):
        default_account()
