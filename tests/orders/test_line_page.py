"""What the page of an order shows of one line."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.orders import line_page
from apps.orders.models import PurchaseOrderLine

pytestmark = pytest.mark.usefixtures("english")


def shown(**values: Any) -> dict[str, Any]:
    content = line_page.content(PurchaseOrderLine(position=1, **values))
    return {"said": content["said"], **{one["field"]: one for one in content["values"]}}


def test_each_value_says_who_vouches_for_it_and_why() -> None:
    found = shown(
        item="00000000-0000-4000-8000-000000000001",
        item_code="4711",
        item_name="Rope",
        item_source="card",
        item_why="code T-1 on the document",
        ordered=Decimal("2.5000"),
        purchase_unit="box",
        ordered_source="document",
        unit_why="30 pc is 2.5 box of 12",
        ordered_price=Decimal("1234.500000"),
        receipt_date=date(2026, 10, 20),
    )
    item, ordered, price = found["item"], found["ordered"], found["ordered_price"]
    assert (item["value"], item["text"], item["typed"]) == ("4711", "Rope", "4711 - Rope")
    assert (item["source"], item["icon"], item["why"]) == ("card", "badge", "code T-1 on the document")
    assert (ordered["value"], ordered["text"], ordered["typed"]) == ("2.5", "box", "2,5")
    assert (price["value"], price["text"], price["typed"]) == ("1,234.50", "per box", "1234,5")
    assert (found["receipt_date"]["typed"], found["receipt_date"]["type"]) == ("2026-10-20", "date")


def test_what_is_missing_is_empty_and_what_need_not_be_there_is_optional() -> None:
    found = shown()
    assert {name for name, one in found.items() if name != "said" and one["value"]} == set()
    optional = {name for name, one in found.items() if name != "said" and one["is_optional"]}
    assert optional == {"receipt_date", "cost_center", "cost_unit", "project_text"}
    assert found["said"] == ""


def test_what_the_document_says_stands_in_one_line() -> None:
    found = shown(
        quantity=Decimal(30),
        unit="C62",
        price=Decimal("12.5"),
        discount=Decimal("5.0000"),
        seller_item="T-1",
        project_text="Pier 4",
    )
    assert found["said"] == "30 C62 · at 12.50 · 5 % off · item code of the supplier T-1"
    assert found["project_text"]["value"] == "Pier 4"


@pytest.mark.parametrize(
    ("values", "source"),
    [
        ({"ordered_source": "person", "price": Decimal(5)}, "person"),
        ({"ordered_source": "document", "price": Decimal(5)}, "document"),
        ({"ordered_source": "document", "net": Decimal(5)}, "document"),
        ({"ordered_source": "document"}, "card"),
    ],
)
def test_a_price_says_who_vouches_for_it(values: dict[str, Any], source: str) -> None:
    assert shown(ordered_price=Decimal(5), **values)["ordered_price"]["source"] == source
    assert shown(ordered_price=None, **values)["ordered_price"]["source"] == ""


def test_a_typed_day_says_who_vouches_for_it() -> None:
    found = shown(receipt_date=date(2026, 10, 20), receipt_date_source="person", receipt_date_why="by Ann")
    assert (found["receipt_date"]["source"], found["receipt_date"]["why"]) == ("person", "by Ann")
