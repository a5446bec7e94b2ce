"""Which divisions a sign-in is for, and whether what the login opens is that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.exact import reach_words
from apps.exact.models import Connection, Division, SignIn
from apps.exact.values import integer_of, text_of

Rows = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Judged:
    """The codes to serve from now on; `refusal` says why none, `warning` what is left as it is. None: nothing."""

    codes: frozenset[int] = frozenset()
    refusal: Callable[[], str] | None = None
    warning: Callable[[], str] | None = None


def is_bound(begun: SignIn) -> bool:
    """Tell whether this sign-in is for particular divisions, and takes nothing else."""
    chain = begun.connection
    return bool(begun.division_id or (chain and (chain.is_shared or _of_connection(chain))))


def codes_of(begun: SignIn) -> list[int]:
    """Return the codes of the divisions that a sign-in is for; none when it is for whatever the login opens."""
    return [division.code for division in _wanted(begun)]


def judge(begun: SignIn, rows: Rows, user: UUID | None = None, *, is_whole: bool) -> Judged:
    """Return what a bound sign-in may serve of `rows`, by code: what its login opens.

    Not `is_whole`: what `rows` do not name may be open all the same, and is not called closed. A chain of somebody
    outside that serves nothing is for that Exact `user` alone, and serves nothing afterwards.
    """
    chain, wanted = begun.connection, _wanted(begun)
    if chain and not wanted:
        is_theirs = chain.exact_user == user
        return Judged(refusal=None if is_theirs else lambda: reach_words.other_user(chain.user_name))
    codes = frozenset(division.code for division in wanted if division.code in rows)
    missed = [str(division) for division in wanted if division.code not in rows]
    if not codes:
        return Judged(refusal=lambda: refusal(rows, missed, is_whole=is_whole))
    left = reach_words.not_reached if is_whole else reach_words.not_reached_or_seen
    return Judged(codes, warning=(lambda: left(missed)) if missed else None)


def refusal(rows: Rows, wanted: Sequence[str], *, is_whole: bool) -> str:
    """Return that `rows` do not hold what was `wanted`: the login does not open it, or that could not be seen."""
    words = reach_words.wrong_division if is_whole else reach_words.not_seen
    return words(called(rows), wanted)


def called(rows: Rows) -> list[str]:
    """Return how the divisions in `rows` are called: "name (code)"."""
    return [f"{text_of(row.get('Description')) or code} ({code})" for code, row in sorted(rows.items())]


def by_code(rows: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Return the rows of a list of divisions by their code."""
    return {code: row for row in rows if (code := integer_of(row.get("Code"))) > 0}


def _wanted(begun: SignIn) -> list[Division]:
    return [begun.division] if begun.division else _of_connection(begun.connection)


def _of_connection(connection: Connection | None) -> list[Division]:
    """Return what a chain is for: its linked divisions, or while it has none of those all that it serves."""
    if connection is None:
        return []
    served = list(connection.divisions.order_by("name", "code"))
    return [division for division in served if division.administration_id] or served
