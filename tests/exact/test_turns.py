"""Turns: one holder of a division, so many of a connection, and a sync that gives way to a posting."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.db import connections
from pytest_django import Settings

from apps.core import crew
from apps.exact import turns
from apps.exact.models import Division
from apps.exact.turns import TurnLost, turn
from apps.sandbox import time
from tests.exact.factories import ConnectionFactory, DivisionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.0)


def is_free(division: Division) -> bool:
    with turn(division) as held:
        return held is not None


def test_one_at_a_time_has_the_turn() -> None:
    division = DivisionFactory()
    with turn(division) as held:
        assert held
        assert not is_free(division)
    assert is_free(division)


def test_a_turn_is_given_back_after_trouble() -> None:
    division = DivisionFactory()
    with pytest.raises(KeyError), turn(division):
        raise KeyError
    assert is_free(division)


def test_a_turn_that_took_too_long_is_lost_and_its_holder_told(settings: Settings) -> None:
    settings.DIVISION_LEASE_SECONDS = 60
    division = DivisionFactory()
    with turn(division) as held:
        assert held
        time.advance(timedelta(seconds=50))
        held.renew()
        time.advance(timedelta(seconds=50))
        assert not is_free(division)
        time.advance(timedelta(seconds=11))
        with turn(division) as other:
            assert other
            with pytest.raises(TurnLost):
                held.renew()
            other.renew()


# places of a connection


@pytest.mark.usefixtures("_impatient")
def test_a_connection_has_only_so_many_places(settings: Settings) -> None:
    settings.CALLS_AT_ONCE = 2
    connection = ConnectionFactory()
    first, second, third = (DivisionFactory(connection=connection) for _ in range(3))
    with turn(first), turn(second):
        assert not is_free(third)
        assert is_free(DivisionFactory())
    assert is_free(third)


@pytest.mark.usefixtures("_impatient")
def test_the_last_places_are_for_postings(settings: Settings) -> None:
    settings.CALLS_AT_ONCE = 8
    connection = ConnectionFactory()
    last, *others = DivisionFactory.create_batch(8, connection=connection)
    with ExitStack() as stack:
        assert all(stack.enter_context(turn(division)) for division in others)
        assert not is_free(last)
        with turn(last, for_posting=True) as posting:
            assert posting


def test_a_place_is_waited_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CALLS_AT_ONCE, settings.DIVISION_LEASE_SECONDS = 1, 2
    monkeypatch.setattr(turns, "PATIENCE", 20.0)
    connection = ConnectionFactory()
    first, second = DivisionFactory.create_batch(2, connection=connection)
    with turn(first):
        assert is_free(second)


@pytest.mark.django_db(transaction=True)
def test_no_two_count_the_last_place(settings: Settings) -> None:
    settings.CALLS_AT_ONCE = 3
    divisions = DivisionFactory.create_batch(12, connection=ConnectionFactory())
    lock, at_once, most = threading.Lock(), 0, 0
    gate = threading.Barrier(8)

    def hold(number: int) -> int:
        nonlocal at_once, most
        gate.wait()
        done = 0
        for division in divisions[number % 3 :: 3] * 2:
            with turn(division) as held:
                if held is None:
                    continue
                with lock:
                    at_once += 1
                    most = max(most, at_once)
                done += 1
                threading.Event().wait(0.02)
                with lock:
                    at_once -= 1
        connections.close_all()
        return done

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(hold, range(8))) >= 12
    assert most == 3
    assert not Division.objects.exclude(lease=None).exists()


# giving way


def test_a_posting_that_finds_the_turn_taken_leaves_word_which_is_heard_once() -> None:
    division = DivisionFactory()
    with turn(division) as sync:
        assert sync
        assert not sync.is_wanted()
        with turn(division, for_posting=True) as posting:
            assert posting is None
        assert sync.is_wanted()
        assert not sync.is_wanted()


def test_a_posting_that_gets_its_turn_takes_its_word_back() -> None:
    division = DivisionFactory()
    with turn(division), turn(division, for_posting=True):
        pass
    with turn(division, for_posting=True) as posting:
        assert posting
        assert not posting.is_wanted()


def test_another_sync_leaves_no_word() -> None:
    division = DivisionFactory()
    with turn(division) as first:
        assert first
        assert not is_free(division)
        assert not first.is_wanted()


@pytest.mark.django_db(transaction=True)
def test_at_the_end_of_a_round_everybody_gives_way() -> None:
    division, seen = DivisionFactory(), []

    def work(_key: int) -> None:
        with turn(division) as held:
            assert held
            while not held.is_wanted():
                threading.Event().wait(0.05)
            seen.append(crew.time_is_up())

    crew.run(lambda: [1], work, threads=1, seconds=0.5)
    assert seen == [True]


def test_a_division_without_a_connection_has_turns_as_well() -> None:
    assert is_free(DivisionFactory(connection=None, app=ConnectionFactory().app))
