"""Every step of a delivery with every fault, workers that are killed, a database that is restarted: each there once.

Small runs of what `make faults` does at large, of invoices and of orders. Of the combinations each fourth is each step
and each fault; each eighth is each step and each fault but one.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence

import pytest
from django.db import connection

from tests.matrix.cluster import programs
from tests.matrix.combinations import TROUBLES, Step
from tests.matrix.invoices import Invoices
from tests.matrix.orders import Orders
from tests.shared import ROOT

DIVISIONS, WORKERS = 6, 3


@pytest.mark.skipif(programs() is None, reason="initdb of PostgreSQL is not on this machine")
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="with PostgreSQL alone: it is restarted meanwhile"
)
@pytest.mark.parametrize(
    ("kind", "steps", "documents", "every", "left_out"),
    [("invoices", Invoices.steps, 30, 4, 0), ("orders", Orders.steps, 24, 8, 1)],
)
def test_every_fault_at_every_step_leaves_each_in_exact_once(
    kind: str, steps: Sequence[Step], documents: int, every: int, left_out: int
) -> None:
    size = ["--documents", str(documents), "--divisions", str(DIVISIONS), "--workers", str(WORKERS)]
    command = [sys.executable, "tests/matrix/run.py", "--kinds", kind, *size, "--every", str(every)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert (found["wrong"], found["not_hit"], found["orphans"]) == ([], [], [])
    assert found["came_in"] == {kind: documents}
    assert found["most_at_once_in_a_division"] == 1
    assert done.returncode == 0
    hit = Counter(found["hit"])
    assert len(hit) == found["combinations"] >= len(steps) * len(TROUBLES) // every - len(TROUBLES)
    assert {name.partition(" x ")[0] for name in hit} == {f"{kind}: {each.name}" for each in steps}
    troubles = {name.partition(" x ")[2] for name in hit}
    assert len({each.name for each in TROUBLES} - troubles) == left_out
    assert found["kills"] > 0 < found["restarts"]
    assert found["orders_by_themselves"] > 0 or kind != "orders"
