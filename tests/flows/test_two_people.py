"""Ways around the second person, and what a second look cannot wave away."""

from decimal import Decimal

import pytest

from apps.clients.models import Mode
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.exact.models import VATCode
from apps.invoices import approving, client_questions, retabling
from apps.invoices.models import Invoice, State
from apps.invoices.reviewing import LineEdit, Refused, accept, edit_lines, map_vendor, route
from apps.people.models import Role, User
from apps.rules import rechecking, vat_table
from apps.rules.models import VATTable
from tests.clients.factories import LimitsFactory
from tests.exact.factories import GLAccountFactory
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import anonymous, xml
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def books() -> Books:
    """Books that propose, with a suspense account, where two people look above 100."""
    found = make_books(mode=Mode.PROPOSE)
    LimitsFactory(four_eyes_above=Decimal(100))
    for code in ("1999", "4999"):
        GLAccountFactory(division=found.division, code=code)
    found.administration.suspense_account = "1999"
    found.administration.save()
    return found


@pytest.fixture
def anna() -> User:
    user: User = UserFactory(role=Role.REVIEWER, first_name="Anna")
    return user


@pytest.fixture
def bert() -> User:
    user: User = UserFactory(role=Role.REVIEWER, first_name="Bert")
    return user


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related(
        "administration__client", "posting", "part", "question", "double_of", "removal"
    ).get(pk=invoice.pk)


def edit(invoice: Invoice, by: User) -> Invoice:
    (line,) = invoice.lines.all()
    edit_lines(invoice, [LineEdit(line.pk, "4999", "V21")], by=by, version=invoice.version)
    return again(invoice)


@pytest.mark.parametrize("who", ["anna", "bert"])
def test_neither_who_chose_the_codes_nor_who_mapped_the_vendor_is_the_second_person(
    books: Books, request: pytest.FixtureRequest, anna: User, bert: User, who: str
) -> None:
    invoice = edit(coded(anonymous(vendor="Handel Onbekend")), anna)
    assert invoice.question is not None
    map_vendor(invoice.question, books.supplier, by=bert)
    invoice = again(invoice)
    assert (invoice.state, invoice.coders) == (State.PROPOSED, sorted([anna.pk, bert.pk]))
    accept(invoice, by=request.getfixturevalue(who), version=invoice.version)
    invoice = again(invoice)
    assert invoice.state == State.ATTENTION
    for one in (anna, bert):
        with pytest.raises(Refused):
            approving.approve(invoice, by=one, version=invoice.version)
    approving.approve(invoice, by=UserFactory(role=Role.REVIEWER), version=invoice.version)
    assert again(invoice).state == State.READY


def test_who_coded_it_in_other_books_had_no_look_at_it_in_these(books: Books, anna: User, bert: User) -> None:
    other = make_books(kvk="11112222", mode=Mode.PROPOSE)
    invoice = edit(coded(xml()), anna)
    route(invoice, other.administration, by=bert, version=invoice.version)
    invoice = again(invoice)
    assert (invoice.state, invoice.coded_by, invoice.coders) == (State.PROPOSED, None, [])
    accept(invoice, by=bert, version=invoice.version)
    assert again(invoice).state == State.ATTENTION


def test_who_asked_the_client_had_no_look_at_what_came_of_the_answer(
    books: Books, anna: User, bert: User
) -> None:
    invoice = coded(xml())
    question = client_questions.ask(invoice, "Waarvoor?", by=anna, version=invoice.version)
    invoice = again(invoice)
    approving.approve(invoice, by=bert, version=invoice.version)
    assert client_questions.answer(question, "voor de zaak", who="client")
    client_questions.settle()
    invoice = again(invoice)
    assert invoice.state == State.PROPOSED
    accept(invoice, by=bert, version=invoice.version)
    assert again(invoice).state == State.ATTENTION


def test_asking_the_client_does_not_pass_a_missing_journal_for_a_second_look(
    books: Books, anna: User
) -> None:
    books.administration.purchase_journal = ""
    books.administration.save()
    invoice = coded(xml())
    assert invoice.cause == Cause.NEEDS_APPROVAL
    with pytest.raises(Refused):
        client_questions.ask(invoice, "Waarvoor?", by=anna, version=invoice.version)
    assert again(invoice).accepted_by is None


def test_a_second_person_cannot_wave_away_a_journal_that_went(books: Books, anna: User, bert: User) -> None:
    invoice = coded(xml())
    accept(invoice, by=anna, version=invoice.version)
    books.administration.purchase_journal = ""
    books.administration.save()
    invoice = again(invoice)
    with pytest.raises(Refused, match="journal"):
        approving.approve(invoice, by=bert, version=invoice.version)
    assert again(invoice).state == State.ATTENTION
    assert not invoice.approvals.exists()


def test_what_waits_for_a_second_person_is_held_when_its_vat_code_is_doubted(
    books: Books, anna: User, bert: User
) -> None:
    vat_table.confirm_rows(VATTable.objects.all(), "Sanne")
    rechecking.recheck(books.administration)
    invoice = coded(xml())
    accept(invoice, by=anna, version=invoice.version)
    invoice = again(invoice)
    assert invoice.cause == Cause.NEEDS_APPROVAL
    VATCode.objects.update(type="N")
    assert rechecking.recheck(books.administration) == 1
    with pytest.raises(Refused):
        approving.approve(invoice, by=bert, version=invoice.version)
    retabling.table_changed(books.administration.pk)
    assert again(invoice).cause == Cause.NO_VAT_CODE
    with pytest.raises(Changed):
        approving.approve(again(invoice), by=bert, version=invoice.version)
