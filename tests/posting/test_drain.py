"""Draining a division: one holder, one posting after the other, and whatever goes wrong with one, the rest goes on."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event

import pytest
from django.db import OperationalError, connection
from psycopg import sql
from pytest_django import DjangoAssertNumQueries, Settings

from apps.clients.models import Administration
from apps.core import clock, crew, leases
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.exact import budget, windows
from apps.exact.blocking import Endpoints
from apps.exact.models import CallWindow, Division
from apps.exact.turns import turn
from apps.posting.drain import CONNECTION_PAUSE, FIRST_PAUSE, Drained, drain, goes_on_at
from apps.posting.models import Method, PostingCall, PostingState
from apps.sandbox import faults, switches, time
from tests.posting.conftest import (
    DOCUMENTS,
    ENTRIES,
    WRITES,
    Desk,
    again,
    close_connections,
    make_desk,
    posted,
    seconds_from_now,
)

pytestmark = pytest.mark.django_db

CountCalls = Callable[..., int]
LEDGER = "financialtransaction/TransactionLines"


def settle() -> None:
    """Let the time pass in which a write without an answer may still arrive, and every pause end."""
    time.advance(timedelta(hours=2))


def assert_once(desk: Desk, *postings: object) -> None:
    for posting in postings:
        counts = {resource: len(rows) for resource, rows in desk.of(posting).items()}  # type: ignore[arg-type]
        assert counts == dict.fromkeys(WRITES, 1)


def test_everything_that_is_due_is_written(desk: Desk) -> None:
    postings = [desk.posting(number) for number in ("1", "2", "3")]
    drained = drain(desk.division)
    assert (drained.done, drained.refused, drained.unclear, drained.stopped) == (3, 0, 0, "")
    assert_once(desk, *postings)


def test_a_drain_costs_the_ledger_and_three_calls_a_posting(desk: Desk, count_calls: CountCalls) -> None:
    desk.posting("warm")
    drain(desk.division)
    before = count_calls(division=desk.division.code)
    desk.posting("1")
    desk.posting("2")
    drained = drain(desk.division)
    assert drained.calls == count_calls(division=desk.division.code) - before == 1 + 2 * 3


def test_nothing_due_costs_no_call(desk: Desk, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    desk.posting(next_attempt_at=clock.now() + timedelta(minutes=1))
    with django_assert_num_queries(1):
        assert drain(desk.division) == Drained()
    assert posted() == 0


def test_at_once_takes_what_waits_for_the_clock_as_well(desk: Desk) -> None:
    posting = desk.posting(next_attempt_at=clock.now() + timedelta(days=1))
    assert drain(desk.division, at_once=True).done == 1
    assert again(posting).state == PostingState.DONE


def test_the_most_urgent_is_written_first(desk: Desk) -> None:
    desk.posting("none")
    desk.posting("late", due_date=date(2026, 12, 1))
    desk.posting("soon", due_date=date(2026, 10, 7))
    drain(desk.division)
    numbers = [again(posting).exact_number for posting in desk.division.postings.order_by("due_date", "pk")]
    by_date = {posting.due_date: posting.exact_number for posting in desk.division.postings.all()}
    assert len(numbers) == 3
    assert by_date[date(2026, 10, 7)] < by_date[date(2026, 12, 1)] < by_date[None]


def test_other_divisions_are_left_alone(desk: Desk) -> None:
    other = Division.objects.select_related("app", "connection").get(code=3100102)
    elsewhere = make_desk(other).posting()
    desk.posting()
    drain(desk.division)
    assert again(elsewhere).state == PostingState.WAITING


# who holds the division


def test_a_division_that_somebody_holds_is_left_to_them(desk: Desk, count_calls: CountCalls) -> None:
    posting = desk.posting()
    assert leases.take(desk.division, seconds=300)
    drained = drain(desk.division)
    assert (drained.busy, count_calls()) == (True, 0)
    assert again(posting).attempts == 0


def test_the_lease_of_a_holder_that_died_runs_out(desk: Desk) -> None:
    desk.posting()
    leases.take(desk.division, seconds=300)
    time.advance(timedelta(seconds=301))
    assert drain(desk.division).done == 1


def test_the_lease_is_given_back_also_after_trouble(desk: Desk) -> None:
    desk.posting()
    faults.arm("too_many", method="POST")
    drain(desk.division)
    desk.division.refresh_from_db()
    assert desk.division.lease is None


@pytest.mark.django_db(transaction=True)
def test_two_processes_write_each_posting_once(request: pytest.FixtureRequest) -> None:
    desk = make_desk(request.getfixturevalue("division"))
    postings = [desk.posting(str(n)) for n in range(4)]
    gate = threading.Barrier(3)

    def run(_n: int) -> Drained:
        gate.wait()
        try:
            return drain(Division.objects.select_related("app", "connection").get(pk=desk.division.pk))
        finally:
            close_connections()

    with ThreadPoolExecutor(3) as pool:
        drained = list(pool.map(run, range(3)))
    assert sum(one.done for one in drained) == 4
    assert posted() == 4 * len(WRITES)
    assert_once(desk, *postings)


# somebody booked it by hand


def test_what_was_booked_by_hand_is_adopted(desk: Desk) -> None:
    made = desk.by_hand()
    posting = desk.posting()
    before = posted()
    assert drain(desk.division).done == 1
    done = again(posting)
    assert (str(done.exact_id), done.exact_number, done.adopted) == (
        made["EntryID"],
        str(made["EntryNumber"]),
        True,
    )
    assert posted() == before


def test_a_credit_note_of_as_much_is_not_taken_for_the_invoice(desk: Desk) -> None:
    desk.by_hand(amount=-100.0)
    posting = desk.posting(amount=100.0)
    assert drain(desk.division).done == 1
    assert not again(posting).adopted
    assert_once(desk, posting)


def test_what_could_not_be_found_in_the_ledger_is_not_written(desk: Desk) -> None:
    posting = desk.posting()
    faults.arm("error_before_commit", method="GET")
    drained = drain(desk.division)
    assert (bool(drained.stopped), posted()) == (True, 0)
    assert (again(posting).attempts, again(posting).state) == (0, PostingState.WAITING)


# the division as a whole cannot go on


def test_a_spent_limit_stops_the_division_until_exact_says(desk: Desk) -> None:
    first, second = desk.posting("1", due_date=date(2026, 10, 6)), desk.posting("2")
    faults.arm("too_many", method="POST", path=ENTRIES)
    drained = drain(desk.division)
    assert drained.stopped
    assert (drained.done, posted()) == (0, 3)
    for posting in (first, second):
        kept = again(posting)
        assert (kept.state, kept.attempts, kept.words) == (PostingState.WAITING, 0, drained.stopped)
        assert 0 < seconds_from_now(kept.next_attempt_at) <= 60
    assert drain(desk.division) == Drained()
    settle()
    assert drain(desk.division).done == 2
    assert_once(desk, first, second)


def test_an_owner_must_act_and_meanwhile_nothing_is_tried(desk: Desk) -> None:
    posting = desk.posting()
    switches.block_user("BlockedUser")
    assert drain(desk.division).stopped
    kept = again(posting)
    assert (kept.attempts, kept.state) == (0, PostingState.WAITING)
    assert abs(seconds_from_now(kept.next_attempt_at) - CONNECTION_PAUSE.total_seconds()) < 5
    switches.block_user("")
    settle()
    assert drain(desk.division).done == 1


def test_an_interruption_keeps_what_was_unclear_unclear(desk: Desk) -> None:
    posting = desk.posting()
    faults.arm("dropped_answer", method="POST", path=DOCUMENTS)
    drain(desk.division)
    settle()
    faults.arm("too_many", method="GET", path=DOCUMENTS)
    assert drain(desk.division).stopped
    kept = again(posting)
    assert (kept.state, kept.attempts, kept.steps["document"]["state"]) == (
        PostingState.UNCLEAR,
        1,
        "started",
    )
    settle()
    assert drain(desk.division).done == 1
    assert_once(desk, posting)


def fill_minute(division: Division, left: int = 0) -> None:
    """Leave background work so many calls of this minute."""
    CallWindow.objects.filter(division=division).delete()
    limit = 60
    budget.spend(division, budget.Purpose.PERSON)
    CallWindow.objects.filter(division=division).update(minute_limit=limit, minute_used=limit - 3 - left)


@pytest.mark.parametrize("left", [0, 1, 2, 3])
def test_a_spent_budget_of_ours_stops_the_division_at_any_call_and_no_attempt_is_counted(
    desk: Desk, count_calls: CountCalls, left: int
) -> None:
    posting = desk.posting("warm")
    drain(desk.division)
    switches.change(minute_limit=60)
    posting = desk.posting()
    before = count_calls(division=desk.division.code)
    fill_minute(desk.division, left)
    drained = drain(desk.division)
    assert count_calls(division=desk.division.code) - before == left
    kept = again(posting)
    assert (kept.state, kept.attempts, kept.words) == (PostingState.WAITING, 0, drained.stopped)
    assert kept.next_attempt_at.second == windows.LATE
    assert goes_on_at(desk.division) == kept.next_attempt_at
    time.move_to(kept.next_attempt_at)
    assert drain(desk.division).done == 1
    assert count_calls(status=429) == 0
    assert_once(desk, posting)


def test_a_blocked_endpoint_stops_the_division_until_it_is_free_again(desk: Desk, english: None) -> None:
    posting = desk.posting()
    assert desk.division.connection
    for _refusal in range(6):
        Endpoints(desk.division, desk.division.connection, budget.Purpose.POSTING).note(ENTRIES)
    drained = drain(desk.division)
    kept = again(posting)
    assert ENTRIES in drained.stopped
    assert (kept.words, kept.attempts, kept.steps["entry"]["state"]) == (drained.stopped, 0, "unsent")
    assert 3500 < seconds_from_now(kept.next_attempt_at) <= 3600
    settle()
    assert drain(desk.division).done == 1
    assert_once(desk, posting)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_ledger_that_exact_does_not_give_is_told_in_words_and_nothing_is_written(
    desk: Desk, english: None, status: int
) -> None:
    posting = desk.posting()
    faults.arm("error_before_commit", method="GET", path=f"*/{LEDGER}", status=status)
    faults.arm("error_before_commit", method="GET", path="sync/Financial/TransactionLines", status=status)
    drained = drain(desk.division)
    kept = again(posting)
    assert kept.words == drained.stopped
    assert "does not let us read the ledger" in kept.words
    assert (kept.attempts, kept.state, posted()) == (0, PostingState.WAITING, 0)
    faults.clear()
    settle()
    assert drain(desk.division).done == 1


def test_a_sync_under_way_is_asked_to_give_way(desk: Desk) -> None:
    desk.posting()
    with turn(desk.division) as sync:
        assert sync
        assert drain(desk.division).busy
        assert sync.is_wanted()
    assert drain(desk.division).done == 1


@pytest.mark.django_db(transaction=True)
def test_at_the_end_of_a_round_no_posting_is_begun(request: pytest.FixtureRequest) -> None:
    desk = make_desk(request.getfixturevalue("division"))
    posting, drains = desk.posting(), []

    def work(_key: int) -> None:
        while not crew.time_is_up():
            Event().wait(0.05)
        drains.append(drain(desk.division))

    crew.run(lambda: [1], work, threads=1, seconds=0.3)
    assert [one.done for one in drains] == [0]
    assert (again(posting).attempts, posted()) == (0, 0)
    assert drain(desk.division).done == 1


# one posting goes wrong


def test_an_unclear_outcome_is_looked_for_before_anything_is_repeated(desk: Desk) -> None:
    unclear, next_one = desk.posting("1", due_date=date(2026, 10, 6)), desk.posting("2")
    faults.arm("dropped_answer", method="POST", path=ENTRIES)
    drained = drain(desk.division)
    assert (drained.unclear, drained.done) == (1, 1)
    assert (again(unclear).state, again(next_one).state) == (PostingState.UNCLEAR, PostingState.DONE)
    sent = posted(ENTRIES)
    settle()
    assert drain(desk.division).done == 1
    assert posted(ENTRIES) == sent
    assert not again(unclear).adopted
    assert_once(desk, unclear, next_one)


def test_a_write_that_may_still_arrive_is_not_repeated_before_its_time(
    desk: Desk, settings: Settings
) -> None:
    settings.SETTLE_SECONDS = 30
    posting = desk.posting()
    faults.arm("dropped_before", method="POST", path=ENTRIES)
    drain(desk.division)
    sent = posted(ENTRIES)
    time.advance(timedelta(seconds=10))
    assert drain(desk.division, at_once=True).unclear == 1
    assert (posted(ENTRIES), again(posting).looks) == (sent, 2)
    time.advance(timedelta(seconds=31))
    assert drain(desk.division, at_once=True).done == 1
    assert_once(desk, posting)


@pytest.mark.parametrize(("status", "waits"), [(500, False), (502, True), (503, True), (504, True)])
def test_an_error_of_exact_itself_needs_no_time_to_arrive_one_of_a_gateway_does(
    desk: Desk, status: int, waits: bool
) -> None:
    posting = desk.posting()
    faults.arm("error_before_commit", method="POST", path=ENTRIES, status=status)
    drain(desk.division)
    drained = drain(desk.division, at_once=True)
    assert (drained.unclear, drained.done) == ((1, 0) if waits else (0, 1))
    settle()
    drain(desk.division)
    assert_once(desk, posting)


def test_each_look_in_vain_waits_longer_and_at_most_an_hour(desk: Desk, settings: Settings) -> None:
    settings.SETTLE_SECONDS = 120
    posting = desk.posting()
    faults.arm("dropped_before", method="POST", path=DOCUMENTS)
    drain(desk.division)
    pauses = [seconds_from_now(again(posting).next_attempt_at)]
    faults.arm("error_before_commit", method="GET", path=DOCUMENTS, status=400, times=9)
    for _look in range(7):
        settle()
        drain(desk.division)
        pauses.append(round(seconds_from_now(again(posting).next_attempt_at)))
    assert [round(pause) for pause in pauses] == sorted(round(pause) for pause in pauses)
    assert pauses[1] > pauses[0] + 60
    assert pauses[-1] <= 3600


@pytest.mark.parametrize("state", [PostingState.SENDING, PostingState.WAITING])
def test_a_posting_whose_worker_was_killed_is_looked_for_first(desk: Desk, state: str) -> None:
    posting = desk.posting()
    faults.arm("dropped_answer", method="POST", path=ENTRIES)
    drain(desk.division)
    again(posting).put_off(until=clock.now(), words="", state=state)
    sent = posted(ENTRIES)
    settle()
    assert drain(desk.division).done == 1
    assert posted(ENTRIES) == sent
    assert_once(desk, posting)


def test_a_poisoned_posting_does_not_stop_those_behind_it(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    poisoned, healthy = desk.posting("1", due_date=date(2026, 10, 6)), desk.posting("2")
    del poisoned.plan["steps"][0]["resource"]
    poisoned.save(update_fields=["plan"])
    with caplog.at_level(logging.ERROR):
        drained = drain(desk.division)
    assert (drained.put_off, drained.done) == (1, 1)
    kept = again(poisoned)
    assert (kept.state, kept.attempts) == (PostingState.WAITING, 1)
    assert "KeyError" in kept.words
    assert seconds_from_now(kept.next_attempt_at) >= FIRST_PAUSE.total_seconds()
    assert poisoned.reference in caplog.text
    assert_once(desk, healthy)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_nothing_wrong_with_a_posting(request: pytest.FixtureRequest) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite locks no table on its own")
    desk = make_desk(request.getfixturevalue("division"))
    posting = desk.posting()
    calls = sql.Identifier(PostingCall._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    with connection.get_new_connection(connection.get_connection_params()) as other:
        other.execute(sql.SQL("LOCK TABLE {}").format(calls))
        with pytest.raises(OperationalError):
            drain(desk.division)
    connection.close()
    kept = again(posting)
    assert (kept.words, kept.steps["document"]["state"]) == ("", "started")
    settle()
    assert drain(desk.division).done == 1
    assert_once(desk, posting)


def test_after_its_last_attempt_a_posting_waits_for_a_person(desk: Desk, settings: Settings) -> None:
    settings.MAX_ATTEMPTS = 3
    sent = {"document": {"state": "started"}}
    spent = desk.posting("1", attempts=3, words="no answer", steps=sent)
    healthy = desk.posting("2", attempts=2)
    drained = drain(desk.division)
    assert (drained.refused, drained.done) == (1, 1)
    kept = again(spent)
    assert (kept.state, kept.cause, kept.words) == (
        PostingState.REFUSED,
        Cause.OUTCOME_UNCERTAIN,
        "no answer",
    )
    assert desk.of(spent)[ENTRIES] == []
    assert_once(desk, healthy)


def test_a_posting_that_never_got_as_far_as_sending_is_not_called_uncertain(
    desk: Desk, settings: Settings
) -> None:
    settings.MAX_ATTEMPTS = 3
    spent = desk.posting(attempts=3, words="the archive lost it")
    drain(desk.division)
    assert again(spent).cause == Cause.REJECTED_BY_EXACT


def test_what_exact_refuses_waits_for_a_person_and_the_next_goes_on(desk: Desk) -> None:
    refused, healthy = (
        desk.posting("1", entry={"Journal": "ZZ"}, due_date=date(2026, 10, 6)),
        desk.posting("2"),
    )
    drained = drain(desk.division)
    assert (drained.refused, drained.done) == (1, 1)
    assert again(refused).cause == Cause.REJECTED_BY_EXACT
    assert_once(desk, healthy)
    settle()
    assert drain(desk.division) == Drained()


def test_a_division_of_no_administration_can_be_drained(desk: Desk) -> None:
    assert desk.division.administration is None
    assert not Administration.objects.exists()
    desk.posting()
    assert drain(desk.division).done == 1


def test_huge_and_odd_amounts_are_booked_or_refused_with_a_reason(desk: Desk) -> None:
    for number, amount in (("huge", 9_999_999_999_999.99), ("nought", 0.0), ("cent", 0.01)):
        desk.posting(number, amount)
    drained = drain(desk.division)
    assert drained.done + drained.refused == 3
    for posting in desk.division.postings.filter(state=PostingState.REFUSED):
        assert posting.words


# Exact says something that nobody knows


def unheard(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Let Exact's next faults say `words`."""
    monkeypatch.setattr("apps.sandbox.mishaps._SERVER_WORDS", words)


