"""What a hook is called with: the body, and its signature over the exact bytes (eConnect facts 2.2)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from apps.sandbox.econnect import moments

SIGNATURE = "X-EConnect-Signature"


def body(event: Mapping[str, Any], hook_id: str, sent_on: datetime) -> bytes:
    """Return the bytes to send: indented, with the line ends of the vendor's own example (CRLF)."""
    told = {**event, "hookId": hook_id, "sentOn": moments.written(sent_on)}
    ordered = {name: told[name] for name in _ORDER if name in told}
    return json.dumps(ordered, indent=4, ensure_ascii=False).replace("\n", "\r\n").encode()


def signature(content: bytes, secret: str) -> str:
    """Return the value of the signature header: `sha256=` and the HMAC of the bytes in lower-case hex."""
    return "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


_ORDER = ("topic", "partyId", "hookId", "documentId", "message", "details", "createdOn", "sentOn")
