"""The good rows of a list of mappings remembered, after a person saw what each would do."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.people.models import User
from apps.vendors import adopting
from apps.vendors.checking import APPLIED, Status, Verdict, check
from apps.vendors.exchange import Line
from apps.vendors.models import Origin

AT_ONCE = 1_000  # rows remembered by one request, of the 20,000 that a list may have


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a list: rows remembered now, rows that others changed since it was shown, rows still to do."""

    applied: int
    moved: tuple[Verdict, ...]
    left: int


def bring_in(lines: Sequence[Line], shown: dict[int, list[str]], *, by: User) -> Done:
    """Remember the good rows of a list that was shown before; `shown` are the marks that its rows had then.

    Every row is looked at anew, as `by` may see it now. One that would do something else than was shown is left and
    told; one that is the same by now was brought in already. At most AT_ONCE rows: the rest is left for the next call.
    """
    applied: list[Verdict] = []
    moved: list[Verdict] = []
    waiting: list[Verdict] = []
    for verdict in check(lines, by):
        before = shown.get(verdict.line.number, [""])
        if before[0] not in APPLIED or verdict.status is Status.SAME:
            continue
        if verdict.mark != before:
            moved.append(verdict)
        elif len(applied) >= AT_ONCE:
            waiting.append(verdict)
        else:
            (applied if _adopt(verdict, by) else moved).append(verdict)
    adopting.tell(verdict.administration for verdict in applied if verdict.administration)
    return Done(len(applied), tuple(moved), len(waiting))


def _adopt(verdict: Verdict, by: User) -> bool:
    administration, key, card = verdict.administration, verdict.key, verdict.card
    if administration is None or key is None or card is None:
        return False
    return adopting.adopt(administration, key, card, before=verdict.before, by=by, origin=Origin.IMPORT)
