"""What people do in Exact with what was booked there: noticed and told, and nothing is silently repeated."""

from datetime import timedelta
from typing import Any

import pytest

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.exact import mirror
from apps.exact.client import Exact
from apps.exact.models import Division
from apps.invoices import following
from apps.invoices.delivering import deliver
from apps.invoices.models import InExact, Invoice, Outcome, State
from apps.invoices.reviewing import Refused, accept, ignore, note, reopen, undo
from apps.people.models import User
from apps.posting.models import Method, Posting, PostingState
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import entries, store
from apps.sandbox.models import Call, Row
from tests.flows.conftest import BAKERY, TakeIn
from tests.invoices.factories import ActiveMethodFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db
BLOOM = "01-zwaluw-bloem.xml"
DOCUMENTS, ENTRIES = "documents/Documents", "purchaseentry/PurchaseEntries"


@pytest.fixture
def person() -> User:
    user: User = UserFactory()
    return user


@pytest.fixture
def booked(bakery: Division, take_in: TakeIn) -> Invoice:
    """A document that was booked, and whose entry the mirror knows."""
    switches.change(minute_limit=10_000)
    (invoice,) = take_in(BLOOM)
    deliver(bakery, at_once=True)
    look(bakery)
    invoice = again(invoice)
    assert (invoice.state, invoice.in_exact) == (State.DONE, InExact.NOTHING)
    return invoice


def again(invoice: Invoice) -> Invoice:
    rows = Invoice.objects.select_related("posting", "removal", "administration", "part")
    return rows.get(pk=invoice.pk)


def look(division: Division) -> int:
    """Read the ledger and what was deleted, as the sync does, and look what became of what was booked."""
    mirror.sync(division, ["ledger", "deleted"])
    return following.notice(division)


def in_exact(resource: str) -> list[Row]:
    """What Exact has of ours: documents and entries that carry a reference of Postkamer."""
    mark = "Subject" if resource == DOCUMENTS else "ExternalLinkReference"
    rows = Row.objects.filter(resource=resource, division=BAKERY)
    return [row for row in rows if "PK-" in (row.data.get(mark) or "")]


def change(invoice: Invoice, **values: Any) -> None:
    """Let somebody change the entry of `invoice` in Exact."""
    entry = store.rows(ENTRIES, BAKERY).get(key=str(again(invoice).posting.exact_id))  # type: ignore[union-attr]
    entries.change(entry, values, "")


def change_amount(invoice: Invoice, amount: float) -> None:
    entry = str(again(invoice).posting.exact_id)  # type: ignore[union-attr]
    line = store.rows("purchaseentry/PurchaseEntryLines", BAKERY).filter(parent=entry).order_by("key")[0]
    entries.change_line(line, {"AmountFC": amount}, "")


def delete(invoice: Invoice, division: Division) -> None:
    """Let somebody delete the entry of `invoice` in Exact."""
    Exact(division).delete(ENTRIES, again(invoice).posting.exact_id)  # type: ignore[union-attr,arg-type]


def test_an_entry_deleted_by_hand_is_told_and_not_booked_again(bakery: Division, booked: Invoice) -> None:
    delete(booked, bakery)
    assert look(bakery) == 1
    invoice = again(booked)
    assert (invoice.state, invoice.in_exact, invoice.in_exact_seen) == (State.DONE, InExact.DELETED, False)
    assert invoice.in_exact_detail in invoice.events.latest("pk").why
    for _minute in range(3):
        time.advance(timedelta(minutes=1))
        deliver(bakery, at_once=True)
        assert look(bakery) == 0
    assert in_exact(ENTRIES) == []


def test_it_is_booked_again_when_a_person_says_so(bakery: Division, booked: Invoice, person: User) -> None:
    delete(booked, bakery)
    look(bakery)
    reopen(again(booked), by=person)
    invoice = again(booked)
    assert (invoice.state, invoice.exact_number, invoice.touched) == (State.PROPOSED, "", True)
    accept(invoice, by=person, version=invoice.version)
    deliver(bakery, at_once=True)
    invoice = again(booked)
    assert (invoice.state, invoice.in_exact) == (State.DONE, InExact.NOTHING)
    assert (len(in_exact(ENTRIES)), len(in_exact(DOCUMENTS))) == (1, 1)
    assert look(bakery) == 0


def test_a_changed_amount_is_told_with_both_amounts(bakery: Division, booked: Invoice, person: User) -> None:
    change_amount(booked, 1.0)
    assert look(bakery) == 1
    invoice = again(booked)
    assert invoice.in_exact == InExact.CHANGED
    assert "→" in invoice.in_exact_detail
    assert look(bakery) == 0
    note(invoice, by=person, version=invoice.version)
    assert again(booked).in_exact_seen
    with pytest.raises(Refused):
        note(again(booked), by=person, version=again(booked).version)


