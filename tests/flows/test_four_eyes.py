"""Above an amount two people look at a document, and the second one is not the first."""

from decimal import Decimal

import pytest

from apps.clients.models import Mode
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.invoices.acts import acts_for
from apps.invoices.approving import approve
from apps.invoices.coding import code
from apps.invoices.models import Approval, Invoice, State
from apps.invoices.reviewing import LineEdit, Refused, accept, book_anyway, edit_lines, undo
from apps.people.models import Role, User
from tests.clients.factories import AssignmentFactory, LimitsFactory
from tests.exact.factories import GLAccountFactory
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import xml
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(params=[Mode.PROPOSE, Mode.AUTOMATIC])
def books(request: pytest.FixtureRequest) -> Books:
    found = make_books(mode=request.param)
    LimitsFactory(four_eyes_above=Decimal(100))
    GLAccountFactory(division=found.division, code="4500")
    return found


@pytest.fixture
def people(books: Books) -> tuple[User, User]:
    first, second = UserFactory(first_name="Fem"), UserFactory(first_name="Sam", role=Role.REVIEWER)
    for one in (first, second):
        AssignmentFactory(user=one, client=books.administration.client)
    return first, second


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("administration", "mapping", "posting").get(pk=invoice.pk)


def recode(invoice: Invoice, by: User) -> None:
    """Choose another account than the one that stands there."""
    (line,) = invoice.lines.all()
    other = "4000" if line.gl_code == "4500" else "4500"
    edit_lines(invoice, [LineEdit(line.pk, other, line.vat_code)], by=by, version=invoice.version)


def test_one_accepts_and_another_one_approves(books: Books, people: tuple[User, User]) -> None:
    first, second = people
    invoice = coded(xml())
    assert invoice.state == State.PROPOSED
    accept(invoice, by=first, version=invoice.version)
    invoice = again(invoice)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    assert str(second) in invoice.detail
    assert acts_for(invoice)[0].name == "approve"
    with pytest.raises(Refused):
        approve(invoice, by=first, version=invoice.version)
    with pytest.raises(Changed):
        approve(invoice, by=second, version=invoice.version - 1)
    seen = invoice.version
    approve(again(invoice), by=second, version=seen)
    invoice = again(invoice)
    assert invoice.state == State.READY
    (approval,) = Approval.objects.all()
    assert (approval.by, approval.version) == (second, seen)


def test_nobody_gets_past_it_alone(books: Books, people: tuple[User, User]) -> None:
    first, _second = people
    invoice = coded(xml())
    accept(invoice, by=first, version=invoice.version)
    invoice = again(invoice)
    with pytest.raises(Refused):
        book_anyway(invoice, by=first, version=invoice.version)
    code(invoice, waived=[Cause.NEEDS_APPROVAL], accepted=True, accepted_by=first)
    assert again(invoice).state == State.ATTENTION
    assert again(invoice).cause == Cause.NEEDS_APPROVAL


def test_who_coded_it_is_the_first_and_whoever_accepts_it_then_the_second(
    books: Books, people: tuple[User, User]
) -> None:
    first, second = people
    invoice = coded(xml())
    recode(invoice, first)
    invoice = again(invoice)
    assert invoice.coded_by == first
    accept(invoice, by=second, version=invoice.version)
    assert again(invoice).state == State.READY
    assert Approval.objects.get().by == second


def test_a_change_after_the_approval_needs_a_new_one(books: Books, people: tuple[User, User]) -> None:
    first, second = people
    invoice = coded(xml())
    recode(invoice, first)
    accept(again(invoice), by=second, version=again(invoice).version)
    undo(again(invoice), by=second)
    recode(again(invoice), second)
    invoice = again(invoice)
    assert invoice.state == State.PROPOSED
    accept(invoice, by=second, version=invoice.version)
    assert again(invoice).cause == Cause.NEEDS_APPROVAL
    approve(again(invoice), by=first, version=again(invoice).version)
    assert again(invoice).state == State.READY


def test_up_to_the_amount_one_is_enough(books: Books, people: tuple[User, User]) -> None:
    type(LimitsFactory._meta.model.objects.get()).objects.update(four_eyes_above=Decimal("121.00"))
    invoice = coded(xml())
    if books.administration.mode == Mode.PROPOSE:
        accept(invoice, by=people[0], version=invoice.version)
    assert again(invoice).state == State.READY
    assert not Approval.objects.exists()
