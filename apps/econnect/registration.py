"""Our account at eConnect, as the environment describes it."""

from dataclasses import asdict, dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.econnect.models import Account

NEEDED = ("ECONNECT_BASE_URL", "ECONNECT_IDENTITY_URL", "ECONNECT_CLIENT_ID", "ECONNECT_CLIENT_SECRET")


class NotConfigured(Exception):
    """The environment does not say how to reach eConnect. The message is a sentence for people."""


@dataclass(frozen=True)
class _Registration:
    base_url: str
    identity_url: str
    app_id: str
    client_secret: str


def default_account() -> Account:
    """Return the firm's account, stored and kept equal to the ECONNECT_* settings; in the sandbox the sandbox's own.

    Another address is another eConnect with other documents, and so another account. Accounts of clients follow the
    environment. Raises NotConfigured.
    """
    wanted = _from_settings()
    name = f"eConnect ({wanted.base_url.partition('://')[2]})"[:100]
    account, _made = Account.objects.get_or_create(
        client=None, base_url=wanted.base_url, defaults={**asdict(wanted), "name": name}
    )
    for row in [account, *Account.objects.filter(client__isnull=False)]:
        _equalise(row, wanted)
    return account


def follow(account: Account) -> None:
    """Give an unsaved account of a client what the environment says. Raises NotConfigured."""
    for name, value in asdict(_from_settings()).items():
        setattr(account, name, value)


def _equalise(account: Account, wanted: _Registration) -> None:
    """Write what differs, and let a token that was given to other credentials go."""
    changed = [name for name, value in asdict(wanted).items() if getattr(account, name) != value]
    if changed:
        for name in changed:
            setattr(account, name, getattr(wanted, name))
        account.access_token, account.token_until, account.trouble = "", None, ""
        account.save(update_fields=[*changed, "access_token", "token_until", "trouble"])


def present(path: str = "") -> Q:
    """Return the condition that an account, found along `path`, is of the present environment. Raises NotConfigured."""
    return Q(**{f"{path}base_url": _from_settings().base_url})


def _from_settings() -> _Registration:
    missing = [name for name in NEEDED if not getattr(settings, name)]
    if missing and not settings.SANDBOX:
        words = _(
            "eConnect is not set up. Set these variables in the environment and start again: %(names)s."
        )
        raise NotConfigured(words % {"names": ", ".join(missing)})
    return _Registration(
        base_url=(settings.ECONNECT_BASE_URL or f"{settings.SANDBOX_URL}/econnect").rstrip("/"),
        identity_url=(settings.ECONNECT_IDENTITY_URL or f"{settings.SANDBOX_URL}/econnect-identity").rstrip(
            "/"
        ),
        app_id=settings.ECONNECT_CLIENT_ID or settings.SANDBOX_ECONNECT_CLIENT_ID,
        client_secret=settings.ECONNECT_CLIENT_SECRET or settings.SANDBOX_ECONNECT_CLIENT_SECRET,
    )