def test_another_supplier_is_told_by_name(bakery: Division, booked: Invoice) -> None:
    card = next(
        row
        for row in store.rows("crm/Accounts", BAKERY)
        if row.data.get("IsSupplier") and not row.data.get("Blocked") and row.key != str(booked.supplier)
    )
    change(booked, Supplier=card.key)
    assert look(bakery) == 1
    detail = again(booked).in_exact_detail
    assert card.data["Name"] in detail
    assert booked.supplier_name in detail


def test_what_was_put_right_again_is_told_too(bakery: Division, booked: Invoice) -> None:
    change(booked, YourRef="something else")
    look(bakery)
    assert "something else" in again(booked).in_exact_detail
    change(booked, YourRef=booked.number)
    assert look(bakery) == 1
    assert (again(booked).in_exact, again(booked).in_exact_detail) == (InExact.NOTHING, "")


def process(invoice: Invoice) -> None:
    """Let Exact process the entry of `invoice`."""
    entry = str(again(invoice).posting.exact_id)  # type: ignore[union-attr]
    row = store.rows(ENTRIES, BAKERY).get(key=entry)
    store.put(ENTRIES, BAKERY, {**row.data, "Status": 50})
    for line in store.rows("financialtransaction/TransactionLines", BAKERY).filter(parent=entry):
        store.put("financialtransaction/TransactionLines", BAKERY, {**line.data, "Status": 50})


def test_a_processed_entry_is_told_and_cannot_be_taken_back(
    bakery: Division, booked: Invoice, person: User
) -> None:
    process(booked)
    assert look(bakery) == 1
    assert again(booked).in_exact == InExact.PROCESSED
    assert look(bakery) == 0
    with pytest.raises(Refused):
        undo(again(booked), by=person)


def test_what_is_taken_back_leaves_exact_and_returns_to_the_queue(
    bakery: Division, booked: Invoice, person: User
) -> None:
    undo(again(booked), by=person)
    under_way = again(booked)
    assert (under_way.state, under_way.outcome) == (State.POSTING, "")
    deliver(bakery)
    invoice = again(booked)
    assert (invoice.state, invoice.removal, invoice.exact_number) == (State.PROPOSED, None, "")
    assert in_exact(ENTRIES) == in_exact(DOCUMENTS) == []
    assert booked.exact_number in invoice.events.latest("pk").why
    accept(invoice, by=person, version=invoice.version)
    deliver(bakery, at_once=True)
    assert again(booked).state == State.DONE
    assert (len(in_exact(ENTRIES)), len(in_exact(DOCUMENTS))) == (1, 1)
    assert look(bakery) == 0


@pytest.mark.parametrize("path", [ENTRIES, DOCUMENTS])
@pytest.mark.parametrize("kind", ["error_after_commit", "dropped_before", "dropped_answer", "too_many"])
def test_no_lost_answer_leaves_half_of_it_in_exact(
    bakery: Division, booked: Invoice, person: User, kind: str, path: str
) -> None:
    undo(again(booked), by=person)
    faults.arm(kind, method="DELETE", path=path)
    deliver(bakery)
    assert again(booked).state in (State.POSTING, State.UNCERTAIN)
    time.advance(timedelta(minutes=2))
    deliver(bakery)
    assert again(booked).state == State.PROPOSED
    assert in_exact(ENTRIES) == in_exact(DOCUMENTS) == []


def test_what_exact_processed_meanwhile_stays_booked_and_says_why(
    bakery: Division, booked: Invoice, person: User
) -> None:
    undo(again(booked), by=person)
    process(booked)
    deliver(bakery)
    invoice = again(booked)
    assert (invoice.state, invoice.outcome, invoice.exact_number) == (
        State.DONE,
        Outcome.BOOKED,
        booked.exact_number,
    )
    assert invoice.done_at == booked.done_at
    assert len(in_exact(ENTRIES)) == 1
    assert not Call.objects.filter(method="DELETE").exists()


def test_what_somebody_booked_by_hand_first_is_never_removed_by_us(
    bakery: Division, booked: Invoice, person: User
) -> None:
    Posting.objects.filter(invoice=booked).update(adopted=True)
    with pytest.raises(Refused):
        undo(again(booked), by=person)


