"""What an answer of eConnect means that is no success: who must act, in its own words. Pure.

Source: eConnect facts 2.3: a body `{message, code, requestId, ...}`; only 5xx and a lost line are worth a repeat.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.core import http

_PATIENCE = (408, 429)  # not documented at eConnect; by their meaning the clock solves them
_MONEY = ("subscription", "abonnement", "credit", "tegoed", "saldo", "balance", "blocked", "geblokkeerd")


@dataclass(frozen=True, slots=True)
class Words:
    """What eConnect says about a refusal, and the mark that its support asks for."""

    message: str
    request_id: str


def words_of(content: bytes) -> Words:
    """Return the words in the body of an error; both empty when there are none."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        body = None
    told: dict[str, Any] = body if isinstance(body, dict) else {}
    return Words(_text(told.get("message")), _text(told.get("requestId"))[:100])


def error_of(status: int, content: bytes, *, lost_write: bool = False) -> http.RemoteError:
    """Return the error that an answer of 300 and up stands for; its `reason` is eConnect's request id.

    `lost_write`: it answers a write that must not be taken as undone, so a fault of theirs leaves it open.
    """
    told = words_of(content)
    values: dict[str, Any] = {"status": status, "reason": told.request_id}
    if status >= 500 or status in _PATIENCE:
        kind = http.OutcomeUnknown if lost_write else http.Temporary
        return kind(told.message or _("eConnect has a fault (status %s).") % status, **values)
    if status == 401:
        words = _("eConnect does not accept our access. Check the client id and the secret of the account.")
        return http.Unauthorised(told.message or words, **values)
    if status == 403:
        words = _("eConnect does not allow this for the party. Ask eConnect for the permission.")
        return http.Unauthorised(told.message or words, **values)
    return http.Rejected(told.message or _("eConnect refused this (status %s).") % status, **values)


def is_about_money(words: str) -> bool:
    """Tell whether the words of a refusal speak of a subscription, of credit, or of a blocked account."""
    lower = words.lower()
    return any(word in lower for word in _MONEY)


def _text(value: Any) -> str:
    plain = value if isinstance(value, str) else ""
    return plain.replace("\x00", "").encode(errors="ignore").decode().strip()[:1000]
