"""How a digital mailbox stands after a look."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.exact import mailbox_states
from apps.exact.mailbox_states import Before, Seen
from apps.exact.models import MailboxState

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
WAIT, HERE, THERE = 10, 100, 200
KEY = uuid4()
OURS, THEIRS = Seen(KEY, "a@b.example", HERE), Seen(KEY, "a@b.example", THERE)
UNBOUND = Seen(KEY, "a@b.example", None)


def row(**more: Any) -> dict[str, Any]:
    return {"ID": str(KEY), "Mailbox": "A@b.example ", "ForDivision": HERE, **more}


def after(state: str, seen: Seen | None, *, minutes: float | None = None, was_seen: bool = False) -> str:
    asked_at = None if minutes is None else NOW - timedelta(minutes=minutes)
    return mailbox_states.judged(Before(state, was_seen, asked_at), seen, HERE, NOW, WAIT)


@pytest.mark.parametrize(
    ("state", "seen", "minutes", "expected"),
    [
        ("none", OURS, None, "active"),
        ("fresh", OURS, 9, "fresh"),
        ("fresh", OURS, 10, "active"),
        ("fresh", None, 9, "fresh"),
        ("fresh", None, 10, "missing"),
        ("active", None, None, "missing"),
        ("active", THEIRS, None, "elsewhere"),
        ("fresh", THEIRS, 1, "elsewhere"),
        ("none", UNBOUND, None, "elsewhere"),
        ("fresh", UNBOUND, 1, "fresh"),
        ("fresh", UNBOUND, 10, "elsewhere"),
        ("none", None, None, "none"),
        ("forbidden", None, None, "forbidden"),
        ("trial", None, None, "trial"),
        ("refused", None, None, "refused"),
        ("elsewhere", None, None, "elsewhere"),
        ("trial", OURS, None, "active"),
        ("missing", OURS, 600, "active"),
    ],
)
def test_the_state_after_a_look(state: str, seen: Seen | None, minutes: float | None, expected: str) -> None:
    assert after(state, seen, minutes=minutes) == expected


def test_one_that_was_seen_elsewhere_and_is_gone_is_missing() -> None:
    assert after("elsewhere", None, was_seen=True) == "missing"


@given(
    st.sampled_from(MailboxState.values),
    st.sampled_from([OURS, THEIRS, None]),
    st.floats(0, 9.99),
    st.booleans(),
)
def test_nothing_is_missing_before_the_waiting_time(
    state: str, seen: Seen | None, minutes: float, was_seen: bool
) -> None:
    assert after(state, seen, minutes=minutes, was_seen=was_seen) in ("fresh", "elsewhere")


@pytest.mark.parametrize(
    ("minutes", "next_minute"),
    [(0, 1), (1, 5), (4.9, 5), (5, 10), (10, 15), (15, 60), (59.9, 60), (60, None)],
)
def test_it_is_looked_at_for_an_hour(minutes: float, next_minute: int | None) -> None:
    asked_at = NOW - timedelta(minutes=minutes)
    expected = asked_at + timedelta(minutes=next_minute) if next_minute else None
    assert mailbox_states.next_look(asked_at, NOW, WAIT) == expected


def test_what_nobody_asked_for_waits_for_the_night() -> None:
    assert mailbox_states.next_look(None, NOW, WAIT) is None


def test_the_one_of_the_own_division_is_chosen() -> None:
    other = row(ForDivision=THERE)
    assert mailbox_states.chosen([other, row()], "a@B.example", HERE) == OURS
    assert mailbox_states.chosen([other], "a@b.example", HERE) == THEIRS
    assert mailbox_states.chosen([row(ForDivision=None)], "a@b.example", HERE) == Seen(
        KEY, "a@b.example", None
    )
    assert mailbox_states.chosen([row(Mailbox="c@b.example"), row(ID="?")], "a@b.example", HERE) is None


def test_only_ones_own_default_mailbox_counts() -> None:
    assert mailbox_states.own([row()], HERE) == OURS
    assert mailbox_states.own([row()], THERE) is None
    assert mailbox_states.own([row(IsScanServiceMailbox=True)], HERE) is None
    assert mailbox_states.own([], HERE) is None
