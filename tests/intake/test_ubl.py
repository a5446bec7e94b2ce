"""Reading UBL: what a document says, with its signs, and what happens when it says it badly."""

from base64 import b64encode
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.identifiers import Identifier, Kind
from apps.intake.detection import Format, NotAnInvoice
from apps.intake.document import Adjustment, Document, DocumentKind, TaxSubtotal
from apps.intake.parsing import Unreadable
from apps.intake.ubl import read
from tests.intake.samples import replaced, ubl

HEAD_END = "  <cac:AccountingSupplierParty>"
MONEY = st.decimals(min_value="-1000000", max_value="1000000", places=2)


def read_text(text: str) -> Document:
    return read(text.encode())


def with_head(extra: str, *, kind: str = "Invoice") -> Document:
    """Read the sample with `extra` before its supplier."""
    return read_text(replaced(ubl(kind=kind), HEAD_END, extra + HEAD_END))


def test_an_invoice_is_read_whole() -> None:
    document = read_text(ubl(lines=2))
    assert document.format is Format.BIS3
    assert document.kind is DocumentKind.INVOICE
    assert (document.type_code, document.number, document.currency) == ("380", "2026-0042", "EUR")
    assert (document.issue_date, document.due_date) == (date(2026, 9, 15), date(2026, 10, 15))
    assert (document.line_total, document.net) == (Decimal("200.00"), Decimal("200.00"))
    assert (document.tax, document.gross, document.payable) == (
        Decimal("42.00"),
        Decimal("242.00"),
        Decimal("242.00"),
    )
    assert document.subtotals == (
        TaxSubtotal(category="S", rate=Decimal(21), taxable=Decimal("200.00"), tax=Decimal("42.00")),
    )
    assert (document.buyer_reference, document.order_reference) == ("magazijn", "PO-7")
    assert document.note == "Dank voor uw opdracht"
    assert document.prepaid is None
    assert document.oddities == ()


def test_a_line_is_read_whole() -> None:
    line = read_text(ubl(lines=2)).lines[1]
    assert (line.position, line.identifier, line.name) == (2, "2", "Touw 2 mm")
    assert line.description == "Touw, geslagen, per rol"
    assert (line.quantity, line.unit, line.unit_price) == (Decimal(10), "C62", Decimal("10.00"))
    assert (line.net, line.category, line.rate) == (Decimal("100.00"), "S", Decimal(21))
    assert (line.cost_centre, line.order_line, line.seller_item) == ("K-2", "2", "T-2")


def test_a_party_keeps_its_texts_and_normalises_its_numbers() -> None:
    supplier = read_text(ubl()).supplier
    assert (supplier.name, supplier.legal_name) == ("Anker en Touw", "Anker en Touw B.V.")
    assert (supplier.vat, supplier.country) == ("NL8976.20.458.B.01", "NL")
    assert (supplier.legal_scheme, supplier.legal_id) == ("0106", "34567892")
    assert (supplier.street, supplier.postcode, supplier.city) == ("Kade 3", "2611 AA", "Delft")
    assert supplier.identifiers == (
        Identifier(Kind.VAT, "NL897620458B01", True),
        Identifier(Kind.KVK, "34567892", True),
        Identifier(Kind.PEPPOL, "0106:34567892", True),
        Identifier(Kind.DOMAIN, "anker-touw.example.nl", True),
    )
    assert supplier.values(Kind.KVK) == ("34567892",)


def test_a_placeholder_is_kept_but_is_no_value_to_match_on() -> None:
    supplier = read_text(replaced(ubl(), "34567892", "99999998")).supplier
    assert supplier.legal_id == "99999998"
    assert supplier.values(Kind.KVK) == ()


def test_a_payment_means_keeps_the_account_as_written_and_normalised() -> None:
    document = read_text(ubl())
    (means,) = document.payment_means
    assert (means.code, means.account, means.reference) == ("30", "NL47 BUNQ 0649621411", "2026-0042")
    assert document.payee_ibans == (Identifier(Kind.IBAN, "NL47BUNQ0649621411", True),)
    assert not means.is_direct_debit


def test_a_direct_debit_names_its_mandate_and_the_g_account_its_label() -> None:
    text = replaced(
        ubl(),
        "  <cac:TaxTotal>",
        """<cac:PaymentMeans><cbc:ID>GACCOUNT</cbc:ID><cbc:PaymentMeansCode>59</cbc:PaymentMeansCode>
        <cbc:PaymentDueDate>2026-10-20</cbc:PaymentDueDate>
        <cac:PaymentMandate><cbc:ID>M-1</cbc:ID>
        <cac:PayerFinancialAccount><cbc:ID>NL47 BUNQ 0649621411</cbc:ID></cac:PayerFinancialAccount>
        </cac:PaymentMandate></cac:PaymentMeans><cac:TaxTotal>""",
    )
    means = read_text(text).payment_means[1]
    assert means.is_direct_debit
    assert means.is_g_account
    assert means.mandate == "M-1"
    assert means.payer_iban == Identifier(Kind.IBAN, "NL47BUNQ0649621411", True)
    assert means.due_date == date(2026, 10, 20)


