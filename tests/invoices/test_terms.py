"""Rate, G-account, payment condition and entry date: what the document says, in the books of one division."""

from datetime import date
from decimal import Decimal

import pytest

from apps.core.causes import Cause
from apps.exact.models import FinancialPeriod, JournalStatus, VATReturn
from apps.invoices.coding import code
from apps.invoices.delivering import plan_of
from apps.invoices.models import Invoice, State
from tests.exact.factories import FinancialPeriodFactory, PaymentConditionFactory
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import changed, xml

pytestmark = pytest.mark.django_db


def found(invoice: Invoice) -> dict[str, dict[str, str]]:
    return {one["code"]: one["values"] for one in invoice.findings}


def entry(invoice: Invoice, books: Books) -> dict[str, object]:
    plan = plan_of(invoice, books.division, "PK-1")
    payload: dict[str, object] = plan["steps"][-1]["payload"]
    return payload


def paid_by(means: str) -> bytes:
    return changed(xml(), "<cbc:PaymentMeansCode>30<", f"<cbc:PaymentMeansCode>{means}<")


def conditions(books: Books, **methods: str) -> None:
    for condition, method in methods.items():
        PaymentConditionFactory(division=books.division, code=condition, raw={"PaymentMethod": method})


def month(books: Books, number: int, last: int) -> None:
    FinancialPeriodFactory(
        division=books.division,
        period=number,
        start_date=date(2026, number, 1),
        end_date=date(2026, number, last),
    )


def months(books: Books) -> None:
    """September is closed in the purchase journal, October and November are not."""
    FinancialPeriod.objects.all().delete()
    for number, last in ((9, 30), (10, 31), (11, 30)):
        month(books, number, last)


def close(books: Books, journal: str = "60", period: int = 9) -> None:
    JournalStatus.objects.create(
        division=books.division,
        key=f"{journal}|{period}|2026",
        journal=journal,
        year=2026,
        period=period,
        closed=True,
    )


def file_vat(books: Books, status: int = 50) -> None:
    VATReturn.objects.create(
        division=books.division, exact_id="00000000-0000-0000-0000-000000000031", type=31, year=2026, period=3,
        frequency="Q", status=status,
    )  # fmt: skip


@pytest.mark.parametrize(("means", "expected"), [("59", "IN"), ("49", "IN"), ("48", "00"), ("30", "30")])
def test_direct_debit_and_card_get_the_condition_that_nobody_pays_on(
    books: Books, means: str, expected: str
) -> None:
    conditions(books, **{"30": "B", "IN": "I", "00": "K", "PSP": "Q"})
    invoice = coded(paid_by(means))
    assert invoice.payment_condition == expected
    assert entry(invoice, books)["PaymentCondition"] == expected
    told = {"IN": ["direct_debit"], "00": ["card"]}.get(expected, [])
    assert [one for one in found(invoice) if one in {"direct_debit", "card"}] == told


def test_the_suppliers_own_condition_stays_when_it_is_one_for_collection(books: Books) -> None:
    conditions(books, **{"30": "I", "IN": "I"})
    assert coded(paid_by("59")).payment_condition == "30"


def test_without_such_a_condition_the_document_says_so_and_keeps_the_suppliers(books: Books) -> None:
    conditions(books, **{"30": "B"})
    invoice = coded(paid_by("59"))
    assert invoice.payment_condition == "30"
    assert "direct_debit_unknown" in found(invoice)
    assert invoice.state == State.READY


def test_a_rate_into_the_divisions_currency_goes_along_any_other_is_left_to_exact(books: Books) -> None:
    rate = """<cac:TaxExchangeRate><cbc:SourceCurrencyCode>USD</cbc:SourceCurrencyCode>
    <cbc:TargetCurrencyCode>EUR</cbc:TargetCurrencyCode><cbc:CalculationRate>0.8765</cbc:CalculationRate>
    </cac:TaxExchangeRate><cac:TaxTotal>"""
    dollars = changed(xml().replace(b"EUR", b"USD"), "<cac:TaxTotal>", rate)
    invoice = coded(dollars)
    assert invoice.rate == Decimal("0.8765")
    assert entry(invoice, books)["Rate"] == 0.8765
    other = coded(changed(dollars, "2026-0042", "2026-0043").replace(b">EUR<", b">GBP<"))
    assert other.rate is None
    assert "Rate" not in entry(other, books)


