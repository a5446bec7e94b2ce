"""Does a document need a person, or may it go on? Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.clients.models import Mode
from apps.core.causes import Cause
from apps.core.states import State, WaitsFor

MOST_DETAILS = 10
# One person may decide to book in spite of these; all others need something that is missing, or a second person.
WAIVABLE = frozenset(
    {
        Cause.POSSIBLE_DOUBLE,
        Cause.TOTALS_DIFFER,
        Cause.PERIOD_CLOSED,  # filed: a later correction of the VAT return; closed is a gap
        Cause.NEEDS_APPROVAL,
    }
)


class Obstacle(NamedTuple):
    """One reason not to book, with what exactly is the matter, for people.

    `is_gap`: something is missing that no decision replaces, whatever was waived.
    """

    cause: str
    detail: str = ""
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The next state, with its cause or what it waits for."""

    state: str
    cause: str = ""
    detail: str = ""
    waits_for: str = ""


def _shown(details: Sequence[str]) -> str:
    """Return the first details, and how many more there are: a document may have thousands of lines."""
    more = len(details) - MOST_DETAILS
    rest = [_("and %(count)d more") % {"count": more}] if more > 0 else []
    return "\n".join([*details[:MOST_DETAILS], *rest])


def standing(obstacles: Sequence[Obstacle], waived: Collection[str]) -> list[Obstacle]:
    """Return the obstacles that a person did not waive, or cannot."""
    decided = WAIVABLE.intersection(waived)
    return [obstacle for obstacle in obstacles if obstacle.is_gap or obstacle.cause not in decided]


def decide(
    mode: str,
    obstacles: Sequence[Obstacle],
    *,
    waived: Collection[str],
    accepted: bool,
    reasons: Sequence[str] = (),
) -> Decision:
    """Return what becomes of a coded document.

    `obstacles` come gravest first; those of a `waived` cause no longer count, if it is one that may be waived.
    `accepted`: a person agreed with the booking as it now is. `reasons`: why one must, although nothing is missing.
    """
    left = standing(obstacles, waived)
    if left:
        details = [obstacle.detail for obstacle in left if obstacle.cause == left[0].cause]
        return Decision(State.ATTENTION, left[0].cause, _shown([detail for detail in details if detail]))
    if mode == Mode.PILOT:
        return Decision(State.READY, waits_for=WaitsFor.PILOT)
    if (mode == Mode.PROPOSE or reasons) and not accepted:
        return Decision(State.PROPOSED)
    return Decision(State.READY, waits_for=WaitsFor.HOLD_BACK)
