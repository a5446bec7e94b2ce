"""What the browser of somebody with a share link remembers while it is at Exact: its state, and where it came from.

The signed cookie outlives the sign-in, so that who comes back too late still finds the page of the link.
"""

import hmac
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

LIFE = timedelta(days=1)
_SALT = "postkamer.share-link"
_NAME = "share-"


def remember(page: HttpResponse, key: int, state: str, token: str) -> None:
    """Let the browser that gets `page` come back as the one that began with the link of this key."""
    page.set_signed_cookie(
        f"{_NAME}{key}",
        f"{state} {token}",
        salt=_SALT,
        max_age=int(LIFE.total_seconds()),
        path=reverse("exact:callback").removesuffix("callback/"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def of(request: HttpRequest, key: int | None) -> tuple[str, str]:
    """Return the state and the token that this browser began with, "" for none or for one that is not ours."""
    return _read(request, f"{_NAME}{key}")


def token_of(request: HttpRequest, state: str) -> str:
    """Return the token of the link by which this browser began the sign-in of `state`, "" for none."""
    for name in request.COOKIES:
        begun, token = _read(request, name) if name.startswith(_NAME) else ("", "")
        if begun and hmac.compare_digest(begun.encode(), state.encode()):
            return token
    return ""


def _read(request: HttpRequest, name: str) -> tuple[str, str]:
    life = int(LIFE.total_seconds())
    value = request.get_signed_cookie(name, default="", salt=_SALT, max_age=life) or ""
    state, _space, token = value.partition(" ")
    return state, token
