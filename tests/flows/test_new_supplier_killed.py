"""A worker killed with -9 while it makes a supplier: the next one goes on where it was, and there is one card."""

import sqlite3
import time

import pytest

from tests.flows.test_new_suppliers import ACCOUNTS, BANK_ACCOUNTS, THEIR_IBAN
from tests.processes import Place

KILLED = """
import django
django.setup()
from django.core.management import call_command
from tests.flows.conftest import BAKERY, link
from apps.exact import registration, signing_in
from apps.exact.visitor import Visitor
from apps.sandbox import faults, switches
from apps.intake.keeping import keep
from apps.invoices.processing import process
from apps.invoices import creating
from apps.vendors.models import Question
from tests.invoices.documents import xml
from tests.people.factories import UserFactory
from tests.flows.test_new_suppliers import FORM, VENDOR
signing_in.complete(Visitor().consent(signing_in.begin(registration.default_app()), divisions=[BAKERY]))
switches.change(minute_limit=10_000)
books = link(BAKERY)
keep([("1.xml", xml(receiver=books.identifiers.get(kind="kvk").value, **VENDOR))], channel="upload")
process()
creating.create(Question.objects.get(), FORM, by=UserFactory())
faults.arm("{fault}", method="POST", path="{path}", seconds=60)
"""
DELIVER = """
import django
django.setup()
from apps.exact.models import Division
from apps.exact import syncing
from apps.invoices.tasks import deliver, sweep
division = Division.objects.exclude(administration=None).get()
for _round in range({rounds}):
    deliver(division.pk)
    syncing.run(division)
    sweep()
"""
LOOK = """
import django
django.setup()
from apps.vendors.models import Question
from tests.flows.test_new_suppliers import accounts_of, cards
(card,) = cards()
print(accounts_of(card), str(Question.objects.get().supplier) == card.key)
"""


@pytest.mark.parametrize(
    ("fault", "path"),
    [("stall", ACCOUNTS), ("stall_answer", ACCOUNTS), ("stall_answer", BANK_ACCOUNTS)],
)
def test_the_next_worker_goes_on_where_a_killed_one_was(
    place: Place, monkeypatch: pytest.MonkeyPatch, fault: str, path: str
) -> None:
    for name, value in (("DIVISION_LEASE_SECONDS", "3"), ("SETTLE_SECONDS", "0")):
        monkeypatch.setenv(name, value)
    place.run("-c", KILLED.format(fault=fault, path=path))
    worker = place.start("-c", DELIVER.format(rounds=1))
    try:
        _wait_until_stalled(place)
        time.sleep(0.5)
    finally:
        worker.kill()
        worker.communicate()
    time.sleep(3)
    place.run("-c", DELIVER.format(rounds=3))
    assert place.run("-c", LOOK).strip() == f"['{THEIR_IBAN}'] True"


def _wait_until_stalled(place: Place) -> None:
    for _tenth in range(300):
        with sqlite3.connect(place.data_dir / "sandbox.sqlite3") as database:
            if list(database.execute("SELECT 1 FROM sandbox_fault WHERE times = 0")):
                return
        time.sleep(0.1)
    raise AssertionError("The worker never came to the stalled call.")
