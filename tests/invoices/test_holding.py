"""What happens to the documents of a division that stands still."""

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.clients.models import Administration
from apps.core import clock
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.exact.models import Division
from apps.invoices.delivering import deliver, deliver_due, hand_over, submit
from apps.invoices.due import divisions_due, divisions_with_work
from apps.invoices.holding import hold
from apps.invoices.models import Invoice, State, WaitsFor
from apps.invoices.reviewing import undo
from apps.people.models import User
from apps.posting import holding
from apps.posting.halting import go_on
from apps.posting.models import Posting, PostingState
from apps.sandbox import time
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import xml
from tests.people.factories import UserFactory
from tests.posting.factories import HaltFactory

pytestmark = pytest.mark.django_db


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("administration", "posting", "part").get(pk=invoice.pk)


def division(books: Books) -> Division:
    return Division.objects.select_related("app", "connection", "administration").get(pk=books.division.pk)


def sent(books: Books, number: str) -> Invoice:
    invoice = coded(xml(number=number))
    assert submit(invoice, books.division)
    return again(invoice)


def pause(books: Books) -> None:
    Administration.objects.filter(pk=books.administration.pk).update(paused_at=clock.now())


def resume(books: Books) -> None:
    Administration.objects.filter(pk=books.administration.pk).update(paused_at=None)


def past_the_minutes_for_undo() -> None:
    time.advance(timedelta(minutes=6))


def test_in_a_pause_ready_documents_wait_for_its_end_and_make_nothing_due(
    books: Books, english: None
) -> None:
    invoice = coded(xml())
    pause(books)
    past_the_minutes_for_undo()
    assert divisions_due() == [books.division.pk]
    assert deliver_due(books.division.pk) is None
    invoice = again(invoice)
    assert (invoice.state, invoice.waits_for, invoice.waits_until) == (State.READY, WaitsFor.PAUSE, None)
    assert not Posting.objects.exists()
    assert (divisions_due(), divisions_with_work()) == ([], [])
    assert "paused" in deliver(division(books), at_once=True).stopped
    resume(books)
    assert divisions_due() == [books.division.pk]
    hand_over(division(books), False, lambda: None)
    assert again(invoice).state == State.POSTING


def test_a_pause_leaves_the_minutes_for_undo_as_they_are(books: Books) -> None:
    invoice = coded(xml())
    pause(books)
    assert hold(division(books))
    kept = again(invoice)
    assert (kept.waits_for, kept.waits_until) == (WaitsFor.HOLD_BACK, invoice.waits_until)


def test_what_was_not_begun_comes_back_and_can_be_undone(books: Books, bookkeeper: User) -> None:
    invoice = sent(books, "1")
    pause(books)
    deliver(division(books))
    invoice = again(invoice)
    assert (invoice.state, invoice.waits_for, invoice.posting) == (State.READY, WaitsFor.PAUSE, None)
    assert not Posting.objects.exists()
    undo(invoice, by=bookkeeper)
    assert again(invoice).state == State.PROPOSED


@pytest.mark.parametrize(
    "begun",
    [
        {"steps": {"document": {"state": "done", "id": "d"}}},
        {"attempts": 1},
        {"looks": 1},
        {"state": PostingState.SENDING},
        {"state": PostingState.UNCLEAR},
    ],
)
def test_what_was_begun_is_never_taken_back(books: Books, begun: dict[str, object]) -> None:
    invoice = sent(books, "1")
    Posting.objects.update(**begun)
    pause(books)
    hold(division(books))
    assert again(invoice).state == State.POSTING
    assert Posting.objects.count() == 1
    assert divisions_due() == []
    resume(books)
    assert divisions_due() == [books.division.pk]


def test_who_takes_back_what_a_worker_begins_in_this_moment_changes_nothing(books: Books) -> None:
    invoice = sent(books, "1")
    Posting.objects.get().claim()
    with pytest.raises(Changed):
        holding.take_back(invoice, WaitsFor.PAUSE, "")
    kept = again(invoice)
    assert (kept.state, kept.events.filter(to_state=State.READY).count()) == (State.POSTING, 1)
    assert kept.posting


def test_what_is_finished_is_taken_over_in_a_pause_too(books: Books) -> None:
    invoice = sent(books, "1")
    Posting.objects.get().finish(exact_id=str(uuid4()), number="7", url="", adopted=False)
    pause(books)
    assert divisions_due() == [books.division.pk]
    deliver(division(books))
    assert again(invoice).state == State.DONE


def test_behind_a_halt_documents_wait_for_a_person_until_it_goes_on(books: Books) -> None:
    handed_over, ready = sent(books, "1"), coded(xml(number="2"))
    past_the_minutes_for_undo()
    halt = HaltFactory(division=books.division)
    assert deliver_due(books.division.pk) is None
    assert {again(handed_over).waits_for, again(ready).waits_for} == {WaitsFor.HALT}
    assert halt.words in again(handed_over).events.latest("pk").why
    assert (divisions_due(), divisions_with_work()) == ([], [])
    mender = UserFactory()
    assert go_on(halt, by=mender)
    remark = books.administration.history.first()
    assert (remark.history_user, halt.words in remark.history_change_reason) == (mender, True)
    assert divisions_due() == [books.division.pk]


def test_a_count_that_halts_nothing_yet_holds_nothing(books: Books) -> None:
    HaltFactory(division=books.division, halted_at=None, times=2)
    coded(xml())
    assert hold(division(books)) == ""
    assert divisions_with_work() == [books.division]


def test_a_document_that_cannot_be_handed_over_does_not_stop_those_behind_it(books: Books) -> None:
    poisoned, healthy = coded(xml(number="1")), coded(xml(number="2"))
    poisoned.lines.update(gl_account=None, net="100.00", vat_code="V21")
    Invoice.objects.filter(pk=poisoned.pk).update(payment=["no mapping"])
    past_the_minutes_for_undo()
    hand_over(division(books), False, lambda: None)
    assert again(healthy).state == State.POSTING
    poisoned = again(poisoned)
    assert (poisoned.state, poisoned.cause) == (State.ATTENTION, Cause.UNREADABLE)
