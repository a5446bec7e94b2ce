"""The one HTTP session below every client class: time limits, user agent, the sandbox mount, and the errors.

Errors are named after who acts: `Temporary` the clock, `Rejected` a bookkeeper, `Unauthorised` the owner of
the connection. `OutcomeUnknown` is a write whose answer never came.
"""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string
from requests.adapters import BaseAdapter, HTTPAdapter

USER_AGENT = "Postkamer/0.1"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class RemoteError(Exception):
    """An outside system did not do what was asked. `words` are its own words, for people."""

    def __init__(self, words: str = "", *, status: int | None = None, reason: str = "") -> None:
        super().__init__(words or reason or f"status {status}")
        self.words = words
        self.status = status
        self.reason = reason


class Temporary(RemoteError):
    """Nothing happened; the clock solves it. `retry_at_ms` is a UTC epoch in milliseconds, when known."""

    def __init__(self, words: str = "", *, retry_at_ms: int | None = None, **kwargs: Any) -> None:
        super().__init__(words, **kwargs)
        self.retry_at_ms = retry_at_ms


class Rejected(RemoteError):
    """The other side refused the content; a bookkeeper must look."""


class Unauthorised(RemoteError):
    """The connection may not do this; its owner must act."""


class OutcomeUnknown(RemoteError):
    """A write was sent and no clear answer came: it may or may not have happened."""


class RemoteCallInTransaction(RuntimeError):
    """A remote call was tried while a database transaction was open: a bug, never caught."""


def is_allowed(url: str) -> bool:
    """Tell whether `url` may be called: https anywhere, plain http only on loopback."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def refuse_inside_transaction() -> None:
    """Raise RemoteCallInTransaction when this thread has a transaction open on the main database.

    Blocks opened by Django's own TestCase do not count, as in Django's durability check.
    """
    blocks = getattr(connections["default"], "atomic_blocks", [])
    if any(not getattr(block, "_from_testcase", False) for block in blocks):
        raise RemoteCallInTransaction("No remote call inside a database transaction.")


@cache
def _sandbox_adapter(path: str) -> type[BaseAdapter]:
    adapter: type[BaseAdapter] = import_string(path)
    return adapter


class Guarded:
    """Mixin of the two sessions: default time limits, no proxies, no redirects, never inside a transaction."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:
        refuse_inside_transaction()
        if not is_allowed(url):
            raise ValueError(
                f"Refused to call {urlsplit(url).scheme}://{urlsplit(url).hostname}: https only."
            )
        kwargs.setdefault("timeout", settings.HTTP_TIMEOUT)
        kwargs["allow_redirects"] = False  # requests' own .get() would say True
        response: requests.Response = super().request(method, url, *args, **kwargs)  # type: ignore[misc]
        return response


def prepare(session: requests.Session) -> None:
    """Dress `session`: user agent, no environment proxies, no retries, the sandbox mounted in sandbox mode."""
    session.trust_env = False
    session.headers["User-Agent"] = USER_AGENT
    session.mount("https://", HTTPAdapter(max_retries=0, pool_maxsize=8))
    session.mount("http://", HTTPAdapter(max_retries=0, pool_maxsize=8))
    if settings.HTTP_MOUNT:
        session.mount(settings.SANDBOX_URL, _sandbox_adapter(settings.HTTP_MOUNT)())


class Session(Guarded, requests.Session):  # type: ignore[misc]  # the guard passes everything on
    """A requests session as every client of ours must use it. Not shared between threads."""

    def __init__(self) -> None:
        super().__init__()
        prepare(self)
