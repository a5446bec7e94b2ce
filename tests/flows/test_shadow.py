"""A trial over all sample documents: nothing is written into Exact, and what people book there is compared right."""

from collections import Counter
from typing import Any

import pytest

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.core.http import Rejected
from apps.exact import mirror
from apps.exact.client import Exact
from apps.exact.models import Division, SyncState
from apps.invoices import demo, shadowing, tasks
from apps.invoices.comparing import Field, Verdict
from apps.invoices.delivering import deliver, plan_of
from apps.invoices.going_live import go_live
from apps.invoices.models import Invoice, State, WaitsFor
from apps.posting.models import Posting
from apps.sandbox.models import Call, Switches

pytestmark = pytest.mark.django_db

ENTRIES = "purchaseentry/PurchaseEntries"
WRITES = ("POST", "PUT", "DELETE")


def quiet(_text: str) -> None:
    """Progress that nobody reads."""


def writes() -> int:
    """Return how many writes the sandbox's log holds; asking for tokens writes nothing into the books."""
    return Call.objects.filter(method__in=WRITES).exclude(path="oauth2/token").count()


@pytest.fixture
def trial(db: None) -> list[Division]:
    """All divisions of the firm on pilot, with every sample document taken in."""
    Switches.objects.update(minute_limit=10_000)
    demo.connect(quiet)
    demo.link(quiet)
    Administration.objects.update(mode=Mode.PILOT)
    assert len(list(demo.take_in(quiet))) > 50
    return list(Division.objects.select_related("app", "connection").exclude(administration=None))


def pilots(division: Division) -> list[Invoice]:
    rows = Invoice.objects.filter(administration=division.administration_id, waits_for=WaitsFor.PILOT)
    return list(rows.select_related("part", "administration").order_by("pk"))


def by_hand(invoice: Invoice, division: Division, **changes: Any) -> bool:
    """Book `invoice` in Exact as somebody would who agrees with us, but for `changes`; False when Exact refuses."""
    entry = plan_of(invoice, division, "nothing of ours")["steps"][-1]["payload"]
    del entry["ExternalLinkReference"]
    try:
        Exact(division).post(ENTRIES, {**entry, **changes})
    except Rejected:  # a period that is closed
        return False
    return True


def test_nothing_is_written_and_each_booking_by_hand_is_judged_right(trial: list[Division]) -> None:
    tasks.sweep()
    demo.book(quiet)
    for division in trial:
        deliver(division, at_once=True)
    assert writes() == 0
    assert Invoice.objects.count() > 50
    assert not Posting.objects.exists()
    assert sum(len(pilots(division)) for division in trial) >= 25

    meant: dict[int, Verdict] = {}
    for division in trial:
        for place, invoice in enumerate(pilots(division)):
            meant[invoice.pk] = (Verdict.EQUAL, Verdict.EQUAL, Verdict.DIFFERENT, Verdict.MISSING)[place % 4]
            if meant[invoice.pk] != Verdict.MISSING:
                other = {"YourRef": f"{invoice.number}."} if meant[invoice.pk] == Verdict.DIFFERENT else {}
                if not by_hand(invoice, division, **other):
                    meant[invoice.pk] = Verdict.MISSING
        mirror.sync_ledger(division)
    found = {}
    for division in trial:
        for one in shadowing.compare(pilots(division), division):
            found[one.invoice.pk] = one.verdict
            fields = {each.field for each in one.differences}
            assert fields == ({Field.YOUR_REF} if one.verdict == Verdict.DIFFERENT else set()), one
    assert found == meant
    assert len(Counter(meant.values())) == 3

    before = writes()
    for administration in Administration.objects.filter(division__in=trial):
        SyncState.objects.filter(division=administration.division, resource="ledger").update(
            synced_at=clock.now()
        )
        go_live(administration, by="Rosa")
    tasks.sweep()
    for key, state in Invoice.objects.filter(pk__in=meant).values_list("pk", "state"):
        assert (state == State.DONE) == (meant[key] != Verdict.MISSING)
        assert state in {State.DONE, State.PROPOSED, State.ATTENTION}
    assert writes() == before