def test_a_credit_note_takes_its_due_date_from_the_payment_means() -> None:
    text = replaced(
        ubl(kind="CreditNote"),
        "</cbc:PaymentMeansCode>",
        "</cbc:PaymentMeansCode><cbc:PaymentDueDate>2026-10-01</cbc:PaymentDueDate>",
    )
    assert read_text(text).due_date == date(2026, 10, 1)


@given(MONEY, st.integers(min_value=1, max_value=3))
def test_a_credit_note_is_the_mirror_of_an_invoice(net: Decimal, lines: int) -> None:
    invoice = read_text(ubl(lines=lines, net=net))
    credit = read_text(ubl(lines=lines, net=net, kind="CreditNote"))
    negative = read_text(ubl(lines=lines, net=-net))
    for name in ("net", "tax", "gross", "payable", "line_total"):
        assert getattr(credit, name) == -getattr(invoice, name) == getattr(negative, name)
    assert [line.net for line in credit.lines] == [line.net for line in negative.lines]
    assert [line.quantity for line in credit.lines] == [Decimal(-10)] * lines
    assert [part.taxable for part in credit.subtotals] == [part.taxable for part in negative.subtotals]
    assert credit.kind is DocumentKind.CREDIT_NOTE


def test_zero_never_gets_a_minus() -> None:
    credit = read_text(ubl(net=Decimal("0.00"), kind="CreditNote"))
    assert [str(credit.net), str(credit.payable)] == ["0.00", "0.00"]
    assert str(read_text(replaced(ubl(), ">100.00<", ">-0.00<")).net) == "0.00"


def test_allowances_and_charges_are_signed_and_mirrored_in_a_credit_note() -> None:
    extra = "".join(
        f"""<cac:AllowanceCharge><cbc:ChargeIndicator>{charge}</cbc:ChargeIndicator>
        <cbc:AllowanceChargeReason>{reason}</cbc:AllowanceChargeReason>
        <cbc:Amount currencyID="EUR">{amount}</cbc:Amount>
        <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent></cac:TaxCategory>
        </cac:AllowanceCharge>"""
        for charge, reason, amount in [("true", "Vracht", "7.50"), ("false", "Korting", "10.00")]
    )
    freight = Adjustment(category="S", rate=Decimal(21), net=Decimal("7.50"), reason="Vracht")
    discount = replace(freight, net=Decimal("-10.00"), reason="Korting")
    assert with_head(extra).adjustments == (freight, discount)
    assert [one.net for one in with_head(extra, kind="CreditNote").adjustments] == [
        Decimal("-7.50"),
        Decimal("10.00"),
    ]


def test_vat_in_the_tax_currency_is_kept_apart() -> None:
    text = replaced(ubl(), 'currencyID="EUR"', 'currencyID="USD"')
    both = "USD</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>"
    text = replaced(text, "EUR</cbc:DocumentCurrencyCode>", both)
    text = replaced(
        text,
        "  <cac:TaxTotal>",
        '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">19.30</cbc:TaxAmount></cac:TaxTotal><cac:TaxTotal>',
    )
    document = read_text(text)
    assert (document.currency, document.tax_currency) == ("USD", "EUR")
    assert (document.tax, document.accounting_tax) == (Decimal("21.00"), Decimal("19.30"))


def test_a_tax_total_per_rate_is_added_up() -> None:
    start, end = "  <cac:TaxTotal>", "</cac:TaxTotal>"
    text = ubl()
    total = text[text.index(start) : text.index(end) + len(end)]
    document = read_text(replaced(text, total, total + total.replace(">21<", ">9<")))
    assert document.tax == Decimal("42.00")
    assert [part.rate for part in document.subtotals] == [Decimal(21), Decimal(9)]


