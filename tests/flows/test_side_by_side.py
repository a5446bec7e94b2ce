"""Several worker processes over one database: many divisions at once, one caller in each, also when one is killed."""

import json
import signal
import subprocess
import time
from typing import Any

import pytest

from tests.processes import Place

SCRIPT = "tests/flows/side_by_side.py"


@pytest.fixture
def firm(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Six divisions that are due, for worker processes with short leases that may all hold rounds on this host."""
    for name, value in {
        "ROUNDS_AT_ONCE": "3",
        "DIVISIONS_AT_ONCE": "3",
        "DIVISION_LEASE_SECONDS": "6",
        "LOG_LEVEL": "ERROR",
    }.items():
        monkeypatch.setenv(name, value)
    place.run(SCRIPT, "set-up")
    return place


def worker(firm: Place, act: str) -> "subprocess.Popen[str]":
    process = firm.start(SCRIPT, act)
    assert process.stdout
    assert process.stdout.readline() == "begun\n", process.communicate()[1]
    return process


def finish(*workers: "subprocess.Popen[str]") -> None:
    for process in workers:
        _out, errors = process.communicate(timeout=150)
        assert process.returncode == 0, errors


def report(firm: Place) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(firm.run(SCRIPT, "report"))
    return found


def test_two_workers_sync_many_divisions_at_once_and_never_two_calls_in_one(firm: Place) -> None:
    finish(worker(firm, "sync"), worker(firm, "sync"))
    found = report(firm)
    assert (found["refused"], found["most_in_a_division"], found["missing"], found["troubles"]) == (
        0,
        1,
        [],
        [],
    )
    assert found["most_at_once"] >= 3


def test_what_a_killed_worker_was_reading_the_other_reads_to_its_end(firm: Place) -> None:
    killed, other = worker(firm, "sync"), worker(firm, "sync")
    time.sleep(1.5)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    finish(other)
    found = report(firm)
    assert (found["refused"], found["most_in_a_division"], found["missing"], found["troubles"]) == (
        0,
        1,
        [],
        [],
    )
