"""The token chain of one Exact user: the code exchange, and a refresh that exactly one process makes.

Rules (Exact facts 1.3 and 1.4, stack facts 3): a pair lives 600 s, may be replaced after 570 s, and its
refresh token works once. So: one lease around read, check, refresh and store; no transaction around the call;
the new pair stored by a statement of its own at once, compared on `version`. A refresh is never repeated by
itself, for its answer may have been lost after the old token died.
"""

import os
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _
from requests import RequestException, Response
from requests_oauthlib import OAuth2Session

from apps.core import clock, http, leases
from apps.exact.models import Connection, ConnectionStatus, ExactApp

# oauthlib knows only "https or nothing"; `http.Guarded` is stricter (http on loopback alone) and always asked.
os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")

TOKEN_LIFE = 600  # seconds
EARLIEST_REFRESH = timedelta(seconds=570)
MARGIN = timedelta(seconds=25)
LEASE_SECONDS = 120
PATIENCE = 20.0  # seconds that a loser waits for the winner
_LOOK_AGAIN = 0.05
_ENDED = frozenset({"unauthorized_client", "invalid_request", "invalid_grant"})
_PAIR = ("access_token", "refresh_token", "issued_at", "expires_at", "version", "status", "trouble")


class NotExpired(http.Temporary):
    """Exact says that the present access token still lives: somebody else just refreshed, or it is early."""


class ChainEnded(http.Unauthorised):
    """Exact says that this grant is over: an Exact user has to sign in again."""


class _Session(http.Guarded, OAuth2Session):  # type: ignore[misc]  # the guard passes everything on
    """The OAuth session on our own guarded one."""


def _session(app: ExactApp, **options: Any) -> _Session:
    session = _Session(client_id=app.client_id, redirect_uri=app.redirect_uri, **options)
    http.prepare(session)
    for kind in ("access_token_response", "refresh_token_response"):
        session.register_compliance_hook(kind, _judge)
    return session


def _token_url(app: ExactApp) -> str:
    return f"{app.base_url}/api/oauth2/token"


def authorise_url(app: ExactApp, state: str) -> str:
    """Return the address of Exact's consent page; it sends the browser back with `state` and a code."""
    url, _state = _session(app).authorization_url(f"{app.base_url}/api/oauth2/auth", state=state)
    return str(url)


def exchange(app: ExactApp, code: str) -> Connection:
    """Return an unsaved Connection with the pair for an authorisation code (decoded, single use, 3 minutes).

    Raises Temporary, and Unauthorised when Exact refuses the code.
    """
    asked_at = clock.now()
    secret = {"include_client_id": True, "client_secret": app.client_secret}
    token = _call(_session(app).fetch_token, _token_url(app), code=code, **secret)
    return Connection(app=app, **_pair(token, asked_at))


def access_token(connection: Connection) -> str:
    """Return an access token that outlives one request; refreshes the pair when it is due.

    `connection` is brought up to date. Raises Unauthorised when the chain is lost, and Temporary.
    """
    if _is_fresh(connection):
        return str(connection.access_token)
    return _renewed(connection)


def newer_token(connection: Connection) -> str | None:
    """Return another access token than the one in `connection`, which Exact just refused (401), or None.

    Looks at the stored pair first, and refreshes only when the rules allow it (Exact facts 1.4).
    """
    refused = connection.access_token
    if connection._state.adding:
        return None
    connection.refresh_from_db(fields=_PAIR)
    if connection.access_token == refused and clock.now() >= connection.issued_at + EARLIEST_REFRESH:
        _renewed(connection, refused=refused)
    return connection.access_token if connection.access_token != refused else None


def _is_fresh(connection: Connection) -> bool:
    now = clock.now()
    due = now >= connection.expires_at - MARGIN and now >= connection.issued_at + EARLIEST_REFRESH
    return connection.status == ConnectionStatus.ALIVE and not due


