"""Whether a call of the hook is genuine and fresh, and what it says. Pure.

Source: eConnect facts 1 and 2.2: `X-EConnect-Signature: sha256=<HMAC-SHA256 of the raw body>` under the secret that
stands behind `#` in the address of the hook; what was sent more than five minutes ago, or ahead, is refused.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.econnect.party_ids import normal

HEADER = "X-EConnect-Signature"
FRESH = timedelta(minutes=5)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?", re.ASCII)


class Malformed(Exception):
    """This is no call of a hook."""


class Forged(Exception):
    """This is not signed with our secret."""


class Stale(Exception):
    """This was not sent just now: a replay, or a clock that is wrong."""


@dataclass(frozen=True, slots=True)
class Told:
    """What eConnect tells. `body` is the signed text; `secret` the place of the secret that fits among those given."""

    body: str
    secret: int
    topic: str
    party_id: str
    document_id: str
    message: str
    sender: str
    number: str
    sent_on: datetime

    @property
    def digest(self) -> str:
        """SHA-256 of the body, in hexadecimal digits."""
        return hashlib.sha256(self.body.encode()).hexdigest()


def signature(secret: str, body: bytes) -> str:
    """Return the value of the header for the raw `body`: `sha256=` and hexadecimal digits in lower case."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def read(body: bytes, header: str, *, secrets: Sequence[str], now: datetime) -> Told:
    """Return what the raw `body` says, signed by `header` with one of `secrets` (an empty one signs nothing).

    Raises Forged first, then Malformed, then Stale when `sentOn` is more than five minutes off `now`. The comparison
    takes the same time whatever is wrong.
    """
    place = _signed_by(body, header, secrets)
    told = parsed(body, place)
    if abs(told.sent_on - now) > FRESH:
        raise Stale
    return told


def parsed(body: bytes, place: int = 0) -> Told:
    """Return what a body says without asking who signed it, or when. Raises Malformed."""
    told = _object(body)
    details = told.get("details")
    details = details if isinstance(details, dict) else {}
    return Told(
        body=body.decode(),
        secret=place,
        topic=_text(told, "topic", 60, needed=True),
        party_id=normal(_text(told, "partyId", 120)),
        document_id=_text(told, "documentId", 100),
        message=_text(told, "message", 1000),
        sender=_text(details, "sender", 200),
        number=_text(details, "id", 100),
        sent_on=moment(_text(told, "sentOn", 60)),
    )


def moment(text: str) -> datetime:
    """Return an aware moment in UTC from `2022-01-21T10:03:18.5951881+00:00`: .NET writes seven digits.

    Without a zone it is UTC. Raises Malformed.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise Malformed
    zone = "+00:00" if found[3] in (None, "Z") else found[3]
    try:
        whole = datetime.fromisoformat(found[1] + zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Malformed from error
    return whole.replace(microsecond=int((found[2] or "0")[:6].ljust(6, "0")))


def _signed_by(body: bytes, header: str, secrets: Sequence[str]) -> int:
    given = header.strip().lower().encode(errors="replace")
    fits = [
        bool(secret) and hmac.compare_digest(signature(secret, body).encode(), given) for secret in secrets
    ]
    if True not in fits:
        raise Forged
    return fits.index(True)


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(told, dict):
        raise Malformed
    return told


def _text(told: dict[str, Any], name: str, longest: int, *, needed: bool = False) -> str:
    """Return text that every database takes: JSON may escape a NUL or half a surrogate pair."""
    value = told.get(name)
    plain = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    text = plain.replace("\x00", "").encode(errors="ignore").decode().strip()[:longest]
    if needed and not text:
        raise Malformed
    return text
