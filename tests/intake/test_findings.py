"""What the checks see, and what of it blocks."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.core.causes import Cause
from apps.intake.document import Adjustment, Document, Line, Oddity, TaxSubtotal
from apps.intake.findings import SENTENCES, Finding, check
from apps.intake.ubl import read
from tests.intake.samples import replaced, ubl

HUGE = Decimal("999999999999.99")


def sample(**changes: object) -> Document:
    return replace(read(ubl(lines=2).encode()), **changes)  # type: ignore[arg-type]


def codes(document: Document) -> dict[str, str]:
    return {finding.code: finding.cause for finding in check(document)}


def test_a_right_invoice_has_no_findings() -> None:
    assert check(sample()) == ()


@given(st.decimals(min_value="-99999", max_value="99999", places=2), st.integers(1, 5), st.booleans())
def test_an_invoice_that_adds_up_is_never_stopped(net: Decimal, lines: int, is_credit: bool) -> None:
    kind = "CreditNote" if is_credit else "Invoice"
    assert not any(finding.blocks for finding in check(read(ubl(lines=lines, net=net, kind=kind).encode())))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"net": Decimal("200.01")}, ["lines_differ", "BR-CO-13", "BR-CO-15"]),
        ({"line_total": Decimal("199.00")}, ["BR-CO-10", "BR-CO-13"]),
        ({"tax": Decimal("42.01")}, ["BR-CO-14", "BR-CO-15"]),
        ({"gross": Decimal("242.01")}, ["BR-CO-15", "BR-CO-16"]),
        ({"payable": Decimal("241.99")}, ["BR-CO-16"]),
        ({"prepaid": Decimal("42.00")}, ["BR-CO-16", "prepaid"]),
        ({"prepaid": Decimal("42.00"), "payable": Decimal("200.00")}, ["prepaid"]),
        ({"rounding": Decimal("0.50"), "payable": Decimal("242.50")}, ["rounded"]),
        ({"line_total": None, "gross": None}, []),
        ({"charge_total": Decimal("5.00")}, ["BR-CO-13"]),
    ],
)
def test_each_total_is_checked_by_its_rule(changes: dict[str, object], found: list[str]) -> None:
    assert sorted(codes(sample(**changes))) == sorted(found)


def test_a_wrong_sum_on_the_way_informs_when_the_booking_would_be_right() -> None:
    found = codes(sample(line_total=Decimal("199.00")))
    assert found == {"BR-CO-10": "", "BR-CO-13": ""}


def test_a_total_that_would_book_wrongly_blocks() -> None:
    assert codes(sample(net=Decimal("200.01")))["lines_differ"] == Cause.TOTALS_DIFFER
    assert codes(sample(payable=Decimal("1.00")))["BR-CO-16"] == Cause.TOTALS_DIFFER


def test_charges_and_allowances_count_with_the_lines() -> None:
    adjustments = (Adjustment(net=Decimal("12.00")), Adjustment(net=Decimal("-12.00")))
    assert codes(sample(adjustments=adjustments)) == {}
    assert "lines_differ" in codes(sample(adjustments=adjustments[:1]))


@pytest.mark.parametrize(
    ("tax", "is_found"), [("42.99", False), ("41.01", False), ("43.00", True), ("41.00", True)]
)
def test_vat_per_rate_may_be_off_by_less_than_one(tax: str, is_found: bool) -> None:
    part = TaxSubtotal(category="S", rate=Decimal(21), taxable=Decimal("200.00"), tax=Decimal(tax))
    gross = Decimal("200.00") + part.tax if part.tax else None
    document = sample(subtotals=(part,), tax=part.tax, gross=gross, payable=gross)
    assert ("BR-CO-17" in codes(document)) is is_found


def test_a_line_without_an_amount_blocks() -> None:
    found = check(sample(lines=(Line(position=1, identifier="A"),), net=Decimal(0), line_total=None))
    assert found[0].code in {"line_unreadable", "BR-CO-15"}
    assert Finding("line_unreadable", {"line": "A"}, Cause.TOTALS_DIFFER) in found


def test_an_invoice_with_a_credit_code_and_a_positive_amount_waits_for_a_person() -> None:
    assert codes(sample(type_code="381")) == {"credit_unclear": Cause.NEEDS_APPROVAL}
    negative = read(ubl(net=Decimal("-10.00")).replace(">380<", ">381<").encode())
    assert codes(negative) == {}
    assert codes(read(ubl(kind="CreditNote").encode())) == {"due_date_missing": ""}


def test_self_billing_waits_for_a_person() -> None:
    assert codes(sample(type_code="389")) == {"self_billed": Cause.NEEDS_APPROVAL}


def test_numbers_that_fail_their_check_inform() -> None:
    text = replaced(ubl(), "NL8976.20.458.B.01", "NL123456789B01")
    text = replaced(text, "NL47 BUNQ", "NL48 BUNQ")
    assert codes(read(text.encode())) == {"check_failed": "", "iban_check_failed": ""}


def test_a_supplier_that_is_nobody_informs() -> None:
    text = replaced(replaced(ubl(), "NL8976.20.458.B.01", ""), "34567892", "99999998")
    assert codes(read(text.encode())) == {"supplier_unidentified": ""}


def test_missing_and_unreadable_values_inform() -> None:
    document = sample(number="", due_date=None, oddities=(Oddity("Percent", "veel"),))
    assert codes(document) == {"number_missing": "", "due_date_missing": "", "value_unreadable": ""}


def test_what_blocks_comes_first() -> None:
    found = check(sample(number="", payable=Decimal(1)))
    assert [finding.blocks for finding in found] == [True, False]


def test_the_largest_amounts_that_can_be_read_can_be_checked() -> None:
    line = Line(position=1, net=HUGE)
    part = TaxSubtotal(rate=Decimal(100), taxable=HUGE, tax=-HUGE)
    document = sample(lines=(line,) * 10_000, subtotals=(part,) * 100, net=HUGE, tax=HUGE, prepaid=-HUGE)
    assert all(finding.sentence() for finding in check(document))


def test_a_sentence_shows_amounts_as_the_reader_writes_them() -> None:
    finding = Finding("BR-CO-15", {"expected": "1234.5", "found": "-1234567.00"})
    with translation.override("en"):
        assert finding.sentence() == (
            "The total with VAT should be 1,234.50, the document says -1,234,567.00 (BR-CO-15)."
        )
    with translation.override("nl"):
        assert "1.234,50" in finding.sentence()


@pytest.mark.parametrize(
    ("quantity", "language", "shown"),
    [("4.5", "en", "4.5"), ("4.5", "nl", "4,5"), ("1200", "nl", "1200"), ("-", "nl", "-")],
)
def test_a_sentence_shows_quantities_as_the_reader_writes_them(
    quantity: str, language: str, shown: str
) -> None:
    finding = Finding("order_quantity", {"value": quantity, "text": "10", "order": "4711"})
    with translation.override(language):
        assert f" {shown} " in finding.sentence()


def test_every_sentence_can_be_filled_in() -> None:
    for code, sentence in SENTENCES.items():
        values = dict.fromkeys(re.findall(r"%\((\w+)\)s", str(sentence)), "7")
        assert not re.search(r"%[(%]", Finding(code, values).sentence())


def test_vat_computed_over_other_lines_than_those_of_its_rate_stops_the_booking() -> None:
    text = replaced(ubl(lines=2), "<cbc:Percent>21</cbc:Percent>", "<cbc:Percent>9</cbc:Percent>")
    first = text.index("<cac:ClassifiedTaxCategory>")
    text = text[:first] + text[first:].replace("<cbc:Percent>9<", "<cbc:Percent>0<", 1)
    found = check(read(text.encode()))
    assert {"group_differs"} <= {finding.code for finding in found if finding.blocks}


def test_vat_in_a_category_without_vat_stops_the_booking() -> None:
    text = replaced(ubl(), "<cbc:ID>S</cbc:ID>", "<cbc:ID>AE</cbc:ID>")
    assert codes(read(text.encode()))["vat_without_rate"] == Cause.TOTALS_DIFFER


def test_a_document_without_a_currency_stops() -> None:
    assert codes(sample(currency=""))["currency_missing"] == Cause.TOTALS_DIFFER


def test_a_large_rounding_and_a_prepaid_amount_of_the_wrong_sign_stop_the_booking() -> None:
    assert codes(sample(rounding=Decimal("5000")))["rounded"] == Cause.TOTALS_DIFFER
    assert codes(sample(prepaid=Decimal("-50")))["prepaid_odd"] == Cause.TOTALS_DIFFER
