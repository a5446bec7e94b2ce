"""What is written into Exact for an order."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.causes import Cause
from apps.exact.models import VATCode
from apps.intake.models import PartOutcome
from apps.orders.models import OrderTerms, PurchaseOrder
from apps.orders.plans import DESCRIPTION_LENGTH, description, order_plan
from tests.intake.factories import PartFactory
from tests.orders.buying import Buying, again, make_buying

REFERENCE = "PK-0123456789AB"


@pytest.fixture
def buying(db: None) -> Buying:
    return make_buying()


def plan_of(buying: Buying, order: PurchaseOrder) -> dict[str, Any]:
    fresh = again(order)
    return order_plan(fresh, buying.division, REFERENCE, list(fresh.lines.all()))


@given(st.text(max_size=60), st.text(max_size=100))
def test_a_description_is_short_and_ends_in_our_mark(template: str, number: str) -> None:
    made = description(template, number, REFERENCE)
    assert len(made) <= DESCRIPTION_LENGTH
    assert made.endswith(f"[{REFERENCE}]")
    assert made.count("[PK-") == 1


@pytest.mark.parametrize("template", ["PO {number}", "{number!r:>99999999}", "{", "{0} {x}", "{number.x}"])
def test_a_template_that_cannot_be_filled_in_never_raises(template: str) -> None:
    assert description(template, "4711", REFERENCE)


def test_the_template_is_filled_in() -> None:
    assert description("PO {number}", "4711", REFERENCE) == f"PO 4711 [{REFERENCE}]"


@pytest.mark.django_db
def test_an_order_is_planned_with_document_attachment_and_lines(buying: Buying) -> None:
    order = buying.coded(
        {
            "project_text": "Kade 4",
            "note": "Voor 10 uur",
            "receipt_date": date(2026, 10, 1),
            "description": "Touw",
        },
        number="4711",
        note="Bel eerst",
    )
    plan = plan_of(buying, order)
    document, attachment, made = plan["steps"]
    assert [one["name"] for one in plan["steps"]] == ["document", "attachment", "order"]
    assert document["payload"]["Subject"].endswith(f"4711 [{REFERENCE}]")
    assert document["payload"]["Account"] == str(buying.supplier.exact_id)
    assert attachment["original"] == order.part.original_id
    assert made["needs"] == {"Document": "document"}
    lines = made["payload"].pop("PurchaseOrderLines")
    assert made["payload"] == {
        "Supplier": str(buying.supplier.exact_id),
        "OrderDate": "2026-09-15",
        "ReceiptDate": "2026-09-29",
        "YourRef": "4711",
        "Description": f"PO 4711 [{REFERENCE}]",
        "Currency": "EUR",
        "Remarks": "Bel eerst",
    }
    assert lines == [
        {
            "Item": str(buying.item.exact_id),
            "QuantityInPurchaseUnits": 2.0,
            "NetPrice": 150.0,
            "VATCode": "V21",
            "ReceiptDate": "2026-10-01",
            "Description": "Touw",
            "Notes": "Voor 10 uur\nKade 4",
        }
    ]
    assert plan["look"] == {
        "kind": "order",
        "supplier": str(buying.supplier.exact_id),
        "your_ref": "4711",
        "date": "2026-09-15",
        "amount": "363.00",
        "unique": True,
    }


@pytest.mark.django_db
def test_with_a_code_that_includes_vat_the_price_has_it(buying: Buying) -> None:
    VATCode.objects.update(type="I")
    plan = plan_of(buying, buying.coded())
    assert plan["steps"][-1]["payload"]["PurchaseOrderLines"][0]["NetPrice"] == 181.5
    assert plan["look"]["amount"] == "363.00"


@pytest.mark.django_db
def test_the_administration_names_its_orders(buying: Buying) -> None:
    OrderTerms.objects.create(administration=buying.administration, description="Bestelling {number}")
    plan = plan_of(buying, buying.coded(number="4711"))
    assert plan["steps"][-1]["payload"]["Description"].startswith("Bestelling 4711 [")


@pytest.mark.django_db
def test_papers_that_came_with_it_are_attached_by_names_of_their_own(buying: Buying) -> None:
    order = buying.coded()
    for _ in range(2):
        PartFactory(
            receipt=order.part.receipt,
            filename=order.part.filename,
            outcome=PartOutcome.ATTACHMENT,
            attached_to=order.part,
        )
    files = [one["payload"]["FileName"] for one in plan_of(buying, order)["steps"][1:-1]]
    assert len(files) == len(set(files)) == 3


@pytest.mark.django_db
def test_a_file_too_large_is_named_in_the_document(buying: Buying) -> None:
    order = buying.coded()
    order.part.original.size = 8 * 1024 * 1024
    order.part.original.save(update_fields=["size"])
    plan = plan_of(buying, order)
    assert [one["name"] for one in plan["steps"]] == ["document", "order"]
    assert order.part.filename in plan["steps"][0]["payload"]["Body"]


@pytest.mark.django_db
def test_what_a_person_waived_is_no_reason_to_refuse_another_of_the_number(buying: Buying) -> None:
    order = buying.coded()
    order.waived = [Cause.POSSIBLE_DOUBLE]
    order.supplier = uuid4()
    order.save(update_fields=["waived", "supplier"])
    assert plan_of(buying, order)["look"]["unique"] is False


@pytest.mark.django_db
def test_an_order_of_many_pieces_is_sent_in_purchase_units(buying: Buying) -> None:
    order = buying.coded({"quantity": Decimal(24), "unit": "C62", "price": Decimal("12.5")})
    (line,) = plan_of(buying, order)["steps"][-1]["payload"]["PurchaseOrderLines"]
    assert (line["QuantityInPurchaseUnits"], line["NetPrice"]) == (2.0, 150.0)
