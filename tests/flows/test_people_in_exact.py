"""People and Postkamer at the same document: nobody's evidence goes, nothing is said that is not so."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.exact import mirror
from apps.exact.client import Exact
from apps.exact.models import ConnectionStatus, Division, Relation
from apps.invoices import following, tasks, trail_filing
from apps.invoices.delivering import deliver
from apps.invoices.models import InExact, Invoice, Outcome, State
from apps.invoices.reviewing import Refused, accept, ignore, note, reopen, retry, undo
from apps.people.models import User
from apps.posting.drain import drain
from apps.posting.health import left_behind
from apps.posting.models import Posting
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Call
from tests.flows.conftest import BAKERY, TakeIn
from tests.flows.test_afterwards import (
    BLOOM,
    DOCUMENTS,
    ENTRIES,
    again,
    booked,
    change,
    delete,
    hand_over,
    in_exact,
    look,
    person,
)

pytestmark = pytest.mark.django_db
__all__ = ["booked", "person"]  # fixtures of the other stories about this


@pytest.fixture
def refused(bakery: Division, take_in: TakeIn) -> Invoice:
    """A document whose booking Exact refused, after its document was made there; what was wrong is mended."""
    switches.change(minute_limit=10_000)
    journal = Administration.objects.get(division=bakery).purchase_journal
    Administration.objects.filter(division=bakery).update(purchase_journal="nowhere")
    (invoice,) = take_in(BLOOM)
    deliver(bakery, at_once=True)
    Administration.objects.filter(division=bakery).update(purchase_journal=journal)
    invoice = again(invoice)
    assert (invoice.state, len(in_exact(DOCUMENTS))) == (State.ATTENTION, 1)
    return invoice


def by_hand(division: Division, invoice: Invoice, **values: Any) -> dict[str, Any]:
    """Let somebody book `invoice` in Exact itself."""
    account = next(
        row.key
        for row in store.rows("financial/GLAccounts", BAKERY).order_by("mark")
        if row.data.get("Type") == 121
        and not (row.data.get("UseCostcenter") or row.data.get("UseCostunit") or row.data.get("IsBlocked"))
    )
    amounts = {"AmountFC": float(invoice.net), "VATAmountFC": float(invoice.tax or 0)}
    known = {
        "Journal": "60",
        "Supplier": str(invoice.supplier),
        "EntryDate": invoice.issue_date.isoformat(),
        "YourRef": invoice.number,
        "PurchaseEntryLines": [{"GLAccount": account, "VATCode": "1", **amounts}],
    }
    return Exact(division).post(ENTRIES, {**known, **values})


def another_supplier(division: Division, invoice: Invoice) -> Relation:
    assert invoice.supplier
    cards = Relation.objects.filter(division=division, is_supplier=True, blocked=False)
    card = cards.exclude(exact_id=invoice.supplier).first()
    assert card
    return card


def book_on(card: Relation, invoice: Invoice) -> None:
    """Let a person choose another supplier and book."""
    Invoice.objects.filter(pk=invoice.pk).update(supplier=card.exact_id)
    fresh = again(invoice)
    fresh.move(State.READY, who="test", why="another supplier", at=clock.now())


def agree(invoice: Invoice, by: User) -> None:
    fresh = again(invoice)
    if fresh.state == State.PROPOSED:
        accept(fresh, by=by, version=fresh.version)


def work(division: Division, rounds: int = 4) -> None:
    for _round in range(rounds):
        deliver(division, at_once=True)
        time.advance(timedelta(minutes=3))


def is_there(document: str) -> bool:
    return store.rows(DOCUMENTS, BAKERY).filter(key=document).exists()


def document_of(invoice: Invoice) -> str:
    posting = again(invoice).posting
    assert posting
    return str(posting.steps["document"]["id"])


# evidence


def test_a_document_on_which_somebody_booked_by_hand_stays_when_ours_is_put_aside(
    bakery: Division, refused: Invoice, person: User
) -> None:
    document = document_of(refused)
    by_hand(bakery, refused, Document=document)
    ignore(refused, by=person, why="booked by hand")
    deliver(bakery)
    assert (is_there(document), left_behind()) == (True, 0)


def test_a_handed_over_document_that_somebody_booked_meanwhile_is_not_taken_back(
    bakery: Division, take_in: TakeIn, person: User
) -> None:
    invoice = hand_over(bakery, take_in)
    document = document_of(invoice)
    by_hand(bakery, invoice, Document=document)
    undo(again(invoice), by=person)
    deliver(bakery)
    assert (again(invoice).outcome, is_there(document)) == (Outcome.HANDED_OVER, True)
    look(bakery)
    assert again(invoice).outcome == Outcome.BOOKED


def test_a_document_whose_removal_still_waits_is_not_booked_on(
    bakery: Division, refused: Invoice, person: User
) -> None:
    ignore(refused, by=person, why="by mistake")
    reopen(again(refused), by=person)
    faults.arm("dropped_before", method="POST", path=DOCUMENTS)  # the new document stays without an answer
    faults.arm("too_many", method="GET", path=DOCUMENTS)  # and the removal has to wait
    agree(refused, person)
    work(bakery, 6)
    assert again(refused).state == State.DONE
    (entry,) = in_exact(ENTRIES)
    assert is_there(entry.data["Document"])
    assert len(in_exact(DOCUMENTS)) == 1


@pytest.mark.parametrize("then", ["another supplier", "put aside"])
def test_the_document_of_an_entry_deleted_by_hand_hangs_on_nobody_else_and_is_not_forgotten(
    bakery: Division, booked: Invoice, person: User, then: str
) -> None:
    delete(booked, bakery)
    look(bakery)
    reopen(again(booked), by=person)
    if then == "put aside":
        ignore(again(booked), by=person, why="not for us")
        work(bakery)
        assert in_exact(DOCUMENTS) == []
        return
    book_on(another_supplier(bakery, booked), booked)
    work(bakery)
    (entry,), (document,) = in_exact(ENTRIES), in_exact(DOCUMENTS)
    assert (entry.data["Document"], document.data["Account"]) == (document.key, entry.data["Supplier"])


@pytest.mark.parametrize("on_another", [False, True])
def test_what_is_adopted_leaves_no_document_of_ours(
    bakery: Division, refused: Invoice, person: User, on_another: bool
) -> None:
    if on_another:
        card = another_supplier(bakery, refused)
        by_hand(bakery, refused, Supplier=str(card.exact_id))
        book_on(card, refused)
    else:
        by_hand(bakery, refused)
        retry(again(refused), by=person)
        agree(refused, person)
    work(bakery)
    invoice = again(refused)
    assert invoice.posting
    assert (invoice.state, invoice.posting.adopted) == (State.DONE, True)
    assert in_exact(DOCUMENTS) == []


def test_a_document_that_cannot_be_removed_in_the_end_is_counted(
    bakery: Division, refused: Invoice, person: User
) -> None:
    ignore(refused, by=person, why="not for us")
    for _time in range(14):
        faults.arm("gateway", method="DELETE", path=DOCUMENTS)
        deliver(bakery, at_once=True)
        time.advance(timedelta(hours=2))
    assert (len(in_exact(DOCUMENTS)), left_behind()) == (1, 1)
    assert not Posting.objects.open().exists()


def test_a_document_that_was_left_behind_and_is_used_again_counts_no_more(
    bakery: Division, booked: Invoice, person: User
) -> None:
    undo(again(booked), by=person)
    faults.arm("forbidden", method="DELETE", path=DOCUMENTS)
    deliver(bakery)
    assert (again(booked).state, left_behind()) == (State.PROPOSED, 1)
    agree(booked, person)
    work(bakery)
    assert (again(booked).state, len(in_exact(DOCUMENTS)), left_behind()) == (State.DONE, 1, 0)


# decisions


@pytest.mark.parametrize("act", ["switch", "retry"])
def test_what_was_taken_back_is_never_booked_again_without_a_person(
    bakery: Division, booked: Invoice, person: User, act: str
) -> None:
    undo(again(booked), by=person)
    deliver(bakery)
    invoice = again(booked)
    if act == "switch":
        tasks.method_switched(invoice.administration_id or 0, invoice.kind)
    else:
        retry(invoice, by=person)
    work(bakery)
    assert (again(booked).state, in_exact(ENTRIES)) == (State.PROPOSED, [])


def test_an_entry_that_was_edited_just_now_is_looked_at_before_it_is_removed(
    bakery: Division, booked: Invoice, person: User
) -> None:
    change(booked, YourRef="corrected by hand")
    undo(again(booked), by=person)
    deliver(bakery)
    assert (again(booked).state, len(in_exact(ENTRIES))) == (State.DONE, 1)
    look(bakery)
    assert again(booked).in_exact == InExact.CHANGED
    undo(again(booked), by=person)  # now the page says so
    deliver(bakery)
    assert (again(booked).state, in_exact(ENTRIES)) == (State.PROPOSED, [])


def test_on_pilot_nothing_is_written_by_any_button(bakery: Division, booked: Invoice, person: User) -> None:
    Administration.objects.filter(division=bakery).update(mode=Mode.PILOT)
    before = Call.objects.exclude(method="GET").count()
    with pytest.raises(Refused):
        undo(again(booked), by=person)
    with pytest.raises(trail_filing.CannotFile):
        trail_filing.file(again(booked), by="somebody")
    work(bakery)
    assert Call.objects.exclude(method="GET").count() == before


def test_on_pilot_a_document_that_is_put_aside_stays_in_exact_and_is_counted(
    bakery: Division, refused: Invoice, person: User
) -> None:
    Administration.objects.filter(division=bakery).update(mode=Mode.PILOT)
    before = Call.objects.exclude(method="GET").count()
    ignore(again(refused), by=person, why="not for us")
    work(bakery)
    assert (Call.objects.exclude(method="GET").count(), left_behind()) == (before, 1)


def test_letting_go_on_takes_no_pause_back(bakery: Division, person: User) -> None:
    stale = Administration.objects.get(division=bakery)
    Administration.objects.get(division=bakery).pause(by=person)
    stale.remark("goes on", by=person)
    assert Administration.objects.get(division=bakery).paused_at is not None


# what is said


def test_attempts_that_run_out_behind_a_removed_entry_do_not_call_it_booked(
    bakery: Division, booked: Invoice, person: User
) -> None:
    undo(again(booked), by=person)
    for _time in range(14):
        faults.arm("gateway", method="DELETE", path=DOCUMENTS)
        deliver(bakery, at_once=True)
        time.advance(timedelta(hours=2))
    assert (again(booked).state, in_exact(ENTRIES), left_behind()) == (State.PROPOSED, [], 1)


def test_a_user_who_may_not_see_documents_holds_nothing_up(
    bakery: Division, booked: Invoice, person: User
) -> None:
    undo(again(booked), by=person)
    faults.arm("forbidden", method="GET", path=DOCUMENTS)
    deliver(bakery)
    assert (again(booked).state, left_behind()) == (State.PROPOSED, 1)


def test_a_removal_that_ended_is_told_also_without_a_connection(
    bakery: Division, booked: Invoice, person: User
) -> None:
    undo(again(booked), by=person)
    drain(bakery)  # whoever did it was killed before it was told
    assert bakery.connection
    type(bakery.connection).objects.filter(pk=bakery.connection.pk).update(status=ConnectionStatus.LOST)
    rows = Division.objects.select_related("app", "connection", "administration")
    deliver(rows.get(pk=bakery.pk))
    assert again(booked).state == State.PROPOSED


@pytest.mark.parametrize("is_known", [True, False])
def test_what_somebody_booked_on_another_supplier_is_no_change_of_it(
    bakery: Division, take_in: TakeIn, is_known: bool
) -> None:
    invoice = hand_over(bakery, take_in)
    card = another_supplier(bakery, invoice)
    by_hand(bakery, invoice, Document=document_of(invoice), Supplier=str(card.exact_id))
    if not is_known:
        Invoice.objects.filter(pk=invoice.pk).update(supplier=None)
    assert (look(bakery), look(bakery)) == (1, 0)
    assert (again(invoice).outcome, again(invoice).in_exact) == (Outcome.BOOKED, InExact.NOTHING)


def test_an_entry_of_a_stranger_with_the_same_number_and_amount_is_not_ours(
    bakery: Division, take_in: TakeIn
) -> None:
    invoice = hand_over(bakery, take_in)
    card = another_supplier(bakery, invoice)
    by_hand(bakery, invoice, Supplier=str(card.exact_id))
    Invoice.objects.filter(pk=invoice.pk).update(supplier=None)
    assert look(bakery) == 0
    assert again(invoice).outcome == Outcome.HANDED_OVER


def test_two_looks_at_once_tell_once_and_leave_alone_what_a_person_saw(
    bakery: Division, booked: Invoice, person: User
) -> None:
    delete(booked, bakery)
    mirror.sync(bakery, ["ledger", "deleted"])
    rows = following._to_compare(bakery, 0)
    assert following.notice(bakery) == 1
    note(again(booked), by=person, version=again(booked).version)
    assert following._told(rows, bakery) == 0
    assert again(booked).in_exact_seen


def test_a_late_look_says_nothing_about_what_was_booked_again(
    bakery: Division, booked: Invoice, person: User
) -> None:
    delete(booked, bakery)
    mirror.sync(bakery, ["ledger", "deleted"])
    rows = following._to_compare(bakery, 0)
    following.notice(bakery)
    reopen(again(booked), by=person)
    agree(booked, person)
    work(bakery)
    assert following._told(rows, bakery) == 0
    assert again(booked).in_exact == InExact.NOTHING


def test_what_a_person_saw_is_not_told_again_in_other_words(
    bakery: Division, booked: Invoice, person: User
) -> None:
    card = another_supplier(bakery, booked)
    change(booked, Supplier=str(card.exact_id))
    look(bakery)
    note(again(booked), by=person, version=again(booked).version)
    Relation.objects.filter(pk=card.pk).update(name="Een andere naam")
    with translation.override("en"):
        assert following.notice(bakery) == 0
    assert again(booked).in_exact_seen