def _renewed(connection: Connection, *, refused: str = "") -> str:
    """Refresh, or wait for the process that does; return the access token then stored."""
    http.refuse_inside_transaction()
    deadline = clock.stopwatch() + PATIENCE
    while clock.stopwatch() < deadline:
        lease = leases.take(connection, seconds=LEASE_SECONDS)
        connection.refresh_from_db(fields=_PAIR)
        try:
            if connection.status == ConnectionStatus.LOST:
                raise http.Unauthorised(connection.trouble)
            if _is_fresh(connection) and connection.access_token != refused:
                return str(connection.access_token)
            if lease:
                _refresh(connection)
                return str(connection.access_token)
        finally:
            if lease:
                leases.free(connection, lease)
        time.sleep(_LOOK_AGAIN)
    raise http.Temporary(_("Another process is renewing the access to Exact Online and is not done yet."))


def _refresh(connection: Connection) -> None:
    """Make the one call and store what comes of it; the caller holds the lease."""
    app, asked_at, version = connection.app, clock.now(), connection.version
    secret = {"client_id": app.client_id, "client_secret": app.client_secret}
    try:
        token = _call(
            _session(app).refresh_token,
            _token_url(app),
            refresh_token=connection.refresh_token,
            **secret,
        )
    except NotExpired:
        connection.refresh_from_db(fields=_PAIR)
    except ChainEnded as ended:
        _store(connection, version, status=ConnectionStatus.LOST, trouble=_lost_words(ended))
        if connection.status == ConnectionStatus.LOST:
            raise http.Unauthorised(connection.trouble, status=ended.status) from ended
    except http.RemoteError as error:
        _store(connection, version, trouble=_shaky_words(error))
        raise
    else:
        _store(
            connection,
            version,
            **_pair(token, asked_at),
            version=F("version") + 1,
            status=ConnectionStatus.ALIVE,
            trouble="",
        )


def _store(connection: Connection, seen: int, **values: Any) -> None:
    """Write `values` unless another pair was stored since version `seen`; read what is stored now."""
    Connection.objects.filter(pk=connection.pk, version=seen).update(**values)
    connection.refresh_from_db(fields=_PAIR)


def _pair(token: dict[str, Any], asked_at: datetime) -> dict[str, Any]:
    life = timedelta(seconds=int(token.get("expires_in") or TOKEN_LIFE))
    return {
        "access_token": token["access_token"],
        "refresh_token": token["refresh_token"],
        # Exact issued it between asking and answering: the later moment counts for "not yet", the earlier for "over".
        "issued_at": clock.now(),
        "expires_at": asked_at + life,
    }


def _call(ask: Any, url: str, **values: Any) -> dict[str, Any]:
    """Make a call to the token endpoint; whatever goes wrong on the way is Temporary."""
    try:
        token: dict[str, Any] = ask(url, timeout=settings.HTTP_TIMEOUT, **values)
    except RequestException as error:
        raise http.Temporary(_("Exact Online did not answer."), reason=type(error).__name__) from None
    return token


def _judge(response: Response) -> Response:
    """Raise what the answer of the token endpoint means, before oauthlib reads it; bodies stay out of errors."""
    body = _json(response)
    status, reason = response.status_code, response.headers.get("Reason", "")
    if status == 200 and body.get("access_token"):
        return response
    error, description = str(body.get("error", "")), str(body.get("error_description", ""))
    if "not expired" in f"{description} {reason}".lower():
        raise NotExpired(description, status=status)
    if status in (400, 401) and error in _ENDED:
        raise ChainEnded(description or error, status=status, reason=error)
    if status == 429 or status >= 500 or not error:
        raise http.Temporary(
            _("Exact Online gave no usable answer when asked for access (status %(status)s).")
            % {"status": status},
            status=status,
        )
    raise http.Unauthorised(description or error, status=status, reason=error)


def _json(response: Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _lost_words(ended: ChainEnded) -> str:
    if ended.reason == "invalid_request" and ended.words == ended.reason:
        # Exact words a wrong client secret and an unknown token alike (Exact facts 1.3).
        return _(
            "Exact Online refused our request for access. Check the client secret of the Exact app, then sign in again."
        )
    return _("Exact Online no longer accepts this connection (%(words)s). Sign in again to go on.") % {
        "words": ended.words
    }


def _shaky_words(error: http.RemoteError) -> str:
    return _("The access to Exact Online could not be renewed: %(words)s It is tried again by itself.") % {
        "words": error.words
    }
