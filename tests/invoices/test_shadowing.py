"""The trial of an administration next to what people booked in Exact."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.clients.models import Mode
from apps.core import clock
from apps.invoices import shadowing
from apps.invoices.comparing import Field, Verdict
from apps.invoices.models import Invoice, State, WaitsFor
from tests.exact.factories import RelationFactory
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import anonymous, xml
from tests.invoices.hand_bookings import book, read_ledger
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(db: None) -> Books:
    return make_books(mode=Mode.PILOT)


def verdict(invoice: Invoice, books: Books) -> tuple[Verdict, list[tuple[str, str]]]:
    one = shadowing.compared(invoice, books.division)
    return one.verdict, [(each.field.value, each.code) for each in one.differences]


def test_a_document_on_pilot_waits_and_is_not_booked_yet(books: Books) -> None:
    invoice = coded(xml())
    assert (invoice.state, invoice.waits_for) == (State.READY, WaitsFor.PILOT)
    assert verdict(invoice, books) == (Verdict.MISSING, [])


def test_the_same_booking_made_by_hand_is_equal(books: Books) -> None:
    invoice = coded(xml())
    book(invoice, books.division)
    assert verdict(invoice, books) == (Verdict.EQUAL, [])


def test_each_difference_is_named(books: Books) -> None:
    invoice = coded(xml())
    book(
        invoice, books.division, accounts={"4000": "60.00", "4100": "40.00"}, vat_code="V9", cost_center="KP1"
    )
    assert verdict(invoice, books) == (
        Verdict.DIFFERENT,
        [
            ("account", "4000"),
            ("account", "4100"),
            ("vat_code", "V21"),
            ("vat_code", "V9"),
            ("cost_center", "KP1"),
        ],
    )


def test_another_date_and_total_are_named(books: Books) -> None:
    invoice = coded(xml())
    book(invoice, books.division, day=date(2026, 9, 16), vat="20.00")
    assert verdict(invoice, books) == (Verdict.DIFFERENT, [("date", ""), ("total", "")])


def test_a_booking_on_another_supplier_is_found_by_its_number_and_amount(books: Books) -> None:
    invoice = coded(xml())
    other = RelationFactory(division=books.division, code="2", name="Sister")
    book(invoice, books.division, supplier=other.exact_id)
    assert verdict(invoice, books) == (Verdict.DIFFERENT, [("supplier", "")])
    one = shadowing.compared(invoice, books.division)
    assert shadowing.suppliers_of([one], books.division)[str(other.exact_id)] == "2 Sister"


def test_a_document_whose_vendor_nobody_knows_is_found_as_well(books: Books) -> None:
    invoice = coded(anonymous())
    assert invoice.supplier is None
    book(invoice, books.division, supplier=books.supplier.exact_id)
    found, fields = verdict(invoice, books)
    assert found == Verdict.DIFFERENT
    assert ("supplier", "") in fields


def test_a_document_booked_twice_by_hand_is_a_double(books: Books) -> None:
    invoice = coded(xml())
    book(invoice, books.division)
    book(invoice, books.division, day=date(2026, 9, 16))
    assert verdict(invoice, books) == (Verdict.DOUBLE, [])


def test_a_credit_note_is_compared_with_its_own_sign(books: Books) -> None:
    invoice = coded(xml(kind="CreditNote"))
    assert invoice.gross < 0
    book(invoice, books.division, accounts={"4000": "-100.00"}, vat="-21.00")
    assert verdict(invoice, books) == (Verdict.EQUAL, [])


def test_our_own_bookings_and_those_of_other_divisions_are_no_bookings_by_hand(books: Books) -> None:
    invoice = coded(xml())
    ours = book(invoice, books.division)
    PostingFactory(division=books.division, exact_id=ours, state="done", finished_at=clock.now())
    elsewhere = make_books(kvk="12345678")
    book(invoice, elsewhere.division)
    assert verdict(invoice, books) == (Verdict.MISSING, [])


def test_an_entry_of_another_document_of_the_vendor_is_not_this_one(books: Books) -> None:
    first, second = coded(xml(number="1")), coded(xml(number="2"))
    book(first, books.division)
    assert verdict(first, books)[0] == Verdict.EQUAL
    assert verdict(second, books)[0] == Verdict.MISSING


def test_the_report_counts_and_gives_shares(books: Books) -> None:
    equal, different, double, _missing = (coded(xml(number=str(n))) for n in range(4))
    book(equal, books.division)
    book(different, books.division, accounts={"4100": "100.00"}, vat="20.50")
    book(double, books.division)
    book(double, books.division, day=date(2026, 9, 17))
    read_ledger(books.division)
    report = shadowing.report(books.administration)
    assert list(report.counts.values()) == [1, 1, 1, 1]
    assert report.booked == 3
    assert (report.share(Field.SUPPLIER), report.share(Field.ACCOUNT)) == (100, 66)
    assert (report.unlike(Field.TOTAL), report.off) == (1, Decimal("0.50"))
    assert report.is_fresh


def test_a_report_without_bookings_gives_no_shares(books: Books) -> None:
    coded(xml())
    report = shadowing.report(books.administration)
    assert report.share(Field.SUPPLIER) is None
    assert not report.is_fresh


def test_a_ledger_read_long_ago_is_not_fresh() -> None:
    assert shadowing.is_fresh(clock.now() - timedelta(minutes=59))
    assert not shadowing.is_fresh(clock.now() - timedelta(minutes=61))


def test_a_report_costs_the_same_queries_for_any_number_of_documents(
    books: Books, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        book(coded(xml(number=str(number))), books.division)
    with django_assert_max_num_queries(8):
        report = shadowing.report(books.administration)
        assert report.counts[Verdict.EQUAL] == 12
