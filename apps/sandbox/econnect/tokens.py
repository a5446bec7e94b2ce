"""Tokens of the identity service (eConnect facts 2.1)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from apps.core import clock
from apps.sandbox.econnect.errors import Refused
from apps.sandbox.models import EconnectToken, EconnectUser

LIFE_SECONDS = 3600
SCOPE = "ap"
GRANTS = ("client_credentials", "password")


@dataclass
class TokenRefused(Exception):
    """The token endpoint says no, with this word."""

    error: str


def issue(sent: Mapping[str, str]) -> dict[str, Any]:
    """Return the body of a new token for the fields of a form; raises TokenRefused."""
    if not _is_app(sent.get("client_id", ""), sent.get("client_secret", "")):
        raise TokenRefused("invalid_client")
    if sent.get("grant_type") not in GRANTS:
        raise TokenRefused("unsupported_grant_type")
    if SCOPE not in sent.get("scope", "").split():
        raise TokenRefused("invalid_scope")
    user = _user(sent) if sent["grant_type"] == "password" else None
    token = EconnectToken.objects.create(access=secrets.token_urlsafe(64), user=user, issued_at=clock.now())
    return {
        "access_token": token.access,
        "expires_in": LIFE_SECONDS,
        "token_type": "Bearer",
        "scope": SCOPE,
    }


def bearer(header: str) -> EconnectUser | None:
    """Return the user behind an Authorization header, None for the firm's own software.

    Raises Refused (401) for a token that is not known or older than an hour.
    """
    scheme, _space, access = header.partition(" ")
    young = clock.now() - timedelta(seconds=LIFE_SECONDS)
    known = EconnectToken.objects.select_related("user").filter(issued_at__gt=young)
    token = known.filter(access=access.strip()).first() if scheme.lower() == "bearer" else None
    if token is None:
        raise Refused(401)
    return token.user


def forget() -> None:
    """End every token, as a new secret does."""
    EconnectToken.objects.all().delete()


def _is_app(client_id: str, secret: str) -> bool:
    known = f"{settings.SANDBOX_ECONNECT_CLIENT_ID}:{settings.SANDBOX_ECONNECT_CLIENT_SECRET}"
    return secrets.compare_digest(f"{client_id}:{secret}".encode(), known.encode())


def _user(sent: Mapping[str, str]) -> EconnectUser:
    user = EconnectUser.objects.filter(username=sent.get("username", "")).first()
    if user is None or not secrets.compare_digest(user.password.encode(), sent.get("password", "").encode()):
        raise TokenRefused("invalid_grant")
    return user
