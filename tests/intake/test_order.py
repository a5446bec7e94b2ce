"""What an order line comes to, and what it is called."""

from decimal import Decimal
from typing import Any

import pytest

from apps.intake.order import OrderLine


@pytest.mark.parametrize(
    ("values", "worth"),
    [
        ({"quantity": "3", "price": "2.50"}, "7.50"),
        ({"quantity": "120", "price": "107.75", "price_base": "100"}, "129.30"),
        ({"quantity": "24", "price": "17.40", "discount": "5"}, "396.72"),
        ({"quantity": "2", "price": "10", "charges": "-1.5"}, "18.5"),
        ({"quantity": "0", "price": "10"}, "0"),
        ({"price": "10"}, None),
        ({"quantity": "10"}, None),
    ],
)
def test_a_line_comes_to_its_quantity_price_discount_and_charges(
    values: dict[str, str], worth: str | None
) -> None:
    figures: dict[str, Any] = {name: Decimal(text) for name, text in values.items()}
    assert OrderLine(**figures).worth == (None if worth is None else Decimal(worth))


def test_a_line_is_called_by_its_item_or_by_its_description() -> None:
    assert OrderLine(name="Meel", description="Fijn\nzak").title == "Meel"
    assert OrderLine(description="Fijn\nzak").title == "Fijn"
