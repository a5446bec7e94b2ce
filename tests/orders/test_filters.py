"""The search box of the list of orders."""

import pytest
from django.db import connection

from apps.orders.filters import LONGEST, with_item
from apps.orders.models import PurchaseOrder, PurchaseOrderLine
from tests.orders.factories import PurchaseOrderLineFactory

pytestmark = pytest.mark.django_db
CODES = {"item_code": "TOUW12", "seller_item": "T-12", "buyer_item": "Eigen 7", "gtin": "8711253001202"}


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("touw", True),
        (" t-1 ", True),
        ("eigen", True),
        ("8711253001202", True),
        ("8711253", False),
        ("ouw", False),
        ("%", False),
    ],
)
def test_orders_are_found_by_the_beginning_of_an_item_code(text: str, is_found: bool) -> None:
    line = PurchaseOrderLineFactory(**CODES)
    PurchaseOrderLineFactory(order=line.order, **CODES)
    PurchaseOrderLineFactory(seller_item="other")
    condition = with_item(text)
    assert condition is not None
    assert list(PurchaseOrder.objects.filter(condition)) == [line.order] * is_found


def test_what_is_no_code_finds_nothing() -> None:
    assert with_item("  ") is None
    assert with_item("x" * (LONGEST + 1)) is None


def test_the_lines_are_looked_up_once_and_not_for_each_order() -> None:
    condition = with_item("t-1")
    assert condition is not None
    orders = PurchaseOrder.objects.filter(condition)
    inner = str(orders.query).partition("IN (SELECT")[2]
    assert 'FROM "orders_purchaseorderline"' in inner
    assert '"orders_purchaseorder"."id"' not in inner


def test_postgresql_finds_beginnings_by_an_index() -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for name in ("item_code", "seller_item", "buyer_item"):
            plan = PurchaseOrderLine.objects.filter(**{f"{name}__istartswith": "t-1"}).order_by().explain()
            assert f"order_line_{name}" in plan