def test_a_document_that_was_left_by_a_refused_booking_goes_when_it_is_put_aside(
    bakery: Division, take_in: TakeIn, person: User
) -> None:
    switches.change(minute_limit=10_000)
    Administration.objects.update(purchase_journal="nowhere")
    (invoice,) = take_in(BLOOM)
    deliver(bakery, at_once=True)
    invoice = again(invoice)
    assert (invoice.state, len(in_exact(DOCUMENTS))) == (State.ATTENTION, 1)
    ignore(invoice, by=person, why="not for us")
    deliver(bakery)
    assert in_exact(DOCUMENTS) == []
    assert again(invoice).state == State.IGNORED
    assert not Posting.objects.open().exists()


def test_a_document_that_hangs_on_the_wrong_supplier_is_replaced(bakery: Division, take_in: TakeIn) -> None:
    switches.change(minute_limit=10_000)
    journal = Administration.objects.get(division=bakery).purchase_journal
    Administration.objects.filter(division=bakery).update(purchase_journal="nowhere")
    (invoice,) = take_in(BLOOM)
    deliver(bakery, at_once=True)
    Administration.objects.filter(division=bakery).update(purchase_journal=journal)
    posting = again(invoice).posting
    assert posting
    posting.plan["look"]["supplier"] = "00000000-0000-0000-0000-000000000001"
    posting.save(update_fields=["plan"])
    fresh = again(invoice)
    fresh.move(State.READY, who="test", why="mended", at=clock.now())
    deliver(bakery, at_once=True)
    assert again(invoice).state == State.DONE
    (document,) = in_exact(DOCUMENTS)
    assert document.data["Account"] == str(invoice.supplier)
    assert document.key == in_exact(ENTRIES)[0].data["Document"]


def hand_over(division: Division, take_in: TakeIn) -> Invoice:
    switches.change(minute_limit=10_000)
    administration = Administration.objects.get(division=division)
    ActiveMethodFactory(administration=administration, method=Method.DOCUMENT)
    (invoice,) = take_in(BLOOM)
    deliver(division, at_once=True)
    assert again(invoice).outcome == Outcome.HANDED_OVER
    return again(invoice)


@pytest.mark.parametrize("hangs_on_it", [True, False])
def test_what_was_handed_over_counts_as_booked_when_somebody_made_its_entry(
    bakery: Division, take_in: TakeIn, hangs_on_it: bool
) -> None:
    invoice = hand_over(bakery, take_in)
    assert look(bakery) == 0
    account = next(
        row.key
        for row in store.rows("financial/GLAccounts", BAKERY).order_by("mark")
        if row.data.get("Type") == 121
        and not (row.data.get("UseCostcenter") or row.data.get("UseCostunit") or row.data.get("IsBlocked"))
    )
    posting = invoice.posting
    assert posting
    line = {
        "GLAccount": account,
        "AmountFC": float(invoice.net),
        "VATCode": "1",
        "VATAmountFC": float(invoice.tax or 0),
    }
    mine = {"Document": posting.steps["document"]["id"], "YourRef": "own number"}
    made = Exact(bakery).post(
        ENTRIES,
        {
            "Journal": "60",
            "Supplier": str(invoice.supplier),
            "EntryDate": invoice.issue_date.isoformat(),
            "YourRef": invoice.number,
            "PurchaseEntryLines": [line],
            **(mine if hangs_on_it else {}),
        },
    )
    assert look(bakery) == 1
    invoice = again(invoice)
    assert (invoice.outcome, invoice.exact_number) == (Outcome.BOOKED, str(made["EntryNumber"]))
    assert made["EntryID"] in invoice.exact_url
    Exact(bakery).delete(ENTRIES, made["EntryID"])
    look(bakery)
    assert again(invoice).in_exact == InExact.DELETED


def test_a_document_alone_can_be_taken_back_too(bakery: Division, take_in: TakeIn, person: User) -> None:
    invoice = hand_over(bakery, take_in)
    undo(invoice, by=person)
    deliver(bakery)
    assert (again(invoice).state, in_exact(DOCUMENTS)) == (State.PROPOSED, [])


def test_a_paused_administration_removes_nothing_until_it_is_resumed(
    bakery: Division, booked: Invoice, person: User
) -> None:
    administration = booked.administration
    assert administration
    undo(again(booked), by=person)
    administration.pause(by=person)
    deliver(bakery)
    assert (again(booked).state, len(in_exact(ENTRIES))) == (State.POSTING, 1)
    administration.resume(by=person)
    deliver(bakery)
    assert again(booked).state == State.PROPOSED
    assert Administration.objects.get(pk=administration.pk).mode == Mode.AUTOMATIC
    assert Posting.objects.filter(state=PostingState.WITHDRAWN).count() == 1
