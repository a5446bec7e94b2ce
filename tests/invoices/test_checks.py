"""The last look before ready: codes that may not be used any more, the journal, the condition, the currency."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.clients.models import Administration
from apps.core.causes import Cause
from apps.exact.models import CostCenter, FinancialPeriod, GLAccount, JournalStatus, VATCode
from apps.invoices.acts import acts_for
from apps.invoices.checks import condition_of
from apps.invoices.coding import code
from apps.invoices.models import Invoice, InvoiceLine, State, ValueSource
from apps.invoices.reviewing import Refused, book_on_open_day
from apps.people.models import User
from tests.exact.factories import (
    CostCenterFactory,
    FinancialPeriodFactory,
    GLAccountFactory,
    JournalFactory,
    PaymentConditionFactory,
)
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import changed, xml
from tests.rules.factories import BookingRuleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def again(invoice: Invoice) -> Invoice:
    """Code it anew with what the mirrors say now."""
    fresh = Invoice.objects.get(pk=invoice.pk)
    code(fresh)
    return fresh


def chosen(invoice: Invoice, **values: Any) -> None:
    """Let a person have chosen these codes."""
    sources = {f"{name.removesuffix('_code')}_source": ValueSource.PERSON for name in values}
    InvoiceLine.objects.filter(invoice=invoice).update(**values, **sources)


def told(invoice: Invoice) -> dict[str, dict[str, str]]:
    return {one["code"]: one["values"] for one in invoice.findings}


@pytest.mark.parametrize(("change", "words"), [({"blocked": True}, "blocked"), ({"type": 22}, "no purchase")])
def test_an_account_that_a_person_chose_and_that_takes_nothing_any_more(
    books: Books, change: dict[str, Any], words: str
) -> None:
    GLAccountFactory(division=books.division, code="4500")
    invoice = coded(xml())
    chosen(invoice, gl_code="4500")
    assert again(invoice).state == State.READY
    GLAccount.objects.filter(code="4500").update(**change)
    fresh = again(invoice)
    assert fresh.cause == Cause.NO_GL_ACCOUNT
    assert words in fresh.detail
    assert "4500" in fresh.detail
    assert fresh.lines.get().gl_account is None


def test_a_rule_whose_account_was_blocked_is_told_and_a_weaker_source_speaks(books: Books) -> None:
    BookingRuleFactory(administration=books.administration, name="Rope", gl_code="4700")
    assert "rule_code_unusable" not in told(coded(xml()))  # never was here: of another administration
    GLAccountFactory(division=books.division, code="4700", blocked=True)
    invoice = coded(xml(number="2026-0099"))
    assert told(invoice)["rule_code_unusable"] == {"rule": "Rope", "value": "4700"}
    assert invoice.lines.get().gl_code == "4000"


def test_a_cost_centre_that_the_ledger_forbids_is_left_out_and_said(books: Books) -> None:
    CostCenterFactory(division=books.division, code="K1")
    invoice = coded(xml())
    chosen(invoice, cost_center="K1")
    GLAccount.objects.update(use_cost_center=2)
    fresh = again(invoice)
    assert told(fresh)["cost_left_out"] == {"value": "K1", "account": "4000"}
    assert (fresh.lines.get().cost_center, fresh.state) == ("", State.READY)


def test_a_cost_centre_that_has_ended(books: Books) -> None:
    CostCenterFactory(division=books.division, code="K1")
    invoice = coded(xml())
    chosen(invoice, cost_center="K1")
    CostCenter.objects.update(end_date=date(2020, 1, 1))
    fresh = again(invoice)
    assert (fresh.cause, "K1" in fresh.detail) == (Cause.COST_CENTRE_MISSING, True)


@pytest.mark.parametrize("change", [{"blocked": True}, {"transaction_type": "S"}])
def test_a_vat_code_that_is_blocked_or_for_sales(books: Books, change: dict[str, Any]) -> None:
    invoice = coded(xml())
    chosen(invoice, vat_code="V21")
    VATCode.objects.filter(code="V21").update(**change)
    fresh = again(invoice)
    assert (fresh.cause, "V21" in fresh.detail) == (Cause.NO_VAT_CODE, True)


@pytest.mark.parametrize(
    ("journal", "is_fine"),
    [
        ({}, True),
        ({"blocked": True}, False),
        ({"type": 90}, False),
        ({"raw": {"AllowVAT": False}}, False),
        ({"currency": "USD", "raw": {"AllowVariableCurrency": False}}, False),
        ({"currency": "USD", "raw": {"AllowVariableCurrency": True}}, True),
    ],
)
def test_the_journal_must_take_it(books: Books, journal: dict[str, Any], is_fine: bool) -> None:
    JournalFactory(division=books.division, code="60", **journal)
    invoice = coded(xml())
    assert invoice.state == (State.READY if is_fine else State.ATTENTION), invoice.detail
    if not is_fine:
        code(invoice, waived=[Cause.NEEDS_APPROVAL])
        assert invoice.state == State.ATTENTION


def test_a_condition_that_exact_does_not_have(books: Books) -> None:
    known = frozenset({"30", "60"})
    assert condition_of("60", "30", known) == ("60", [])
    used, found = condition_of("99", "30", known)
    assert (used, [one.values for one in found]) == ("30", [{"value": "99"}])
    assert condition_of("", "99", known)[0] == ""
    assert condition_of("99", "30", frozenset()) == ("99", [])
    PaymentConditionFactory(division=books.division, code="14")
    invoice = coded(xml())
    assert (invoice.payment_condition, told(invoice)["condition_unknown"]) == ("", {"value": "30"})


def test_a_foreign_document_without_a_rate_is_told(books: Books) -> None:
    invoice = coded(xml().replace(b"EUR", b"USD"))
    assert told(invoice)["rate_missing"] == {"value": "USD"}
    assert invoice.state == State.READY


def close_september(books: Books) -> None:

    FinancialPeriod.objects.all().delete()
    for number, last in ((9, 30), (10, 31)):
        FinancialPeriodFactory(
            division=books.division,
            period=number,
            start_date=date(2026, number, 1),
            end_date=date(2026, number, last),
        )
    JournalStatus.objects.create(
        division=books.division, key="60|9|2026", journal="60", year=2026, period=9, closed=True
    )


def test_a_closed_period_names_the_first_open_day_and_one_button_books_it_there(
    books: Books, bookkeeper: User
) -> None:
    close_september(books)
    invoice = coded(xml())
    assert (invoice.cause, "1-10-2026" in invoice.detail) == (Cause.PERIOD_CLOSED, True)
    assert told(invoice)["day_closed"]["value"] == "1-10-2026"
    names = [act.name for act in acts_for(invoice)]
    assert names[0] == "open_day"
    assert "book_anyway" not in names
    book_on_open_day(invoice, by=bookkeeper, version=invoice.version)
    fresh = Invoice.objects.get(pk=invoice.pk)
    assert (fresh.state, fresh.entry_date) == (State.READY, date(2026, 10, 1))
    assert "entry_moved" in told(fresh)
    with pytest.raises(Refused):
        book_on_open_day(fresh, by=bookkeeper)


def test_checks_are_reckoned_anew(books: Books) -> None:
    PaymentConditionFactory(division=books.division, code="14")
    invoice = coded(changed(xml(), "2026-0042", "2026-0050"))
    PaymentConditionFactory(division=books.division, code="30")
    fresh = again(invoice)
    assert (told(fresh), fresh.payment_condition) == ({}, "30")
    assert Administration.objects.count() == 1
    assert fresh.gross == Decimal("121.00")
