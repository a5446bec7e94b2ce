"""Codes and tokens by Exact's rules (Exact facts 1.2 and 1.3)."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet

from apps.core import clock
from apps.sandbox import direct
from apps.sandbox.direct import Columns
from apps.sandbox.exact.errors import Refused
from apps.sandbox.exact.store import DATABASE
from apps.sandbox.models import Code, ExactUser, Grant, RegisteredApp, Switches, Token

CODE_LIFE = timedelta(minutes=3)
ACCESS_SECONDS = 600
REFRESH_AFTER_SECONDS = 570
REFRESH_LIFE = timedelta(days=30)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_GRANT, _USER, _APP = Columns(Grant, "g"), Columns(ExactUser, "u"), Columns(RegisteredApp, "a")
_BEARER = (
    f"SELECT {', '.join([*_GRANT, *_USER, *_APP])} FROM sandbox_token t "  # noqa: S608 - columns of ours
    "JOIN sandbox_grant g ON g.id = t.grant_id JOIN sandbox_exactuser u ON u.id = g.user_id "
    "JOIN sandbox_registeredapp a ON a.id = g.app_id "
    "WHERE t.access = %s AND t.ended = '' AND t.issued_at > %s"
)
# Words of a chain that ended, by why; Exact's own are not known, and neither is the status 401 [G].
_ENDED = {
    "password": "The password of the user was changed.",
    "consent": "The user has withdrawn the consent for this app.",
}
_TOO_EARLY = "Rate limit exceeded: access_token not expired"


@dataclass
class TokenRefused(Exception):
    """The token endpoint says no, with these members in its body."""

    status: int
    error: str
    description: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, str]:
        """The JSON body."""
        words = {"error_description": self.description} if self.description else {}
        return {"error": self.error, **words}


def _invalid() -> TokenRefused:
    return TokenRefused(400, "invalid_request")


def _opaque(prefix: str) -> str:
    return f"{prefix}!{secrets.token_urlsafe(48)}"


def app_of(client_id: str) -> RegisteredApp | None:
    """Return the app with this id, with or without braces."""
    return RegisteredApp.objects.filter(client_id=client_id.strip("{}").lower()).first()


def may_return_to(app: RegisteredApp, redirect_uri: str) -> bool:
    """Tell whether people may be sent back to this address: the registered one, or any on this machine."""
    return redirect_uri == app.redirect_uri or urlsplit(redirect_uri).hostname in _LOOPBACK


def authenticated_app(client_id: str, secret: str) -> RegisteredApp:
    """Return the app that these credentials belong to; raises TokenRefused."""
    app = app_of(client_id)
    if app is None or not secrets.compare_digest(app.secret.encode(), secret.encode()):
        raise _invalid()
    return app


def allow(app: RegisteredApp, user: ExactUser, divisions: Iterable[int], redirect_uri: str) -> str:
    """Keep what the user ticked and return a fresh authorisation code (plain, not url-encoded).

    Divisions that the user may not open are left out.
    """
    ticked = sorted({code for code in divisions if user.may_open(code)})
    grant, _made = Grant.objects.update_or_create(app=app, user=user, defaults={"divisions": ticked})
    code = Code.objects.create(
        code=_opaque("stampNL001.c"), grant=grant, redirect_uri=redirect_uri, made_at=clock.now()
    )
    return code.code


def exchange(app: RegisteredApp, code: str, redirect_uri: str) -> Token:
    """Return a new pair for an unused code of at most three minutes; the chain before it dies.

    Raises TokenRefused.
    """
    with transaction.atomic(using=DATABASE):
        found = Code.objects.select_related("grant").filter(code=code, grant__app=app).first()
        fresh = found and clock.now() - found.made_at <= CODE_LIFE and found.redirect_uri == redirect_uri
        if not found or not fresh or not Code.objects.filter(pk=found.pk, used=False).update(used=True):
            raise _invalid()
        Token.objects.filter(grant=found.grant).update(rotated=True)
        return _issue(found.grant)


def _issue(grant: Grant) -> Token:
    return Token.objects.create(
        grant=grant, access=_opaque("stampNL001.a"), refresh=_opaque("stampNL001.r"), issued_at=clock.now()
    )


def refresh(app: RegisteredApp, refresh_token: str, switches: Switches) -> Token:
    """Return the next pair of a chain, once per refresh token; raises TokenRefused.

    Two callers with the same token: exactly one wins, the other has an old token. Where old tokens live, the
    old one serves until the new pair is used (Exact facts 1.3).
    """
    token = Token.objects.select_related("grant__user").filter(refresh=refresh_token, grant__app=app).first()
    if token is None:
        raise _invalid()
    _refuse_ended(token)
    _refuse_untimely(token, switches)
    with transaction.atomic(using=DATABASE):
        if switches.old_tokens_live:
            _end_older(token)
        elif Token.objects.filter(pk=token.pk, rotated=False).update(rotated=True) != 1:
            raise _old()
        return _issue(token.grant)


def _old() -> TokenRefused:
    return TokenRefused(401, "unauthorized_client", "Old refresh token used.")


def _end_older(token: Token) -> None:
    """Let the tokens before this one die, now that it is used."""
    Token.objects.filter(grant_id=token.grant_id, pk__lt=token.pk, rotated=False).update(rotated=True)


def _refuse_ended(token: Token) -> None:
    if token.ended:
        raise TokenRefused(401, "unauthorized_client", _ENDED[token.ended])
    if token.rotated:
        raise _old()
    if token.grant.user.blocked:
        words, reason = "Error getting access token using refresh token", token.grant.user.blocked
        raise TokenRefused(403, "access_denied", words, {"Reason": reason})


def _refuse_untimely(token: Token, switches: Switches) -> None:
    now = clock.now()
    if now - token.issued_at > REFRESH_LIFE:
        until = (token.issued_at + REFRESH_LIFE).strftime("%m/%d/%Y %H:%M:%S")
        raise TokenRefused(
            400,
            "invalid_request",
            f"The refresh token expired at {until} and it is now {now:%m/%d/%Y %H:%M:%S}",
        )
    if (now - token.issued_at).total_seconds() >= REFRESH_AFTER_SECONDS:
        return
    if switches.early_refresh_is_401:
        raise TokenRefused(401, "access_denied", "Access Token not expired")
    raise TokenRefused(400, "access_denied", _TOO_EARLY, {"Reason": f"TooEarlyToRefreshTokens: {_TOO_EARLY}"})


def end(grants: QuerySet[Grant], why: str) -> None:
    """Let every token of these grants die, because of "password" or "consent"."""
    Token.objects.filter(grant__in=grants, ended="").update(ended=why)


def body_of(token: Token, switches: Switches) -> dict[str, str | int]:
    """Return the JSON body of a new pair; `expires_in` is text, as Exact sends it, unless switched."""
    return {
        "access_token": token.access,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS if switches.expires_in_is_number else str(ACCESS_SECONDS),
        "refresh_token": token.refresh,
    }


def authenticate(header: str, switches: Switches) -> Grant:
    """Return the grant behind an Authorization header; raises Refused (401, no body)."""
    scheme, _space, access = header.partition(" ")
    young = direct.moment(clock.now() - timedelta(seconds=ACCESS_SECONDS))
    found = direct.one(_BEARER, [access.strip(), young]) if scheme.lower() == "bearer" else None
    if found is None:
        raise Refused(401)
    grant = _GRANT.made(Grant, found[: len(_GRANT)])
    grant.user = _USER.made(ExactUser, found[len(_GRANT) : -len(_APP)])
    grant.app = _APP.made(RegisteredApp, found[-len(_APP) :])
    if switches.old_tokens_live:
        _end_older(Token.objects.get(access=access.strip()))
    return grant
