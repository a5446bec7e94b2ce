"""Everything random that befalls a process which books: faults at its calls, and its death between any two statements.

One process has one fate. Its clock only moves when a call is made or somebody waits, so that one seed gives one story.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connections
from requests import PreparedRequest, Response
from requests.exceptions import ReadTimeout

from apps.core import clock
from apps.sandbox import faults
from apps.sandbox.adapter import SandboxAdapter
from apps.sandbox.models import FaultKind

START = datetime(2026, 10, 5, 6, 0, 10, tzinfo=UTC)
OF_A_CALL = 0.3  # seconds of the clock
OF_A_STALL = 30.0  # longer than a caller waits
FURTHEST_DEATH = 1500  # statements
KINDS = {  # how often, one beside the other
    FaultKind.ERROR_BEFORE_COMMIT: 6,
    FaultKind.ERROR_AFTER_COMMIT: 6,
    FaultKind.DROPPED_BEFORE: 6,
    FaultKind.DROPPED_ANSWER: 6,
    FaultKind.GATEWAY: 4,
    FaultKind.GARBLED: 4,
    FaultKind.TOO_MANY: 3,
    FaultKind.BARE_TOO_MANY: 3,
    FaultKind.EXPIRED_TOKEN: 3,
    FaultKind.FORBIDDEN: 2,
    FaultKind.STALL: 1,
    FaultKind.STALL_ANSWER: 1,
    FaultKind.DAY_IS_FULL: 1,
}
STALLS = (FaultKind.STALL, FaultKind.STALL_ANSWER)
REASONS = ("", "", "BlockedUser", "LicenseExpired", "DivisionBlocked")


class Killed(BaseException):
    """The process ends here: nothing of it may run on, and nothing it writes from now on arrives."""


class Fate:
    """What one seed has in store. `spared` while somebody does things outside of the process that is tried."""

    def __init__(self, seed: int) -> None:
        self.choose = random.Random(seed)  # noqa: S311 - what happens need not be secret
        self.now = START
        self.happened: Counter[str] = Counter()
        self.is_dead, self.is_spared = False, True
        self._statements_left: int | None = None
        self.faults_per_call = self.choose.choice((0.01, 0.03, 0.06))
        self.deaths_per_round = self.choose.choice((0.1, 0.3, 0.5))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Be a process that anything may befall, and that is replaced when it dies."""
        if self.choose.random() < self.deaths_per_round:
            self._statements_left = self.choose.randrange(FURTHEST_DEATH)
        self.is_spared = False
        try:
            yield
        except Killed:
            connections.close_all()  # what was open is rolled back, as the server would
            self.happened["death"] += 1
        finally:
            self.is_dead, self.is_spared, self._statements_left = False, True, None

    def statement(self, execute: Callable[..., Any], *query: Any) -> Any:
        """Execute a statement of the product, unless the process is dead, or dies before or after this one."""
        if self.is_spared:
            return execute(*query)
        if self.is_dead:
            raise Killed
        if self._statements_left is not None:
            self._statements_left -= 1
            if self._statements_left < 0:
                self.is_dead = True
                if self.choose.random() < 0.5:
                    execute(*query)
                raise Killed
        return execute(*query)

    def meet(self, request: PreparedRequest, send: Callable[[], Response]) -> Response:
        """Let a call meet a fault, or the death of its process when it comes back or before it leaves."""
        self.wait(OF_A_CALL)
        if self.is_spared:
            return send()
        if self.is_dead:
            raise Killed
        fault = self._fault()
        dies = self.choose.random() < self.deaths_per_round / 500
        if dies and self.choose.random() < 0.5:
            self._die()
        answer = send()
        if dies:
            self._die()
        if fault in STALLS:  # played here, for the machine's seconds are not for us to wait
            self.wait(OF_A_STALL)
            raise ReadTimeout("Read timed out.", request=request)
        return answer

    def _fault(self) -> str:
        """Arm the fault that the next call meets; return its kind, "" for none."""
        if self.choose.random() >= self.faults_per_call:
            return ""
        kind = self.choose.choices(list(KINDS), weights=list(KINDS.values()))[0]
        self.happened[kind] += 1
        status, reason = self.choose.choice((500, 502, 503, 504)), self.choose.choice(REASONS)
        if kind not in STALLS:
            faults.arm(kind, status=status, reason=reason)
        return kind

    def _die(self) -> None:
        self.is_dead = True
        raise Killed


present: list[Fate] = []


def begin(seed: int) -> Fate:
    """Let this process have the fate of `seed` from here on."""
    present[:] = [Fate(seed)]
    connections["default"].execute_wrappers.append(present[0].statement)
    clock.now = lambda: present[0].now  # a clock that stands still while nobody waits
    return present[0]


class FatefulSandbox(SandboxAdapter):
    """The sandbox, reached through the present fate (settings.HTTP_MOUNT)."""

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Return the answer, if one comes."""
        return present[0].meet(request, lambda: super(FatefulSandbox, self).send(request, *args, **kwargs))
