"""What stands in Exact at the end: the files, the currency, the G-account, the condition, the lines."""

from decimal import Decimal
from typing import Any

import pytest

from apps.exact.models import Division, LedgerLine
from apps.intake.keeping import keep
from apps.invoices.management.commands.deliver import deliver_patiently
from apps.invoices.models import Invoice, State
from apps.invoices.processing import process
from apps.rules.models import VATTable
from apps.sandbox.exact import documents as files
from apps.sandbox.exact import store
from apps.sandbox.models import Call
from tests.flows.conftest import BAKERY
from tests.intake.samples import enclosing, replaced
from tests.invoices.documents import xml

MILLER = {
    "vendor": "Meelfabriek De Zwaluw B.V.",
    "kvk": "51439807",
    "receiver": "64134164",
}
PDF = b"%PDF-1.7 factuur"
WRITES = {"documents/Documents", "documents/DocumentAttachments", "purchaseentry/PurchaseEntries"}


def booked(bakery: Division, content: str) -> Invoice:
    """Take one document in and deliver it; return it as it then is. Nothing is known of what is usual."""
    LedgerLine.objects.filter(division=bakery, line_number=0).delete()
    receipt = keep([("factuur.xml", content.encode())], channel="upload")
    process(receipt.pk)
    Call.objects.all().delete()
    deliver_patiently(bakery)
    invoice = Invoice.objects.select_related("posting").get(part__receipt=receipt)
    assert invoice.state == State.DONE, (invoice.state, invoice.cause, invoice.detail)
    return invoice


def entry_of(invoice: Invoice) -> dict[str, object]:
    assert invoice.posting
    row = store.find("purchaseentry/PurchaseEntries", BAKERY, str(invoice.posting.exact_id))
    assert row
    return dict(row.data)


def files_of(invoice: Invoice) -> dict[str, bytes]:
    rows = store.rows("documents/DocumentAttachments", BAKERY).filter(
        data__Document=entry_of(invoice)["Document"]
    )
    return {row.data["FileName"]: bytes(files.content(row.key) or b"") for row in rows}


def writes() -> int:
    return Call.objects.filter(method="POST", path__in=WRITES).count()


def from_miller(**changes: Any) -> str:
    return xml(**{**MILLER, **changes}).decode()


def test_the_files_inside_go_along_and_both_sides_know_each_other(bakery: Division) -> None:
    text = enclosing(
        from_miller(), ("factuur.pdf", PDF), ("foto.jpg", b"\xff\xd8\xff foto"), ("uren.csv", b"1;2")
    )
    invoice = booked(bakery, text)
    assert files_of(invoice) == {
        "factuur.xml": text.encode(),
        "factuur.pdf": PDF,
        "foto.jpg": b"\xff\xd8\xff foto",
    }
    assert writes() == 3 + 2
    document = store.find("documents/Documents", BAKERY, str(entry_of(invoice)["Document"]))
    assert document
    assert "uren.csv" in document.data["Body"]
    assert invoice.posting
    assert entry_of(invoice)["ExternalLinkReference"] == invoice.posting.reference
    assert str(entry_of(invoice)["EntryNumber"]) == invoice.exact_number
    assert str(invoice.posting.exact_id) in invoice.exact_url


def test_a_document_without_a_pdf_gets_a_page_for_people(bakery: Division) -> None:
    shown = files_of(booked(bakery, from_miller(number="Z 26/1")))
    assert set(shown) == {"factuur.xml", "Z-26-1.pdf"}
    assert shown["Z-26-1.pdf"].startswith(b"%PDF-")
    assert writes() == 3 + 1


def test_currency_rate_g_account_and_direct_debit_stand_in_the_entry(bakery: Division) -> None:
    more = """<cac:PaymentTerms><cbc:PaymentMeansID>GACCOUNT</cbc:PaymentMeansID>
    <cbc:Amount currencyID="USD">20.00</cbc:Amount></cac:PaymentTerms>
    <cac:TaxExchangeRate><cbc:SourceCurrencyCode>USD</cbc:SourceCurrencyCode>
    <cbc:TargetCurrencyCode>EUR</cbc:TargetCurrencyCode><cbc:CalculationRate>0.8</cbc:CalculationRate>
    </cac:TaxExchangeRate><cac:TaxTotal>"""
    text = replaced(from_miller().replace("EUR", "USD"), "<cac:TaxTotal>", more)
    entry = entry_of(booked(bakery, replaced(text, "PaymentMeansCode>30<", "PaymentMeansCode>59<")))
    assert (entry["Currency"], entry["Rate"], entry["AmountFC"], entry["AmountDC"]) == (
        "USD",
        0.8,
        121.0,
        96.8,
    )
    assert (entry["GAccountAmountFC"], entry["PaymentCondition"]) == (20.0, "IN")
    assert entry["PaymentReference"] == "2026-0042"


def test_a_credit_note_is_booked_with_its_signs(bakery: Division) -> None:
    entry = entry_of(booked(bakery, from_miller(kind="CreditNote")))
    assert (entry["AmountFC"], entry["VATAmountFC"], entry["Type"]) == (-121.0, -21.0, 31)


@pytest.mark.parametrize("lines", [500])
def test_five_hundred_lines_are_one_entry(bakery: Division, lines: int) -> None:
    invoice = booked(bakery, from_miller(lines=lines, net="1.10"))
    rows = store.children("purchaseentry/PurchaseEntryLines", BAKERY, str(entry_of(invoice)["EntryID"]))
    assert rows.count() == lines
    assert Decimal(str(entry_of(invoice)["AmountFC"])) == invoice.gross == Decimal("665.50")
    assert writes() == 3 + 1


def test_a_code_that_includes_vat_leads_to_the_same_entry(bakery: Division) -> None:
    """Code 4 of the bakery is 21 % inclusive: Exact is sent the gross amounts, and takes the VAT out itself."""
    row = VATTable.objects.get(scenario="nl_high", administration=bakery.administration)
    row.vat_code, row.facts = "4", {}
    row.save()
    invoice = booked(bakery, from_miller(lines=3, net="33.33"))
    entry = entry_of(invoice)
    assert (entry["AmountFC"], entry["VATAmountFC"]) == (float(invoice.gross), float(invoice.tax or 0))
    assert invoice.posting
    sent = next(step for step in invoice.posting.plan["steps"] if step["name"] == "entry")["payload"]
    assert [line["AmountFC"] for line in sent["PurchaseEntryLines"]] == [40.33, 40.33, 40.33]
    assert not any("VATAmountFC" in line for line in sent["PurchaseEntryLines"])
