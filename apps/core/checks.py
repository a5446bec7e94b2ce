"""What must be right before the product starts; each refusal says how to mend it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Error, Tags, register

from apps.core.http import LOOPBACK, is_allowed

ADDRESSES = ("EXACT_BASE_URL", "ECONNECT_BASE_URL", "ECONNECT_IDENTITY_URL")
CREDENTIALS = ("EXACT_CLIENT_ID", "EXACT_CLIENT_SECRET", "ECONNECT_CLIENT_ID", "ECONNECT_CLIENT_SECRET")


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _keys() -> Iterator[Error]:
    if settings.SECRET_KEY == "unset":  # noqa: S105 - the mark that settings leave
        yield Error(
            "SECRET_KEY is missing.",
            hint="Outside the sandbox it must be in the environment: 50 random characters.",
            id="core.E001",
        )
    if not settings.TOKEN_KEYS or not all(map(_is_fernet_key, settings.TOKEN_KEYS)):
        yield Error(
            "TOKEN_KEYS is missing or holds something that is no Fernet key.",
            hint="Comma-separated Fernet keys, newest first; see README, Connect the real services.",
            id="core.E002",
        )


def _outside_world() -> Iterator[Error]:
    ours = {settings.SANDBOX_EXACT_CLIENT_ID, settings.SANDBOX_EXACT_CLIENT_SECRET, ""}
    real = [name for name in CREDENTIALS if getattr(settings, name) not in ours]
    real += [
        name for name in ADDRESSES if urlsplit(getattr(settings, name)).hostname not in LOOPBACK | {None}
    ]
    if settings.SANDBOX and real:
        yield Error(
            f"Sandbox mode and real access exclude each other: {', '.join(real)}.",
            hint="Set SANDBOX=0 to work with the real services, or leave these out.",
            id="core.E003",
        )
    for name in (*ADDRESSES, "PUBLIC_URL"):
        if getattr(settings, name) and not is_allowed(getattr(settings, name)):
            yield Error(
                f"{name} is not https.",
                hint="Plain http is for simulators on this machine (127.0.0.1) only.",
                id="core.E004",
            )


@register(Tags.security)
def startable(**_kwargs: Any) -> list[Error]:
    """System check: keys are there, the sandbox is not mixed with real credentials, addresses are https."""
    return [*_keys(), *_outside_world()]
