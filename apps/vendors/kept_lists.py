"""A list between the page that shows what it would do and the press that does it.

It is kept here and not sent along: a browser does not hand a chosen file over twice, and what the person was shown
is what the press is held against, so it must not come back from outside. The cache is enough for that: when it
forgets a list, nothing happened yet and the person uploads it again.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import astuple
from secrets import token_urlsafe

from django.core.cache import cache

from apps.people.models import User
from apps.vendors.exchange import Line

SECONDS = 60 * 60
_LONGEST_TOKEN = 40


def keep(user: User, lines: Sequence[Line], marks: dict[int, list[str]]) -> str:
    """Keep `lines` and what was shown of each for an hour; return the token by which `user` alone gets them back."""
    token = token_urlsafe(16)
    text = json.dumps([[astuple(line) for line in lines], list(marks.items())])
    cache.set(_key(user, token), zlib.compress(text.encode()), SECONDS)
    return token


def kept(user: User, token: str) -> tuple[list[Line], dict[int, list[str]]] | None:
    """Return the lines and marks that `user` kept under `token`, None when they are forgotten."""
    found = cache.get(_key(user, token[:_LONGEST_TOKEN])) if token.isascii() else None
    if found is None:
        return None
    lines, marks = json.loads(zlib.decompress(found))
    return [Line(*line) for line in lines], dict(marks)


def _key(user: User, token: str) -> str:
    safe = "".join(c for c in token if c.isalnum() or c in "-_")
    return f"mappings:{user.pk}:{safe}"
