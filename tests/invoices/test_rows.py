"""A read document as rows, and back from the rows to what matching needs."""

from decimal import Decimal

from apps.core.identifiers import Kind
from apps.intake import ubl
from apps.intake.document import Document
from apps.intake.party_json import identifiers_from, party_json
from apps.invoices.models import Invoice
from apps.invoices.rows import columns, gross_of, lines_of, vendor_identifiers
from tests.intake import samples
from tests.intake.samples import replaced


def read(text: str) -> Document:
    return ubl.read(text.encode())


def test_the_columns_are_what_the_document_says_in_cents() -> None:
    found = columns(read(samples.ubl(lines=2)))
    assert (found["number"], found["currency"], found["line_count"]) == ("2026-0042", "EUR", 2)
    assert [found[name] for name in ("net", "tax", "gross", "payable")] == [
        Decimal(amount) for amount in ("200.00", "42.00", "242.00", "242.00")
    ]
    assert all(found[name].as_tuple().exponent == -2 for name in ("net", "tax", "gross", "payable"))


def test_a_credit_note_is_stored_with_negative_amounts() -> None:
    found = columns(read(samples.ubl(kind="CreditNote")))
    assert (found["kind"], found["payable"], found["gross"]) == (
        "credit_note",
        Decimal("-121.00"),
        Decimal("-121.00"),
    )


def test_a_document_without_a_gross_total_gets_net_and_vat_before_what_was_paid() -> None:
    text = samples.ubl()
    start, end = text.index("<cbc:TaxInclusiveAmount"), text.index("<cbc:PayableAmount")
    document = read(
        replaced(text[:start] + text[end:], "121.00</cbc:PayableAmount>", "1.00</cbc:PayableAmount>")
    )
    assert document.gross is None
    assert gross_of(document) == Decimal("121.00")


def test_the_keys_of_a_vendor_are_its_numbers_and_its_accounts_strongest_first() -> None:
    keys = columns(read(samples.ubl()))["vendor"]["keys"]
    assert keys == [
        "vat NL897620458B01",
        "kvk 34567892",
        "peppol 0106:34567892",
        "iban NL47BUNQ0649621411",
        "domain anker-touw.example.nl",
    ]


def test_a_party_comes_back_from_its_json_with_all_its_numbers() -> None:
    document = read(samples.ubl())
    assert identifiers_from(party_json(document.customer)) == list(document.customer.identifiers)
    assert Kind.IBAN in {number.kind for number in vendor_identifiers(document)}
    assert identifiers_from({}) == []


def test_texts_that_are_too_long_are_cut_and_the_rest_stands() -> None:
    long = "n" * 2000
    text = replaced(samples.ubl(), "<cbc:ID>2026-0042</cbc:ID>", f"<cbc:ID>{long}</cbc:ID>")
    text = replaced(text, "<cbc:Name>Anker en Touw</cbc:Name>", f"<cbc:Name>{long}</cbc:Name>")
    found = columns(read(text))
    assert len(found["number"]) == 100
    assert 200 < len(found["vendor_name"]) <= 255


def test_discounts_and_charges_of_the_document_follow_its_lines() -> None:
    charge = """<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>
      <cbc:AllowanceChargeReason>Vracht</cbc:AllowanceChargeReason>
      <cbc:Amount currencyID="EUR">12.50</cbc:Amount><cac:TaxCategory><cbc:ID>S</cbc:ID>
      <cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>
      </cac:AllowanceCharge><cac:TaxTotal>"""
    lines = lines_of(read(replaced(samples.ubl(lines=2), "<cac:TaxTotal>", charge)), Invoice())
    assert [(one.position, one.is_adjustment) for one in lines] == [(1, False), (2, False), (3, True)]
    assert (lines[2].description, lines[2].net, lines[2].rate) == ("Vracht", Decimal("12.50"), Decimal(21))


def test_a_line_says_what_it_is_once_and_carries_its_cost_centre() -> None:
    first = lines_of(read(samples.ubl()), Invoice())[0]
    assert first.description == "Touw 1 mm - Touw, geslagen, per rol"
    assert (first.document_cost_center, first.quantity) == ("K-1", Decimal(10))


def test_how_to_pay_and_the_totals_per_rate_are_kept_as_plain_json() -> None:
    payment = columns(read(samples.ubl()))["payment"]
    assert payment["ibans"] == ["NL47BUNQ0649621411"]
    assert payment["subtotals"] == [["S", "21", "100.00", "21.00"]]
    assert (payment["reference"], payment["direct_debit"]) == ("2026-0042", False)
