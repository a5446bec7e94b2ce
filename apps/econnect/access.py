"""The access token of an account: how it is asked for, and kept encrypted until it is nearly over.

Source: eConnect facts 2.1: client credentials for the software itself, a password grant where a client has a user of
its own, `scope=ap`; a token lives an hour. Any number may live at once, so nobody has to be alone in asking.
"""

from datetime import datetime, timedelta
from typing import Any

from apps.core import clock
from apps.econnect.models import Account

MARGIN = timedelta(minutes=2)
LIFE = 3600  # seconds, where the answer does not say
SCOPE = "ap"


def stored(account: Account) -> str:
    """Return the kept token while it is good, "" when a new one has to be asked for; brings `account` up to date."""
    account.refresh_from_db(fields=["access_token", "token_until"])
    good = account.token_until and clock.now() < account.token_until - MARGIN
    return str(account.access_token) if good else ""


def question(account: Account) -> dict[str, str]:
    """Return the form that asks for a token."""
    asked = {"client_id": account.app_id, "client_secret": account.client_secret, "scope": SCOPE}
    if account.username and account.password:
        return {
            **asked,
            "grant_type": "password",
            "username": account.username,
            "password": account.password,
        }
    return {**asked, "grant_type": "client_credentials"}


def keep(account: Account, token: str, asked_at: datetime, expires_in: Any) -> None:
    """Keep a token that was asked for at `asked_at` and lives for `expires_in` seconds."""
    seconds = expires_in if isinstance(expires_in, int) and expires_in > 0 else LIFE
    account.access_token, account.token_until = token, asked_at + timedelta(seconds=seconds)
    Account.objects.filter(pk=account.pk).update(access_token=token, token_until=account.token_until)


def forget(account: Account) -> None:
    """Throw the token in `account` away, for eConnect did not take it; one that was kept meanwhile stays."""
    seen = Account.objects.filter(pk=account.pk, token_until=account.token_until)
    seen.update(access_token="", token_until=None)
