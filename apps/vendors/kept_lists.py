"""A list of mappings between the page that shows what it would do and the press that does it."""

from collections.abc import Sequence
from dataclasses import astuple

from apps.core.tables import kept as tables_kept
from apps.people.models import User
from apps.vendors.exchange import Line

_KIND = "mappings"


def keep(user: User, lines: Sequence[Line], marks: dict[int, list[str]]) -> str:
    """Keep `lines` and what was shown of each for an hour; return the token by which `user` alone gets them back."""
    return tables_kept.keep(_KIND, user.pk, [astuple(line) for line in lines], marks)


def kept(user: User, token: str) -> tuple[list[Line], dict[int, list[str]]] | None:
    """Return the lines and marks that `user` kept under `token`, None when they are forgotten."""
    found = tables_kept.kept(_KIND, user.pk, token)
    return None if found is None else ([Line(*line) for line in found[0]], found[1])
