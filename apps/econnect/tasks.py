"""What the worker does for eConnect by itself. Nothing is promised here: the rows say what is due."""

import logging

from apps.core import http
from apps.econnect import answering, claiming, hook_calls, hooks, parties, removing
from apps.econnect.client import EConnect
from apps.econnect.models import Account
from apps.econnect.registration import NotConfigured, default_account

log = logging.getLogger(__name__)
GIVE = "apps.econnect.tasks.give_answers"
REMOVE = "apps.econnect.tasks.remove_kept"


def give_answers() -> None:
    """Send the answers that are due."""
    try:
        claiming.in_turn(answering.due(), answering.give, again=GIVE)
    except NotConfigured:
        return


def remove_kept() -> None:
    """Remove there what is safe here."""
    try:
        claiming.in_turn(removing.due(), removing.remove, again=REMOVE)
    except NotConfigured:
        return


def refresh_all_parties() -> None:
    """Each night: which parties each account acts for."""
    for account in _accounts():
        parties.refresh(account)


def refresh_parties(pk: int) -> None:
    """Read the parties of one account now."""
    parties.refresh(Account.objects.get(pk=pk))


def check_hooks() -> None:
    """Each day: whether eConnect still tells us."""
    for account in _accounts():
        if account.client_id is None and account.hook_secret:
            hooks.check(account)


def check_account(pk: int) -> None:
    """Find out whether eConnect lets the account in, and how its hook stands."""
    account = Account.objects.get(pk=pk)
    try:
        EConnect(account).me()
    except http.RemoteError as error:
        log.warning("%s could not be used: %s", account, error)
    parties.refresh(account)
    if account.client_id is None:
        hooks.check(account)


def register_hook(pk: int) -> None:
    """Register the hook of one account, or put it right."""
    hooks.register(Account.objects.get(pk=pk))


def change_secret(pk: int) -> None:
    """Give the hook of one account a new secret."""
    hooks.register(Account.objects.get(pk=pk), new_secret=True)


def prune_hook_calls() -> None:
    """Remove old calls of the hook."""
    hook_calls.prune()


def _accounts() -> list[Account]:
    """Return the firm's account, put right after the environment, and those of clients; none without eConnect."""
    try:
        firm = default_account()
    except NotConfigured:
        return []
    return [firm, *Account.objects.filter(client__isnull=False, base_url=firm.base_url).order_by("pk")]
