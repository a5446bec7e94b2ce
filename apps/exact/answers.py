"""What an answer of Exact's data services holds, and whether its words are a business refusal. Pure.

A business validation comes as status 500, like real faults; only its words tell them apart (Exact facts 3.5).
"""

import json
import re
from typing import Any

from apps.exact.values import integer_of, trimmed

# Label-of-problem: Label-of-field, in the language of the connected user.
_LABELS = (
    "verplicht",
    "ongeldig",
    "ongeldige referentie",
    "bestaat reeds",
    "in gebruik",
    "niet toegestaan",
    "periode is afgesloten",
    "onbekend",
    "niet gevonden",
    "moet zijn",
    "mandatory",
    "required",
    "invalid",
    "invalid reference",
    "already exists",
    "in use",
    "not allowed",
    "period is closed",
    "unknown",
    "not found",
    "must be",
)
_SENTENCES = (
    "gegeven bestaat reeds",
    "data already exists",
    "een btw bedrag is niet toegestaan",
    "een btw-bedrag is niet toegestaan",
    "a vat amount is not allowed",
    "de klantenrekening van deze relatie",
    "de leveranciersrekening van deze relatie",
    "reeds verwerkt",
    "already processed",
    "document type not allowed",
    "the selected cost unit is not allowed",
    "the selected cost center is not allowed",
    "niet herkende guid-indeling",
)
_LABELLED = re.compile(rf"(?:{'|'.join(_LABELS)})\s*(?:\([^)]*\))?\s*:", re.IGNORECASE)


def parsed(content: bytes) -> dict[str, Any] | None:
    """Return the JSON object in `content`, None for HTML, Atom, nothing and everything else."""
    try:
        body = json.loads(content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def listed(content: bytes) -> dict[str, Any] | None:
    """Return the body in `content` when it holds a list, wrapped or bare (Exact facts 3.2), and None otherwise.

    A list that is not there must never be taken for an empty one: everything would seem to be gone.
    """
    body = parsed(content)
    return body if body is not None and _list_in(body) is not None else None


def words_of(body: dict[str, Any] | None) -> str:
    """Return the message of Exact's error body, "" when this is no such body."""
    node: Any = body
    for name in ("error", "message", "value"):
        node = node.get(name) if isinstance(node, dict) else None
    return str(trimmed(node)) if isinstance(node, str) else ""


def is_business(words: str) -> bool:
    """Tell whether `words` say that Exact looked at the content and refused it, so that nothing was written.

    Several objections come in one text on lines of their own; one that is known is enough.
    """
    lines = [line.strip() for line in words.splitlines()]
    return any(_LABELLED.match(line) or line.lower().startswith(_SENTENCES) for line in lines)


def rows_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a collection, wrapped or bare (Exact facts 3.2); every string is trimmed."""
    return [_plain(row) for row in _list_in(body) or [] if isinstance(row, dict)]


def entity_of(body: dict[str, Any]) -> dict[str, Any]:
    """Return the single entity of an answer to POST; every string is trimmed."""
    inner = body.get("d")
    return _plain(inner) if isinstance(inner, dict) else {}


def truth_of(body: dict[str, Any] | None) -> bool | None:
    """Return the one boolean that a function answers, bare, under its name or in a list; None when there is none."""
    node: Any = body.get("d") if body else None
    while isinstance(node, dict | list) and node:
        values = (
            [value for name, value in node.items() if name != "__metadata"]
            if isinstance(node, dict)
            else node
        )
        node = values[0] if len(values) == 1 else None
    return {"true": True, "false": False}.get(str(node).strip().lower())


def next_of(body: dict[str, Any]) -> str:
    """Return the address of the next page, "" on the last one."""
    inner = body.get("d")
    following = inner.get("__next") if isinstance(inner, dict) else None
    return following if isinstance(following, str) else ""


def count_of(body: dict[str, Any]) -> int | None:
    """Return how many rows there are in all; None when that was not asked."""
    inner = body.get("d")
    count = inner.get("__count") if isinstance(inner, dict) else None
    return max(integer_of(count, 32), 0) if count is not None else None


def _list_in(body: dict[str, Any]) -> list[Any] | None:
    inner = body.get("d")
    found = inner.get("results") if isinstance(inner, dict) else inner
    return found if isinstance(found, list) else None


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: trimmed(value) for name, value in row.items() if name != "__metadata" and not _deferred(value)
    }


def _deferred(value: Any) -> bool:
    return isinstance(value, dict) and "__deferred" in value
