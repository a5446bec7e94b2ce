"""The hook of the environment: made, changed and looked after, to our own address (eConnect facts 2.2).

A hook is never removed and made anew, for events are lost in between. When the secret changes, the former one is taken
until eConnect signs with the new one.
"""

import secrets
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core import clock, http, leases
from apps.econnect.client import EConnect
from apps.econnect.models import Account

NAME, MAIL_NAME = "Postkamer", "Postkamer (mail)"
TOPICS = ("InvoiceReceived", "InvoiceReceivedError", "OrderReceived")
LEASE_SECONDS = 300
MAY_MANAGE = "canManageHook"

Hook = dict[str, Any]


def is_possible() -> bool:
    """Tell whether eConnect could reach us: our public address is known, and safe to be called."""
    return bool(settings.PUBLIC_URL and http.is_allowed(settings.PUBLIC_URL))


def address(account: Account) -> str:
    """Return the address that eConnect is to call for `account`."""
    return f"{settings.PUBLIC_URL}{reverse('econnect:hook', args=[account.pk])}"


def register(account: Account, *, new_secret: bool = False) -> None:
    """Have one active hook that calls us, and a second one by mail where that is set; what is wrong stands in words.

    `new_secret` changes the secret. While another process is at it nothing happens.
    """
    if not is_possible():
        _keep(
            account,
            hook_trouble=_(
                "eConnect cannot reach us: set PUBLIC_URL to our address on the internet (https)."
            ),
        )
        return
    lease = leases.take(account, seconds=LEASE_SECONDS)
    if lease is None:
        return
    try:
        account.refresh_from_db()
        _prepare_secret(account, new_secret=new_secret)
        _put(account)
        check(account)
        if account.hook_former_secret and not account.hook_trouble:
            _provoke(account)
    except http.RemoteError as error:
        _keep(account, hook_trouble=_words(error))
    finally:
        leases.free(account, lease)


def check(account: Account) -> None:
    """Look whether the hook is there, active and pointing at us; what is wrong is kept in words."""
    try:
        there = EConnect(account).hooks()
    except http.RemoteError as error:
        _keep(account, hook_trouble=_words(error))
        return
    found = _ours(account, there)
    _keep(account, hook_trouble=_trouble(account, found), hook_id=_id(found) if found else "")


def _put(account: Account) -> None:
    client = EConnect(account)
    there = client.hooks()
    ours = _ours(account, there)
    made = client.put_hook(_wanted(NAME, f"{address(account)}#{account.hook_secret}", ours))
    kept = _id(ours) if ours else _id(made)
    for other in there:
        if kept and _calls(other, address(account)) and _id(other) not in ("", kept):
            client.delete_hook(_id(other))  # a double: each document would be told twice
    if settings.ECONNECT_MAIL_HOOK:
        action = f"mailto:{settings.ECONNECT_MAIL_HOOK}"
        by_mail = next((hook for hook in there if _calls(hook, action)), None)
        client.put_hook(_wanted(MAIL_NAME, action, by_mail))


def _prepare_secret(account: Account, *, new_secret: bool) -> None:
    """Have a secret before eConnect may use it; while a change is not confirmed yet, that one is gone on with."""
    if account.hook_secret and (not new_secret or account.hook_former_secret):
        return
    account.hook_former_secret, account.hook_secret = account.hook_secret, secrets.token_urlsafe(32)
    account.save(update_fields=["hook_former_secret", "hook_secret"])


def _provoke(account: Account) -> None:
    """Let eConnect call now, so that the new secret is confirmed and not only when the next document comes."""
    party = next(
        (one for one in account.parties.filter(is_gone=False) if one.permissions.get(MAY_MANAGE)), None
    )
    if party:
        with suppress(http.RemoteError):  # the next document confirms it, too
            EConnect(account).ping(party.party_id)


def _ours(account: Account, there: list[Hook]) -> Hook | None:
    """Return the hook that calls us: the one whose id we keep, or else one with our address."""
    ours = [hook for hook in there if _calls(hook, address(account))]
    same = [hook for hook in there if account.hook_id and _id(hook) == account.hook_id]
    return next(iter([*same, *ours]), None)


def _wanted(name: str, action: str, there: Hook | None) -> Hook:
    """Return the body of a hook; what we say nothing about stays as it is there."""
    known = {"id": _id(there)} if there else {}
    return {
        **(there or {}),
        **known,
        "name": name,
        "action": action,
        "topics": list(TOPICS),
        "isActive": True,
    }


def _trouble(account: Account, found: Hook | None) -> str:
    if found is None:
        return _("eConnect has no hook that calls us. Register it.")
    if not _calls(found, address(account)):
        return _("The hook at eConnect calls another address (%(there)s). Register it again.") % {
            "there": str(found.get("action", "")).partition("#")[0]
        }
    if found.get("isActive") is False:
        return _("The hook at eConnect is switched off. Register it again.")
    missing = [topic for topic in TOPICS if topic not in (found.get("topics") or [])]
    if missing:
        return _("The hook at eConnect does not tell of %(topics)s. Register it again.") % {
            "topics": ", ".join(missing)
        }
    return ""


def _calls(hook: Hook, action: str) -> bool:
    return str(hook.get("action", "")).partition("#")[0].lower() == action.lower()


def _id(hook: Hook) -> str:
    return str(hook.get("id") or "")[:100]


def _words(error: http.RemoteError) -> str:
    return _("eConnect could not be asked about the hook: %(words)s") % {"words": error.words or error}


def _keep(account: Account, **values: Any) -> None:
    values["hook_checked_at"] = clock.now()
    Account.objects.filter(pk=account.pk).update(**values)
    for name, value in values.items():
        setattr(account, name, value)
