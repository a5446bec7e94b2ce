"""A vendor earns that its documents are booked without a person, and loses it: a test for each way."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import BankAccount, GLAccount
from apps.exact.models.mirrors import CostRule
from apps.invoices import autonomy
from apps.invoices.answers import unlearn
from apps.invoices.autonomy import StepRefused
from apps.invoices.coding import code
from apps.invoices.collecting import collect
from apps.invoices.models import Autonomy, Held, Invoice, Level, State
from apps.invoices.reviewing import LineEdit, accept, edit_lines, undo
from apps.people.models import Role, User
from apps.posting.models import PostingState
from tests.clients.factories import LimitsFactory
from tests.exact.factories import CostCenterFactory, GLAccountFactory, LedgerLineFactory
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import changed, xml
from tests.people.factories import UserFactory
from tests.posting.factories import PostingFactory
from tests.vendors.factories import MappingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def books() -> Books:
    """Books in which each document is proposed."""
    return make_books(mode=Mode.PROPOSE)


@pytest.fixture
def person() -> User:
    user: User = UserFactory(role=Role.REVIEWER)
    return user


def row(books: Books) -> Autonomy:
    return Autonomy.objects.get(supplier=books.supplier.exact_id)


def next_one(number: str, content: bytes | None = None) -> Invoice:
    return coded(content or xml(number=number), name=f"{number}.xml")


def book(invoice: Invoice, books: Books) -> None:
    """Let Exact have booked a ready document, and take the result back."""
    invoice.refresh_from_db()
    posting = PostingFactory(
        division=books.division,
        state=PostingState.DONE,
        finished_at=clock.now(),
        exact_id=uuid4(),
        exact_number="1",
    )
    invoice.move(State.POSTING, who="test", why="handed over", at=clock.now(), posting=posting)
    collect(books.division)
    invoice.refresh_from_db()
    assert invoice.state == State.DONE


def accept_one(number: str, books: Books, person: User) -> Invoice:
    invoice = next_one(number)
    assert invoice.state == State.PROPOSED, number
    accept(invoice, by=person, version=invoice.version)
    book(invoice, books)
    return invoice


def earn(books: Books, person: User) -> None:
    for number in ("E-1", "E-2", "E-3"):
        accept_one(number, books, person)


@pytest.fixture
def running(books: Books, person: User) -> Books:
    """A vendor that earned it and was switched on."""
    earn(books, person)
    autonomy.switch_on(row(books), by=person, up_to=Decimal(10_000))
    return books


def is_down(books: Books, why: str) -> bool:
    found = row(books)
    assert why in found.why, found.why
    assert why in (found.history.first().history_change_reason or "")
    return (found.level, found.untouched, found.held) == (Level.PROPOSING, 0, Held.FELL)


def test_three_accepted_unchanged_are_offered_and_a_person_switches_it_on(books: Books, person: User) -> None:
    accept_one("A-1", books, person)
    accept_one("A-2", books, person)
    assert (row(books).level, row(books).untouched) == (Level.PROPOSING, 2)
    with pytest.raises(StepRefused):
        autonomy.switch_on(row(books), by=person)
    accept_one("A-3", books, person)
    assert row(books).level == Level.OFFERED
    assert next_one("A-4").state == State.PROPOSED
    autonomy.switch_on(row(books), by=person, up_to=Decimal(500))
    assert next_one("A-5").state == State.READY
    levels = [one.level for one in row(books).history.order_by("history_date", "history_id")]
    assert levels[-1] == Level.AUTOMATIC
    assert Level.OFFERED in levels
    assert row(books).history.first().history_user == person


def test_a_document_is_counted_once(books: Books, person: User) -> None:
    invoice = accept_one("A-1", books, person)
    for _time in range(3):
        autonomy.count(invoice)
        collect(books.division)
    assert row(books).untouched == 1


def test_the_number_of_bookings_is_a_limit_of_firm_or_client(books: Books, person: User) -> None:
    LimitsFactory(untouched=1)
    accept_one("A-1", books, person)
    assert row(books).level == Level.OFFERED


def test_a_correction_on_the_lines_brings_it_back(running: Books, person: User) -> None:
    GLAccountFactory(division=running.division, code="4500")
    invoice = next_one("C-1")
    assert invoice.state == State.READY
    undone = Invoice.objects.get(pk=invoice.pk)
    autonomy_before = row(running).level
    undone.move(State.PROPOSED, who="test", why="to be looked at", at=clock.now())
    (line,) = undone.lines.all()
    edit_lines(undone, [LineEdit(line.pk, "4500", line.vat_code)], by=person, version=undone.version)
    assert autonomy_before == Level.AUTOMATIC
    assert is_down(running, "a person changed the lines")
    assert row(running).history.first().history_user == person
    assert next_one("C-2").state == State.PROPOSED


def test_filling_in_what_was_open_is_no_correction(running: Books, person: User) -> None:
    GLAccount.objects.update(use_cost_center=CostRule.MANDATORY)
    center = CostCenterFactory(division=running.division)
    invoice = next_one("C-1")
    assert invoice.cause == Cause.COST_CENTRE_MISSING
    (line,) = invoice.lines.all()
    edit = LineEdit(line.pk, line.gl_code, line.vat_code, cost_center=center.code)
    edit_lines(invoice, [edit], by=person, version=invoice.version)
    assert row(running).level == Level.AUTOMATIC


def test_taking_a_booking_back_brings_it_back(running: Books, person: User) -> None:
    invoice = next_one("U-1")
    undo(invoice, by=person, version=invoice.version)
    assert is_down(running, "a booking was taken back")


def test_taking_the_mapping_of_its_vendor_back_brings_it_back(running: Books, person: User) -> None:
    mapping = MappingFactory(administration=running.administration, supplier=running.supplier.exact_id)
    unlearn(mapping, by=person)
    assert is_down(running, "a mapping to it was taken back")


def test_a_changed_account_brings_it_back(running: Books) -> None:
    BankAccount.objects.update(iban="NL91ABNA0417164300")  # the card has another one than the document
    invoice = next_one("I-1")
    assert invoice.cause == Cause.IBAN_CHANGED
    assert is_down(running, "a changed account number")


def test_another_vat_scenario_brings_it_back(running: Books) -> None:
    Autonomy.objects.update(scenarios=["nl_low"])
    invoice = next_one("S-1")
    assert invoice.state == State.PROPOSED
    assert "another VAT scenario" in invoice.proposed_because
    assert is_down(running, "another VAT scenario")


def test_a_warning_brings_it_back(running: Books) -> None:
    debit = changed(xml(number="W-1"), "<cbc:PaymentMeansCode>30<", "<cbc:PaymentMeansCode>59<")
    invoice = next_one("W-1", debit)
    assert [one["code"] for one in invoice.findings] == ["direct_debit_unknown"]
    assert invoice.state == State.PROPOSED
    assert is_down(running, "a warning")


def ledger(books: Books, *amounts: str) -> None:
    for days, amount in enumerate(amounts):
        LedgerLineFactory(
            division=books.division,
            relation=books.supplier.exact_id,
            type=30,
            amount=-Decimal(amount),
            date=date(2026, 6, 1) + timedelta(days=days),
        )


def test_an_unusual_amount_brings_it_back_and_says_what_is_usual(running: Books) -> None:
    ledger(running, *["10", "11", "12", "10", "11"] * 4)
    invoice = next_one("O-1")
    assert invoice.state == State.PROPOSED
    assert "5.00 to 18.00" in invoice.proposed_because
    assert is_down(running, "an unusual amount")
    fresh = Invoice.objects.get(pk=invoice.pk)
    Autonomy.objects.update(level=Level.AUTOMATIC, held="")
    code(fresh)  # the same document a second time is no news about its vendor
    assert row(running).level == Level.AUTOMATIC


def test_above_a_ceiling_it_is_proposed_and_nothing_is_lost(running: Books, person: User) -> None:
    firm = LimitsFactory(automatic_up_to=Decimal(1000))
    clients = LimitsFactory(client=running.administration.client, automatic_up_to=Decimal(100))
    invoice = next_one("L-1")
    assert invoice.state == State.PROPOSED
    assert "100.00" in invoice.proposed_because
    assert row(running).level == Level.AUTOMATIC
    clients.delete()
    assert next_one("L-2").state == State.READY
    firm.delete()
    autonomy.switch_on(row(running), by=person, up_to=Decimal(100))
    assert next_one("L-3").state == State.PROPOSED


def test_switched_off_it_is_proposed_and_can_be_switched_on_again(running: Books, person: User) -> None:
    autonomy.switch_off(row(running), by=person)
    assert next_one("X-1").state == State.PROPOSED
    autonomy.switch_on(row(running), by=person, up_to=Decimal(10_000))
    assert next_one("X-2").state == State.READY
    autonomy.start_again(row(running), by=person)
    assert (row(running).level, row(running).untouched) == (Level.PROPOSING, 0)


def test_an_automatic_administration_proposes_what_fell_until_it_is_earned_again(
    books: Books, person: User
) -> None:
    Administration.objects.update(mode=Mode.AUTOMATIC)
    first = next_one("F-1")
    assert first.state == State.READY
    undo(first, by=person, version=first.version)
    assert is_down(books, "a booking was taken back")
    earn(books, person)
    assert (row(books).level, row(books).held) == (Level.OFFERED, Held.NO)
    assert next_one("F-2").state == State.READY


def test_a_person_is_asked_whatever_was_earned_when_the_document_names_another_receiver(
    running: Books,
) -> None:
    invoice = next_one("R-1")
    Invoice.objects.filter(pk=invoice.pk).update(
        findings=[{"code": "receiver_unknown", "values": {"kind": "kvk", "value": "1"}, "cause": ""}]
    )
    fresh = Invoice.objects.get(pk=invoice.pk)
    code(fresh)
    assert fresh.state == State.PROPOSED
