"""What was or would be written for an order, as its page shows it."""

from uuid import uuid4

import pytest

from apps.orders import plan_page
from apps.orders.models import State
from tests.orders.buying import make_buying
from tests.orders.factories import PurchaseOrderFactory, PurchaseOrderLineFactory
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db


def test_changes_stand_field_by_field_with_what_stands_there() -> None:
    step = {
        "name": "line 3",
        "line": "3",
        "changes": str(uuid4()),
        "payload": {"QuantityInPurchaseUnits": 6.0, "ReceiptDate": "2026-10-06"},
        "before": {"QuantityInPurchaseUnits": 8.0},
    }
    posting = PostingFactory(method="order_change", plan={"steps": [step]})
    answer = PurchaseOrderFactory(state=State.POSTING, posting=posting, kind="response")
    found = plan_page.content(answer, [], None)
    assert found
    assert found["changes"] == [
        {"what": "3", "field": "QuantityInPurchaseUnits", "before": "8", "after": "6"},
        {"what": "3", "field": "ReceiptDate", "before": "", "after": "2026-10-06"},
    ]


def test_an_order_shows_the_columns_that_it_fills_and_its_items_by_their_codes() -> None:
    item = uuid4()
    payload = {
        "Description": "PO 1",
        "PurchaseOrderLines": [{"Item": str(item), "NetPrice": 12.5, "CostCenter": "100"}, {"Item": "gone"}],
    }
    posting = PostingFactory(plan={"steps": [{"name": "order", "payload": payload}]})
    order = PurchaseOrderFactory(state=State.POSTING, posting=posting)
    line = PurchaseOrderLineFactory(order=order, item=item, item_code="4711")
    found = plan_page.content(order, [line], None)
    assert found
    assert (found["header"], found["columns"]) == ({"Description": "PO 1"}, ["NetPrice", "CostCenter"])
    assert found["lines"] == [
        {"item": "4711", "cells": ["12.5", "100"]},
        {"item": "gone", "cells": ["", ""]},
    ]


def test_nothing_is_shown_while_something_is_missing() -> None:
    buying = make_buying()
    unknown = buying.coded({"seller_item": "nobody knows"})
    assert plan_page.content(unknown, list(unknown.lines.all()), buying.division) is None
    proposed = buying.coded(number="PO-2")
    lines = list(proposed.lines.all())
    assert plan_page.content(proposed, lines, buying.division)
    assert plan_page.content(proposed, lines, None) is None
    lines[0].vat_code = ""
    assert plan_page.content(proposed, lines, buying.division) is None
