"""A table between the page that shows what it would do and the press that does it.

It is kept here and not sent along: a browser does not hand a chosen file over twice, and what the person was shown
is what the press is held against, so it must not come back from outside. The cache is enough for that: when it
forgets a table, nothing happened yet and the person uploads it again.
"""

import json
import zlib
from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Any

from django.core.cache import cache

SECONDS = 60 * 60
_LONGEST_TOKEN = 40

Lines = list[list[Any]]
Marks = dict[int, list[str]]


def keep(kind: str, person: int, lines: Sequence[Sequence[Any]], marks: Marks) -> str:
    """Keep `lines` and what was shown of each for an hour; return the token by which `person` alone gets them back.

    `kind`: what they are lines of; `marks` by the number of the line.
    """
    token = token_urlsafe(16)
    text = json.dumps([[list(line) for line in lines], list(marks.items())])
    cache.set(_key(kind, person, token), zlib.compress(text.encode()), SECONDS)
    return token


def kept(kind: str, person: int, token: str) -> tuple[Lines, Marks] | None:
    """Return the lines of `kind` and their marks that `person` kept under `token`, None when they are forgotten."""
    found = cache.get(_key(kind, person, token[:_LONGEST_TOKEN])) if token.isascii() else None
    if found is None:
        return None
    lines, marks = json.loads(zlib.decompress(found))
    return lines, dict(marks)


def _key(kind: str, person: int, token: str) -> str:
    safe = "".join(c for c in token if c.isalnum() or c in "-_")
    return f"{kind}:{person}:{safe}"
