"""The exact purchase invoice that would be written."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from apps.exact.models import VATCode
from apps.invoices.item_plans import invoice_plan
from apps.invoices.models import Invoice, InvoiceItem, InvoiceLine
from tests.invoices.factories import InvoiceFactory, InvoiceItemFactory, InvoiceLineFactory

pytestmark = pytest.mark.django_db
E21, I21 = VATCode(code="2", type="E"), VATCode(code="3", type="I")
MARK = "PK-0123456789AB"


def planned(
    invoice: Invoice, *pairs: tuple[InvoiceLine, InvoiceItem]
) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    plan = invoice_plan(
        invoice,
        pairs,
        {"2": E21, "3": I21},
        journal="60",
        reference=MARK,
        percentages={"2": Decimal("0.21"), "3": Decimal("0.21")},
    )
    payload = dict(plan["steps"][-1]["payload"])
    return payload, payload.pop("PurchaseInvoiceLines"), plan


def pair(
    invoice: Invoice, net: str = "100.00", tax: str = "21.00", vat_code: str = "2", **item: object
) -> tuple[InvoiceLine, InvoiceItem]:
    line = InvoiceLineFactory(invoice=invoice, net=Decimal(net), tax=Decimal(tax), vat_code=vat_code)
    return line, InvoiceItemFactory(line=line, **item)


def test_the_header_says_what_the_invoice_is_and_carries_our_mark() -> None:
    invoice = InvoiceFactory(supplier=UUID(int=7), vendor_name="V" * 80, number="F-1", payment_condition="30")
    payload, _lines, plan = planned(invoice, pair(invoice))
    assert (payload["Type"], payload["Supplier"], payload["Journal"]) == (8033, str(UUID(int=7)), "60")
    assert (payload["InvoiceDate"], payload["DueDate"]) == ("2026-09-15", "2026-10-15")
    assert (payload["YourRef"], payload["PaymentCondition"]) == ("F-1", "30")
    assert payload["Description"].endswith(f" [{MARK}]") and len(payload["Description"]) == 60
    assert plan["look"] == {
        "supplier": str(UUID(int=7)),
        "your_ref": "F-1",
        "date": "2026-09-15",
        "document_date": "2026-09-15",
        "amount": "121.00",
    }
    assert plan["steps"][-1]["needs"] == {"Document": "document"}


def test_a_document_that_is_booked_on_an_open_day_says_that_day() -> None:
    invoice = InvoiceFactory(supplier=UUID(int=7), entry_date=date(2026, 10, 1))
    payload, _lines, plan = planned(invoice, pair(invoice))
    assert payload["InvoiceDate"] == plan["look"]["date"] == "2026-10-01"


def test_what_the_supplier_gives_back_is_a_credit_note() -> None:
    invoice = InvoiceFactory(supplier=UUID(int=7))
    payload, lines, _plan = planned(invoice, pair(invoice, "-100.00", "-21.00", quantity=Decimal(-10)))
    assert (payload["Type"], lines[0]["Amount"], lines[0]["Quantity"]) == (8034, -100.0, -10.0)


def test_a_line_is_an_item_without_vat_where_exact_adds_it() -> None:
    invoice = InvoiceFactory(supplier=UUID(int=7))
    _header, (line,), _plan = planned(invoice, pair(invoice, item=UUID(int=9)))
    assert (line["Item"], line["Quantity"], line["Amount"], line["VATCode"]) == (
        str(UUID(int=9)),
        10.0,
        100.0,
        "2",
    )
    assert "VATAmount" not in line


def test_with_a_code_that_includes_vat_the_amount_does_too() -> None:
    invoice = InvoiceFactory(supplier=UUID(int=7))
    _header, (line,), _plan = planned(invoice, pair(invoice, vat_code="3"))
    assert (line["Amount"], "VATAmount" in line) == (121.0, False)


def test_vat_that_the_document_rounds_otherwise_is_sent() -> None:
    invoice = InvoiceFactory(supplier=UUID(int=7))
    _header, (line,), _plan = planned(invoice, pair(invoice, tax="20.99"))
    assert line["VATAmount"] == 20.99


def test_of_an_order_line_exact_takes_item_quantity_and_amount() -> None:
    invoice = InvoiceFactory(supplier=UUID(int=7))
    _header, (line,), _plan = planned(invoice, pair(invoice, order_line=UUID(int=5)))
    assert line["PurchaseOrderLine"] == str(UUID(int=5))
    assert not {"Item", "Quantity", "Amount", "VATCode"} & line.keys()
