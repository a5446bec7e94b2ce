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
from django.utils.translation import gettext as _
from requests import ConnectionError as NoConnection
from requests import ConnectTimeout, RequestException, Response
from requests_oauthlib import OAuth2Session
from urllib3.exceptions import NewConnectionError

from apps.core import clock, http, leases
from apps.exact import chain, losses
from apps.exact.models import Connection, ExactApp
from apps.exact.values import integer_of

# oauthlib knows only "https or nothing"; `http.Guarded` is stricter (http on loopback alone) and always asked.
os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")

TOKEN_LIFE = 600  # seconds
LEASE_SECONDS = 45  # outlives a call: 3 s to connect, 30 s for the answer
PATIENCE = 20.0  # seconds that a loser waits for the winner
SOON = timedelta(seconds=10)
LATER = timedelta(minutes=1)
_LOOK_AGAIN = 0.05


class NotExpired(http.Temporary):
    """Exact says that the present access token still lives: somebody else just refreshed, or it is early."""


class NoAnswer(http.Temporary):
    """Something was sent and no usable answer came: whether there is a new pair nobody knows."""


class Refused(http.Unauthorised):
    """Exact says no, and why; `loss` is what that means for a chain."""

    def __init__(self, words: str, *, status: int, loss: losses.Loss) -> None:
        super().__init__(words, status=status)
        self.loss = loss


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

    Raises Temporary, and Refused when Exact does not take the code.
    """
    asked_at = clock.now()
    secret = {"include_client_id": True, "client_secret": app.client_secret}
    token = _call(_session(app).fetch_token, _token_url(app), code=code, **secret)
    return Connection(app=app, **_pair(token, asked_at))


def access_token(connection: Connection) -> str:
    """Return an access token that may be used now; refreshes the pair when it is due.

    `connection` is brought up to date. Raises Unauthorised when the chain is lost or its user barred, and
    Temporary, with the moment when it may be tried again.
    """
    return str(connection.access_token) if chain.is_fresh(connection) else _renewed(connection)


def newer_token(connection: Connection) -> str | None:
    """Return another access token than the one in `connection`, which Exact just refused (401), or None.

    Looks at the stored pair first, and refreshes only when the rules allow it (Exact facts 1.4).
    """
    refused = connection.access_token
    if connection._state.adding:
        return None
    chain.read(connection)
    if connection.access_token == refused and not chain.is_young(connection):
        _renewed(connection, refused=refused)
    return connection.access_token if connection.access_token != refused else None


def prove(connection: Connection) -> None:
    """Ask for a new pair although the present one is young, for Exact does not accept it: its chain may be over.

    A refusal says why at once. Raises nothing that Exact answers; the row says what came of it.
    """
    lease = leases.take(connection, seconds=LEASE_SECONDS)
    if lease is None:
        return
    try:
        chain.read(connection)
        seen = connection.version
        if chain.is_fresh(connection):
            _refresh(connection)
        if chain.is_fresh(connection) and connection.version == seen:
            chain.unaccepted(connection)
    finally:
        leases.free(connection, lease)


def never_left(error: RequestException) -> bool:
    """Tell whether a call failed before anything was sent: nobody listened, or the name is unknown."""
    inner = error.args[0] if isinstance(error, NoConnection) and error.args else None
    return isinstance(error, ConnectTimeout) or isinstance(getattr(inner, "reason", None), NewConnectionError)


def _renewed(connection: Connection, *, refused: str = "") -> str:
    """Refresh, or wait for the process that does; return the access token then stored."""
    http.refuse_inside_transaction()
    deadline = clock.stopwatch() + PATIENCE
    while clock.stopwatch() < deadline:
        chain.read(connection)
        if token := chain.usable_token(connection, refused):
            return token
        lease = leases.take(connection, seconds=LEASE_SECONDS)
        if lease:
            try:
                return _under_lease(connection, refused)
            finally:
                leases.free(connection, lease)
        time.sleep(_LOOK_AGAIN)
    raise _busy()


def _under_lease(connection: Connection, refused: str) -> str:
    chain.read(connection)
    token = chain.usable_token(connection, refused)
    if token is None:
        seen = connection.version
        _refresh(connection)
        is_new = connection.version != seen  # also of somebody barred: the call to come is the probe
        token = connection.access_token if is_new else chain.usable_token(connection, refused)
    if token is None:
        raise _busy()
    return str(token)


def _busy() -> http.Temporary:
    return http.Temporary(
        _("Another process is renewing the access to Exact Online and is not done yet."),
        retry_at_ms=int((clock.now() + SOON).timestamp() * 1000),
    )


def _refresh(connection: Connection) -> None:
    """Make the one call and store what comes of it; the caller holds the lease."""
    if connection.asked_at:
        chain.unanswered(connection, _("The process that asked for a new pair ended before it had one."))
    asked_at, app = clock.now(), connection.app
    if not chain.begin(connection):
        return
    secret = {"client_id": app.client_id, "client_secret": app.client_secret}
    ask = _session(app).refresh_token
    try:
        token = _call(ask, _token_url(app), refresh_token=connection.refresh_token, **secret)
    except NotExpired:
        chain.put_off(connection, SOON)
    except NoAnswer as error:
        chain.unanswered(connection, str(error))
    except http.Temporary as error:
        chain.put_off(connection, LATER if error.status else SOON)
    except Refused as refusal:
        chain.refused(connection, refusal.loss, refusal.words)
    else:
        chain.renewed(connection, _pair(token, asked_at))


def _pair(token: dict[str, Any], asked_at: datetime) -> dict[str, Any]:
    life = timedelta(seconds=integer_of(token.get("expires_in")) or TOKEN_LIFE)
    return {
        "access_token": token["access_token"],
        "refresh_token": token["refresh_token"],
        # Exact issued it between asking and answering: the later moment counts for "not yet", the earlier for "over".
        "issued_at": clock.now(),
        "expires_at": asked_at + life,
    }


def _call(ask: Any, url: str, **values: Any) -> dict[str, Any]:
    """Make a call to the token endpoint. Raises NoAnswer, and Temporary when nothing was done for sure."""
    try:
        token: dict[str, Any] = ask(url, timeout=settings.HTTP_TIMEOUT, **values)
    except RequestException as error:
        kind = http.Temporary if never_left(error) else NoAnswer
        words = _("Exact Online did not answer (%(error)s).") % {"error": type(error).__name__}
        raise kind(words, reason=type(error).__name__) from None
    return token


def _judge(response: Response) -> Response:
    """Raise what the answer of the token endpoint means, before oauthlib reads it; bodies stay out of errors."""
    body, status = _json(response), response.status_code
    if status == 200 and body.get("access_token") and body.get("refresh_token"):
        return response
    reason = response.headers.get("Reason", "")
    error, description = str(body.get("error", "")), str(body.get("error_description", ""))
    if "not expired" in f"{description} {reason}".lower():
        raise NotExpired(description, status=status)
    if status == 403 or (status in (400, 401) and error):
        loss = losses.of_refusal(status, error, description, reason)
        raise Refused(description or reason or error, status=status, loss=loss)
    words = _("Exact Online gave no usable answer when asked for access (status %(status)s).")
    kind = http.Temporary if status == 429 else NoAnswer
    raise kind(words % {"status": status}, status=status)


def _json(response: Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
