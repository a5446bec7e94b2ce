"""What waits for a rule is coded anew when rules change."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import Relation
from apps.invoices import recoding, tasks
from apps.invoices.models import Invoice, InvoiceLine, State, ValueSource
from apps.invoices.reviewing import LineEdit, edit_lines
from apps.people.models import User
from apps.rules import ruling
from apps.rules.models import BookingRule
from apps.rules.words import Spread
from tests.bells import rung
from tests.exact.factories import GLAccountFactory
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import xml
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def accounts(books: Books) -> None:
    """The supplier's card says no account; two can be chosen."""
    Relation.objects.update(gl_account_purchase=None)
    for code in ("7001", "7002"):
        GLAccountFactory(division=books.division, code=code)


@pytest.fixture
def waiting(books: Books, accounts: None) -> Invoice:
    invoice = coded(xml())
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.NO_GL_ACCOUNT)
    return invoice


def make(by: User, **values: Any) -> BookingRule:
    rule = BookingRule(**{"name": "Rule", "supplier_contains": "a", "gl_code": "7001", **values})
    ruling.save(rule, by=by)
    return rule


def follow() -> int:
    return recoding.follow_rules(clock.now() - timedelta(minutes=1))


def codes(invoice: Invoice) -> set[str]:
    return set(InvoiceLine.objects.filter(invoice=invoice).values_list("gl_code", flat=True))


def test_what_waited_for_an_account_goes_on_once(waiting: Invoice, bookkeeper: User, books: Books) -> None:
    make(bookkeeper, supplier_contains=books.supplier.name[:5])
    events = waiting.events.count()
    assert follow() == 1
    waiting.refresh_from_db()
    assert (waiting.state, codes(waiting)) == (State.READY, {"7001"})
    assert waiting.events.latest("pk").why == "booking rules were changed"
    assert follow() == recoding.sweep() == 0
    assert waiting.events.count() == events + 1


def test_the_bell_leads_to_the_task(waiting: Invoice, bookkeeper: User, books: Books) -> None:
    make(bookkeeper, supplier_contains=books.supplier.name[:5])
    (moment,) = [args for path, args in rung() if path == "apps.invoices.tasks.rules_changed"]
    tasks.rules_changed(*moment)
    waiting.refresh_from_db()
    assert waiting.state == State.READY


def test_a_lost_bell_costs_a_minute(waiting: Invoice, bookkeeper: User, books: Books) -> None:
    make(bookkeeper, supplier_contains=books.supplier.name[:5])
    assert recoding.sweep() == 1


@pytest.mark.parametrize("values", [{"supplier_contains": "nobody is called so"}, {"active": False}])
def test_what_no_rule_fits_is_left_without_a_word(
    values: dict[str, Any], waiting: Invoice, bookkeeper: User, books: Books
) -> None:
    events = waiting.events.count()
    make(bookkeeper, **{"supplier_contains": books.supplier.name[:5], **values})
    assert follow() == 0
    assert waiting.events.count() == events


def test_a_rule_of_another_administration_moves_nothing(
    waiting: Invoice, bookkeeper: User, books: Books
) -> None:
    other = Administration.objects.create(client=books.administration.client, name="Other", slug="other")
    make(bookkeeper, supplier_contains=books.supplier.name[:5], administration=other)
    assert follow() == 0


@pytest.fixture
def proposed(books: Books, accounts: None, bookkeeper: User) -> tuple[Invoice, BookingRule]:
    Administration.objects.update(mode=Mode.PROPOSE)
    rule = make(bookkeeper, supplier_contains=books.supplier.name[:5])
    invoice = coded(xml())
    assert (invoice.state, codes(invoice)) == (State.PROPOSED, {"7001"})
    return invoice, rule


def change(rule: BookingRule, by: User) -> None:
    rule.gl_code = "7002"
    ruling.save(rule, by=by)


def switch_off(rule: BookingRule, by: User) -> None:
    rule.active = False
    ruling.save(rule, by=by)


def remove(rule: BookingRule, by: User) -> None:
    ruling.remove(rule, by=by)


@pytest.mark.parametrize(("act", "found"), [(change, {"7002"}), (switch_off, {""}), (remove, {""})])
def test_a_proposal_follows_the_rule_it_came_of(
    act: Any, found: set[str], proposed: tuple[Invoice, BookingRule], bookkeeper: User
) -> None:
    invoice, rule = proposed
    act(rule, bookkeeper)
    assert follow() == 1
    assert codes(invoice) == found
    assert follow() == 0


@pytest.mark.parametrize(
    "values",
    [
        {"private_use": Decimal(25)},
        {"non_deductible": Decimal(50)},
        {"spread": Spread.MONTHS, "spread_months": 3},
    ],
)
@pytest.mark.parametrize("act", [switch_off, remove])
def test_what_a_rule_said_besides_codes_is_taken_back_with_it(
    act: Any,
    values: dict[str, Any],
    proposed: tuple[Invoice, BookingRule],
    bookkeeper: User,
    books: Books,
) -> None:
    invoice, _rule = proposed
    rule = make(bookkeeper, name="Besides", supplier_contains=books.supplier.name[:5], gl_code="", **values)
    assert follow() == 1
    assert invoice.lines.get().treatment != {}
    act(rule, bookkeeper)
    assert follow() == 1
    assert invoice.lines.get().treatment == {}


def test_a_proposal_stays_one(proposed: tuple[Invoice, BookingRule], bookkeeper: User) -> None:
    invoice, rule = proposed
    Administration.objects.update(mode=Mode.AUTOMATIC)
    change(rule, bookkeeper)
    assert follow() == 1
    invoice.refresh_from_db()
    assert invoice.state == State.PROPOSED


def test_what_a_person_touched_or_set_stays(proposed: tuple[Invoice, BookingRule], bookkeeper: User) -> None:
    invoice, rule = proposed
    line = invoice.lines.order_by("position")[0]
    edit_lines(invoice, [LineEdit(line.pk, "7002", line.vat_code)], by=UserFactory())
    rule.vat_code = "none such"
    ruling.save(rule, by=bookkeeper)
    assert follow() == 0
    line.refresh_from_db()
    assert (line.gl_code, line.gl_source) == ("7002", ValueSource.PERSON)


def test_what_is_ready_or_waits_for_something_else_stays(
    proposed: tuple[Invoice, BookingRule], bookkeeper: User
) -> None:
    invoice, rule = proposed
    Invoice.objects.filter(pk=invoice.pk).update(state=State.ATTENTION, cause=Cause.TOTALS_DIFFER)
    change(rule, bookkeeper)
    assert follow() == 0
    Invoice.objects.filter(pk=invoice.pk).update(state=State.READY, cause="")
    assert follow() == 0
