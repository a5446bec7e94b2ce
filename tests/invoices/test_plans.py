"""The payloads that Exact would get, field by field."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from apps.exact.models import VATCode
from apps.intake.models import Part
from apps.invoices.entry_lines import entry_lines
from apps.invoices.models import Invoice, InvoiceLine
from apps.invoices.plans import entry_plan

SUPPLIER, ACCOUNT = UUID(int=1), UUID(int=2)
CODES = {
    code: VATCode(code=code, type=type_, charged=charged)
    for code, type_, charged in (
        ("excl", "E", False),
        ("incl", "I", False),
        ("none", "N", False),
        ("zero", "B", False),
        ("shift", "E", True),
    )
}


def invoice(**values: Any) -> Invoice:
    known: dict[str, Any] = {
        "part": Part(filename="factuur.xml", original_id="ab" * 32),
        "number": "2026-0042",
        "issue_date": date(2026, 9, 15),
        "due_date": date(2026, 10, 15),
        "currency": "EUR",
        "gross": Decimal("121.00"),
        "vendor_name": "Anker en Touw",
        "supplier": SUPPLIER,
        "payment": {},
    }
    return Invoice(**{**known, **values})


def line(**values: Any) -> InvoiceLine:
    known: dict[str, Any] = {
        "gl_account": ACCOUNT,
        "description": "Touw",
        "net": Decimal("100.00"),
        "tax": Decimal("21.00"),
        "vat_code": "excl",
    }
    return InvoiceLine(**{**known, **values})


def plan(one: Invoice, *lines: InvoiceLine) -> dict[str, Any]:
    return entry_plan(one, entry_lines(lines or [line()]), CODES, journal="60", reference="PK-1")


def payload(name: str, one: Invoice, *lines: InvoiceLine) -> dict[str, Any]:
    found: dict[str, Any] = next(step for step in plan(one, *lines)["steps"] if step["name"] == name)[
        "payload"
    ]
    return found


def entry_line(**values: Any) -> dict[str, Any]:
    found: dict[str, Any] = payload("entry", invoice(), line(**values))["PurchaseEntryLines"][0]
    return found


def test_document_attachment_and_entry_come_in_this_order_and_refer_to_the_document() -> None:
    steps = plan(invoice())["steps"]
    assert [(step["name"], step["resource"], step["key"]) for step in steps] == [
        ("document", "documents/Documents", "ID"),
        ("attachment", "documents/DocumentAttachments", "ID"),
        ("page", "documents/DocumentAttachments", "ID"),
        ("entry", "purchaseentry/PurchaseEntries", "EntryID"),
    ]
    assert [step.get("needs") for step in steps] == [None, *[{"Document": "document"}] * 3]
    assert steps[1]["original"] == "ab" * 32


def test_our_reference_stands_in_the_document_and_in_the_entry() -> None:
    assert payload("document", invoice())["Subject"] == "Anker en Touw 2026-0042 [PK-1]"
    assert payload("entry", invoice())["ExternalLinkReference"] == "PK-1"


def test_the_document_says_what_was_too_large_for_it() -> None:
    assert "Body" not in payload("document", invoice())
    large = invoice(payment={"size": 8_000_000}, part=Part(filename="<b>.xml", original_id="ab" * 32))
    assert "&lt;b&gt;.xml" in payload("document", large)["Body"]


def test_the_entry_carries_exacts_own_names_and_codes() -> None:
    sent = payload("entry", invoice(payment_condition="30", payment={"reference": "RF18"}))
    assert sent == {
        "Journal": "60",
        "Supplier": str(SUPPLIER),
        "Currency": "EUR",
        "EntryDate": "2026-09-15",
        "DueDate": "2026-10-15",
        "Description": "Anker en Touw",
        "YourRef": "2026-0042",
        "PaymentCondition": "30",
        "PaymentReference": "RF18",
        "ExternalLinkReference": "PK-1",
        "PurchaseEntryLines": [
            {
                "GLAccount": str(ACCOUNT),
                "Description": "Touw",
                "VATCode": "excl",
                "AmountFC": 100.0,
                "VATAmountFC": 21.0,
            }
        ],
    }


def test_what_is_not_known_is_left_out_for_exact_to_fill_in() -> None:
    sent = payload("entry", invoice(due_date=None))
    assert not {"DueDate", "PaymentCondition", "PaymentReference"} & sent.keys()


def test_a_document_without_a_number_sends_an_empty_reference() -> None:
    assert payload("entry", invoice(number=""))["YourRef"] == ""


@pytest.mark.parametrize(
    ("code", "amount", "vat"),
    [("excl", 100.0, 21.0), ("incl", 121.0, 21.0), ("none", 121.0, None), ("zero", 121.0, None)],
)
def test_the_type_of_the_vat_code_says_what_the_amount_is(
    code: str, amount: float, vat: float | None
) -> None:
    sent = entry_line(vat_code=code)
    assert (sent["AmountFC"], sent.get("VATAmountFC")) == (amount, vat)


def test_under_reverse_charge_exact_computes_the_vat() -> None:
    sent = entry_line(vat_code="shift", tax=Decimal("0.00"))
    assert (sent["AmountFC"], sent.get("VATAmountFC")) == (100.0, None)


def test_a_credit_note_is_sent_with_negative_amounts() -> None:
    sent = entry_line(net=Decimal("-100.00"), tax=Decimal("-21.00"))
    assert (sent["AmountFC"], sent["VATAmountFC"]) == (-100.0, -21.0)


def test_cost_centre_and_unit_are_sent_as_codes_when_there_are_any() -> None:
    sent = entry_line(cost_center="K1", cost_unit="D1")
    assert (sent["CostCenter"], sent["CostUnit"]) == ("K1", "D1")
    assert not {"CostCenter", "CostUnit"} & entry_line().keys()


def test_texts_fit_where_exact_keeps_them() -> None:
    sent = payload("entry", invoice(number="9" * 100, vendor_name="x" * 255), line(description="y" * 500))
    assert len(sent["YourRef"]) == 50
    assert len(sent["Description"]) == len(sent["PurchaseEntryLines"][0]["Description"]) == 60


def test_what_is_looked_for_is_what_is_sent_although_the_document_claims_another_total() -> None:
    odd = invoice(gross=Decimal("999.00"))
    assert plan(odd, line(), line())["look"]["amount"] == "242.00"
    assert payload("document", odd, line(), line())["AmountFC"] == 242.0


def test_the_look_knows_what_was_sent() -> None:
    long = invoice(number="9" * 100)
    assert plan(long)["look"] == {
        "supplier": str(SUPPLIER),
        "your_ref": payload("entry", long)["YourRef"],
        "date": "2026-09-15",
        "document_date": "2026-09-15",
        "amount": "121.00",
    }
