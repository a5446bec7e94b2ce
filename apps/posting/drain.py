"""Draining a division: its due postings, one after the other, by the one holder of its lease."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import F, Min
from django.utils.translation import gettext as _

from apps.core import clock, crew
from apps.core.causes import Cause
from apps.core.http import OutcomeUnknown, Rejected, RemoteError, Temporary, Unauthorised
from apps.core.setting_aside import OUTAGE
from apps.core.transitions import Changed
from apps.exact import mirror, turns
from apps.exact.budget import Purpose
from apps.exact.client import Exact
from apps.exact.models import Division
from apps.exact.turns import Turn, TurnLost
from apps.posting import halting, packages, refusals, removing
from apps.posting.closing import Closed
from apps.posting.halting import Paused, Streak
from apps.posting.lookup import Unsettled
from apps.posting.mailing import NotNow, Unseen
from apps.posting.models import BOOKINGS, IN_LEDGER, Posting, Postings, PostingState
from apps.posting.steps import carry_out

log = logging.getLogger(__name__)
Fill = Callable[[Callable[[], None]], None]
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
CONNECTION_PAUSE = timedelta(minutes=15)
BUSINESS = 500  # Exact's status of refusals, and of faults of its own (Exact 3.5)
GATEWAY = (502, 503, 504)  # somebody between us and Exact gave up; Exact may still be at work


@dataclass
class Drained:
    """What one drain did. `busy`: somebody else has the turn; `stopped`: why it could not go on.

    `read`: rows of the ledger that were new.
    """

    busy: bool = False
    done: int = 0
    refused: int = 0
    unclear: int = 0
    put_off: int = 0
    stopped: str = ""
    calls: int = 0
    read: int = 0


class _Stop(Exception):
    """The division as a whole cannot go on now: Exact's limit, the connection, a pause, or equal refusals."""

    def __init__(self, words: str, until: datetime) -> None:
        super().__init__(words)
        self.until = until


def drain(division: Division, *, at_once: bool = False, fill: Fill | None = None) -> Drained:
    """Write the due postings of `division` into Exact. `at_once` takes those that wait for the clock as well.

    `fill` is called first by the holder of the turn, and by nobody else: it may add postings, and is given what
    extends the turn meanwhile.

    One process at a time has the turn in the division; a second one returns at once, busy. The ledger mirror is
    refreshed first: somebody may have booked it by hand. A posting that fails never stops those behind it. To a
    division that is paused or halted no call is made. Raises OUTAGE: what was kept by then is true, and goes on.
    """
    drained = Drained()
    if fill is None and not _due(division, at_once).exists():
        return drained
    drained.stopped = halting.standstill(division)
    if drained.stopped:
        Posting.objects.filter(division=division).open().update(words=drained.stopped)
        return drained
    with turns.turn(division, for_posting=True) as turn:
        if turn is None:
            drained.busy = True
        else:
            _drain(turn, drained, at_once, fill)
    return drained


def goes_on_at(division: Division) -> datetime | None:
    """Return when the next open posting of `division` wants its turn, None when there is none."""
    moment: datetime | None = division.postings.open().aggregate(at=Min("next_attempt_at"))["at"]
    return moment


def _drain(turn: Turn, drained: Drained, at_once: bool, fill: Fill | None) -> None:
    exact = Exact(turn.division, Purpose.POSTING)
    try:
        if fill:
            fill(turn.renew)
        if _due(turn.division, at_once).filter(method__in=IN_LEDGER).exists():
            _refresh_ledger(turn, drained)
        _deliver_all(turn, exact, drained, at_once)
    except TurnLost:
        drained.busy = True
    except _Stop as stop:
        drained.stopped = str(stop)
        _due(turn.division, at_once).update(next_attempt_at=stop.until, words=str(stop))
    finally:
        drained.calls += exact.calls


def _due(division: Division, at_once: bool) -> Postings:
    postings: Postings = Posting.objects.filter(division=division)
    return postings.due(datetime.max.replace(tzinfo=UTC) if at_once else clock.now())


def _refresh_ledger(turn: Turn, drained: Drained) -> None:
    try:
        result = mirror.sync_ledger(turn.division, lambda _pass: turn.renew())
        drained.calls, drained.read = drained.calls + result.calls, result.rows
    except (Rejected, Unauthorised) as error:
        raise _stop(error, _ledger_words(error)) from error
    except RemoteError as error:
        raise _stop(error) from error


def _ledger_words(error: RemoteError) -> str:
    words = _(
        "Exact Online does not let us read the ledger, so nothing is booked: it could be there already. %s"
    )
    return words % error


def _deliver_all(turn: Turn, exact: Exact, drained: Drained, at_once: bool) -> None:
    streak = Streak(turn.division)
    for pk in list(_due(turn.division, at_once).values_list("pk", flat=True)):
        if crew.time_is_up():
            return
        turn.renew()
        posting = Posting.objects.select_related("division__app").filter(pk=pk).first()
        if posting is None:  # taken back before it was begun
            continue
        is_decided = _deliver(posting, exact, drained, turn)
        if is_decided and (halt := streak.note(posting)):
            raise _Stop(halt.sentence, clock.now())


