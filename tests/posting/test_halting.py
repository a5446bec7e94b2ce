"""A division stands still when somebody paused it, or when Exact refuses the same again and again."""

from datetime import date

import pytest
from django.db.models.signals import post_save
from django.utils import translation

from apps.clients.models import Administration
from apps.core import clock
from apps.core.causes import Cause
from apps.posting.drain import drain
from apps.posting.halting import EQUAL_REFUSALS, Streak, go_on, halt_of, standstill
from apps.posting.models import Halt, Posting, PostingCall, PostingState
from tests.clients.factories import AdministrationFactory
from tests.people.factories import UserFactory
from tests.posting.conftest import ENTRIES, Desk, again, posted

pytestmark = pytest.mark.django_db

NO_JOURNAL = {"Journal": "nope"}
NO_ACCOUNT = {"PaymentCondition": "nope"}


def wrong(desk: Desk, count: int, **entry: str) -> list[Posting]:
    """Postings that Exact refuses, all for the same reason."""
    return [desk.posting(f"wrong {n}", entry=entry or NO_JOURNAL) for n in range(count)]


def states(postings: list[Posting]) -> list[str]:
    return [again(posting).state for posting in postings]


def test_equal_refusals_in_a_row_halt_the_division_and_the_others_wait(desk: Desk, english: None) -> None:
    postings = wrong(desk, EQUAL_REFUSALS + 2)
    drained = drain(desk.division)
    assert drained.refused == EQUAL_REFUSALS
    assert posted(ENTRIES) == EQUAL_REFUSALS
    assert states(postings[EQUAL_REFUSALS:]) == [PostingState.WAITING] * 2
    halt = halt_of(desk.division)
    assert halt
    assert (halt.times, halt.cause) == (EQUAL_REFUSALS, Cause.REJECTED_BY_EXACT)
    assert halt.words in drained.stopped
    assert again(postings[-1]).words == drained.stopped == standstill(desk.division)


def test_a_halted_division_is_not_called_at_all(desk: Desk) -> None:
    wrong(desk, EQUAL_REFUSALS + 1)
    drain(desk.division)
    before = posted()
    drained = drain(desk.division, at_once=True)
    assert (bool(drained.stopped), drained.calls, posted()) == (True, 0, before)


def test_a_person_lets_it_go_on_and_one_more_refusal_does_not_halt_it_again(desk: Desk) -> None:
    postings = wrong(desk, EQUAL_REFUSALS + 1)
    right = desk.posting("right", due_date=None)
    drain(desk.division)
    halt, mender = halt_of(desk.division), UserFactory()
    assert halt
    assert go_on(halt, by=mender)
    assert not go_on(halt, by=mender)
    assert again(right).words == ""
    drained = drain(desk.division)
    assert (drained.refused, drained.done, drained.stopped) == (1, 1, "")
    assert states([postings[-1], right]) == [PostingState.REFUSED, PostingState.DONE]


def test_a_success_in_between_starts_the_count_anew(desk: Desk) -> None:
    first = [desk.posting(f"a{n}", entry=NO_JOURNAL, due_date=date(2026, 10, 1 + n)) for n in range(2)]
    desk.posting("right", due_date=date(2026, 10, 4))
    last = [desk.posting(f"b{n}", entry=NO_JOURNAL, due_date=date(2026, 10, 5 + n)) for n in range(2)]
    drained = drain(desk.division)
    assert (drained.refused, drained.done, drained.stopped) == (4, 1, "")
    assert states([*first, *last]) == [PostingState.REFUSED] * 4
    assert Halt.objects.get().times == 2


def test_refusals_for_different_reasons_halt_nothing(desk: Desk) -> None:
    for n in range(EQUAL_REFUSALS + 1):
        desk.posting(str(n), entry=NO_JOURNAL if n % 2 else NO_ACCOUNT)
    assert drain(desk.division).refused == EQUAL_REFUSALS + 1
    assert halt_of(desk.division) is None


def test_the_count_goes_on_over_drains_and_languages(desk: Desk) -> None:
    for number in range(EQUAL_REFUSALS):
        assert halt_of(desk.division) is None
        with translation.override("en" if number % 2 else "nl"):
            wrong(desk, 1)
            drain(desk.division)
    assert halt_of(desk.division)


def test_doubles_are_of_their_own_document_and_halt_nothing(desk: Desk) -> None:
    streak = Streak(desk.division)
    for cause, halts in ((Cause.POSSIBLE_DOUBLE, False), (Cause.REJECTED_BY_EXACT, True)):
        for number in range(EQUAL_REFUSALS):
            posting = desk.posting(f"{cause} {number}")
            posting.refuse(cause=cause, words="Gegeven bestaat reeds.")
            halt = streak.note(posting)
        assert bool(halt) == halts


# a pause


def paused(desk: Desk) -> Administration:
    administration: Administration = AdministrationFactory(paused_at=clock.now())
    desk.division.administration = administration
    desk.division.save(update_fields=["administration"])
    return administration


def test_to_a_paused_administration_nothing_is_sent_until_it_is_resumed(desk: Desk, english: None) -> None:
    posting = desk.posting()
    administration = paused(desk)
    drained = drain(desk.division, at_once=True)
    assert "paused" in drained.stopped
    assert (drained.calls, again(posting).words, again(posting).attempts) == (0, drained.stopped, 0)
    Administration.objects.filter(pk=administration.pk).update(paused_at=None)
    assert drain(desk.division).done == 1


def test_a_pause_in_the_middle_ends_the_step_under_way_and_goes_on_from_there(
    desk: Desk, english: None
) -> None:
    posting, behind = desk.posting("1", due_date=date(2026, 10, 6)), desk.posting("2")
    administration = paused(desk)
    rows = Administration.objects.filter(pk=administration.pk)
    rows.update(paused_at=None)

    def pause(**_sent: object) -> None:
        rows.update(paused_at=clock.now())

    post_save.connect(pause, sender=PostingCall)  # somebody presses the button while a call is under way
    try:
        drained = drain(desk.division)
    finally:
        post_save.disconnect(pause, sender=PostingCall)
    assert ("paused" in drained.stopped, posted()) == (True, 1)
    kept = again(posting)
    assert (kept.state, kept.attempts, list(kept.steps)) == (PostingState.WAITING, 0, ["document"])
    assert kept.steps["document"]["state"] == "done"
    assert again(behind).attempts == 0
    rows.update(paused_at=None)
    assert drain(desk.division).done == 2
    assert [len(rows) for rows in desk.of(posting).values()] == [1, 1, 1]
