"""How the moves of a document are named, and how its trail is put in order."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from apps.core.states import State
from apps.core.trail import ENDS, MOVES, Listed, Step, Trail, move_words, moved

pytestmark = pytest.mark.usefixtures("english")

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)


def trail(**values: Any) -> Trail:
    """Return the trail of a document of which nothing is known but `values`."""
    nothing: dict[str, Any] = {"facts": (), "steps": (), "lists": (), "lines": ()}
    known = {"number": "PO-1", "changed_at": NOW, "is_in_test": False, "lines_title": "Ordered as"}
    return Trail(**{**nothing, **known, **values})


def test_every_move_has_a_name() -> None:
    for to in State.values:
        assert to in ENDS or any(to == reached for _from, reached in MOVES), to
        assert move_words(State.IGNORED, to, first=False)


def test_the_first_event_is_the_reading() -> None:
    event = SimpleNamespace(from_state="RECEIVED", to_state="ATTENTION", who="Postkamer", why="why", at=NOW)
    assert [step.title for step in moved([event, event])] == ["Read and routed", "Waits for a person"]
    assert moved([event])[0] == Step(NOW, "Read and routed", "Postkamer", "why")


def test_steps_stand_in_the_order_of_time_and_empty_lists_are_left_out() -> None:
    late, early = (Step(NOW + timedelta(hours=hours), "", "", "") for hours in (2, 1))
    made = trail(steps=(late, early), lists=(Listed("Findings", ()), Listed("Answers", ("one",))))
    assert made.steps == (early, late)
    assert [one.title for one in made.lists] == ["Answers"]
