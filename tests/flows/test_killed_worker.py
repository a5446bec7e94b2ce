"""A worker killed with -9 between two writes: the next one goes on where it was."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from typing import Any

import pytest

from tests.processes import Place
from tests.shared import ROOT

SET_UP = """
import django
django.setup()
from tests.flows.conftest import BAKERY, link
from apps.exact import registration, signing_in
from apps.exact.visitor import Visitor
from apps.intake.keeping import keep
from apps.invoices.demo import FIXTURES
from apps.invoices.processing import process
from apps.sandbox import faults
signing_in.complete(Visitor().consent(signing_in.begin(registration.default_app()), divisions=[BAKERY]))
link(BAKERY)
name = "01-zwaluw-bloem.xml"
keep([(name, (FIXTURES / "documents" / name).read_bytes())], channel="upload")
process()
faults.arm("{fault}", method="POST", path="{path}", seconds=60)
"""


@pytest.fixture
def world(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An installation of its own in which nobody is waited for long."""
    monkeypatch.setenv("DIVISION_LEASE_SECONDS", "3")
    monkeypatch.setenv("SETTLE_SECONDS", "0")
    return place


def begin(world: Place, *arguments: str) -> subprocess.Popen[str]:
    """Start what will be killed: what it says is nobody's business, so that no pipe fills."""
    return subprocess.Popen([sys.executable, *arguments], env=world.environment, cwd=ROOT, text=True)


def sandbox_rows(world: Place, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(world.data_dir / "sandbox.sqlite3") as database:
        return list(database.execute(query))


def wait_until_stalled(world: Place) -> None:
    for _tenth in range(300):
        if sandbox_rows(world, "SELECT 1 FROM sandbox_fault WHERE times = 0"):
            return
        time.sleep(0.1)
    raise AssertionError("The worker never came to the stalled call.")


@pytest.mark.parametrize(
    ("fault", "path"),
    [
        ("stall", "purchaseentry/PurchaseEntries"),
        ("stall_answer", "purchaseentry/PurchaseEntries"),
        ("stall_answer", "documents/Documents"),
    ],
)
def test_the_next_worker_goes_on_where_a_killed_one_was(world: Place, fault: str, path: str) -> None:
    world.run("-c", SET_UP.format(fault=fault, path=path))
    worker = begin(world, "manage.py", "deliver")
    try:
        wait_until_stalled(world)
        time.sleep(0.5)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    world.run("manage.py", "deliver", "--json")
    status = json.loads(world.run("manage.py", "status", "--json"))
    assert status["states"] == {"DONE": 1}
    counts: dict[str, int] = dict(
        sandbox_rows(
            world,
            "SELECT resource, count(*) FROM sandbox_row WHERE resource IN "
            "('documents/Documents', 'documents/DocumentAttachments', 'purchaseentry/PurchaseEntries') "
            "GROUP BY resource",
        )
    )
    assert counts == {
        "documents/Documents": 1,
        "documents/DocumentAttachments": 2,  # the original, and a page made of it
        "purchaseentry/PurchaseEntries": 1,
    }


ROUND = "import django; django.setup(); from apps.invoices.tasks import deliver_round; deliver_round()"


def test_another_round_goes_on_where_a_killed_one_was(world: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLD_BACK_MINUTES", "0")
    monkeypatch.setenv("ROUNDS_AT_ONCE", "2")
    world.run("-c", SET_UP.format(fault="stall_answer", path="purchaseentry/PurchaseEntries"))
    worker = begin(world, "-c", ROUND)
    try:
        wait_until_stalled(world)
        other = begin(world, "-c", ROUND)
        time.sleep(0.5)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert other.wait(timeout=60) == 0
    assert json.loads(world.run("manage.py", "status", "--json"))["states"] == {"DONE": 1}
    assert sandbox_rows(
        world, "SELECT count(*) FROM sandbox_row WHERE resource = 'purchaseentry/PurchaseEntries'"
    ) == [(1,)]