def test_words_that_nobody_knows_go_to_a_person_after_one_look_that_finds_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting = desk.posting()
    unheard(monkeypatch, "Iets nieuws met 12 regels")
    faults.arm("error_before_commit", method="POST", path=ENTRIES, times=9)
    assert drain(desk.division).unclear == 1
    sent = posted(ENTRIES)
    settle()
    assert drain(desk.division).refused == 1
    assert posted(ENTRIES) == sent
    kept = again(posting)
    assert (kept.state, kept.cause, kept.words) == (
        PostingState.REFUSED,
        Cause.REJECTED_BY_EXACT,
        "Iets nieuws met 12 regels",
    )
    assert kept.steps["entry"] == {"state": "refused", "said": ""}


def test_words_that_nobody_knows_after_the_entry_was_made_are_no_refusal(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting = desk.posting()
    unheard(monkeypatch, "Iets nieuws")
    faults.arm("error_after_commit", method="POST", path=ENTRIES)
    drain(desk.division)
    settle()
    assert drain(desk.division).done == 1
    assert_once(desk, posting)


def test_a_posting_that_was_taken_back_while_it_was_read_is_not_sent(desk: Desk) -> None:
    posting = desk.posting()
    stale = again(posting)
    posting.delete()
    with pytest.raises(Changed):
        stale.claim()
    assert drain(desk.division) == Drained()


# documents alone


def test_a_document_alone_is_handed_over_without_a_look_at_the_ledger(
    desk: Desk, count_calls: CountCalls
) -> None:
    posting = desk.posting(method=Method.DOCUMENT)
    posting.plan["steps"] = posting.plan["steps"][:2]
    posting.save(update_fields=["plan"])
    faults.arm("dropped_answer", method="POST", path="documents/DocumentAttachments")
    drain(desk.division)
    settle()
    drained = drain(desk.division)
    assert drained.done == 1
    done = again(posting)
    document = desk.of(posting)[DOCUMENTS][0]
    assert (str(done.exact_id), done.exact_number) == (document.key, str(document.data["HID"]))
    assert document.key in done.exact_url
    assert [len(rows) for rows in desk.of(posting).values()] == [1, 1, 0]
    assert count_calls(LEDGER) == count_calls(f"sync/{LEDGER}") == 0
