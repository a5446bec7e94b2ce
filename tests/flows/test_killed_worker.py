"""A worker killed with -9 between two writes: the next one goes on where it was."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connections

ROOT = Path(settings.BASE_DIR)
SET_UP = """
import django
django.setup()
from django.core.management import call_command
for database in ("default", "sandbox"):
    call_command("migrate", database=database, verbosity=0, interactive=False)
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
def world(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation of its own, on the database that these tests run on."""
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "SANDBOX": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DIVISION_LEASE_SECONDS": "3",
        "SETTLE_SECONDS": "0",
        "PYTHONPATH": str(ROOT),
    }
    default = connections["default"]
    if default.vendor == "sqlite":
        environment.pop("DATABASE_URL", None)
        yield environment
        return
    name = f"killed_{uuid4().hex[:12]}"
    parts = default.settings_dict
    account = f"{parts['USER']}:{parts['PASSWORD']}" if parts["PASSWORD"] else parts["USER"]
    server = f"postgres://{account}@{parts['HOST'] or '127.0.0.1'}:{parts['PORT'] or 5432}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        yield {**environment, "DATABASE_URL": f"{server}/{name}"}
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(world: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, env=world, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def sandbox_rows(world: dict[str, str], query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(Path(world["DATA_DIR"]) / "sandbox.sqlite3") as database:
        return list(database.execute(query))


def wait_until_stalled(world: dict[str, str]) -> None:
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
def test_the_next_worker_goes_on_where_a_killed_one_was(world: dict[str, str], fault: str, path: str) -> None:
    run(world, "-c", SET_UP.format(fault=fault, path=path))
    worker = subprocess.Popen([sys.executable, "manage.py", "deliver"], env=world, cwd=ROOT)
    try:
        wait_until_stalled(world)
        time.sleep(0.5)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    run(world, "manage.py", "deliver", "--json")
    status = json.loads(run(world, "manage.py", "status", "--json"))
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


def test_another_round_goes_on_where_a_killed_one_was(world: dict[str, str]) -> None:
    world["HOLD_BACK_MINUTES"] = "0"
    world["ROUNDS_AT_ONCE"] = "2"
    run(world, "-c", SET_UP.format(fault="stall_answer", path="purchaseentry/PurchaseEntries"))
    worker = subprocess.Popen([sys.executable, "-c", ROUND], env=world, cwd=ROOT)
    try:
        wait_until_stalled(world)
        other = subprocess.Popen([sys.executable, "-c", ROUND], env=world, cwd=ROOT)
        time.sleep(0.5)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert other.wait(timeout=60) == 0
    assert json.loads(run(world, "manage.py", "status", "--json"))["states"] == {"DONE": 1}
    assert sandbox_rows(
        world, "SELECT count(*) FROM sandbox_row WHERE resource = 'purchaseentry/PurchaseEntries'"
    ) == [(1,)]
