"""Everything that comes in by any door is in the books once, whatever breaks on the way.

A small run of what `make doors` does at large: each door, each fault, workers that are killed.
"""

import json
import subprocess
import sys

import pytest

from tests.doors.plan import Fault
from tests.dovecot import PROGRAM, WHY_NOT
from tests.shared import ROOT

RECEIPTS, FAULTS = 150, 25  # in a hundred


@pytest.mark.skipif(not PROGRAM, reason=WHY_NOT)
def test_the_books_balance_after_faults_at_every_door() -> None:
    size = ["--receipts", str(RECEIPTS), "--faults", str(FAULTS), "--seed", "9", "--sqlite"]
    command = [sys.executable, "tests/doors/run.py", *size]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert done.returncode == 0
    assert {name for name, times in found["faults_had"].items() if times} == set(Fault) - {Fault.NONE}
    assert found["kills"] > 0 < found["lines_cut"]
    assert found["parts"] == sum(found["outcomes"].values()) > RECEIPTS
    assert {"document", "duplicate", "attachment", "ignored", "rejected"} <= set(found["outcomes"])
