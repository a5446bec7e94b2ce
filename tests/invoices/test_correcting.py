"""A correction by a person is never repeated by the machine for the same evidence."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from apps.clients.models import Mode
from apps.core import clock
from apps.exact.models import GLAccount, Relation
from apps.exact.models.mirrors import CostRule
from apps.invoices.coding import code
from apps.invoices.entry_lines import lines_of
from apps.invoices.models import Invoice, InvoiceLine, State, ValueSource
from apps.invoices.reviewing import LineEdit, accept, edit_lines, route, undo
from apps.people.models import User
from apps.rules import ruling
from apps.rules.models import BookingRule, Correction
from tests.exact.factories import (
    CostCenterFactory,
    CostUnitFactory,
    GLAccountFactory,
    LedgerLineFactory,
    VATCodeFactory,
)
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import changed, xml
from tests.rules.factories import BookingRuleFactory, RuleSplitFactory, VATTableFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

OTHER_TEXT = "Kaarsen"


@pytest.fixture
def books(db: None) -> Books:
    """Books that propose; 4000 is the card's account, 4500 and 4600 are there as well."""
    made = make_books(mode=Mode.PROPOSE)
    for account in ("4500", "4600"):
        GLAccountFactory(division=made.division, code=account)
    return made


def document(number: str, text: str = "") -> Invoice:
    """A document of the supplier with one line; `text`: another one than that of the sample."""
    content = xml(number=number)
    if text:
        content = changed(content, "Touw 1 mm", text)
    return coded(content)


def line_of(invoice: Invoice) -> InvoiceLine:
    return invoice.lines.get()


def correct(invoice: Invoice, by: User, **codes: str) -> None:
    line = line_of(invoice)
    now = {name: getattr(line, name) for name in ("gl_code", "vat_code", "cost_center", "cost_unit")}
    edit_lines(invoice, [LineEdit(line.pk, **{**now, **codes})], by=by)


def card(books: Books) -> None:
    """The card says 4000."""


def history(books: Books) -> None:
    Relation.objects.update(gl_account_purchase=None)
    for day in range(1, 15):
        LedgerLineFactory(
            division=books.division,
            relation=books.supplier.exact_id,
            type=30,
            line_number=1,
            gl_account=books.account.exact_id,
            gl_code=books.account.code,
            date=date(2026, 8, day),
        )


def rule(books: Books) -> None:
    BookingRuleFactory(administration=books.administration, supplier_contains="anker", gl_code="4000")


EVIDENCE: list[Callable[[Books], None]] = [card, history, rule]


@pytest.mark.parametrize("evidence", EVIDENCE, ids=lambda one: one.__name__)
def test_what_a_person_corrected_is_proposed_next_time_with_who_and_when(
    books: Books, bookkeeper: User, evidence: Callable[[Books], None]
) -> None:
    evidence(books)
    first = document("first")
    assert (line_of(first).gl_code, line_of(first).gl_source) == ("4000", evidence.__name__)
    correct(first, bookkeeper, gl_code="4500")
    assert line_of(first).gl_source == ValueSource.PERSON
    line = line_of(document("second"))
    assert (line.gl_code, line.gl_source) == ("4500", ValueSource.CORRECTION)
    today = clock.today()
    assert line.gl_why == f"chosen by {bookkeeper} on {today.day}-{today.month}-{today.year} for this text"


@pytest.mark.parametrize("evidence", EVIDENCE, ids=lambda one: one.__name__)
def test_not_even_when_what_was_chosen_is_blocked_since(
    books: Books, bookkeeper: User, evidence: Callable[[Books], None]
) -> None:
    evidence(books)
    correct(document("first"), bookkeeper, gl_code="4500")
    GLAccount.objects.filter(code="4500").update(blocked=True)
    second = document("second")
    assert (line_of(second).gl_code, second.state) == ("", State.ATTENTION)


def test_another_text_of_the_supplier_is_not_concerned(books: Books, bookkeeper: User) -> None:
    correct(document("first"), bookkeeper, gl_code="4500")
    other = line_of(document("other", OTHER_TEXT))
    assert other.description.startswith(OTHER_TEXT)
    assert (other.gl_code, other.gl_source) == ("4000", ValueSource.CARD)