def _deliver(posting: Posting, exact: Exact, drained: Drained, turn: Turn) -> bool:
    """Carry out one posting; tell whether Exact decided about a booking, one way or the other."""
    if posting.attempts >= settings.MAX_ATTEMPTS:
        sent = any(step.get("state") in ("started", "changing") for step in posting.steps.values())
        cause = Cause.OUTCOME_UNCERTAIN if sent else Cause.REJECTED_BY_EXACT
        posting.refuse(cause=cause, words=posting.words)
        removing.leave(posting)
        drained.refused += 1
        return False
    was_unclear = posting.state == PostingState.UNCLEAR
    try:
        posting.claim()
    except Changed:  # taken back in this very moment
        return False
    try:
        carry_out(posting, exact, lambda: _before_a_write(turn))
    except (TurnLost, *OUTAGE):
        raise
    except (Temporary, Unauthorised) as error:
        _give_back(posting, was_unclear)
        raise _stop(error) from error
    except NotNow as error:  # a mail server's trouble with one mail: bookings behind it go on
        _not_now(posting, error, was_unclear)
        drained.put_off += 1
    except Unseen as error:  # no attempt: only a person has it sent again
        Posting.objects.filter(pk=posting.pk).update(looks=F("looks") + 1, attempts=0)
        posting.put_off(until=error.until, words=str(error), state=PostingState.UNCLEAR)
        drained.unclear += 1
    except (OutcomeUnknown, Unsettled) as error:
        _unclear(posting, error)
        drained.unclear += 1
    except Exception as error:  # a poisoned posting must not stop those behind it
        log.exception("Posting %s failed", posting.reference)
        _put_off(posting, error)
        drained.put_off += 1
    else:
        drained.done += posting.state == PostingState.DONE
        drained.refused += posting.state == PostingState.REFUSED
        is_decided = posting.finished_at is not None and posting.method in BOOKINGS
        return is_decided and not packages.was_forbidden(posting)
    return False


def _before_a_write(turn: Turn) -> None:
    """Extend the turn; raises TurnLost, and Paused when somebody paused the administration meanwhile."""
    turn.renew()
    if halting.is_paused(turn.division):
        raise Paused(halting.standstill(turn.division))


def _stop(error: RemoteError, words: str = "") -> _Stop:
    if isinstance(error, Paused):
        return _Stop(str(error), clock.now())
    if isinstance(error, Temporary) and error.retry_at_ms:
        return _Stop(str(error), datetime.fromtimestamp(error.retry_at_ms / 1000, UTC))
    pause = FIRST_PAUSE if isinstance(error, Temporary) else CONNECTION_PAUSE
    return _Stop(words or str(error), clock.now() + pause)


def _give_back(posting: Posting, was_unclear: bool) -> None:
    """Nothing was written: the attempt does not count, and what was unclear stays so."""
    is_unclear = was_unclear or posting.is_begun
    state = PostingState.UNCLEAR if is_unclear else PostingState.WAITING
    Posting.objects.filter(pk=posting.pk).update(state=state, attempts=F("attempts") - 1)


def _unclear(posting: Posting, error: Exception) -> None:
    pause = timedelta(seconds=settings.SETTLE_SECONDS) * 2 ** min(posting.looks, 6)
    words = str(error) or _("A booking was sent and no answer came.")
    Posting.objects.filter(pk=posting.pk).update(looks=F("looks") + 1)
    if isinstance(error, OutcomeUnknown) and error.status and error.status not in GATEWAY:
        # Exact itself answered, so nothing is still on its way: after a look it may be sent again at once.
        _keep_words(posting, error)
        Posting.objects.filter(pk=posting.pk).update(asked_at=None)
    posting.put_off(until=clock.now() + min(pause, LONGEST_PAUSE), words=words, state=PostingState.UNCLEAR)


def _keep_words(posting: Posting, error: OutcomeUnknown) -> None:
    """Keep with the step what Exact said instead of an answer, unless that was a fault which time may solve.

    It is no refusal that we know. If a look finds nothing it is one, and a person gets to read it.
    """
    if error.status == BUSINESS and not refusals.is_fault(error.words):
        for name, step in posting.steps.items():
            if step["state"] in ("started", "removing", "changing"):
                posting.keep(name, said=error.words)


def _not_now(posting: Posting, error: NotNow, was_unclear: bool) -> None:
    if not isinstance(error, Closed):
        posting.put_off(until=clock.now() + _pause(posting), words=str(error))
        return
    _give_back(posting, was_unclear)  # it goes on when the mailbox opens, however long that takes
    state = PostingState.UNCLEAR if was_unclear else PostingState.WAITING
    posting.put_off(until=clock.now() + CONNECTION_PAUSE, words=str(error), state=state)


def _put_off(posting: Posting, error: Exception) -> None:
    words = _("Something went wrong in Postkamer itself: %(error)s") % {"error": type(error).__name__}
    state = PostingState.UNCLEAR if posting.is_begun else PostingState.WAITING
    posting.put_off(until=clock.now() + _pause(posting), words=words, state=state)


def _pause(posting: Posting) -> timedelta:
    pause: timedelta = FIRST_PAUSE * 2 ** min(posting.attempts, 10)
    return min(pause, LONGEST_PAUSE)