def test_references_delivery_and_period_are_read() -> None:
    document = with_head(
        """<cac:InvoicePeriod><cbc:StartDate>2026-08-01</cbc:StartDate><cbc:EndDate>2026-08-31</cbc:EndDate>
        </cac:InvoicePeriod><cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-1</cbc:ID>
        </cac:InvoiceDocumentReference></cac:BillingReference>
        <cac:ContractDocumentReference><cbc:ID>C-9</cbc:ID></cac:ContractDocumentReference>
        <cac:Delivery><cbc:ActualDeliveryDate>2026-09-01</cbc:ActualDeliveryDate><cac:DeliveryLocation>
        <cac:Address><cac:Country><cbc:IdentificationCode>nl</cbc:IdentificationCode></cac:Country></cac:Address>
        </cac:DeliveryLocation></cac:Delivery><cac:PayeeParty><cac:PartyName><cbc:Name>Factor</cbc:Name>
        </cac:PartyName></cac:PayeeParty>"""
    )
    assert (document.period_start, document.period_end) == (date(2026, 8, 1), date(2026, 8, 31))
    assert document.invoice_references == ("F-1",)
    assert document.contract == "C-9"
    assert (document.delivery_date, document.delivery_country) == (date(2026, 9, 1), "NL")
    assert document.payee is not None
    assert document.payee.name == "Factor"
    assert document.tax_representative is None


def attached(filename: str, encoded: str) -> Document:
    return with_head(
        f"""<cac:AdditionalDocumentReference><cbc:ID>Bijlage 1</cbc:ID><cac:Attachment>
        <cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="{filename}">{encoded}
        </cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>
        <cac:AdditionalDocumentReference><cbc:ID>link</cbc:ID><cac:Attachment><cac:ExternalReference>
        <cbc:URI>http://127.0.0.1:9/</cbc:URI></cac:ExternalReference></cac:Attachment>
        </cac:AdditionalDocumentReference>"""
    )


def test_an_embedded_file_is_decoded_on_demand() -> None:
    encoded = b64encode(b"%PDF-1.7 " * 50).decode()
    (attachment,) = attached("factuur.pdf", encoded[:76] + "\n" + encoded[76:]).attachments
    assert (attachment.filename, attachment.mime) == ("factuur.pdf", "application/pdf")
    assert attachment.content() == b"%PDF-1.7 " * 50


def test_nonsense_in_place_of_an_embedded_file_has_no_content() -> None:
    (attachment,) = attached("factuur.pdf", "geen base64!").attachments
    assert attachment.content() is None


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\post\\factuur.pdf", "factuur.pdf"),
        ("..", "attachment.pdf"),
        ("", "Bijlage 1.pdf"),
        ("a&#9;b\u202e.pdf", "ab.pdf"),
    ],
)
def test_the_name_of_an_embedded_file_is_safe(written: str, safe: str) -> None:
    assert attached(written, "AAAA").attachments[0].filename == safe


@pytest.mark.parametrize(
    "text",
    ["0000-00-00", "2026-02-30", "9999-12-31", "0001-01-01", "15-09-2026", "gisteren", "２０２６-01-01"],
)
def test_a_wrong_date_costs_the_document_only_where_it_is_the_date_of_issue(text: str) -> None:
    document = read_text(replaced(ubl(), "2026-10-15", text))
    assert document.due_date is None
    assert document.oddities == (("DueDate", text),)
    with pytest.raises(Unreadable) as caught:
        read_text(replaced(ubl(), "2026-09-15", text))
    assert caught.value.code == "date"
    assert text in str(caught.value.reason)


@pytest.mark.parametrize("text", ["2026-10-15Z", "2026-10-15+02:00", "2026-10-15T00:00:00", " 2026-10-15 "])
def test_a_date_may_carry_a_zone_or_a_time(text: str) -> None:
    assert read_text(replaced(ubl(), "2026-10-15", text)).due_date == date(2026, 10, 15)


@pytest.mark.parametrize(
    "text", ["abc", "NaN", "Infinity", "-INF", "1E+999", "1_000", "1.000,00", "12,50", "٣", "9" * 13, "--1"]
)
@pytest.mark.parametrize("name", ["PayableAmount", "TaxExclusiveAmount"])
def test_a_wrong_total_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_text(
            replaced(
                ubl(),
                f'<cbc:{name} currencyID="EUR">',
                f'<cbc:{name} currencyID="EUR">{text}</cbc:{name}><cbc:{name}>',
            )
        )
    assert caught.value.code == "amount"
    assert name in str(caught.value.reason)


def test_a_missing_total_is_refused() -> None:
    with pytest.raises(Unreadable, match="amount"):
        read_text(replaced(ubl(), "LegalMonetaryTotal", "RequestedMonetaryTotal"))


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (">10.00<", ">1E+999<", "PriceAmount"),
        (">10<", ">NaN<", "InvoicedQuantity"),
        (">21<", ">2100<", "Percent"),
        (">21<", ">-1<", "Percent"),
        (">EUR<", ">Euro<", "DocumentCurrencyCode"),
    ],
)
def test_any_other_wrong_value_is_left_out_and_noted(old: str, new: str, name: str) -> None:
    document = read_text(replaced(ubl(), old, new))
    assert name in [oddity.field for oddity in document.oddities]
    assert document.payable == Decimal("121.00")
    assert document.currency == "EUR"


