"""Calls that the sandbox makes by itself: to the product beside it, or to somebody else on this machine."""

import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings

from apps.core.http import LOOPBACK, Session
from apps.sandbox import transport

log = logging.getLogger(__name__)
_TIMEOUT = (2, 5)  # seconds
_ONLY_HERE = "(the sandbox calls this machine only)"


def is_here(url: str, *, alone: bool) -> bool:
    """Tell whether this address is the product that the sandbox is part of; `alone`: it is part of none."""
    return not alone and _host(url) == _host(settings.SANDBOX_URL)


def post(url: str, body: bytes, *, alone: bool, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Return status and reason of a POST of JSON to `url`; status 0 when nobody answers. Never raises."""
    if is_here(url, alone=alone):
        return _post_here(url, body, headers or {})
    if _host(url)[0] not in LOOPBACK:
        return 0, _ONLY_HERE
    try:
        sent = {"Content-Type": "application/json", **(headers or {})}
        response = Session().post(url, data=body, headers=sent, timeout=_TIMEOUT)
    except (OSError, ValueError) as error:  # what requests raises is an OSError
        return 0, type(error).__name__
    return response.status_code, response.reason


def _host(url: str) -> tuple[str, str]:
    """Return the host and the host with its port, "" for what is no address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.hostname or "", parts.netloc


def _post_here(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    try:
        answered = transport.into_product(url, body, headers)
    except Exception:  # whatever the receiver does, it must not break the call that is told of
        log.exception("A webhook met a fault at %s.", url)
        return 500, "Internal Server Error"
    return answered.status_code, answered.reason_phrase