def test_the_other_lines_of_the_document_that_say_the_same_follow(books: Books, bookkeeper: User) -> None:
    invoice = coded(xml(lines=2))
    one, two = invoice.lines.order_by("position")
    InvoiceLine.objects.filter(invoice=invoice).update(description=one.description)
    edit_lines(
        invoice,
        [LineEdit(one.pk, "4500", one.vat_code), LineEdit(two.pk, two.gl_code, two.vat_code)],
        by=bookkeeper,
    )
    assert [line.gl_code for line in invoice.lines.order_by("position")] == ["4500", "4500"]
    assert Correction.objects.count() == 1


def test_where_nothing_was_proposed_a_choice_is_remembered_too(books: Books, bookkeeper: User) -> None:
    Relation.objects.update(gl_account_purchase=None)
    first = document("first")
    assert line_of(first).gl_code == ""
    correct(first, bookkeeper, gl_code="4600")
    assert line_of(document("second")).gl_code == "4600"


def test_who_corrects_twice_is_remembered_with_the_last_word(books: Books, bookkeeper: User) -> None:
    first = document("first")
    correct(first, bookkeeper, gl_code="4500")
    correct(first, bookkeeper, gl_code="4600")
    assert line_of(document("second")).gl_code == "4600"
    GLAccount.objects.filter(code="4600").update(blocked=True)
    assert line_of(document("third")).gl_code == ""


def test_who_corrects_back_has_it_as_before(books: Books, bookkeeper: User) -> None:
    first = document("first")
    correct(first, bookkeeper, gl_code="4500")
    correct(first, bookkeeper, gl_code="4000")
    assert line_of(document("second")).gl_code == "4000"


def test_who_empties_the_own_choice_takes_it_back(books: Books, bookkeeper: User) -> None:
    first = document("first")
    correct(first, bookkeeper, gl_code="4500")
    correct(first, bookkeeper, gl_code="")
    assert (line_of(first).gl_code, line_of(first).gl_source) == ("4000", ValueSource.CARD)
    assert line_of(document("second")).gl_source == ValueSource.CARD


def test_what_the_machine_took_from_a_correction_can_be_corrected(books: Books, bookkeeper: User) -> None:
    correct(document("first"), bookkeeper, gl_code="4500")
    correct(document("second"), bookkeeper, gl_code="4600")
    assert line_of(document("third")).gl_code == "4600"


def test_a_rule_that_was_corrected_speaks_again_when_it_is_changed(books: Books, bookkeeper: User) -> None:
    rule(books)
    correct(document("first"), bookkeeper, gl_code="4500")
    assert line_of(document("second")).gl_code == "4500"
    (saved,) = BookingRule.objects.all()
    saved.gl_code = "4600"
    ruling.save(saved, by=bookkeeper)
    third = line_of(document("third"))
    assert (third.gl_code, third.gl_source) == ("4600", ValueSource.RULE)


def test_taking_a_document_back_or_coding_it_again_changes_nothing_of_it(
    books: Books, bookkeeper: User
) -> None:
    first = document("first")
    correct(first, bookkeeper, gl_code="4500")
    accept(first, by=bookkeeper, version=first.version)
    undo(first, by=bookkeeper)
    code(first)
    assert line_of(first).gl_source == ValueSource.PERSON
    assert line_of(document("second")).gl_code == "4500"


def mandatory(field: str) -> Callable[[Books], None]:
    def prepare(books: Books) -> None:
        GLAccount.objects.update(**{f"use_{field}": CostRule.MANDATORY, field: "K1"})
        make: Any = CostCenterFactory if field == "cost_center" else CostUnitFactory
        for one in ("K1", "K2"):
            make(division=books.division, code=one)

    return prepare


def two_vat_codes(books: Books) -> None:
    VATCodeFactory(division=books.division, code="V9")


KINDS = [
    ("vat_code", two_vat_codes, "V21", "V9"),
    ("cost_center", mandatory("cost_center"), "K1", "K2"),
    ("cost_unit", mandatory("cost_unit"), "K1", "K2"),
]


@pytest.mark.parametrize(("field", "prepare", "proposed", "chosen"), KINDS, ids=lambda one: str(one)[:12])
def test_the_other_codes_are_remembered_alike(
    books: Books, bookkeeper: User, field: str, prepare: Callable[[Books], None], proposed: str, chosen: str
) -> None:
    prepare(books)
    first = document("first")
    assert getattr(line_of(first), field) == proposed
    correct(first, bookkeeper, **{field: chosen})
    assert getattr(line_of(document("second")), field) == chosen
    (kept,) = Correction.objects.all()
    assert (kept.field, kept.rejected, kept.chosen, kept.part) == (field, proposed, chosen, first.part)


