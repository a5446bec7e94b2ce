"""Whatever goes wrong on the way to Exact: at the end each invoice has one entry, one document, each file once."""

from collections import Counter
from datetime import timedelta

import pytest
from pytest_django import Settings

from apps.exact.client import Exact
from apps.exact.models import Division
from apps.invoices.delivering import plan_of
from apps.invoices.management.commands.deliver import deliver_patiently
from apps.invoices.models import Invoice, State
from apps.posting.models import Posting
from apps.sandbox import faults, time
from apps.sandbox.models import Row
from tests.flows.conftest import BAKERY, TakeIn

DOCUMENTS = ("01-zwaluw-bloem.xml", "02-weidegoud-zuivel.xml", "03-duinwind-stroom.xml")
WRITES = ("documents/Documents", "documents/DocumentAttachments", "purchaseentry/PurchaseEntries")
UNCLEAR = ("error_before_commit", "error_after_commit", "dropped_before", "dropped_answer")


def in_exact(resource: str, invoice: Invoice) -> list[Row]:
    """Return the rows of the sandbox that carry the reference of `invoice`."""
    posting = Posting.objects.get(invoice=invoice)
    rows = Row.objects.filter(resource=resource, division=BAKERY)
    if resource == "documents/Documents":
        return [row for row in rows if posting.reference in (row.data.get("Subject") or "")]
    if resource == "documents/DocumentAttachments":
        document = posting.steps["document"]["id"]
        return [row for row in rows if row.data.get("Document") == document]
    return [row for row in rows if row.data.get("ExternalLinkReference") == posting.reference]


def assert_booked_once(invoices: list[Invoice]) -> None:
    for invoice in invoices:
        invoice.refresh_from_db()
        assert invoice.state == State.DONE, (invoice.cause, invoice.detail)
        planned = Counter(step["resource"] for step in Posting.objects.get(invoice=invoice).plan["steps"])
        for resource in WRITES:
            assert len(in_exact(resource, invoice)) == planned[resource], resource
        files = [row.data["FileName"] for row in in_exact("documents/DocumentAttachments", invoice)]
        assert invoice.part.filename in files
        assert len(set(files)) == len(files)
        entry = in_exact("purchaseentry/PurchaseEntries", invoice)[0]
        assert str(entry.data["EntryNumber"]) == invoice.exact_number
        assert entry.data["Document"] == in_exact("documents/Documents", invoice)[0].key


@pytest.fixture(autouse=True)
def _nothing_is_awaited(settings: Settings) -> None:
    settings.SETTLE_SECONDS = 0


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize("kind", [*UNCLEAR, "expired_token"])
def test_a_fault_at_a_write_leaves_one_entry_each(
    bakery: Division, take_in: TakeIn, kind: str, path: str
) -> None:
    invoices = take_in(*DOCUMENTS)
    faults.arm(kind, method="POST", path=path)
    deliver_patiently(bakery)
    deliver_patiently(bakery)
    assert_booked_once(invoices)


@pytest.mark.parametrize("kind", UNCLEAR)
def test_the_same_fault_at_every_first_write_leaves_one_entry_each(
    bakery: Division, take_in: TakeIn, kind: str
) -> None:
    invoices = take_in(*DOCUMENTS)
    for path in WRITES:
        faults.arm(kind, method="POST", path=path, times=len(DOCUMENTS))
    for _round in range(6):
        deliver_patiently(bakery)
    assert_booked_once(invoices)


def test_a_spent_limit_waits_for_the_clock_and_then_books(bakery: Division, take_in: TakeIn) -> None:
    invoices = take_in(*DOCUMENTS)
    faults.arm("too_many", method="POST", path="purchaseentry/PurchaseEntries")
    drained = deliver_patiently(bakery)
    assert drained.stopped
    assert Posting.objects.open().count() == len(invoices)
    time.advance(timedelta(seconds=62))  # the next minute, and the second that is left to clocks that differ
    deliver_patiently(bakery)
    assert_booked_once(invoices)


def test_a_lost_look_is_only_looked_again(bakery: Division, take_in: TakeIn) -> None:
    invoices = take_in(DOCUMENTS[0])
    faults.arm("dropped_answer", method="POST", path="purchaseentry/PurchaseEntries")
    faults.arm("dropped_answer", method="GET", path="purchaseentry/PurchaseEntries")
    for _round in range(3):
        deliver_patiently(bakery)
    assert_booked_once(invoices)


def test_what_somebody_booked_by_hand_is_adopted_and_not_booked_again(
    bakery: Division, take_in: TakeIn
) -> None:
    (invoice,) = take_in(DOCUMENTS[0])
    plan = plan_of(invoice, bakery, "")
    by_hand = {**plan["steps"][-1]["payload"], "ExternalLinkReference": None}
    entry = Exact(bakery).post("purchaseentry/PurchaseEntries", by_hand)
    before = Row.objects.filter(resource="purchaseentry/PurchaseEntries", division=BAKERY).count()
    deliver_patiently(bakery)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.exact_number) == (State.DONE, str(entry["EntryNumber"]))
    assert Posting.objects.get(invoice=invoice).adopted
    assert Row.objects.filter(resource="purchaseentry/PurchaseEntries", division=BAKERY).count() == before
