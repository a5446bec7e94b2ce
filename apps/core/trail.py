"""An audit trail of a document: what happened in order, what was found, what its lines are written as. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.states import State

MOVES: dict[tuple[str, str], Promise] = {
    (State.RECEIVED, State.RECEIVED): _("Read and routed"),
    (State.RECEIVED, State.ATTENTION): _("Waits for a person"),
    (State.RECEIVED, State.PROPOSED): _("Matched, coded and proposed"),
    (State.RECEIVED, State.READY): _("Matched and coded"),
    (State.PROPOSED, State.READY): _("Accepted"),
    (State.READY, State.PROPOSED): _("Taken back"),
    (State.READY, State.POSTING): _("On its way to Exact"),
    (State.POSTING, State.ATTENTION): _("Refused by Exact"),
    (State.POSTING, State.UNCERTAIN): _("No answer came"),
    (State.DONE, State.DONE): _("Since then"),
    (State.DONE, State.POSTING): _("Taken back"),
    (State.DONE, State.PROPOSED): _("Taken up again"),
    (State.POSTING, State.PROPOSED): _("Removed from Exact"),
    (State.UNCERTAIN, State.PROPOSED): _("Removed from Exact"),
}
ENDS: dict[str, Promise] = {
    State.DONE: _("Done"),  # booked, ordered or handed over: the reason says which
    State.IGNORED: _("Put aside"),
    State.ATTENTION: _("Waits for a person"),
    State.PROPOSED: _("Coded again and proposed"),
    State.READY: _("Ready"),
    State.RECEIVED: _("Starts again"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened. `technical` is the call as Exact names it, "" for what is no call."""

    at: datetime
    title: str
    who: str
    why: str
    technical: str = ""


class Fact(NamedTuple):
    """What is known of the document as a whole, and why it is so."""

    name: str
    value: str
    why: str = ""


class Listed(NamedTuple):
    """Sentences below a title."""

    title: str
    sentences: tuple[str, ...]


class Value(NamedTuple):
    """What a line is written with, and why."""

    name: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything about one document. `changed_at`: when it last moved.

    `lines`, below `lines_title`: rows with position, description and net, each with what it is written with.
    """

    number: str
    changed_at: datetime
    is_in_test: bool
    facts: tuple[Fact, ...]
    steps: tuple[Step, ...]
    lists: tuple[Listed, ...]
    lines_title: str
    lines: tuple[tuple[Any, list[Value]], ...]

    def __post_init__(self) -> None:
        """Put the steps in the order of time, and leave out lists without a sentence."""
        object.__setattr__(self, "steps", tuple(sorted(self.steps, key=lambda step: step.at)))
        object.__setattr__(self, "lists", tuple(one for one in self.lists if one.sentences))


def moved(events: Iterable[Any]) -> list[Step]:
    """Return the steps of `events` (from_state, to_state, who, why, at), which are in the order of time."""
    return [
        Step(event.at, move_words(event.from_state, event.to_state, first=not place), event.who, event.why)
        for place, event in enumerate(events)
    ]


def move_words(from_state: str, to_state: str, *, first: bool) -> str:
    """Return what a move is called; the first one is the reading of the document."""
    if first:
        return str(MOVES[State.RECEIVED, State.RECEIVED])
    return str(MOVES.get((from_state, to_state)) or ENDS.get(to_state) or State(to_state).label)


def values_of(line: Any, names: Iterable[str]) -> list[Value]:
    """Return the fields `names` of `line` that are filled, each as it is called and with its reason (`<name>_why`)."""
    fields = type(line)._meta
    return [
        Value(
            str(fields.get_field(name).verbose_name), code, getattr(line, f"{name.removesuffix('_code')}_why")
        )
        for name in names
        if (code := getattr(line, name))
    ]