def test_an_emptied_cost_centre_is_not_proposed_again(books: Books, bookkeeper: User) -> None:
    GLAccount.objects.update(cost_center="K1")
    CostCenterFactory(division=books.division, code="K1")
    first = document("first")
    assert line_of(first).cost_center == "K1"
    correct(first, bookkeeper, cost_center="")
    assert line_of(document("second")).cost_center == ""


def test_what_was_corrected_in_one_administration_says_nothing_in_another(
    books: Books, bookkeeper: User
) -> None:
    other = make_books(kvk="12345677", mode=Mode.PROPOSE)
    GLAccountFactory(division=other.division, code="4500")
    correct(document("first"), bookkeeper, gl_code="4500")
    there = coded(xml(receiver="12345677", number="there"), administration=other.administration)
    assert (line_of(there).gl_code, line_of(there).gl_source) == ("4000", ValueSource.CARD)


def test_a_document_that_moves_leaves_what_was_said_where_it_was_said(books: Books, bookkeeper: User) -> None:
    other = make_books(kvk="12345677", mode=Mode.PROPOSE)
    GLAccountFactory(division=other.division, code="4500")
    first = document("first")
    correct(first, bookkeeper, gl_code="4500")
    route(first, other.administration, by=bookkeeper)
    assert (line_of(first).gl_code, line_of(first).gl_source) == ("4000", ValueSource.CARD)
    assert line_of(document("second")).gl_code == "4500"
    assert Correction.objects.get().administration == books.administration


def test_of_an_unknown_supplier_nothing_is_kept(books: Books, bookkeeper: User) -> None:
    Relation.objects.all().delete()
    first = document("first")
    correct(first, bookkeeper, gl_code="4500")
    assert not Correction.objects.exists()


def test_what_was_refused_is_not_remembered(books: Books, bookkeeper: User) -> None:
    first = document("first")
    with pytest.raises(Exception, match="XX"):
        correct(first, bookkeeper, gl_code="4500", vat_code="XX")
    assert not Correction.objects.exists()


def at_twenty(number: str) -> bytes:
    """A document at a rate that is no Dutch one: its VAT scenario is not known."""
    content = changed(xml(number=number), "<cbc:Percent>21<", "<cbc:Percent>20<")
    return changed(changed(content, ">21.00<", ">20.00<"), ">121.00<", ">120.00<")


def test_a_vat_code_filled_in_where_no_scenario_was_known_does_not_overrule_the_table(
    books: Books, reviewer: User
) -> None:
    VATCodeFactory(division=books.division, code="V00", type="N")
    odd = coded(at_twenty("V-1"))
    assert line_of(odd).scenario == ""
    correct(odd, reviewer, gl_code="4000", vat_code="V00")
    line = line_of(coded(xml(number="V-2")))
    assert (line.scenario, line.vat_code) == ("nl_high", "V21")
    assert line_of(coded(at_twenty("V-3"))).vat_code == "V00"


def test_a_vat_code_corrected_under_reverse_charge_does_not_hold_for_a_charged_line(
    books: Books, reviewer: User
) -> None:
    for code_ in ("V05", "V06"):
        VATCodeFactory(division=books.division, code=code_, type="E", charged=True)
    VATTableFactory(administration=books.administration, scenario="nl_reverse", vat_code="V05")
    content = changed(
        xml(number="A-1"), "<cbc:ID>S</cbc:ID><cbc:Percent>21<", "<cbc:ID>AE</cbc:ID><cbc:Percent>0<"
    )
    first = coded(changed(changed(content, ">21.00<", ">0.00<"), ">121.00<", ">100.00<"))
    assert line_of(first).scenario == "nl_reverse"
    correct(first, reviewer, vat_code="V06")
    assert Correction.objects.get().scenario == "nl_reverse"
    assert line_of(coded(xml(number="A-2"))).vat_code == "V21"


def test_all_parts_of_a_rule_have_the_vat_code_that_was_chosen_here_and_on_the_next_document(
    books: Books, reviewer: User
) -> None:
    VATCodeFactory(division=books.division, code="V00", type="N")
    rule = BookingRuleFactory(administration=books.administration, supplier_contains="a", gl_code="")
    for account in ("4500", "4600"):
        RuleSplitFactory(rule=rule, percentage=50, gl_code=account, vat_code="V21")
    first = document("P-1")
    correct(first, reviewer, vat_code="V00")
    for invoice in (first, document("P-2")):
        found = {(one.gl_code, one.vat_code) for one in lines_of(invoice)}
        assert found == {("4500", "V00"), ("4600", "V00")}
