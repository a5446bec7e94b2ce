"""What a posting may end as, and how one in Exact is known."""

from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from apps.posting.kinds import BY_RESOURCE, KINDS, MADE_BY
from apps.posting.models import ENTRY, ORDER, PURCHASE_INVOICE, RESULTS, Method
from tests.posting.factories import PostingFactory

MARK = "PK-0000000000AA"


def test_every_result_has_its_row_and_its_method() -> None:
    assert tuple(KINDS) == RESULTS
    assert MADE_BY == {Method.ENTRY: ENTRY, Method.ORDER: ORDER, Method.INVOICE: PURCHASE_INVOICE}
    assert len(BY_RESOURCE) == len(KINDS)


@pytest.mark.parametrize(
    ("text", "is_ours"),
    [
        (f"PO 4711 [{MARK}]", True),
        (f"PO 4711 [{MARK}] ", True),
        (MARK, True),
        (f"PO {MARK}", False),
        (f"[{MARK}] again", False),
        (f"PO 4711 [{MARK}-0A0A0A0A]", False),
        (None, False),
    ],
)
def test_our_reference_stands_alone_or_at_the_end(text: str | None, is_ours: bool) -> None:
    assert KINDS[ORDER].bears({"Description": text}, MARK) is is_ours


@pytest.mark.parametrize(
    ("name", "row", "closed"),
    [
        (ENTRY, {"Status": 20}, False),
        (ENTRY, {"Status": 50}, True),
        (ORDER, {"OrderStatus": 10, "ReceiptStatus": 10, "InvoiceStatus": 10}, False),
        (ORDER, {"OrderStatus": 10, "ReceiptStatus": 20, "InvoiceStatus": 10}, True),
        (ORDER, {"OrderStatus": 10, "ReceiptStatus": 10, "InvoiceStatus": 30}, True),
        (ORDER, {"OrderStatus": 40, "ReceiptStatus": 10, "InvoiceStatus": 10}, True),
        (PURCHASE_INVOICE, {"Status": 20}, False),
        (PURCHASE_INVOICE, {"Status": 50}, True),
    ],
)
def test_what_exact_went_on_with_is_closed(name: str, row: dict[str, Any], closed: bool) -> None:
    assert KINDS[name].is_closed(row) is closed


@pytest.mark.parametrize(
    ("name", "row", "total"),
    [
        (ENTRY, {"AmountFC": 121}, "121.00"),
        (ORDER, {"AmountFC": 12.345}, "12.35"),
        (ORDER, {}, None),
        (PURCHASE_INVOICE, {"Amount": 121.0, "Type": 8033}, "121.00"),
        (PURCHASE_INVOICE, {"Amount": 121.0, "Type": 8034}, "-121.00"),
        (PURCHASE_INVOICE, {"Amount": -121.0, "Type": 8031}, "-121.00"),
    ],
)
def test_a_total_is_negative_for_what_is_given_back(
    name: str, row: dict[str, Any], total: str | None
) -> None:
    assert KINDS[name].total_of(row) == (Decimal(total) if total else None)


@pytest.mark.django_db
def test_where_it_opens_is_a_setting(settings: Settings) -> None:
    settings.EXACT_ORDER_URL = "{base}/order/{id}/{division}"
    posting = PostingFactory()
    opened = KINDS[ORDER].opens_at(posting, "1")
    assert opened == f"{posting.division.app.base_url}/order/1/{posting.division.code}"
