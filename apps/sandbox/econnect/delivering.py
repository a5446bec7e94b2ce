"""Calls the hooks with what they are to be told, one request at a time for each, until it is taken."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from uuid import uuid4

from django.db import DatabaseError, connections

from apps.core import clock
from apps.sandbox import direct, outward, time
from apps.sandbox.econnect import attempt, hooks, switches
from apps.sandbox.models import EconnectHook, EconnectNotice

log = logging.getLogger(__name__)
AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))  # spacing is a guess [G]
_TURN_SECONDS = 20.0  # longer than an attempt may last
_ANY_DUE = "SELECT 1 FROM sandbox_econnectnotice WHERE done = 0 AND due_at <= %s LIMIT 1"


def deliver_due(*, alone: bool = False) -> int:
    """Tell what is due, and return how many attempts were made. `alone`: the product is another process."""
    return sum(_empty(hook, alone=alone) for hook in _waiting())


def after_call(*, alone: bool) -> None:
    """Tell what is due after a call, which neither fails nor waits for it: over the wire it goes by a thread."""
    try:
        waiting = _waiting()
        here = [hook for hook in waiting if _is_here(hook, alone=alone)]
        for hook in here:
            _empty(hook, alone=alone)
    except DatabaseError:
        log.exception("Hooks could not be looked after; they are at the next call.")
        return
    away = [hook for hook in waiting if hook not in here]
    if away:
        Thread(target=_empty_away, args=(away,), daemon=True).start()


def _waiting() -> list[EconnectHook]:
    """Return the hooks that have something to tell now."""
    now = clock.now()
    if direct.one(_ANY_DUE, [direct.moment(now)]) is None:
        return []
    due = EconnectHook.objects.filter(notices__done=False, notices__due_at__lte=now)
    return list(due.distinct().order_by("pk"))


def _is_here(hook: EconnectHook, *, alone: bool) -> bool:
    return hooks.is_mail(hook) or outward.is_here(hooks.address(hook)[0], alone=alone)


def _empty(hook: EconnectHook, *, alone: bool) -> int:
    """Tell a hook what is due for it, unless somebody does already; return how many attempts were made.

    What is queued while the turn ends is seen by the look after it.
    """
    made = 0
    while _next(hook) is not None:
        with _turn(hook) as mark:
            if not mark:
                return made
            while _still(hook, mark) and (notice := _next(hook)) is not None:
                made += _tell(hook, notice, alone=alone)
    return made


def _next(hook: EconnectHook) -> EconnectNotice | None:
    due = EconnectNotice.objects.filter(hook=hook, done=False, due_at__lte=clock.now())
    return due.order_by("-pk" if switches.current().hooks_reversed else "pk").first()


def _tell(hook: EconnectHook, notice: EconnectNotice, *, alone: bool) -> int:
    """Make one attempt, which is counted before; return 1, or 0 when somebody else was faster."""
    again_at = clock.now() + AGAIN[min(notice.attempts, len(AGAIN) - 1)]
    same = EconnectNotice.objects.filter(pk=notice.pk, done=False, attempts=notice.attempts)
    if same.update(attempts=notice.attempts + 1, due_at=again_at) != 1:
        return 0
    status = attempt.make(hook, notice, alone=alone)
    done = 200 <= status < 300 or attempt.is_single(notice)
    EconnectNotice.objects.filter(pk=notice.pk).update(status=status, done=done)
    return 1


@contextmanager
def _turn(hook: EconnectHook) -> Iterator[str]:
    """Give a mark when nobody else is at this hook now, "" otherwise. A turn left open ends by itself."""
    mark, now = str(uuid4()), time.machine_seconds()
    free = EconnectHook.objects.filter(pk=hook.pk, busy_until__lte=now)
    if free.update(busy=mark, busy_until=now + _TURN_SECONDS) != 1:
        yield ""
        return
    try:
        yield mark
    finally:
        EconnectHook.objects.filter(pk=hook.pk, busy=mark).update(busy="", busy_until=0)


def _still(hook: EconnectHook, mark: str) -> bool:
    """Keep the turn for one attempt more; false when it is another's by now, or the hook is gone."""
    until = time.machine_seconds() + _TURN_SECONDS
    return EconnectHook.objects.filter(pk=hook.pk, busy=mark).update(busy_until=until) == 1


def _empty_away(waiting: list[EconnectHook]) -> None:
    try:
        for hook in waiting:
            _empty(hook, alone=True)
    finally:
        connections.close_all()
