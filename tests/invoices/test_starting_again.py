"""What a trial leaves to do: every document starts again in the real division, once, whatever cuts it off."""

from datetime import timedelta
from typing import Any

import pytest

from apps.clients.models import Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.exact.models import SyncState
from apps.invoices import coding, starting_again, tasks
from apps.invoices.leaving_test import leave
from apps.invoices.models import Invoice, Leaving, State, ValueSource, WaitsFor
from apps.invoices.processing import code_one, code_received, end_tests, process
from apps.invoices.reviewing import ignore, reopen
from apps.posting.models import Posting, PostingState
from apps.rules import vat_table
from apps.vendors.models import Mapping
from tests.invoices.conftest import coded, read_in
from tests.invoices.documents import xml
from tests.invoices.trials import Trial, booked, make_trial, read
from tests.people.factories import UserFactory
from tests.posting.factories import PostingFactory
from tests.vendors.factories import CollectiveVendorFactory, MappingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial() -> Trial:
    return make_trial()


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("posting", "administration").get(pk=invoice.pk)


def left(trial: Trial) -> Leaving:
    return leave(trial.administration, trial.real, by=UserFactory())


def test_a_booked_document_waits_again_and_says_where_it_was_booked(trial: Trial) -> None:
    invoice = booked(coded(xml()), trial.test)
    posting = invoice.posting
    left(trial)
    assert end_tests() == 0
    invoice = again(invoice)
    assert (invoice.state, invoice.posting, invoice.exact_number) == (State.RECEIVED, None, "")
    assert (invoice.supplier, invoice.outcome, invoice.done_at) == (None, "", None)
    line = invoice.lines.get()
    assert (line.gl_account, line.gl_code, line.vat_code, line.gl_source) == (
        None,
        "",
        "",
        ValueSource.NOBODY,
    )
    event = invoice.events.order_by("pk").last()
    assert event
    assert trial.test.name in event.why and "26600001" in event.why
    assert Posting.objects.get() == posting  # what is in the test division stays there
    assert Posting.objects.get().state == PostingState.DONE


def test_after_the_first_sync_it_is_matched_and_coded_with_the_codes_of_the_real_division(
    trial: Trial,
) -> None:
    invoice = booked(coded(xml()), trial.test)
    left(trial)
    read(trial.real)
    tasks.end_tests(trial.real.pk)
    invoice = again(invoice)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.NO_VAT_CODE)
    assert invoice.supplier == trial.supplier.exact_id
    assert trial.administration.purchase_journal == "70"
    row = trial.administration.vat_table.get(scenario="nl_high")
    assert (row.vat_code, row.confirmed_at) == ("2", None)
    assert not Leaving.objects.under_way().exists()
    vat_table.confirm(trial.administration, "Rosa")
    tasks.method_switched(trial.administration.pk, invoice.kind)
    invoice = again(invoice)
    assert (invoice.state, invoice.waits_for) == (State.READY, WaitsFor.PILOT)
    assert [line.gl_code for line in invoice.lines.all()] == ["4900"]


def test_nothing_is_coded_before_the_real_division_was_read_since(trial: Trial) -> None:
    waiting, other = coded(xml(number="1")), read_in(xml(number="2")).invoice
    read(trial.real)
    SyncState.objects.update(synced_at=clock.now() - timedelta(days=1))
    left(trial)
    process()
    assert code_received() == 0
    assert other
    assert {again(waiting).state, again(other).state} == {State.RECEIVED}
    new = coded(xml(number="3"))
    assert new.state == State.RECEIVED
    SyncState.objects.update(synced_at=clock.now())
    process()
    assert not Invoice.objects.filter(state=State.RECEIVED).exists()


def test_a_list_that_exact_refuses_is_waited_for_only_when_nothing_works_without_it(trial: Trial) -> None:
    coded(xml())
    left(trial)
    read(trial.real)
    states = SyncState.objects.filter(division=trial.real)
    states.filter(resource="vat_codes").update(synced_at=None, trouble="no rights")
    assert end_tests() == 0
    states.filter(resource="vat_codes").update(synced_at=clock.now(), trouble="")
    states.filter(resource="cost_units").update(synced_at=None, trouble="no rights")
    assert end_tests() == 1


def test_who_is_cut_off_goes_on_behind_the_last_document_that_was_moved(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting_again, "AT_ONCE", 2)
    invoices = [booked(coded(xml(number=str(n))), trial.test, f"2660000{n}") for n in range(5)]
    leaving = left(trial)
    assert starting_again._move_some(leaving)
    states = [again(invoice).state for invoice in invoices]
    assert states == [State.RECEIVED] * 2 + [State.DONE] * 3
    events = invoices[0].events.count()
    end_tests()
    assert {again(invoice).state for invoice in invoices} == {State.RECEIVED}
    end_tests()
    assert invoices[0].events.count() == events


def test_a_document_handed_to_the_test_division_in_that_very_moment_is_taken_back(trial: Trial) -> None:
    invoice = coded(xml())
    left(trial)
    posting = PostingFactory(division=trial.test)  # a worker that read the document before
    invoice.move(State.POSTING, who="Postkamer", why="handed over", at=clock.now(), posting=posting)
    end_tests()
    assert (again(invoice).state, again(invoice).posting) == (State.RECEIVED, None)
    posting.refresh_from_db()
    assert posting.state == PostingState.WITHDRAWN
    with pytest.raises(Changed):
        posting.claim()


