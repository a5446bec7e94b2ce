"""What of a document is stored, in which columns."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.intake.detection import Format
from apps.intake.document import Oddity, Party
from apps.intake.order import OrderDocument, OrderKind, OrderLine
from apps.orders.doubles import lines_key
from apps.orders.models import PurchaseOrderLine
from apps.orders.rows import check, columns, lines_of, price_of

LINE = OrderLine(
    position=1, name="Touw", seller_item="T-1", quantity=Decimal(8), price=Decimal("12.5"), unit="C62"
)
DOCUMENT = OrderDocument(
    kind=OrderKind.ORDER,
    format=Format.ORDER,
    number="PO-1",
    issue_date=date(2026, 9, 15),
    currency="EUR",
    seller=Party(name="Anker en Touw"),
    delivery_date=date(2026, 9, 29),
    lines=(LINE, replace(LINE, position=2, delivery_date=date(2026, 10, 6))),
)
quantities = st.decimals("0.0001", "99999", places=4)
prices = st.decimals("0.01", "9999", places=4)
percents = st.decimals("0", "99", places=2)


def test_a_line_without_a_date_has_that_of_the_document() -> None:
    days = [line.receipt_date for line in lines_of(DOCUMENT)]
    assert days == [date(2026, 9, 29), date(2026, 10, 6)]


def test_the_note_of_a_line_is_kept() -> None:
    (line,) = lines_of(replace(DOCUMENT, lines=(replace(LINE, note="Voor 10 uur"),)))
    assert line.note == "Voor 10 uur"


def test_the_total_is_what_stands_there_else_what_the_lines_come_to() -> None:
    assert columns(DOCUMENT)["net"] == Decimal("200.00")
    assert columns(replace(DOCUMENT, net=Decimal("199.995")))["net"] == Decimal("200.00")
    assert columns(replace(DOCUMENT, lines=(LINE, replace(LINE, price=None))))["net"] is None


def test_a_vendor_without_a_name_goes_by_its_code() -> None:
    document = replace(DOCUMENT, seller=Party(), seller_code="10023")
    assert columns(document)["vendor_name"] == "10023"
    assert columns(document)["vendor"]["code"] == "10023"


@pytest.mark.parametrize(
    ("values", "price", "discount"),
    [
        ({}, "12.5", None),
        ({"discount": Decimal(10)}, "12.5", "10"),
        ({"price_base": Decimal(100)}, "0.125", None),
        ({"charges": Decimal(4)}, "13", None),
        ({"charges": Decimal(-4), "discount": Decimal(10)}, "10.75", None),
        ({"price_unit": "c62"}, "12.5", None),
        ({"price_unit": "BX", "net": Decimal(80)}, "10", None),
        ({"price_unit": "BX"}, None, None),
        ({"price": None}, None, None),
        ({"quantity": None, "charges": Decimal(4)}, None, None),
    ],
)
def test_the_price_is_that_of_one_unit(values: dict[str, Any], price: str, discount: str) -> None:
    found = price_of(replace(LINE, **values))
    assert found == (price and Decimal(price), discount and Decimal(discount))


@given(quantities, prices, percents, st.decimals("-50", "50", places=2))
def test_quantity_price_and_discount_come_to_what_the_line_does(
    quantity: Decimal, price: Decimal, percent: Decimal, charges: Decimal
) -> None:
    line = replace(LINE, quantity=quantity, price=price, discount=percent, charges=charges)
    found, discount = price_of(line)
    assert found is not None and line.worth is not None
    worth = quantity * found * (1 - (discount or Decimal()) / 100)
    assert abs(worth - line.worth) <= quantity * Decimal("0.000001")


def test_what_a_bookkeeper_should_know() -> None:
    lines = (replace(LINE, charges=Decimal(4), substitute="T-9"), LINE)
    document = replace(DOCUMENT, lines=lines, net=Decimal(300), oddities=(Oddity("Note", "?"),))
    codes = [finding.code for finding in check(document)]
    assert codes == ["value_unreadable", "order_lines_differ", "substitute_offered", "charges_in_price"]
    assert not [finding for finding in check(document) if finding.blocks]
    assert check(DOCUMENT) == []
    assert all(finding.sentence() for finding in check(document))


@given(st.permutations(range(4)))
def test_lines_are_the_same_in_whatever_order(order: list[int]) -> None:
    lines = [replace(LINE, seller_item=f"T-{n}") for n in range(4)]
    shuffled = replace(DOCUMENT, lines=tuple(lines[n] for n in order))
    assert lines_key(lines_of(shuffled)) == lines_key(lines_of(replace(DOCUMENT, lines=tuple(lines))))


@pytest.mark.parametrize(
    "values",
    [
        {"quantity": Decimal(9)},
        {"price": Decimal(13)},
        {"seller_item": "T-2"},
        {"unit": "BX"},
        {"delivery_date": date(2026, 12, 1)},
        {"status": "7"},
    ],
)
def test_another_item_quantity_price_or_date_is_another_order(values: dict[str, Any]) -> None:
    other = replace(DOCUMENT, lines=(replace(LINE, **values),))
    same = replace(DOCUMENT, lines=(replace(LINE, quantity=Decimal("8.000")),))
    key = lines_key(lines_of(replace(DOCUMENT, lines=(LINE,))))
    assert lines_key(lines_of(same)) == key != lines_key(lines_of(other))
    assert lines_key([]) == ""


@given(
    st.decimals("0.000000000001", 10**12 - 1, places=12),
    st.decimals(0, 10**12 - 1, places=12),
    st.decimals("0.000000000001", 10**12 - 1, places=12),
)
def test_what_no_column_holds_is_left_out_and_told(quantity: Decimal, price: Decimal, base: Decimal) -> None:
    line = replace(LINE, quantity=quantity, price=price, price_base=base)
    document = replace(DOCUMENT, lines=(line,))
    row = lines_of(document)[0]
    for name in ("net", "price", "quantity", "discount"):
        field: Any = PurchaseOrderLine._meta.get_field(name)
        if (value := getattr(row, name)) is not None:
            field.run_validators(value)
            assert Decimal(float(value)) <= 10 ** (field.max_digits - field.decimal_places) - Decimal("0.5")
    unreadable = [one.values["field"] for one in check(document) if one.code == "value_unreadable"]
    assert (row.net is None) == ("net" in unreadable)


def test_a_price_that_sqlite_would_round_up_to_what_it_cannot_give_back_is_left_out_and_told() -> None:
    document = replace(DOCUMENT, lines=(replace(LINE, price=Decimal("999999999999.99999")),))
    assert lines_of(document)[0].price is None
    assert [dict(one.values) for one in check(document)] == [{"field": "price", "text": "999999999999.99999"}]
