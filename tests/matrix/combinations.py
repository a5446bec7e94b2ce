"""Every step of a delivery with every fault that can hit it: the combinations of the matrix, and how one is armed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

from apps.sandbox import faults
from apps.sandbox.models import Fault

PATIENCE = 2.0  # seconds that a worker waits for an answer here
HELD = 1.5  # a call under way for as long, within the patience: time to kill somebody
SLOW = 2.6  # beyond the patience

DOCUMENTS, FILES = "documents/Documents", "documents/DocumentAttachments"


@dataclass(frozen=True, slots=True)
class Step:
    """A call of a delivery. `before`: (kind, path) of the fault at a write that makes a look necessary.

    `passed` calls of this kind go well first: the second file of a document has the address of the first.
    `passed_each`: as many for each document of a wave.
    """

    name: str
    method: str
    path: str
    before: tuple[str, str] | None = None
    passed: int = 0
    passed_each: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong at a step. `act`: what the driver does while the call is under way.

    `of_writes`: at a read it would be the same as one of the others.
    """

    name: str
    kind: str
    seconds: float = 0
    act: str = ""
    of_writes: bool = False


# What is written for every kind of document before its result, and how that is looked for.
WRITTEN_FIRST = (
    Step("document", "POST", DOCUMENTS),
    Step("original", "POST", FILES),
    Step("second file", "POST", FILES, passed=1),
)
LOOKED_FOR = (
    Step("look for a document", "GET", DOCUMENTS, before=("dropped_answer", DOCUMENTS)),
    Step("look for a file", "GET", FILES, before=("dropped_answer", FILES)),
)
TROUBLES = (
    Trouble("500, nothing done", "error_before_commit"),
    Trouble("500, although done", "error_after_commit"),
    Trouble("connection dropped before", "dropped_before"),
    Trouble("connection dropped after", "dropped_answer"),
    Trouble("429", "too_many"),
    Trouble("401", "expired_token"),
    Trouble("slow, done when nobody waits any more", "stall", SLOW),
    Trouble("killed, nothing done", "dropped_before", HELD, "kill", of_writes=True),
    Trouble("killed, done afterwards", "stall", HELD, "kill", of_writes=True),
    Trouble("killed, although done", "stall_answer", HELD, "kill"),
    Trouble("database restarted, nothing done", "dropped_before", HELD, "restart", of_writes=True),
    Trouble("database restarted, although done", "stall_answer", HELD, "restart"),
)


@dataclass(slots=True)
class Combination:
    """One trouble at one step of one division. `acted`: the driver did its part while the call was under way."""

    step: Step
    trouble: Trouble
    division: int = 0
    armed: list[Fault] = field(default_factory=list)
    acted: bool = False

    @property
    def name(self) -> str:
        """What it is called in the report."""
        return f"{self.step.name} x {self.trouble.name}"

    def once_more(self) -> "Combination":
        """Return the same, not armed yet."""
        return Combination(self.step, self.trouble)

    def arm(self, division: int, documents: int) -> None:
        """Let the next calls of this kind in `division`, for a wave of so many `documents`, meet it."""
        self.division = division
        method, path = self.step.method, self.step.path
        if self.step.before:
            kind, write = self.step.before
            self.armed.append(faults.arm(kind, method="POST", path=write, division=division))
        if times := self.step.passed + self.step.passed_each * documents:
            self.armed.append(faults.arm("stall", method=method, path=path, division=division, times=times))
        seconds = self.trouble.seconds
        self.armed.append(
            faults.arm(self.trouble.kind, method=method, path=path, division=division, seconds=seconds)
        )

    @property
    def is_met(self) -> bool:
        """Whether every fault of it was used up."""
        keys = [fault.pk for fault in self.armed]
        return bool(keys) and not Fault.objects.filter(pk__in=keys, times__gt=0).exists()

    @property
    def is_hit(self) -> bool:
        """Whether it happened: met, and what the driver had to do was done in time."""
        return self.is_met and (self.acted or not self.trouble.act)


def all_of(steps: Iterable[Step]) -> list[Combination]:
    """Return every combination with these steps once, by trouble."""
    pairs = product(TROUBLES, steps)
    return [Combination(step, each) for each, step in pairs if step.method == "POST" or not each.of_writes]
