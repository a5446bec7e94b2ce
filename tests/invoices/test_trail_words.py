"""How moves and calls are named."""

from typing import Any

import pytest

from apps.invoices.models import InvoiceEvent, State
from apps.invoices.trail_words import ENDS, MOVES, call_words, move_words
from apps.posting.models import PostingCall

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"verb": "POST", "step": "entry", "status": 201, "answer": {"EntryNumber": 26}},
            "the entry: made, number 26",
        ),
        ({"verb": "POST", "step": "attachment 2", "status": 201}, "an attachment: made"),
        (
            {"verb": "POST", "step": "entry", "status": 0, "words": "Timed out"},
            "the entry: no answer came. Timed out",
        ),
        ({"verb": "POST", "step": "", "status": 500, "resource": "x/Y"}, "x/Y: Exact said no. "),
        (
            {"verb": "GET", "step": "look", "status": 200, "answer": {"rows": 2}},
            "looked whether it is there: 2 found",
        ),
        ({"verb": "DELETE", "step": "document", "status": 204}, "the document: removed"),
    ],
)
def test_a_call_is_told_in_words(values: dict[str, Any], words: str) -> None:
    assert call_words(PostingCall(**values)) == words


def test_every_move_has_a_name() -> None:
    for to in State.values:
        named = to in ENDS or any(to == reached for _from, reached in MOVES)
        assert named, to
        assert move_words(InvoiceEvent(from_state=State.IGNORED, to_state=to), first=False)


def test_the_first_event_is_the_reading() -> None:
    event = InvoiceEvent(from_state=State.RECEIVED, to_state=State.ATTENTION)
    assert move_words(event, first=True) == "Read and routed"
    assert move_words(event, first=False) == "Waits for a person"