def test_the_amount_for_the_g_account_goes_along_signed_as_the_entry(books: Books) -> None:
    terms = """<cac:PaymentTerms><cbc:PaymentMeansID>GACCOUNT</cbc:PaymentMeansID>
    <cbc:Amount currencyID="EUR">25.50</cbc:Amount></cac:PaymentTerms><cac:TaxTotal>"""
    invoice = coded(changed(xml(), "<cac:TaxTotal>", terms))
    assert entry(invoice, books)["GAccountAmountFC"] == 25.5
    note = coded(changed(xml(kind="CreditNote", number="C-1"), "<cac:TaxTotal>", terms))
    assert note.g_account == Decimal("-25.50")
    assert "GAccountAmountFC" not in entry(coded(xml(number="2026-0099")), books)


def test_what_was_prepaid_is_told_and_the_whole_invoice_is_booked(books: Books) -> None:
    paid = changed(xml(), '<cbc:PayableAmount currencyID="EUR">121.00<', '<cbc:PrepaidAmount currencyID="EUR">21.00'
                   '</cbc:PrepaidAmount><cbc:PayableAmount currencyID="EUR">100.00<')  # fmt: skip
    invoice = coded(paid)
    assert (invoice.prepaid, invoice.payable, invoice.state) == (
        Decimal("21.00"),
        Decimal("100.00"),
        State.READY,
    )
    assert found(invoice)["prepaid"] == {"found": "21.00"}
    assert plan_of(invoice, books.division, "PK-1")["look"]["amount"] == "121.00"


def test_a_date_in_a_closed_period_waits_before_anything_is_sent_and_cannot_be_waived(books: Books) -> None:
    months(books)
    close(books)
    invoice = coded(xml())
    assert (invoice.state, invoice.cause, invoice.posting) == (State.ATTENTION, Cause.PERIOD_CLOSED, None)
    code(invoice, waived=[Cause.PERIOD_CLOSED])
    assert Invoice.objects.get().state == State.ATTENTION


def test_another_journals_closed_period_is_none_of_ours(books: Books) -> None:
    months(books)
    close(books, journal="70")
    assert coded(xml()).state == State.READY


def test_a_date_whose_vat_was_filed_waits_and_a_person_may_book_it_all_the_same(books: Books) -> None:
    months(books)
    file_vat(books)
    invoice = coded(xml())
    assert invoice.cause == Cause.PERIOD_CLOSED
    code(invoice, waived=[Cause.PERIOD_CLOSED])
    invoice.refresh_from_db()
    assert (invoice.state, invoice.entry_date) == (State.READY, None)


def test_a_return_that_is_only_drawn_up_closes_nothing(books: Books) -> None:
    months(books)
    file_vat(books, status=20)
    assert coded(xml()).state == State.READY


def test_where_the_administration_says_so_it_is_booked_on_the_first_open_day(books: Books) -> None:
    months(books)
    close(books)
    close(books, period=10)
    type(books.administration).objects.update(closed_period="next")
    invoice = coded(xml())
    assert (invoice.state, invoice.entry_date) == (State.READY, date(2026, 11, 1))
    assert found(invoice)["entry_moved"] == {"text": "15-9-2026", "value": "1-11-2026"}
    plan = plan_of(invoice, books.division, "PK-1")
    assert plan["steps"][0]["payload"]["DocumentDate"] == "2026-09-15"
    assert (plan["steps"][-1]["payload"]["EntryDate"], plan["steps"][-1]["payload"]["DueDate"]) == (
        "2026-11-01",
        "2026-10-15",
    )
    assert (plan["look"]["date"], plan["look"]["document_date"]) == ("2026-11-01", "2026-09-15")
    JournalStatus.objects.all().delete()
    fresh = Invoice.objects.get()
    code(fresh)
    fresh.refresh_from_db()
    assert (fresh.entry_date, "entry_moved" in found(fresh)) == (None, False)


def test_without_an_open_day_it_waits_whatever_the_administration_says(books: Books) -> None:
    months(books)
    for period in (9, 10, 11):
        close(books, period=period)
    type(books.administration).objects.update(closed_period="next")
    assert coded(xml()).cause == Cause.PERIOD_CLOSED
