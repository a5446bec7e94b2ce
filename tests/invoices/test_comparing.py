"""What differs between our booking and the one made by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.exact.models import LedgerLine, VATCode
from apps.invoices.comparing import Booking, Difference, Field, booked, differences, planned
from apps.invoices.entry_lines import entry_lines
from apps.invoices.models import Invoice, InvoiceLine

DAY = date(2026, 9, 15)
SUPPLIER, VAT_ACCOUNT, COSTS = uuid4(), uuid4(), uuid4()
OURS = Booking(
    str(SUPPLIER),
    DAY,
    "2026-0042",
    Decimal("121.00"),
    "EUR",
    {"4000": Decimal("100.00")},
    {"V21": Decimal("100.00")},
    {"KP1": Decimal("100.00")},
)


def ledger(
    number: int, text: str, *, code: str = "4000", account: UUID | None = COSTS, **more: Any
) -> LedgerLine:
    values: dict[str, Any] = {"amount": Decimal(text), "amount_fc": Decimal(text), "vat_code": "V21", **more}
    return LedgerLine(
        line_number=number,
        type=30,
        relation=SUPPLIER,
        date=DAY,
        your_ref="2026-0042",
        gl_code=code,
        gl_account=account,
        **values,
    )


def read(*lines: LedgerLine) -> Booking:
    return booked(lines, frozenset({str(VAT_ACCOUNT)}), "EUR")


def test_an_entry_of_the_ledger_reads_as_a_booking_without_its_header_and_its_vat() -> None:
    found = read(
        ledger(0, "-121.00", code="1600", vat_code=""),
        ledger(1, "60.00", cost_center="KP1"),
        ledger(2, "40.00", cost_center="KP1"),
        ledger(3, "21.00", code="1520", account=VAT_ACCOUNT),
    )
    assert found == OURS
    assert differences(OURS, found) == []


def test_vat_that_is_owed_and_reclaimed_does_not_count_twice() -> None:
    found = read(
        ledger(0, "-100.00", code="1600"),
        ledger(1, "100.00"),
        ledger(2, "21.00", account=VAT_ACCOUNT),
        ledger(3, "-21.00", account=VAT_ACCOUNT),
    )
    assert found.total == Decimal("100.00")
    assert found.accounts == {"4000": Decimal("100.00")}


def test_an_entry_in_another_currency_is_read_in_that_currency() -> None:
    found = read(
        ledger(0, "-121.00", amount=Decimal("-111.32")),
        ledger(1, "100.00", amount=Decimal("92.00")),
        ledger(2, "21.00", amount=Decimal("19.32"), account=VAT_ACCOUNT),
    )
    assert (found.total, found.currency) == (Decimal("121.00"), "")
    assert Field.CURRENCY not in [one.field for one in differences(OURS, found)]


def test_a_header_alone_still_tells_the_total() -> None:
    assert read(ledger(0, "-121.00")).total == Decimal("121.00")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"supplier": "another"}, Difference(Field.SUPPLIER, str(SUPPLIER), "another")),
        ({"date": date(2026, 9, 16)}, Difference(Field.DATE, DAY, date(2026, 9, 16))),
        ({"your_ref": "42"}, Difference(Field.YOUR_REF, "2026-0042", "42")),
        ({"total": Decimal("121.01")}, Difference(Field.TOTAL, Decimal("121.00"), Decimal("121.01"))),
        ({"currency": "USD"}, Difference(Field.CURRENCY, "EUR", "USD")),
    ],
)
def test_each_field_of_the_header_is_compared(change: dict[str, Any], expected: Difference) -> None:
    assert differences(OURS, replace(OURS, **change)) == [expected]


@pytest.mark.parametrize(
    ("name", "field"),
    [("accounts", Field.ACCOUNT), ("vat_codes", Field.VAT_CODE), ("cost_centers", Field.COST_CENTER)],
)
def test_sums_are_compared_code_by_code(name: str, field: Field) -> None:
    sums: Any = {name: {next(iter(getattr(OURS, name))): Decimal(70), "ZZ": Decimal(30)}}
    theirs = replace(OURS, **sums)
    assert [(one.field, one.code, one.ours, one.theirs) for one in differences(OURS, theirs)] == [
        (field, next(iter(getattr(OURS, name))), 100, 70),
        (field, "ZZ", 0, 30),
    ]


def test_what_we_would_book_is_read_from_the_coded_lines() -> None:
    invoice = Invoice(supplier=SUPPLIER, issue_date=DAY, number="2026-0042", currency="EUR")
    codes = {
        "V21": VATCode(code="V21", type="E"),
        "V0": VATCode(code="V0", type="N"),
        "R": VATCode(code="R", type="E", charged=True),
    }
    common = {"net": Decimal(100), "tax": Decimal(21)}
    lines = [
        InvoiceLine(gl_code="4000", vat_code="V21", cost_center="KP1", **common),
        InvoiceLine(gl_code="4100", vat_code="V0", **common),
        InvoiceLine(gl_code="4200", vat_code="R", net=Decimal(50), tax=Decimal(0)),
        InvoiceLine(gl_code="", vat_code="", net=Decimal(1), tax=None),
    ]
    found = planned(invoice, entry_lines(lines), codes)
    assert found.total == Decimal(293)
    assert found.accounts == {"4000": 100, "4100": 121, "4200": 50, "": 1}
    assert found.vat_codes == {"V21": 100, "V0": 121, "R": 50, "": 1}
    assert found.cost_centers == {"KP1": 100}


def test_a_document_that_is_booked_on_a_later_day_is_compared_on_that_day() -> None:
    invoice = Invoice(issue_date=DAY, entry_date=date(2026, 10, 1), number="1", currency="EUR")
    assert planned(invoice, [], {}).date == date(2026, 10, 1)
