"""Whatever happens in Exact and to us between two syncs: afterwards the mirrors hold what Exact holds."""

import os
import random
import signal
import sqlite3
import time as real_time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.exact import mirror
from apps.exact.models import Division
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Row
from tests.exact.truth import differences
from tests.processes import Place

CHANGED = {
    "crm/Accounts": "Name",
    "crm/BankAccounts": "BankAccountHolderName",
    "logistics/Items": "Description",
    "logistics/SupplierItem": "SupplierItemCode",
    "purchaseorder/PurchaseOrderLines": "Description",
    "financial/GLAccounts": "Description",
    "hrm/Costcenters": "Description",
    "vat/VATCodes": "Description",
    "financialtransaction/TransactionLines": "Description",
}
TRACELESS = {"hrm/Costcenters", "vat/VATCodes"}
SERVED = ("sync/CRM/Accounts", "crm/BankAccounts", "sync/Financial/TransactionLines", "sync/Deleted")
KINDS = ("dropped_before", "dropped_answer", "error_before_commit", "garbled")


class Life:
    """Random things that happen in one division."""

    def __init__(self, division: Division, number: int) -> None:
        self.code, self.random, self.made = division.code, random.Random(number), 0  # noqa: S311

    def happen(self) -> None:
        """Do one thing."""
        act: Any = self.random.choice(
            [self.change] * 5 + [self.create] * 3 + [self.delete] * 3 + [self.fail] * 3
        )
        act()
        time.advance(timedelta(seconds=self.random.randint(0, 90)))

    def some(self) -> Row:
        resource = self.random.choice(sorted(CHANGED))
        rows = store.rows(resource, self.code)
        return rows.order_by("key")[self.random.randrange(rows.count())]

    def change(self) -> None:
        row = self.some()
        store.put(row.resource, self.code, {**row.data, CHANGED[row.resource]: f"x{self.random.random()}"})

    def create(self) -> None:
        row = self.some()
        self.made += 1
        key = str(UUID(int=self.random.getrandbits(128), version=4))
        store.put(row.resource, self.code, {**row.data, "ID": key, "Code": f"Z{self.made}"})

    def delete(self) -> None:
        row = self.some()
        switches.delete(row.resource, self.code, row.key)

    def fail(self) -> None:
        faults.arm(self.random.choice(KINDS), path=self.random.choice(SERVED), method="GET", status=503)


@pytest.mark.parametrize("number", range(4))
def test_after_any_life_the_mirrors_are_equal_to_exact(division: Division, number: int) -> None:
    switches.change(minute_limit=10_000)
    life = Life(division, number)
    for _day in range(3):
        for _hour in range(4):
            for _ in range(6):
                life.happen()
            mirror.sync(division)
        if life.random.random() < 0.4:
            switches.move_division(division.code)
            mirror.restart(division)
        time.advance(timedelta(days=3))  # the comparison of the week comes along
    faults.clear()
    for _retry in range(2):
        mirror.sync(division)
    time.advance(timedelta(days=8))
    mirror.sync(division)  # what leaves no trace in Exact is found once a week
    assert differences(division) == {}


def test_a_killed_process_leaves_its_pages_and_at_most_one_is_read_twice(place: Place) -> None:
    place.run("-c", SET_UP)
    process = place.start("manage.py", "sync")
    try:
        wait_for_pages(place, 2)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    out = place.run("-c", GO_ON)
    kept, pages, wrong = out.strip().split("; ")
    assert int(kept) in (1000, 2000, 3000)
    assert int(pages) in (3, 4)
    assert wrong == "{}"


def wait_for_pages(place: Place, pages: int) -> None:
    """Wait until so many pages of relations were answered."""
    query = "SELECT count(*) FROM sandbox_call WHERE path = 'sync/CRM/Accounts' AND status = 200"
    for _tenth in range(600):
        with sqlite3.connect(place.data_dir / "sandbox.sqlite3") as database:
            if database.execute(query).fetchone()[0] >= pages:
                return
        real_time.sleep(0.1)
    raise AssertionError("The sync never came to its pages.")


SET_UP = """
import django
django.setup()
from apps.exact import linking, registration, signing_in
from apps.exact.models import Division
from apps.exact.visitor import Visitor
from apps.sandbox import seed, switches
seed.reset()
seed.add_division(4000001, relations=3000, bank_share=0.01, lines=200)
switches.change(minute_limit=10_000, latency_ms=500)
signing_in.complete(Visitor().consent(signing_in.begin(registration.default_app()), divisions=[4000001]))
linking.create_for(Division.objects.get(code=4000001))
"""
GO_ON = """
import django
django.setup()
from datetime import timedelta
from apps.exact import syncing
from apps.exact.models import Division, Relation
from apps.sandbox import calls, switches, time
from tests.exact.truth import differences
switches.change(latency_ms=0)
division = Division.objects.select_related("app", "connection__app").get(code=4000001)
assert syncing.run(division).busy
kept = Relation.objects.filter(division=division).count()
time.advance(timedelta(minutes=3))
assert syncing.divisions_due() == [division.pk]
assert syncing.sync_due(division) is None
pages = calls.count("sync/CRM/Accounts")
print(kept, pages, differences(division), sep="; ")
"""
