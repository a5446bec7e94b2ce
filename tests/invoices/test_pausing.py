"""What a case holds waits, what it lets go moves on: by the bell, and without it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import Relation
from apps.invoices import pausing, tasks
from apps.invoices.coding import code
from apps.invoices.delivering import submit
from apps.invoices.models import Invoice, Leaving, State, WaitsFor
from apps.invoices.reviewing import accept
from apps.people.models import User
from apps.posting.models import Posting
from apps.vendors import iban_cases
from apps.vendors.models import CaseState, IBANCase
from tests.exact.factories import DivisionFactory, RelationFactory
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import THEIR_KVK, xml
from tests.invoices.factories import ActiveMethodFactory, InvoiceFactory
from tests.people.factories import UserFactory
from tests.vendors.factories import IBANCaseFactory

pytestmark = pytest.mark.django_db

NEW = "NL91ABNA0417164300"


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("administration", "posting", "part").get(pk=invoice.pk)


def stands(invoice: Invoice) -> tuple[str, str]:
    found = again(invoice)
    return found.state, found.cause


HELD = (State.ATTENTION, Cause.IBAN_CHANGED)


def case_in(books: Books, **values: Any) -> IBANCase:
    made: IBANCase = IBANCaseFactory(
        **{
            "administration": books.administration,
            "supplier": books.supplier.exact_id,
            "iban": NEW,
            **values,
        }
    )
    return made


def decide(case: IBANCase, *, accepted: bool) -> None:
    first, second = UserFactory(), UserFactory()
    if not accepted:
        iban_cases.reject(case, by=first, note="not theirs")
        return
    iban_cases.record_call(
        case, by=first, number="020-1234567", source="known", spoke_to="Ada", note="contract"
    )
    iban_cases.accept(case, by=second)


# a case opens


@pytest.mark.parametrize("mode", Mode)
def test_when_a_case_opens_what_was_coded_before_waits(books: Books, mode: str) -> None:
    Administration.objects.update(mode=mode)
    earlier, other = coded(xml()), InvoiceFactory(state=State.PROPOSED, supplier=books.supplier.exact_id)
    assert stands(earlier) in {(State.READY, ""), (State.PROPOSED, "")}
    coded(xml(number="2", iban=NEW))
    case = IBANCase.objects.get()
    assert pausing.account_asked(case.pk) == 1
    assert stands(earlier) == HELD
    assert stands(other) == (State.PROPOSED, "")
    events = again(earlier).events.count()
    assert (pausing.account_asked(case.pk), pausing.sweep()) == (0, 0)
    assert again(earlier).events.count() == events


def test_what_is_under_way_is_left(books: Books) -> None:
    sent = coded(xml())
    assert submit(sent, books.division)
    version = again(sent).version
    case = case_in(books)
    assert (pausing.account_asked(case.pk), pausing.sweep()) == (0, 0)
    assert (again(sent).state, again(sent).version) == (State.POSTING, version)


def test_without_the_bell_the_sweeper_finds_it(books: Books) -> None:
    earlier = coded(xml())
    case_in(books)
    tasks.sweep()
    assert stands(earlier) == HELD


def test_a_case_that_is_gone_or_decided_holds_nothing(books: Books) -> None:
    earlier = coded(xml())
    assert pausing.account_asked(case_in(books, accepted=True).pk) == 0
    assert pausing.account_asked(0) == pausing.account_decided(0) == pausing.sweep() == 0
    assert stands(earlier) == (State.READY, "")


def test_a_document_that_is_now_another_suppliers_goes_on_there_and_is_not_coded_for_ever(
    books: Books,
) -> None:
    earlier = coded(xml())
    case = case_in(books)
    Relation.objects.filter(pk=books.supplier.pk).update(vat_number="", chamber_of_commerce="")
    RelationFactory(
        division=books.division, chamber_of_commerce=THEIR_KVK, gl_account_purchase=books.account.exact_id
    )
    pausing.account_asked(case.pk)
    events = again(earlier).events.count()
    assert pausing.sweep() == 0
    assert again(earlier).events.count() == events


def test_documents_of_a_trial_that_just_ended_are_left_to_it(books: Books) -> None:
    earlier = coded(xml())
    case = case_in(books)
    Leaving.objects.create(
        administration=books.administration, test=DivisionFactory(), who="Ada", began_at=clock.now()
    )
    assert (pausing.account_asked(case.pk), pausing.sweep()) == (0, 0)
    assert stands(earlier) == (State.READY, "")


# the last guard


@pytest.mark.parametrize("is_document", [False, True])
def test_a_case_that_opened_after_coding_is_seen_when_the_document_would_leave(
    books: Books, is_document: bool
) -> None:
    if is_document:
        ActiveMethodFactory(administration=books.administration)
    ready = coded(xml())
    case_in(books, called=True)
    assert submit(ready, books.division) is None
    assert stands(ready) == HELD
    assert not Posting.objects.exists()


def test_a_rejected_account_does_not_leave_and_a_known_one_does(books: Books) -> None:
    ready = coded(xml())
    case_in(books, rejected=True)
    assert submit(ready, books.division)


def test_a_proposal_that_is_accepted_after_the_case_opened_does_not_leave(
    books: Books, bookkeeper: User
) -> None:
    Administration.objects.update(mode=Mode.PROPOSE)
    proposed = coded(xml())
    case_in(books)
    accept(proposed, by=bookkeeper, version=proposed.version)
    assert submit(again(proposed), books.division) is None
    assert stands(proposed) == HELD


# a case is decided


def test_accepted_lets_everything_go_on(books: Books) -> None:
    known, naming = coded(xml()), coded(xml(number="2", iban=NEW))
    case = IBANCase.objects.get()
    pausing.account_asked(case.pk)
    decide(case, accepted=True)
    assert pausing.account_decided(case.pk) == 2
    assert stands(known) == stands(naming) == (State.READY, "")
    assert pausing.account_decided(case.pk) == pausing.sweep() == 0


def test_rejected_lets_go_what_names_another_account_and_keeps_the_rest(books: Books) -> None:
    known, naming = coded(xml()), coded(xml(number="2", iban=NEW))
    case = IBANCase.objects.get()
    pausing.account_asked(case.pk)
    decide(case, accepted=False)
    pausing.account_decided(case.pk)
    assert stands(known) == (State.READY, "")
    assert stands(naming) == HELD
    assert str(case.decided_by) in again(naming).detail
    assert pausing.sweep() == 0
    assert stands(coded(xml(number="3", iban=NEW))) == HELD


def test_reopened_holds_everything_again(books: Books) -> None:
    case = case_in(books, accepted=True)
    known, naming = coded(xml()), coded(xml(number="2", iban=NEW))
    iban_cases.reopen(case, by=UserFactory(), note="it was forged after all")
    assert pausing.account_decided(case.pk) == 2
    assert stands(known) == stands(naming) == HELD


def test_a_call_tells_the_documents_how_it_stands(books: Books) -> None:
    naming = coded(xml(iban=NEW))
    case, caller = IBANCase.objects.get(), UserFactory(first_name="Ada", last_name="Bos")
    iban_cases.record_call(
        case, by=caller, number="020-1234567", source="known", spoke_to="Ben", note="contract"
    )
    pausing.account_decided(case.pk)
    assert "Ada Bos" in again(naming).detail
    assert stands(naming) == HELD


def test_one_case_of_two_decided_is_not_enough(books: Books) -> None:
    naming = coded(xml(iban=NEW))
    other = case_in(books, iban="NL20INGB0001234567")
    case = IBANCase.objects.get(iban=NEW)
    decide(case, accepted=True)
    pausing.account_decided(case.pk)
    assert stands(naming) == HELD
    decide(other, accepted=False)
    pausing.account_decided(other.pk)
    assert stands(naming) == (State.READY, "")


def test_without_the_bell_the_sweeper_lets_go_what_no_case_holds(books: Books) -> None:
    known, naming = coded(xml()), coded(xml(number="2", iban=NEW))
    case = IBANCase.objects.get()
    pausing.account_asked(case.pk)
    decide(case, accepted=False)
    assert pausing.sweep() == 1
    assert (stands(known), stands(naming)) == ((State.READY, ""), HELD)


def test_what_waited_before_there_were_cases_opens_one(books: Books) -> None:
    naming = coded(xml(iban=NEW))
    IBANCase.objects.all().delete()
    assert pausing.sweep() == 1
    assert IBANCase.objects.get().state == CaseState.OPEN
    assert (stands(naming), pausing.sweep()) == (HELD, 0)


def test_on_pilot_what_waited_waits_for_its_end_again(books: Books) -> None:
    Administration.objects.update(mode=Mode.PILOT)
    naming = coded(xml(iban=NEW))
    case = IBANCase.objects.get()
    decide(case, accepted=True)
    pausing.account_decided(case.pk)
    assert (again(naming).state, again(naming).waits_for) == (State.READY, WaitsFor.PILOT)


def test_one_document_that_cannot_be_coded_does_not_keep_the_others(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = coded(xml()), coded(xml(number="2"))
    Invoice.objects.filter(pk=first.pk).update(findings=[{"nonsense": 1}])
    pausing.account_asked(case_in(books).pk)
    assert stands(first) == (State.ATTENTION, Cause.UNREADABLE)
    assert stands(second) == HELD


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_let_go_the_same_documents_move_each_once() -> None:
    books = make_books()
    naming = coded(xml(iban=NEW))
    case, gate = IBANCase.objects.get(), threading.Barrier(3)
    decide(case, accepted=True)
    before = naming.events.count()

    def run(_number: int) -> int:
        gate.wait()
        try:
            return pausing.account_decided(case.pk) + pausing.sweep()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, range(3))) == 1
    assert naming.events.count() == before + 1
    assert stands(naming) == (State.READY, "")
    assert submit(again(naming), books.division)


@pytest.mark.django_db(transaction=True)
def test_handed_over_and_held_at_the_same_time_a_document_is_one_of_both() -> None:
    books = make_books()
    ready = coded(xml())
    case, gate = case_in(books), threading.Barrier(2)
    rows = {"submit": again(ready)}

    def run(what: str) -> None:
        gate.wait()
        try:
            if what == "submit":
                submit(rows["submit"], books.division)
            else:
                pausing.account_asked(case.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, ["submit", "hold"]))
    assert stands(ready) == HELD  # the case was there before either began
    assert not Posting.objects.exists()


def test_coding_again_keeps_the_document_held(books: Books) -> None:
    naming = coded(xml(iban=NEW))
    code(naming)
    assert stands(naming) == HELD
    assert IBANCase.objects.count() == 1
