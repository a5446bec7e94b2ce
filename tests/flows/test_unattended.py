"""What runs by itself stops running once something speaks against it, up to the moment it is sent."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from apps.clients.models import Limits, Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import Relation, VATCode
from apps.invoices import autonomy, client_questions, delivering, recoding, retabling
from apps.invoices.collecting import collect
from apps.invoices.models import Autonomy, Invoice, Level, State
from apps.invoices.reviewing import LineEdit, accept, book_anyway, edit_lines, retry, undo
from apps.people.models import Role, User
from apps.posting.models import PostingState
from apps.rules import rechecking, ruling, vat_table
from apps.rules.models import BookingRule, VATTable
from tests.clients.factories import LimitsFactory
from tests.exact.factories import GLAccountFactory
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import changed, xml
from tests.people.factories import UserFactory
from tests.posting.factories import PostingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def automatic() -> Books:
    return make_books(mode=Mode.AUTOMATIC)


@pytest.fixture
def anna() -> User:
    user: User = UserFactory(role=Role.REVIEWER, first_name="Anna")
    return user


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related(
        "administration__client", "posting", "part", "question", "double_of", "removal"
    ).get(pk=invoice.pk)


def book(invoice: Invoice, books: Books) -> None:
    """Let Exact have booked a ready document, and take the result back."""
    invoice = again(invoice)
    posting = PostingFactory(
        division=books.division,
        state=PostingState.DONE,
        finished_at=clock.now(),
        exact_id=uuid4(),
        exact_number="1",
    )
    invoice.move(State.POSTING, who="test", why="handed over", at=clock.now(), posting=posting)
    collect(books.division)


def earn(books: Books, by: User, *contents: bytes) -> None:
    for number, content in enumerate(contents):
        invoice = coded(content, name=f"earned-{number}.xml")
        accept(invoice, by=by, version=invoice.version)
        book(invoice, books)
    autonomy.switch_on(Autonomy.objects.get(), by=by, up_to=Decimal(10_000))


@pytest.fixture
def running(anna: User) -> Books:
    """Books that propose, with a vendor that earned it to be booked by itself."""
    books = make_books(mode=Mode.PROPOSE)
    earn(books, anna, *(xml(number=f"E-{number}") for number in range(3)))
    return books


def ready(number: str = "R-1") -> Invoice:
    invoice = coded(xml(number=number), name=f"{number}.xml")
    assert invoice.state == State.READY
    return invoice


def test_a_ceiling_that_is_lowered_holds_what_waits_for_exact(running: Books) -> None:
    invoice = ready()
    LimitsFactory(automatic_up_to=Decimal(1))
    assert delivering.submit(again(invoice), running.division) is None
    assert again(invoice).state == State.PROPOSED


def test_a_ceiling_that_is_high_enough_delays_a_document_once(running: Books) -> None:
    invoice = ready()
    LimitsFactory(automatic_up_to=Decimal(100000))
    assert delivering.submit(again(invoice), running.division) is None
    assert again(invoice).state == State.READY
    assert delivering.submit(again(invoice), running.division) is not None


def test_switched_off_holds_what_is_in_the_minutes_for_undo(running: Books, anna: User) -> None:
    invoice = ready()
    autonomy.switch_off(Autonomy.objects.get(), by=anna)
    assert delivering.submit(again(invoice), running.division) is None
    assert again(invoice).state == State.PROPOSED


def test_undoing_one_holds_the_others_of_that_vendor(running: Books, anna: User) -> None:
    first, second = ready("U-1"), ready("U-2")
    undo(first, by=anna, version=first.version)
    assert delivering.submit(again(second), running.division) is None
    assert again(second).state == State.PROPOSED


def test_a_rule_not_to_automate_holds_what_is_ready(running: Books, anna: User) -> None:
    first, second = ready("R-1"), ready("R-2")
    ruling.save(BookingRule(name="never", supplier_contains="a", never_automatic=True), by=anna)
    assert delivering.submit(again(first), running.division) is None
    assert again(first).state == State.PROPOSED
    recoding.follow_rules(clock.now() - timedelta(minutes=1))
    assert again(second).state == State.PROPOSED


def test_a_rule_that_forbids_nothing_leaves_what_is_ready(running: Books, anna: User) -> None:
    invoice = ready()
    ruling.save(BookingRule(name="any", supplier_contains="a", gl_code="4000"), by=anna)
    recoding.follow_rules(clock.now() - timedelta(minutes=1))
    assert again(invoice).version == invoice.version
    assert delivering.submit(again(invoice), running.division) is not None


def test_a_doubt_holds_what_is_handed_over_before_its_bell_is_heard(automatic: Books) -> None:
    vat_table.confirm_rows(VATTable.objects.all(), "Sanne")
    rechecking.recheck(automatic.administration)
    invoice = ready()
    VATCode.objects.update(type="I")
    assert rechecking.recheck(automatic.administration) == 1
    assert delivering.submit(again(invoice), automatic.division) is None
    assert again(invoice).cause == Cause.NO_VAT_CODE


def test_what_a_person_accepted_is_sent_in_spite_of_a_lower_ceiling(anna: User) -> None:
    books = make_books(mode=Mode.PROPOSE)
    invoice = coded(xml())
    accept(invoice, by=anna, version=invoice.version)
    LimitsFactory(automatic_up_to=Decimal(1))
    assert delivering.submit(again(invoice), books.division) is not None


DOLLARS = (
    "<cac:TaxExchangeRate><cbc:SourceCurrencyCode>USD</cbc:SourceCurrencyCode><cbc:TargetCurrencyCode>EUR"
    "</cbc:TargetCurrencyCode><cbc:CalculationRate>0.0001</cbc:CalculationRate>"
    "<cbc:MathematicOperatorCode>Multiply</cbc:MathematicOperatorCode></cac:TaxExchangeRate><cac:TaxTotal>"
)


@pytest.mark.parametrize("limits", [{"automatic_up_to": 1000}, {"four_eyes_above": 1000}])
def test_totals_that_were_waived_do_not_hide_what_is_booked_from_a_ceiling(
    automatic: Books, anna: User, limits: dict[str, int]
) -> None:
    """The document says 121; its lines come to 12,100, and that is what is sent."""
    LimitsFactory(**limits)
    invoice = coded(changed(xml(net="10000.00"), ">12100.00<", ">121.00<"))
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.TOTALS_DIFFER)
    book_anyway(invoice, by=anna, version=invoice.version)
    invoice = again(invoice)
    assert invoice.state == State.PROPOSED
    accept(invoice, by=anna, version=invoice.version)
    asks_two = "four_eyes_above" in limits
    assert again(invoice).state == (State.ATTENTION if asks_two else State.READY)


def test_the_rate_that_a_document_names_does_not_lift_its_ceiling(automatic: Books) -> None:
    """1,210,000 dollars at 0.0001 euro each are 121 euro, says the sender."""
    LimitsFactory(automatic_up_to=Decimal(1000))
    text = changed(xml(net="1000000.00"), 'currencyID="EUR"', 'currencyID="USD"')
    text = changed(text, "<cbc:DocumentCurrencyCode>EUR<", "<cbc:DocumentCurrencyCode>USD<")
    invoice = coded(changed(text, "<cac:TaxTotal>", DOLLARS))
    assert invoice.rate is not None
    assert invoice.state == State.PROPOSED


def answered(books: Books, anna: User) -> Invoice:
    """A document about which the client was asked, and answered before it was booked."""
    GLAccountFactory(division=books.division, code="1999")
    books.administration.suspense_account = "1999"
    books.administration.save()
    invoice = coded(xml())
    if invoice.state == State.READY:
        undo(invoice, by=anna)
        Autonomy.objects.all().delete()
        invoice = again(invoice)
    question = client_questions.ask(invoice, "Waarvoor?", by=anna, version=invoice.version)
    assert again(invoice).state == State.READY
    assert client_questions.answer(question, "Dit was prive!", who="client")
    client_questions.settle()
    return again(invoice)


def test_an_answer_of_the_client_is_read_before_a_new_rule_books_it(automatic: Books, anna: User) -> None:
    Relation.objects.update(gl_account_purchase=None)
    GLAccountFactory(division=automatic.division, code="7001")
    invoice = answered(automatic, anna)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.NO_GL_ACCOUNT)
    ruling.save(BookingRule(name="Rule", supplier_contains="a", gl_code="7001"), by=anna)
    recoding.follow_rules(clock.now() - timedelta(minutes=1))
    assert again(invoice).state == State.PROPOSED


def test_an_answer_of_the_client_is_read_before_a_confirmed_vat_table_books_it(
    automatic: Books, anna: User
) -> None:
    invoice = answered(automatic, anna)
    assert invoice.state == State.PROPOSED
    vat_table.confirm_rows(VATTable.objects.all(), "Sanne")
    rechecking.recheck(automatic.administration)
    VATCode.objects.update(type="I")
    assert rechecking.recheck(automatic.administration) == 1
    retabling.table_changed(automatic.administration.pk)
    assert again(invoice).cause == Cause.NO_VAT_CODE
    vat_table.confirm(automatic.administration, "Sanne")
    retabling.table_changed(automatic.administration.pk)
    assert again(invoice).state == State.PROPOSED


def test_an_answer_of_the_client_is_read_before_trying_again_books_it(automatic: Books, anna: User) -> None:
    invoice = answered(automatic, anna)
    retry(invoice, by=anna)
    invoice = again(invoice)
    assert invoice.state == State.PROPOSED
    accept(invoice, by=anna, version=invoice.version)
    assert again(invoice).state == State.READY


def at_twenty(number: str) -> bytes:
    """A document with a rate that is no Dutch one: no scenario."""
    content = changed(xml(number=number), "<cbc:Percent>21<", "<cbc:Percent>20<")
    return changed(changed(content, ">21.00<", ">20.00<"), ">121.00<", ">120.00<")


def test_a_scenario_that_is_not_known_is_another_one(running: Books, anna: User) -> None:
    """Earned with 21 %; now a rate that Dutch law does not have, and a rule that knows the VAT code."""
    ruling.save(BookingRule(name="all", supplier_contains="a", vat_code="V21"), by=anna)
    invoice = coded(at_twenty("S-1"))
    assert [line.scenario for line in invoice.lines.all()] == [""]
    assert invoice.state == State.PROPOSED
    assert Autonomy.objects.get().why == "another VAT scenario than it was earned with: S-1"


def test_what_was_earned_without_a_scenario_is_lost_with_one(anna: User) -> None:
    books = make_books(mode=Mode.PROPOSE)
    ruling.save(BookingRule(name="all", supplier_contains="a", vat_code="V21"), by=anna)
    earn(books, anna, *(at_twenty(f"E-{number}") for number in range(3)))
    assert Autonomy.objects.get().scenarios == ["unknown"]
    assert coded(xml(number="E-4"), name="4.xml").state == State.PROPOSED
    assert Autonomy.objects.get().level == Level.PROPOSING


def test_an_edit_that_corrects_is_not_booked_by_itself(running: Books, anna: User) -> None:
    GLAccountFactory(division=running.division, code="4999")
    LimitsFactory(automatic_up_to=Decimal(1))
    invoice = coded(xml(number="L-1"), name="l.xml")
    assert invoice.state == State.PROPOSED
    Limits.objects.all().delete()
    (line,) = invoice.lines.all()
    edit_lines(invoice, [LineEdit(line.pk, "4999", "V21")], by=anna, version=invoice.version)
    assert Autonomy.objects.get().level == Level.PROPOSING
    assert again(invoice).state == State.PROPOSED


@pytest.mark.parametrize("amount", ["99999999999999999999", "1000000000000", "0.001", "0", "-5", "NaN"])
def test_an_amount_that_cannot_be_kept_is_refused(running: Books, anna: User, amount: str) -> None:
    row = Autonomy.objects.get()
    autonomy.switch_on(row, by=anna, up_to=Decimal("999999999999.99"))
    with pytest.raises(autonomy.StepRefused):
        autonomy.switch_on(row, by=anna, up_to=Decimal(amount))
    row.refresh_from_db()
    assert row.up_to == Decimal("999999999999.99")
