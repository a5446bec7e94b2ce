"""Whether a notification of Exact is genuine, and what it says. Pure.

Sources: Exact facts 7. The signature is over the exact bytes of the value of `Content`, so these are cut from the
raw body and never written anew.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.exact.values import guid_of, integer_of, text_of, trimmed

_BEGIN, _BETWEEN = b'{"Content":', b',"HashCode":'
_TAIL = re.compile(rb'"([0-9A-Fa-f]{64})"\}\s*')


class Malformed(Exception):
    """This is no notification."""


class Forged(Exception):
    """This is not signed with our secret, or meant for another app."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What Exact tells: something of this topic was created, updated or deleted. No values.

    `content` is the signed text. `dated` says whether it tells when that happened: without it a second change of
    the same entity reads exactly like the first.
    """

    content: str
    topic: str
    division: int
    action: str
    key: UUID | None
    dated: bool

    @property
    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal digits."""
        return hashlib.sha256(self.content.encode()).hexdigest()


def signature(secret: str, content: bytes) -> str:
    """Return the signature as Exact writes it: HMAC-SHA256 in upper-case hexadecimal digits."""
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest().upper()


def read(body: bytes, *, secret: str, client_id: str) -> Notification:
    """Return what the raw `body` of a notification says.

    Raises Malformed, or Forged when it is not signed with `secret` (an empty one signs nothing) or when its
    ClientId, with or without braces, is not `client_id`. Compared in constant time, whatever the case of the digits.
    """
    content, given = _cut(body)
    expected = signature(secret, content).lower().encode()
    if not secret or not hmac.compare_digest(expected, given.lower()):
        raise Forged
    told = _told(content)
    if _bare(text_of(told.get("ClientId"))) != _bare(client_id):
        raise Forged
    return Notification(
        content=content.decode(),
        topic=_storable(told.get("Topic"))[:60],
        division=max(integer_of(told.get("Division"), 32), 0),
        action=_storable(told.get("Action"))[:20],
        key=guid_of(told.get("Key")),
        dated=bool(told.get("EventCreatedOn")),
    )


def _cut(body: bytes) -> tuple[bytes, bytes]:
    """Return the raw value of Content and the digits of HashCode."""
    head, between, tail = body.rpartition(_BETWEEN)
    found = _TAIL.fullmatch(tail)
    if not between or not head.startswith(_BEGIN) or found is None:
        raise Malformed
    return head[len(_BEGIN) :], found[1]


def _told(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(told, dict):
        raise Malformed
    return told


def _storable(value: Any) -> str:
    """Return text that every database takes: JSON may escape a NUL or half a surrogate pair."""
    return text_of(trimmed(value)).encode(errors="ignore").decode()


def _bare(client_id: str) -> str:
    return client_id.strip().strip("{}").lower()
