"""Every step of a delivery with every fault, workers that are killed, a database that is restarted: each booked once.

A small run of what `make faults` does at large: each fourth combination, which is each step and each fault.
"""

import json
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection

from tests.matrix.cluster import programs
from tests.matrix.combinations import STEPS, TROUBLES
from tests.shared import ROOT

INVOICES, DIVISIONS, WORKERS, EVERY = 30, 6, 3, 4


@pytest.mark.skipif(programs() is None, reason="initdb of PostgreSQL is not on this machine")
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="with PostgreSQL alone: it is restarted meanwhile"
)
def test_every_fault_at_every_step_leaves_one_entry_and_one_document_each() -> None:
    size = ["--invoices", str(INVOICES), "--divisions", str(DIVISIONS), "--workers", str(WORKERS)]
    command = [sys.executable, "tests/matrix/run.py", *size, "--every", str(EVERY)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert (found["wrong"], found["not_hit"], found["orphans"]) == ([], [], [])
    assert found["most_at_once_in_a_division"] == 1
    assert done.returncode == 0
    hit = Counter(found["hit"])
    assert len(hit) == found["combinations"] >= len(STEPS) * len(TROUBLES) // EVERY - len(TROUBLES)
    assert {name.partition(" x ")[0] for name in hit} == {each.name for each in STEPS}
    assert found["kills"] > 0 < found["restarts"]
    assert {name.partition(" x ")[2] for name in hit} == {each.name for each in TROUBLES}
