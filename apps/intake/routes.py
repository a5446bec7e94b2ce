"""Which administration something is for, from what speaks for whom. Pure.

The evidence is asked in the order of `Step` (e-invoicing facts 3). Each step narrows what those before it left open and
never overrules them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import groupby

from django.utils.translation import gettext as _


class Step(IntEnum):
    """What kind of evidence it is, the strongest first."""

    PERSON = 0  # chosen at upload, or by whoever typed the command
    FOLDER = 1  # the folder is that of one administration
    PARTY = 2  # the access point delivered it to a party of ours
    NUMBER = 3  # numbers of the receiver's company on the document
    MAILBOX = 4  # the address it was sent to
    RULE = 5  # what the firm decided
    SHARED = 6  # bank accounts and domains, which several companies often have together


# A machine brought it to one administration, and the document names another one: what is right, a person says.
_CLASHES = {(Step.FOLDER, Step.NUMBER), (Step.PARTY, Step.NUMBER), (Step.NUMBER, Step.MAILBOX)}


@dataclass(frozen=True, slots=True)
class Clue:
    """One piece of evidence: the administrations that it fits, never none, and what it is, in words.

    `rank`: which of those of a step is named where several say the same, the lowest.
    """

    step: Step
    administrations: frozenset[int]
    words: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """The administrations that are left, the best first: one is the answer, several are for a person.

    `said`: the clues that led there; `against`: those that name only others.
    """

    administrations: tuple[int, ...] = ()
    said: tuple[Clue, ...] = ()
    against: tuple[Clue, ...] = ()


@dataclass(slots=True)
class _Narrowing:
    """What is left after the steps so far. `contested`: evidence disagrees, so only a rule narrows it further."""

    left: frozenset[int] = frozenset()
    first: frozenset[int] = frozenset()
    by: Step = Step.PERSON
    contested: bool = False
    said: list[Clue] = field(default_factory=list)

    def ask(self, step: Step, clues: list[Clue]) -> None:
        fitting, agreed = _meet(step, clues)
        if not self.left:
            self.left, self.first, self.by, self.contested = fitting, fitting, step, not agreed
            self.said = clues
        elif step is Step.RULE or not self.contested:
            within = self.left & fitting
            if within:
                self._narrow(step, within, clues)
            elif agreed and self._clashes(step, fitting):
                self.left, self.contested, self.said = self.left | fitting, True, [*self.said, *clues]

    def _narrow(self, step: Step, within: frozenset[int], clues: list[Clue]) -> None:
        if within != self.left:
            self.said = [*self.said, *(clue for clue in clues if clue.administrations & within)]
        if step is Step.RULE:
            self.contested = len(within) > 1
        self.left = within

    def _clashes(self, step: Step, fitting: frozenset[int]) -> bool:
        return (self.by, step) in _CLASHES and len(self.left) == len(fitting) == 1


def decide(clues: Iterable[Clue]) -> Decision:
    """Return for whom it is by `clues`, in whatever order they are given; without a clue for nobody.

    The numbers of a receiver must agree; a number that sister companies share leaves them all open. Rules that name
    different administrations, or numbers that agree on nobody, leave it to a person.
    """
    ordered = sorted(
        set(clues), key=lambda clue: (clue.step, clue.rank, clue.words, sorted(clue.administrations))
    )
    state = _Narrowing()
    for step, group in groupby(ordered, key=lambda clue: clue.step):
        state.ask(step, _telling(group))
    left = state.left
    against = [one for one in ordered if one.step is not Step.SHARED and not one.administrations & left]
    first = (*sorted(left & state.first), *sorted(left - state.first))
    return Decision(first, tuple(state.said), tuple(_telling(against)))


def _telling(clues: Iterable[Clue]) -> list[Clue]:
    """Return the clues without those that say the same as an earlier one; what is shared first."""
    told: dict[frozenset[int], Clue] = {}
    for clue in clues:
        told.setdefault(clue.administrations, clue)
    return sorted(told.values(), key=lambda clue: -len(clue.administrations))


def _meet(step: Step, clues: list[Clue]) -> tuple[frozenset[int], bool]:
    """Return what clues of one strength leave, and whether they agree. Each rule speaks for one, and for itself."""
    union = frozenset[int]().union(*(clue.administrations for clue in clues))
    if step is Step.RULE:
        return union, len(union) == 1
    meeting = union.intersection(*(clue.administrations for clue in clues))
    return (meeting, True) if meeting else (union, False)


def explain(decision: Decision, names: Mapping[int, str]) -> str:
    """Return in words what led to `decision`, "" when nothing did; `names` are those of the administrations."""
    if len(decision.said) == 1 and len(decision.administrations) == 1:
        return decision.said[0].words
    return "; ".join(pointing(clue, names) for clue in decision.said)


def pointing(clue: Clue, names: Mapping[int, str]) -> str:
    """Return whose one clue is, in words."""
    shown = listed(names[one] for one in clue.administrations)
    if len(clue.administrations) == 1:
        return _("%(what)s points to %(name)s") % {"what": clue.words, "name": shown}
    return _("%(what)s is shared by %(names)s") % {"what": clue.words, "names": shown}


def listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence: "A, B and C"."""
    *others, last = sorted(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(others), "last": last} if others else last