def test_what_is_booked_in_a_division_that_is_no_test_stays_booked(trial: Trial) -> None:
    invoice = booked(coded(xml()), trial.real)
    left(trial)
    read(trial.real)
    end_tests()
    assert again(invoice).state == State.DONE
    assert again(invoice).lines.get().gl_code == "4000"


def test_what_was_put_aside_stays_aside_and_takes_nothing_of_the_test_along(trial: Trial) -> None:
    owner, invoice = UserFactory(), coded(xml())
    refused = PostingFactory(
        division=trial.test, state=PostingState.REFUSED, cause=Cause.NO_VAT_CODE, finished_at=clock.now()
    )
    invoice.move(
        State.ATTENTION, who="Exact", why="no", at=clock.now(), cause=Cause.NO_VAT_CODE, posting=refused
    )
    ignore(invoice, by=owner, why="not ours")
    left(trial)
    read(trial.real)
    end_tests()
    invoice = again(invoice)
    assert (invoice.state, invoice.posting) == (State.IGNORED, None)
    assert invoice.lines.get().gl_code == ""
    reopen(invoice, by=owner)
    assert invoice.lines.get().gl_code == "4900"


def test_a_fault_in_the_middle_is_tried_again(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice = coded(xml())
    left(trial)
    read(trial.real)

    def breaks(*_values: Any, **_more: Any) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as broken:
        broken.setattr(vat_table, "propose", breaks)
        assert end_tests() == 0
    assert again(invoice).state == State.RECEIVED
    assert end_tests() == 1


def test_what_was_learned_speaks_of_the_same_card_there_or_is_forgotten(trial: Trial) -> None:
    administration = trial.administration
    same = MappingFactory(administration=administration, supplier=trial.books.supplier.exact_id)
    MappingFactory(administration=administration)
    left(trial)
    read(trial.real)
    end_tests()
    assert [(one.pk, one.supplier) for one in Mapping.objects.all()] == [(same.pk, trial.supplier.exact_id)]


def test_who_does_not_wait_for_the_pilot_books_nothing_that_people_booked(trial: Trial) -> None:
    from tests.invoices.hand_bookings import book

    invoice = coded(xml())
    left(trial)
    book(invoice, trial.real, supplier=trial.supplier.exact_id)
    read(trial.real)
    administration = trial.administration
    administration.mode = Mode.AUTOMATIC
    administration.save(update_fields=["mode"])
    end_tests()
    invoice = again(invoice)
    assert (invoice.state, invoice.exact_number) == (State.DONE, "26600000")


def test_who_does_not_wait_for_the_pilot_is_asked_about_what_people_may_have_booked(trial: Trial) -> None:
    from tests.invoices.hand_bookings import book

    invoice = coded(xml())
    left(trial)
    book(invoice, trial.real, supplier=trial.supplier.exact_id, number="another")
    administration = trial.administration
    vat_table.propose(administration)
    vat_table.confirm(administration, "Rosa")  # while the ledger was still being read
    administration.mode = Mode.AUTOMATIC
    administration.save(update_fields=["mode"])
    read(trial.real)
    process()
    invoice = again(invoice)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.POSSIBLE_DOUBLE)


def test_what_was_decided_about_a_document_that_was_put_aside_is_forgotten_too(trial: Trial) -> None:
    owner, invoice = UserFactory(), coded(xml())
    invoice.move(
        State.ATTENTION, who="Postkamer", why="?", at=clock.now(), cause=Cause.IBAN_CHANGED,
        waived=[Cause.IBAN_CHANGED],
    )  # fmt: skip
    ignore(invoice, by=owner, why="not now")
    left(trial)
    read(trial.real)
    end_tests()
    invoice = again(invoice)
    assert (invoice.state, invoice.supplier, invoice.waived) == (State.IGNORED, None, [])


def test_what_was_being_coded_for_the_test_division_in_that_very_moment_is_coded_anew(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice, book = read_in(xml()).invoice, coding._book
    assert invoice

    def slowly(*values: Any) -> Any:
        booking = book(*values)  # with the cards and codes of the test division
        left(trial)
        end_tests()
        return booking

    with monkeypatch.context() as slow:
        slow.setattr(coding, "_book", slowly)
        code_one(again(invoice))
    assert (again(invoice).state, again(invoice).supplier) == (State.RECEIVED, None)
    read(trial.real)
    process()
    assert again(invoice).supplier == trial.supplier.exact_id


def test_nothing_is_to_be_corrected_of_what_stays_in_the_test_division(trial: Trial) -> None:
    invoice = booked(coded(xml()), trial.test)
    Invoice.objects.filter(pk=invoice.pk).update(to_correct="the mapping was taken back")
    left(trial)
    end_tests()
    assert again(invoice).to_correct == ""


def test_a_collective_vendor_speaks_of_the_same_card_there_or_is_put_out_of_use(trial: Trial) -> None:
    administration = trial.administration
    same = CollectiveVendorFactory(administration=administration, supplier=trial.books.supplier.exact_id)
    lost = CollectiveVendorFactory(administration=administration)
    left(trial)
    read(trial.real)
    end_tests()
    for rule in (same, lost):
        rule.refresh_from_db()
    assert (same.active, same.supplier) == (True, trial.supplier.exact_id)
    assert not lost.active