def test_the_number_of_noted_values_is_bounded() -> None:
    assert len(read_text(replaced(ubl(lines=300), ">10<", ">veel<")).oddities) == 50


def test_a_document_without_a_number_or_parties_is_still_read() -> None:
    text = replaced(ubl(), "<cbc:ID>2026-0042</cbc:ID>", "")
    text = replaced(replaced(text, "AccountingSupplierParty", "X"), "AccountingCustomerParty", "Y")
    document = read_text(
        text.replace("cac:X", "cac:SellerSupplierParty").replace("cac:Y", "cac:BuyerCustomerParty")
    )
    assert document.number == ""
    assert document.supplier.name == ""
    assert document.supplier.identifiers == ()


def test_elements_of_other_namespaces_are_not_taken_for_ours() -> None:
    extension = '<x:ID xmlns:x="urn:x">999</x:ID><ID xmlns="">998</ID>'
    text = replaced(ubl(), "<cbc:ID>2026-0042</cbc:ID>", extension + "<cbc:ID>2026-0042</cbc:ID>")
    assert read_text(text).number == "2026-0042"


def test_other_prefixes_and_encodings_read_the_same() -> None:
    text = ubl()
    renamed = text.replace("cbc:", "ns1:").replace("xmlns:cbc", "xmlns:ns1").replace("cac:", "q:")
    renamed = renamed.replace("xmlns:cac", "xmlns:q")
    assert read_text(renamed) == read_text(text)
    assert read(text.replace("UTF-8", "UTF-16").encode("utf-16")) == read_text(text)


def test_long_and_broken_texts_are_brought_to_one_line() -> None:
    text = replaced(ubl(), ">Touw 1 mm<", ">Touw\n   " + "x" * 5000 + "<")
    assert read_text(text).lines[0].name == "Touw " + "x" * 245


@pytest.mark.parametrize(
    ("taxes", "vat"),
    [
        ([("VAT", "NL1")], "NL1"),
        ([("TAX", "Foretaksregisteret"), ("VAT", "NO1")], "NO1"),
        ([("", "NL2")], "NL2"),
        ([("CUST", "NL3")], "NL3"),
        ([("FC", "201/113/40209")], ""),
        ([], ""),
    ],
)
def test_the_vat_number_is_the_one_of_the_scheme_vat(taxes: list[tuple[str, str]], vat: str) -> None:
    schemes = "".join(
        f"<cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID>"
        f"<cac:TaxScheme><cbc:ID>{scheme}</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
        for scheme, number in taxes
    )
    text = ubl()
    start, end = text.index("<cac:PartyTaxScheme>"), text.index("</cac:PartyTaxScheme>")
    assert read_text(text[:start] + schemes + text[end + 21 :]).supplier.vat == vat


@pytest.mark.parametrize(
    ("written", "kind", "value"),
    [
        ("34567892 Amersfoort", Kind.KVK, "34567892"),
        ("NL16356706", Kind.OTHER, "NL16356706"),
        ("1234", Kind.OTHER, "1234"),
    ],
)
def test_a_dutch_legal_number_without_a_scheme_is_a_kvk_number_if_it_looks_like_one(
    written: str, kind: Kind, value: str
) -> None:
    text = replaced(ubl(), '<cbc:CompanyID schemeID="0106">34567892', f"<cbc:CompanyID>{written}")
    text = text.replace('schemeID="0106">34567892', ">")
    supplier = read_text(text).supplier
    assert Identifier(kind, value, True) in supplier.identifiers


def test_ten_thousand_lines_are_read() -> None:
    document = read(ubl(lines=10_000, net=Decimal("1.00")).encode(), max_bytes=20_000_000)
    assert len(document.lines) == 10_000
    assert document.net == Decimal("10000.00")


@given(st.binary(max_size=300))
def test_bytes_are_never_worse_than_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(data)


SAMPLE = ubl(lines=2).encode()


@given(st.data())
def test_a_damaged_invoice_is_read_or_refused_never_worse(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SAMPLE)))
    end = data.draw(st.integers(start, min(len(SAMPLE), start + 400)))
    middle = data.draw(st.binary(max_size=20) | st.sampled_from([b"9" * 40, b"-", b"<cbc:ID/>", b"\xff"]))
    try:
        document = read(SAMPLE[:start] + middle + SAMPLE[end:])
    except Unreadable as refused:
        assert str(refused.reason)
    else:
        assert isinstance(document.payable, Decimal)


def test_what_is_no_invoice_is_also_unreadable() -> None:
    with pytest.raises(NotAnInvoice):
        read(b"<html><body>Bedankt voor uw bestelling</body></html>")
