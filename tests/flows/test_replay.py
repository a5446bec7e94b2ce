"""A rule is tried on a year of bookings while workers are killed: what it says is what one counts by hand."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.processes import Place

# By hand: 70 + 3 of ours as they were booked, 12 otherwise, 5 without a supplier, 10 of somebody
# else; the card says 4600, so each of the 85 lines of the supplier would be proposed otherwise without the rule.
EXPECTED = {
    "looked_at": 100,
    "agrees": 73,
    "differs": 12,
    "changes": 85,
    "cannot_say": 5,
    "not_concerned": 10,
}
SET_UP = """
import django
django.setup()
from uuid import uuid4
from apps.exact.models import GLAccount
from apps.invoices import replay
from apps.people.models import Role
from apps.rules.models import BookingRule
from apps.rules.replay_spec import spec_of
from tests import office
from tests.exact.factories import RelationFactory
from tests.invoices.conftest import make_books
from tests.invoices.pasts import in_ledger, more_accounts, our_own
books = make_books()
more_accounts(books, "4600")
other = RelationFactory(division=books.division, name="Ketting B.V.")
for number in range(70):
    in_ledger(books, "4000", f"Touw {number}", days=1 + number * 5)
for number in range(12):
    in_ledger(books, "4600", f"Boei {number}")
for number in range(10):
    in_ledger(books, "4000", relation=other.exact_id)
for number in range(5):
    in_ledger(books, "4000", relation=None)
for number in range(3):
    entry = uuid4()
    our_own(books, "4000", entry=entry)
    in_ledger(books, "4000", entry=entry)
books.supplier.gl_account_purchase = GLAccount.objects.get(code="4600").exact_id
books.supplier.save()
in_ledger(books, "4000", days=500)
rule = BookingRule(name="Touw", supplier_contains="anker", gl_code="4000")
person = office.person(Role.REVIEWER, books.administration.client)
print(replay.ask(spec_of(rule, []), rule=None, by=person).pk)
"""
WORK = """
import sys, time
import django
django.setup()
from apps.invoices import replay, tasks
from apps.rules.models import Replay
replay.CHUNK, replay.LEASE = 3, 2
write = replay._write
def told(row, lease, **values):
    time.sleep(float(sys.argv[2]))
    kept = write(row, lease, **values)
    if kept and "looked_at" in values:
        with open("LOG", "a") as log:
            log.write("a chunk\\n")
    return kept
replay._write = told
tasks.replay_rule(int(sys.argv[1]))
"""
STAND = """
import json, sys
import django
django.setup()
from apps.rules.models import Replay
row = Replay.objects.get(pk=int(sys.argv[1]))
names = ("looked_at", "agrees", "differs", "changes", "cannot_say", "not_concerned", "total")
found = {name: getattr(row, name) for name in names}
found["listed"] = sorted(one["text"] for one in row.examples if one["kind"] == "differs")
print(json.dumps({**found, "is_done": row.finished_at is not None}))
"""


def stand(place: Place, key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(place.run("-c", STAND, key))
    return found


def wait_for_chunks(log: Path, chunks: int) -> None:
    for _hundredth in range(6_000):
        if log.exists() and len(log.read_text().splitlines()) >= chunks:
            return
        time.sleep(0.01)
    raise AssertionError("Nobody looked at anything.")


def kill(process: subprocess.Popen[str]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def test_killed_and_doubled_workers_count_each_line_once(place: Place) -> None:
    key = place.run("-c", SET_UP).split()[-1]
    log, seen = place.data_dir / "chunks", [0]
    work = WORK.replace("LOG", str(log))
    for killed in range(1, 4):
        workers = [place.start("-c", work, key, "0.2") for _both in range(2)]
        wait_for_chunks(log, 2 * killed)
        for worker in workers:
            kill(worker)
        now = stand(place, key)
        assert now["looked_at"] == sum(
            now[name] for name in ("agrees", "differs", "cannot_say", "not_concerned")
        )
        assert now["looked_at"] > seen[-1]
        seen.append(now["looked_at"])
        time.sleep(2.1)  # until the lease of the dead one has ended
    assert 0 < seen[-1] < EXPECTED["looked_at"], seen
    place.run("-c", work, key, "0")
    found = stand(place, key)
    assert found["is_done"]
    assert {name: found[name] for name in EXPECTED} == EXPECTED
    assert found["total"] == EXPECTED["looked_at"]
    assert found["listed"] == sorted(f"Boei {number}" for number in range(12))
