"""What a person decides: each act fits where the document is, moves it once, and says who did what."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.clients.models import Administration, AdministrationIdentifier, Mode
from apps.clients.policy import WAIVABLE
from apps.core import clock
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.exact.models import Relation
from apps.intake.models import PartOutcome
from apps.invoices import answers, vendor_groups
from apps.invoices.models import Invoice, State, ValueSource, WaitsFor
from apps.invoices.reviewing import (
    LineEdit,
    Refused,
    accept,
    book_anyway,
    edit_lines,
    ignore,
    map_vendor,
    reopen,
    retry,
    retry_all,
    route,
    undo,
)
from apps.people.models import Role, User
from apps.posting.models import PostingState
from apps.vendors import learning, stale
from apps.vendors.models import Mapping, Question, Scope
from tests.bells import calls, forget, rung
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory
from tests.exact.factories import (
    BankAccountFactory,
    CostCenterFactory,
    GLAccountFactory,
    RelationFactory,
    SyncStateFactory,
    VATCodeFactory,
)
from tests.invoices.conftest import Books, coded, make_books, read_in
from tests.invoices.documents import OUR_KVK, THEIR_KVK, changed, xml
from tests.invoices.factories import InvoiceFactory
from tests.people.factories import UserFactory
from tests.posting.factories import PostingFactory
from tests.vendors.factories import MappingFactory, SharedDomainFactory

pytestmark = pytest.mark.django_db

NOT_OPEN = (State.POSTING, State.UNCERTAIN, State.DONE)


def in_state(state: str, **values: Any) -> Invoice:
    implied: dict[State, dict[str, Any]] = {
        State.ATTENTION: {"cause": Cause.NO_GL_ACCOUNT},
        State.POSTING: {"posting": PostingFactory()},
        State.UNCERTAIN: {
            "posting": PostingFactory(state=PostingState.UNCLEAR),
            "cause": Cause.OUTCOME_UNCERTAIN,
        },
        State.DONE: {"outcome": "booked", "done_at": clock.now()},
    }
    made: Invoice = InvoiceFactory(state=state, **{**implied.get(State(state), {}), **values})
    return made


def mode(books: Books, value: str) -> None:
    Administration.objects.filter(pk=books.administration.pk).update(mode=value)


@pytest.fixture
def proposed(books: Books) -> Invoice:
    mode(books, Mode.PROPOSE)
    return coded(xml())


# accept and undo


def test_an_accepted_booking_waits_for_the_minutes_of_undo(proposed: Invoice, bookkeeper: User) -> None:
    accept(proposed, by=bookkeeper, version=proposed.version)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.waits_for) == (State.READY, WaitsFor.HOLD_BACK)
    assert proposed.waits_until
    assert proposed.waits_until > clock.now()
    assert not proposed.touched
    assert proposed.events.latest("pk").who == str(bookkeeper)


def test_a_version_that_is_not_the_one_that_was_seen_is_refused(proposed: Invoice, bookkeeper: User) -> None:
    seen = proposed.version
    retry(proposed, by=bookkeeper)
    events = proposed.events.count()
    with pytest.raises(Changed):
        accept(proposed, by=bookkeeper, version=seen)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.events.count()) == (State.PROPOSED, events)


def test_the_second_of_two_who_accept_is_refused(proposed: Invoice, bookkeeper: User) -> None:
    other = Invoice.objects.get(pk=proposed.pk)
    accept(proposed, by=bookkeeper, version=proposed.version)
    with pytest.raises(Changed):
        accept(other, by=bookkeeper, version=other.version)
    assert proposed.events.filter(to_state=State.READY).count() == 1


def test_in_a_pilot_an_accepted_booking_still_waits_for_the_pilots_end(
    books: Books, proposed: Invoice, bookkeeper: User
) -> None:
    mode(books, Mode.PILOT)
    invoice = Invoice.objects.get(pk=proposed.pk)
    accept(invoice, by=bookkeeper, version=invoice.version)
    assert invoice.waits_for == WaitsFor.PILOT
    undo(invoice, by=bookkeeper)
    accept(invoice, by=bookkeeper, version=invoice.version)
    assert (invoice.waits_for, invoice.waits_until) == (WaitsFor.PILOT, None)


@pytest.mark.parametrize("state", [state for state in State if state != State.PROPOSED])
def test_only_what_is_proposed_can_be_accepted(state: str, bookkeeper: User) -> None:
    invoice = in_state(state)
    with pytest.raises(Refused):
        accept(invoice, by=bookkeeper, version=invoice.version)


def test_a_ready_booking_can_be_taken_back(books: Books, bookkeeper: User) -> None:
    invoice = coded(xml())
    undo(invoice, by=bookkeeper)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.waits_for, invoice.waits_until) == (State.PROPOSED, "", None)
    assert invoice.touched


@pytest.mark.parametrize("state", [state for state in State if state != State.READY])
def test_what_is_not_ready_cannot_be_taken_back(state: str, bookkeeper: User) -> None:
    with pytest.raises(Refused):
        undo(in_state(state), by=bookkeeper)


@pytest.mark.parametrize(
    "act",
    [
        lambda one, who, version: ignore(one, by=who, why="no", version=version),
        lambda one, who, version: route(one, AdministrationFactory(), by=who, version=version),
        lambda one, who, version: book_anyway(one, by=who, version=version),
        lambda one, who, version: edit_lines(one, [], by=who, version=version),
    ],
    ids=["ignore", "route", "book anyway", "edit lines"],
)
def test_nobody_decides_about_a_version_that_they_did_not_see(
    act: Callable[[Invoice, User, int], object], proposed: Invoice, bookkeeper: User
) -> None:
    before = proposed.events.count()
    with pytest.raises(Changed):
        act(proposed, bookkeeper, proposed.version - 1)
    assert proposed.events.count() == before


# ignore and reopen


def test_an_ignored_document_says_who_ignored_it_and_why(books: Books, bookkeeper: User) -> None:
    invoice = coded(xml(kvk="11112222", vat="", domain="x.example"))
    assert invoice.question
    ignore(invoice, by=bookkeeper, why="an advertisement")
    invoice.refresh_from_db()
    invoice.part.refresh_from_db()
    assert (invoice.state, invoice.cause) == (State.IGNORED, "")
    assert not Question.objects.filter(invoices=invoice).exists()
    assert (invoice.part.outcome, invoice.part.reason) == (PartOutcome.IGNORED, "an advertisement")
    assert invoice.events.latest("pk").why == "an advertisement"


@pytest.mark.parametrize("state", [*NOT_OPEN, State.IGNORED])
def test_what_is_booked_or_on_its_way_cannot_be_ignored(state: str, bookkeeper: User) -> None:
    invoice = in_state(state)
    with pytest.raises(Refused):
        ignore(invoice, by=bookkeeper, why="no")
    assert not invoice.events.exists()


def test_what_exact_may_have_booked_is_not_ignored(bookkeeper: User) -> None:
    posting = PostingFactory(
        state=PostingState.REFUSED, cause=Cause.OUTCOME_UNCERTAIN, finished_at=clock.now()
    )
    with pytest.raises(Refused):
        ignore(in_state(State.ATTENTION, posting=posting), by=bookkeeper, why="no")


def test_an_ignored_document_that_is_taken_up_again_is_coded_anew(books: Books, bookkeeper: User) -> None:
    invoice = coded(xml())
    ignore(invoice, by=bookkeeper, why="a mistake")
    reopen(invoice, by=bookkeeper)
    invoice.refresh_from_db()
    invoice.part.refresh_from_db()
    assert (invoice.state, invoice.part.outcome, invoice.part.reason) == (
        State.READY,
        PartOutcome.DOCUMENT,
        "",
    )


def test_an_ignored_document_of_nobody_comes_back_as_such(reviewer: User) -> None:
    invoice = coded(xml())
    ignore(invoice, by=reviewer, why="not ours")
    reopen(invoice, by=reviewer)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.NOT_OURS)


def test_only_an_ignored_document_is_taken_up_again(bookkeeper: User) -> None:
    with pytest.raises(Refused):
        reopen(in_state(State.ATTENTION), by=bookkeeper)


def test_an_ignored_document_that_comes_in_again_is_a_duplicate(books: Books, bookkeeper: User) -> None:
    ignore(coded(xml()), by=bookkeeper, why="not an invoice")
    assert read_in(xml()).part.outcome == PartOutcome.DUPLICATE


# retry


def test_a_waiting_document_is_tried_again_with_what_is_known_now(books: Books, bookkeeper: User) -> None:
    Relation.objects.update(gl_account_purchase=None)
    invoice = coded(xml())
    assert invoice.cause == Cause.NO_GL_ACCOUNT
    Relation.objects.update(gl_account_purchase=books.account.exact_id)
    retry(invoice, by=bookkeeper)
    assert invoice.state == State.READY


def test_an_unrouted_document_is_routed_once_its_number_is_ours(reviewer: User) -> None:
    invoice = coded(xml())
    assert invoice.cause == Cause.NOT_OURS
    books = make_books()
    retry(invoice, by=reviewer)
    invoice.refresh_from_db()
    invoice.part.refresh_from_db()
    assert (invoice.state, invoice.administration) == (State.READY, books.administration)
    assert invoice.part.administration == books.administration


def test_an_unrouted_document_whose_number_two_now_carry_waits_for_a_choice(reviewer: User) -> None:
    invoice = coded(xml())
    for _ in range(2):
        AdministrationIdentifierFactory(kind="kvk", value=OUR_KVK)
    retry(invoice, by=reviewer)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.SEVERAL_ADMINISTRATIONS)
    AdministrationIdentifier.objects.all().delete()
    retry(invoice, by="command line")
    assert invoice.cause == Cause.NOT_OURS


def test_a_document_of_unknown_outcome_is_looked_for_at_once_and_never_sent(bookkeeper: User) -> None:
    later = clock.now() + timedelta(hours=1)
    posting = PostingFactory(state=PostingState.UNCLEAR, next_attempt_at=later)
    invoice = in_state(State.UNCERTAIN, posting=posting)
    forget()
    retry(invoice, by=bookkeeper)
    posting.refresh_from_db()
    assert posting.next_attempt_at <= clock.now()
    assert (posting.state, invoice.state) == (PostingState.UNCLEAR, State.UNCERTAIN)
    assert rung() == calls("division_due", posting.division_id)


@pytest.mark.parametrize("state", [State.RECEIVED, State.READY, State.POSTING, State.DONE, State.IGNORED])
def test_what_does_not_wait_for_a_person_cannot_be_tried_again(state: str, bookkeeper: User) -> None:
    with pytest.raises(Refused):
        retry(in_state(state), by=bookkeeper)


def test_trying_all_counts_what_was_tried_and_passes_over_the_rest(books: Books, bookkeeper: User) -> None:
    mode(books, Mode.PROPOSE)
    waiting = [coded(xml(number=str(n))) for n in range(3)]
    stale = Invoice.objects.get(pk=waiting[0].pk)
    retry(waiting[0], by=bookkeeper)
    assert retry_all([stale, waiting[1], in_state(State.DONE), waiting[2]], by=bookkeeper) == 2


# route


def test_a_chosen_administration_codes_the_document_at_once(reviewer: User) -> None:
    invoice = coded(xml())
    books = make_books(kvk="99887766")
    route(invoice, books.administration, by=reviewer)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.administration, invoice.touched) == (
        State.READY,
        books.administration,
        True,
    )
    assert str(reviewer) in invoice.routing_why


def test_a_document_that_is_in_the_chosen_administration_already_is_a_possible_double(reviewer: User) -> None:
    unrouted = coded(xml())
    books = make_books()
    first = coded(xml())
    assert first.administration == books.administration
    route(unrouted, books.administration, by=reviewer)
    unrouted.refresh_from_db()
    assert (unrouted.state, unrouted.cause, unrouted.double_of) == (
        State.ATTENTION,
        Cause.POSSIBLE_DOUBLE,
        first,
    )
    assert first.number in unrouted.detail


def test_a_moved_document_forgets_the_codes_decisions_and_posting_of_the_other_books(
    books: Books, reviewer: User
) -> None:
    invoice = coded(self_billed())
    book_anyway(invoice, by=reviewer)
    invoice.lines.update(gl_source=ValueSource.PERSON, vat_source=ValueSource.PERSON)
    posting = PostingFactory(state=PostingState.REFUSED, cause="no_vat_code", finished_at=clock.now())
    Invoice.objects.filter(pk=invoice.pk).update(posting=posting)
    elsewhere = make_books(kvk="99887766")
    invoice = Invoice.objects.get(pk=invoice.pk)
    route(invoice, elsewhere.administration, by=reviewer)
    invoice.refresh_from_db()
    line = invoice.lines.get()
    assert (invoice.cause, invoice.waived, invoice.posting) == (Cause.NEEDS_APPROVAL, [], None)
    assert (line.gl_account, line.gl_source) == (elsewhere.account.exact_id, ValueSource.CARD)
    assert invoice.supplier == elsewhere.supplier.exact_id


def test_choosing_the_same_administration_keeps_what_a_person_set(books: Books, reviewer: User) -> None:
    invoice = coded(xml())
    invoice.lines.update(gl_source=ValueSource.PERSON)
    route(invoice, books.administration, by=reviewer)
    assert invoice.lines.get().gl_source == ValueSource.PERSON


def test_choosing_an_administration_takes_an_ignored_document_up_again(books: Books, reviewer: User) -> None:
    invoice = coded(xml())
    ignore(invoice, by=reviewer, why="no")
    route(invoice, books.administration, by=reviewer)
    invoice.part.refresh_from_db()
    assert (invoice.state, invoice.part.outcome) == (State.READY, PartOutcome.DOCUMENT)


@pytest.mark.parametrize("state", NOT_OPEN)
def test_what_is_booked_or_on_its_way_cannot_be_moved(state: str, reviewer: User) -> None:
    with pytest.raises(Refused):
        route(in_state(state), AdministrationFactory(), by=reviewer)


def test_what_exact_may_have_booked_is_not_moved_to_other_books(reviewer: User) -> None:
    posting = PostingFactory(
        state=PostingState.REFUSED, cause=Cause.OUTCOME_UNCERTAIN, finished_at=clock.now()
    )
    with pytest.raises(Refused):
        route(in_state(State.ATTENTION, posting=posting), AdministrationFactory(), by=reviewer)


# book anyway


def self_billed(**changes: Any) -> bytes:
    """A document that somebody must approve."""
    return changed(xml(**changes), ">380</cbc:InvoiceTypeCode>", ">389</cbc:InvoiceTypeCode>")


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause not in WAIVABLE])
def test_what_is_missing_cannot_be_waived(cause: str, bookkeeper: User) -> None:
    invoice = in_state(State.ATTENTION, cause=cause)
    with pytest.raises(Refused):
        book_anyway(invoice, by=bookkeeper)
    assert not invoice.events.exists()


def test_a_possible_double_is_booked_when_a_person_says_so(books: Books, bookkeeper: User) -> None:
    coded(xml())
    invoice = coded(xml(net="200.00"))
    book_anyway(invoice, by=bookkeeper)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.waived, invoice.touched) == (State.READY, [Cause.POSSIBLE_DOUBLE], True)
    assert str(bookkeeper) == invoice.events.latest("pk").who


def test_each_doubt_is_decided_by_itself(books: Books, bookkeeper: User) -> None:
    coded(xml())
    invoice = coded(self_billed(net="200.00"))
    book_anyway(invoice, by=bookkeeper)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    book_anyway(invoice, by=bookkeeper)
    assert (invoice.state, set(invoice.waived)) == (
        State.READY,
        {Cause.POSSIBLE_DOUBLE, Cause.NEEDS_APPROVAL},
    )
    retry_all([invoice], by=bookkeeper)
    assert invoice.state == State.READY


def test_a_self_billed_invoice_can_be_approved_but_not_without_a_journal(
    books: Books, bookkeeper: User
) -> None:
    Administration.objects.update(purchase_journal="")
    invoice = coded(self_billed())
    book_anyway(invoice, by=bookkeeper)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    Administration.objects.update(purchase_journal="60")
    invoice = Invoice.objects.get(pk=invoice.pk)
    retry(invoice, by=bookkeeper)
    assert invoice.state == State.READY


def test_in_a_proposing_administration_the_booking_is_still_proposed(books: Books, bookkeeper: User) -> None:
    mode(books, Mode.PROPOSE)
    invoice = coded(self_billed())
    book_anyway(invoice, by=bookkeeper)
    assert invoice.state == State.PROPOSED


def test_no_one_person_books_to_a_changed_account_not_even_by_an_earlier_decision(
    books: Books, bookkeeper: User
) -> None:
    invoice = coded(xml(iban="NL91 ABNA 0417 1643 00"))
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.IBAN_CHANGED)
    with pytest.raises(Refused):
        book_anyway(invoice, by=bookkeeper)
    Invoice.objects.update(waived=[Cause.IBAN_CHANGED])  # as it could be decided once
    invoice.refresh_from_db()
    retry(invoice, by=bookkeeper)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.IBAN_CHANGED)


# lines


def edit(invoice: Invoice, **codes: str) -> LineEdit:
    line = invoice.lines.get()
    known = {
        "gl_code": line.gl_code,
        "vat_code": line.vat_code,
        "cost_center": line.cost_center,
        "cost_unit": line.cost_unit,
    }
    return LineEdit(line.pk, **{**known, **codes})


def test_chosen_codes_are_kept_with_who_chose_them_and_survive_coding(
    books: Books, proposed: Invoice, bookkeeper: User
) -> None:
    GLAccountFactory(division=books.division, code="4500")
    VATCodeFactory(division=books.division, code="V9")
    CostCenterFactory(division=books.division, code="K1")
    edit_lines(proposed, [edit(proposed, gl_code="4500", vat_code="V9", cost_center="K1")], by=bookkeeper)
    retry(proposed, by=bookkeeper)
    line = proposed.lines.get()
    assert (line.gl_code, line.vat_code, line.cost_center) == ("4500", "V9", "K1")
    assert {line.gl_source, line.vat_source, line.cost_center_source} == {ValueSource.PERSON}
    assert str(bookkeeper) in line.gl_why
    assert proposed.touched


def test_what_was_left_as_it_stood_is_nobodys_choice(proposed: Invoice, bookkeeper: User) -> None:
    edit_lines(proposed, [edit(proposed)], by=bookkeeper)
    assert proposed.lines.get().gl_source == ValueSource.CARD


@pytest.mark.parametrize(
    "codes", [{"gl_code": "9999"}, {"vat_code": "XX"}, {"cost_center": "ZZ"}, {"cost_unit": "ZZ"}]
)
def test_an_unknown_code_is_refused_and_nothing_is_written(
    books: Books, bookkeeper: User, codes: dict[str, str]
) -> None:
    mode(books, Mode.PROPOSE)
    CostCenterFactory(division=books.division, code="K1")
    invoice = coded(xml(lines=2))
    first, second = invoice.lines.order_by("position")
    good = LineEdit(first.pk, first.gl_code, first.vat_code, cost_center="K1")
    bad = LineEdit(second.pk, **{"gl_code": "4000", "vat_code": "V21", **codes})
    before, events = list(invoice.lines.order_by("pk").values()), invoice.events.count()
    with pytest.raises(Refused, match=next(iter(codes.values()))):
        edit_lines(invoice, [good, bad], by=bookkeeper)
    assert list(invoice.lines.order_by("pk").values()) == before
    assert invoice.events.count() == events


def test_an_account_that_takes_no_entries_is_refused(
    books: Books, proposed: Invoice, bookkeeper: User
) -> None:
    GLAccountFactory(division=books.division, code="1600", type=22)
    with pytest.raises(Refused):
        edit_lines(proposed, [edit(proposed, gl_code="1600")], by=bookkeeper)


def test_a_line_of_another_document_is_refused(books: Books, proposed: Invoice, bookkeeper: User) -> None:
    other = coded(xml(number="other"))
    with pytest.raises(Refused):
        edit_lines(proposed, [edit(other)], by=bookkeeper)


def test_an_emptied_account_or_vat_code_is_looked_for_again_and_an_emptied_cost_centre_stays_empty(
    books: Books, proposed: Invoice, bookkeeper: User
) -> None:
    GLAccountFactory(division=books.division, code="4500")
    CostCenterFactory(division=books.division, code="K1")
    edit_lines(proposed, [edit(proposed, gl_code="4500", cost_center="K1")], by=bookkeeper)
    edit_lines(proposed, [edit(proposed, gl_code="", vat_code="", cost_center="")], by=bookkeeper)
    line = proposed.lines.get()
    assert (line.gl_code, line.gl_source) == ("4000", ValueSource.CARD)
    assert (line.vat_code, line.vat_source) == ("V21", ValueSource.TABLE)
    assert (line.cost_center, line.cost_center_source) == ("", ValueSource.PERSON)


def test_choosing_what_was_missing_lets_the_document_go_on(books: Books, bookkeeper: User) -> None:
    Relation.objects.update(gl_account_purchase=None)
    invoice = coded(xml())
    edit_lines(invoice, [edit(invoice, gl_code="4000")], by=bookkeeper)
    assert invoice.state == State.READY


@pytest.mark.parametrize("state", [State.RECEIVED, State.READY, *NOT_OPEN, State.IGNORED])
def test_lines_are_changed_only_while_the_document_waits(state: str, bookkeeper: User) -> None:
    with pytest.raises(Refused):
        edit_lines(in_state(state), [], by=bookkeeper)


def test_lines_of_a_document_without_books_cannot_be_changed(bookkeeper: User) -> None:
    for administration in (None, AdministrationFactory()):
        invoice = in_state(State.ATTENTION, administration=administration)
        with pytest.raises(Refused):
            edit_lines(invoice, [], by=bookkeeper)


# mapping


def unmapped(books: Books, *numbers: str) -> list[Invoice]:
    """Documents of a vendor that only its KvK number could tell, and that no card carries."""
    return [
        coded(xml(number=number, vat="", kvk="11112222", iban="", domain="x.example")) for number in numbers
    ]


def test_one_answer_moves_every_document_that_asked_and_is_never_asked_again(
    books: Books, reviewer: User
) -> None:
    first, second = unmapped(books, "1", "2")
    assert first.question == second.question
    assert first.question
    assert map_vendor(first.question, books.supplier, by=reviewer).moved == 2
    for invoice in (first, second):
        invoice.refresh_from_db()
        assert (invoice.state, invoice.touched, invoice.supplier) == (
            State.READY,
            True,
            books.supplier.exact_id,
        )
    (third,) = unmapped(books, "3")
    assert (third.state, third.touched) == (State.READY, False)


def test_a_card_that_may_not_be_booked_on_is_no_answer(books: Books, reviewer: User) -> None:
    (invoice,) = unmapped(books, "1")
    assert invoice.question
    for values in ({"blocked": True}, {"is_supplier": False}, {}):
        card = RelationFactory(**({**values, "division": books.division} if values else {}))
        with pytest.raises(Refused):
            map_vendor(invoice.question, card, by=reviewer)
    assert Question.objects.open().exists()
    assert not Mapping.objects.exists()


def test_the_second_who_answers_is_told(books: Books, reviewer: User) -> None:
    (invoice,) = unmapped(books, "1")
    assert invoice.question
    map_vendor(invoice.question, books.supplier, by=reviewer)
    with pytest.raises(Refused):
        map_vendor(invoice.question, books.supplier, by=reviewer)
    assert invoice.events.filter(to_state=State.READY).count() == 1


def test_a_conflict_is_decided_for_good(books: Books, reviewer: User) -> None:
    Relation.objects.filter(pk=books.supplier.pk).update(vat_number="")
    RelationFactory(division=books.division, vat_number="NL897620458B01")
    invoice = coded(xml(number="1"))
    assert invoice.cause == Cause.VENDOR_CONFLICT
    assert invoice.question
    map_vendor(invoice.question, books.supplier, by=reviewer)
    again = coded(xml(number="2"))
    assert (again.state, again.supplier) == (State.READY, books.supplier.exact_id)
    assert THEIR_KVK in {key.split()[1] for key in again.vendor["keys"]}


def test_the_same_answer_to_a_contradiction_of_what_is_remembered_is_not_asked_for_again(
    books: Books, reviewer: User
) -> None:
    Relation.objects.filter(pk=books.supplier.pk).update(vat_number="", chamber_of_commerce="")
    first = coded(xml(number="1", kvk="", iban="", domain="x.example"))
    assert first.question
    map_vendor(first.question, books.supplier, by=reviewer)
    RelationFactory(division=books.division, chamber_of_commerce=THEIR_KVK)
    second = coded(xml(number="2", iban="", domain="x.example"))
    assert second.cause == Cause.VENDOR_CONFLICT
    assert second.question
    assert map_vendor(second.question, books.supplier, by=reviewer).moved == 1
    third = coded(xml(number="3", iban="", domain="x.example"))
    assert (third.state, third.supplier) == (State.READY, books.supplier.exact_id)


def test_an_answer_for_one_document_is_for_one_that_waits(books: Books, reviewer: User) -> None:
    first, second, third = unmapped(books, "1", "2", "3")
    ignore(first, by=reviewer, why="a double")
    assert second.question
    assert map_vendor(second.question, books.supplier, by=reviewer, scope=Scope.DOCUMENT).moved == 1
    for invoice in (first, second, third):
        invoice.refresh_from_db()
    assert (first.state, second.state, third.state) == (State.IGNORED, State.READY, State.ATTENTION)


def test_an_answer_for_one_document_needs_one(books: Books, reviewer: User) -> None:
    (invoice,) = unmapped(books, "1")
    question = invoice.question
    assert question
    ignore(invoice, by=reviewer, why="a double")
    with pytest.raises(Refused):
        map_vendor(question, books.supplier, by=reviewer, scope=Scope.DOCUMENT)
    assert not Mapping.objects.exists()


# what is remembered


def from_a_stranger(**more: Any) -> Invoice:
    """Return a document of a vendor of whom no card has a number."""
    values: dict[str, Any] = {"kvk": "27124701", "vat": "", "iban": "", "domain": "", **more}
    return coded(xml(**values))


def answered(invoice: Invoice, books: Books, by: User) -> Invoice:
    """Map the vendor that `invoice` asks about to the supplier of the books; return the document as it is then."""
    assert invoice.question
    map_vendor(invoice.question, books.supplier, by=by)
    return Invoice.objects.get(pk=invoice.pk)


def test_a_contradiction_that_was_answered_with_the_same_supplier_is_not_asked_about_again(
    books: Books, bookkeeper: User
) -> None:
    answered(from_a_stranger(), books, bookkeeper)
    other = RelationFactory(division=books.division)
    BankAccountFactory(division=books.division, relation=other.exact_id, iban="NL91ABNA0417164300")
    contradicted = from_a_stranger(number="2", iban="NL91 ABNA 0417 1643 00")
    assert contradicted.cause == Cause.VENDOR_CONFLICT
    again = answered(contradicted, books, bookkeeper)
    assert (again.question, again.supplier) == (None, books.supplier.exact_id)
    assert from_a_stranger(number="3", iban="NL91 ABNA 0417 1643 00").question is None


def asked() -> list[str]:
    """Return the vendors that the page of unmapped vendors asks about."""
    everybody = UserFactory(role=Role.ADMINISTRATOR)
    return [group.identity for group in vendor_groups.groups_of(vendor_groups.waiting(everybody), everybody)]


def test_a_vendor_on_a_blocked_card_is_asked_about_only_while_a_document_waits(
    books: Books, bookkeeper: User
) -> None:
    Relation.objects.update(blocked=True)
    invoice = coded(xml())
    assert invoice.cause == Cause.SUPPLIER_BLOCKED
    assert len(asked()) == 1
    ignore(invoice, by=bookkeeper, why="not ours")
    assert asked() == []


def test_a_mapping_is_asked_about_only_while_its_supplier_may_not_be_booked_on(books: Books) -> None:
    mapping = MappingFactory(administration=books.administration, supplier=books.supplier.exact_id)
    Relation.objects.update(blocked=True)
    stale.ask_about(books.division)
    assert asked() == [f"{mapping.kind} {mapping.value}"]
    Relation.objects.update(blocked=False)
    assert asked() == []


def test_for_this_document_alone_means_one_that_waits(books: Books, bookkeeper: User) -> None:
    first, second = from_a_stranger(), from_a_stranger(number="2")
    question = first.question
    assert question == second.question
    assert question
    ignore(first, by=bookkeeper, why="no invoice")
    map_vendor(question, books.supplier, by=bookkeeper, scope=Scope.DOCUMENT)
    second.refresh_from_db()
    assert (second.supplier, second.question) == (books.supplier.exact_id, None)


def test_a_mapping_without_a_card_is_never_answered_for_one_document(books: Books, bookkeeper: User) -> None:
    MappingFactory(
        administration=books.administration,
        kind="domain",
        value="a.example",
        supplier=books.supplier.exact_id,
    )
    Relation.objects.update(blocked=True)
    stale.ask_about(books.division)
    everybody = UserFactory(role=Role.ADMINISTRATOR)
    [group] = vendor_groups.groups_of(vendor_groups.waiting(everybody), everybody)
    assert not group.is_weak
    other, question = RelationFactory(division=books.division), group.rows[0].question
    with pytest.raises(Refused):
        map_vendor(question, other, by=bookkeeper, scope=Scope.DOCUMENT)
    map_vendor(question, other, by=bookkeeper)
    assert stale.ask_about(books.division) == 0


def test_what_was_taken_back_is_not_booked_by_itself_although_the_card_has_the_number_now(
    books: Books, bookkeeper: User
) -> None:
    invoice = answered(from_a_stranger(), books, bookkeeper)
    assert (invoice.state, invoice.supplier) == (State.READY, books.supplier.exact_id)
    Relation.objects.update(chamber_of_commerce="27124701", vat_number="")
    SyncStateFactory(division=books.division, resource="relations", synced_at=clock.now())
    assert invoice.mapping
    answers.unlearn(invoice.mapping, by=bookkeeper)
    invoice = Invoice.objects.get(pk=invoice.pk)
    assert (invoice.state, invoice.mapping) == (State.PROPOSED, None)


def test_what_many_share_is_not_offered_to_be_remembered(books: Books) -> None:
    SharedDomainFactory(domain="platform.example")
    question = from_a_stranger(domain="platform.example").question
    assert question
    assert {key.kind for key in learning.keys_about(question)} == {"kvk", "peppol"}


def test_an_answer_about_what_many_share_since_it_was_asked_is_remembered_otherwise(
    books: Books, bookkeeper: User
) -> None:
    invoice = from_a_stranger(kvk="", domain="platform.example")
    assert invoice.question
    assert invoice.question.identity == "domain platform.example"
    SharedDomainFactory(domain="platform.example")
    invoice = answered(invoice, books, bookkeeper)
    assert (invoice.question, invoice.supplier) == (None, books.supplier.exact_id)
    assert from_a_stranger(kvk="", domain="platform.example", number="2").question is None


def test_a_card_with_another_number_of_the_company_is_shown_and_not_filled_in(books: Books) -> None:
    invoice = coded(xml(kvk="27124701", vat=""))
    assert invoice.cause == Cause.VENDOR_CONFLICT
    everybody = UserFactory(role=Role.ADMINISTRATOR)
    [group] = vendor_groups.groups_of(vendor_groups.waiting(everybody), everybody)
    [row] = group.rows
    assert [choice.supplier for choice in row.choices] == [str(books.supplier.exact_id)]
    assert row.choices[0].against
    assert row.chosen == ""
