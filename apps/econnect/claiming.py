"""Taking a row of traffic in hand: one process at a time, and each attempt counted before it is made.

So a row that kills its worker comes to its end, too, and whoever dies leaves the next attempt planned.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import F

from apps.core import clock, http, leases, queue
from apps.econnect.models import Answer, Inbound
from apps.econnect.pauses import pause

LEASE_SECONDS = 120  # outlives a call; who works longer does nothing that a second one could not repeat
LONG = 60.0  # seconds of a round; a task may take twice as long
LAST_ATTEMPT = 8  # of what eConnect refuses; a fault or a lost line is tried on


@contextmanager
def claimed(row: Inbound | Answer, **still: Any) -> Iterator[bool]:
    """Hold `row` for one attempt, which is counted, with the next one planned; `row` is brought up to date.

    Gives False when somebody else holds it, or its fields are no longer as in `still`.
    """
    lease = leases.take(row, seconds=LEASE_SECONDS)
    if lease is None:
        yield False
        return
    try:
        row.refresh_from_db(fields=["attempts", "next_attempt_at", *still])
        planned = clock.now() + pause(row.attempts + 1)
        held = type(row)._default_manager.filter(pk=row.pk, lease=lease, **still)
        hit = held.update(attempts=F("attempts") + 1, next_attempt_at=planned)
        row.attempts, row.next_attempt_at = row.attempts + 1, planned
        yield hit == 1
    finally:
        leases.free(row, lease)


def words_of(error: http.RemoteError) -> str:
    """Return what went wrong in words for people."""
    return (error.words or str(error))[:1000]


def request_id(error: http.RemoteError) -> str:
    """Return eConnect's mark of the call that went wrong, "" where no answer came."""
    return error.reason[:100] if error.status else ""


def is_over(row: Inbound | Answer, error: http.RemoteError) -> bool:
    """Tell whether `error` says that no attempt will help: a refusal, for the last time."""
    return isinstance(error, http.Rejected) and row.attempts >= LAST_ATTEMPT


def in_turn(
    rows: Iterable[tuple[int, int]], work: Callable[[int], http.RemoteError | None], *, again: str
) -> None:
    """Do `work` on each of `rows` (its key, that of its account); `work` returns what went wrong.

    An account that cannot be reached, or is not let in, is left alone for this round: the others go on. After a
    minute the round ends, and `again` is rung for what is left.
    """
    down: set[int] = set()
    until = clock.stopwatch() + LONG
    for key, account in rows:
        if clock.stopwatch() >= until:
            queue.ring(again)
            return
        error = None if account in down else work(key)
        if error is not None and (not error.status or error.status == 401):
            down.add(account)
