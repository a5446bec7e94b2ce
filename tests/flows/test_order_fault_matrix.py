"""Each call of an order and of its change with each fault: one order, one document, one file, and the change made once.

In one process, and thus without what kills one (`test_killed_at_an_order` does that).
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest

from apps.posting.drain import drain
from apps.posting.models import Posting, PostingState
from apps.sandbox import faults, time
from apps.sandbox.exact import store
from apps.sandbox.models import Fault
from tests.posting.buying import INVOICES, LINES, ORDERS, Buyer, make_buyer
from tests.posting.conftest import ATTACHMENTS, DOCUMENTS, NOON, again, make_desk
from tests.posting.test_changing import line_step

pytestmark = pytest.mark.django_db

TROUBLES = (
    "error_before_commit",
    "error_after_commit",
    "dropped_before",
    "dropped_answer",
    "too_many",
    "expired_token",
)
# The call that is hit, and before it the fault at a write that makes it necessary: method, path, (kind, path).
CALLS = {
    "look at first": ("GET", ORDERS, None),
    "document": ("POST", DOCUMENTS, None),
    "file": ("POST", ATTACHMENTS, None),
    "order": ("POST", ORDERS, None),
    "look for a document": ("GET", DOCUMENTS, ("dropped_answer", DOCUMENTS)),
    "look for a file": ("GET", ATTACHMENTS, ("dropped_answer", ATTACHMENTS)),
    "look for an order that is there": ("GET", ORDERS, ("dropped_answer", ORDERS)),
    "look for an order that is not there": ("GET", ORDERS, ("dropped_before", ORDERS)),
}
CHANGES = {
    "look at a line": ("GET", LINES, None),
    "line": ("PUT", LINES, None),
    "look at a changed line": ("GET", LINES, ("dropped_answer", LINES)),
    "look at a line that was not changed": ("GET", LINES, ("dropped_before", LINES)),
}
ROUNDS = 6


@pytest.fixture
def buyer(db: None, request: pytest.FixtureRequest) -> Iterator[Buyer]:
    """A buyer at the first division of the firm, connected at noon."""
    time.move_to(NOON)
    yield make_buyer(make_desk(request.getfixturevalue("division")).division)
    faults.clear()


def arm(verb: str, trouble: str, call: tuple[str, str, tuple[str, str] | None], postings: int) -> None:
    method, path, before = call
    if before:
        faults.arm(before[0], method=verb, path=before[1])
        if path in (ORDERS, LINES):  # the looks before the first write go well
            faults.arm("stall", method=method, path=path, times=postings)
    faults.arm(trouble, method=method, path=path)


def deliver(buyer: Buyer) -> None:
    """Drain as the clock would: again and again, each time when all pauses are over."""
    for _round in range(ROUNDS):
        drain(buyer.division, at_once=True)
        time.advance(timedelta(minutes=61))
    assert not Fault.objects.filter(times__gt=0).exists()  # each was met


def assert_done(posting: Posting) -> None:
    kept = again(posting)
    assert (kept.state, kept.adopted) == (PostingState.DONE, False), kept.words


@pytest.mark.parametrize(("call", "trouble"), list(product(CALLS, TROUBLES)))
def test_every_fault_at_every_call_leaves_one_order_and_one_document(
    buyer: Buyer, call: str, trouble: str
) -> None:
    before = len(buyer.rows(ORDERS))
    postings = [buyer.posting(f"PO {number}", quantity=number + 1) for number in range(2)]
    arm("POST", trouble, CALLS[call], len(postings))
    deliver(buyer)
    for posting in postings:
        assert_done(posting)
        assert set(buyer.counts(posting).values()) == {1}
    assert len(buyer.rows(ORDERS)) == before + len(postings)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_every_fault_at_a_purchase_invoice_leaves_one(buyer: Buyer, trouble: str) -> None:
    posting = buyer.invoice()
    faults.arm(trouble, method="POST", path=INVOICES)
    deliver(buyer)
    assert_done(posting)
    assert set(buyer.counts(posting, INVOICES).values()) == {1}


@pytest.mark.parametrize(("call", "trouble"), list(product(CHANGES, TROUBLES)))
def test_every_fault_at_every_call_of_a_change_leaves_the_order_changed_once(
    buyer: Buyer, call: str, trouble: str
) -> None:
    ordered = buyer.posting()
    drain(buyer.division)
    step = line_step(buyer, str(again(ordered).exact_id), QuantityInPurchaseUnits=7.0)
    posting = buyer.change(step)
    arm("PUT", trouble, CHANGES[call], 1)
    deliver(buyer)
    assert again(posting).state == PostingState.DONE
    row = store.find(LINES, buyer.division.code, str(UUID(step["changes"])))
    assert row
    assert row.data["QuantityInPurchaseUnits"] == 7
