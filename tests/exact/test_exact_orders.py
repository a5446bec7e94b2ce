"""The mirror of purchase orders: of headers and lines, and only where the package has them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.exact import mirror
from apps.exact.models import Division, ExactOrder, OrderStatus, SyncState
from apps.sandbox import switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Row
from tests.exact.truth import differences

ORDERS, LINES = "purchaseorder/PurchaseOrders", "purchaseorder/PurchaseOrderLines"
NAMES = ["features", "purchase_orders", "deleted"]


@pytest.fixture(autouse=True)
def _no_limits(db: None) -> None:
    switches.change(minute_limit=10_000)


@pytest.fixture
def read(division: Division) -> Division:
    mirror.sync(division, NAMES)
    return division


def rows(division: Division, key: str) -> Any:
    return ExactOrder.objects.filter(division=division, order_id=key).order_by("line_number")


def first(division: Division, resource: str = ORDERS, **data: Any) -> Row:
    fitting = {f"data__{name}": value for name, value in data.items()}
    return store.rows(resource, division.code).filter(**fitting).order_by("key")[0]


def test_an_order_is_mirrored_with_its_lines(read: Division) -> None:
    order = first(read)
    header, *lines = rows(read, order.key)
    assert (header.line_number, header.order_number) == (0, order.data["OrderNumber"])
    assert (str(header.supplier), header.currency) == (order.data["Supplier"], order.data["Currency"])
    told = [row.data for row in store.rows(LINES, read.code) if row.data["PurchaseOrderID"] == order.key]
    assert sorted(str(line.exact_id) for line in lines) == sorted(row["ID"] for row in told)
    for line in lines:
        row = next(each for each in told if each["ID"] == str(line.exact_id))
        assert line.ordered == Decimal(str(row["QuantityInPurchaseUnits"]))
        assert line.quantity == Decimal(str(row["Quantity"]))
        assert (str(line.item), line.unit) == (row["Item"], row["Unit"])
        assert (line.supplier, line.order_number) == (header.supplier, header.order_number)
    assert header.amount == sum(line.amount for line in lines)


def test_what_happens_to_an_order_in_exact_is_read_the_next_time(read: Division) -> None:
    order = first(read, OrderStatus=OrderStatus.OPEN)
    time.advance(timedelta(hours=1))
    switches.receive_order(read.code, order.key)
    mirror.sync(read, NAMES)
    header, *lines = rows(read, order.key)
    assert header.receipt_status == OrderStatus.COMPLETE
    assert all(line.received == line.quantity for line in lines)
    assert differences(read, "purchase_orders") == {}


def test_an_order_that_is_gone_takes_its_lines_along(read: Division) -> None:
    order = first(read, OrderStatus=OrderStatus.OPEN)
    assert rows(read, order.key).count() > 1
    switches.delete(ORDERS, read.code, order.key)
    mirror.sync(read, NAMES)
    assert not rows(read, order.key).exists()
    assert ExactOrder.everything.filter(division=read, order_id=order.key, gone_at=None).count() == 0


def test_a_package_without_orders_costs_no_call_and_no_trouble(division: Division, count_calls: Any) -> None:
    switches.set_package(division.code, features=[(1, "Accounting")])
    for _night in range(2):
        results = {result.resource: result for result in mirror.sync(division)}
        assert (results["purchase_orders"].calls, results["purchase_orders"].trouble) == (0, "")
    assert count_calls("sync/PurchaseOrder/PurchaseOrders") == 0
    assert not mirror.is_empty(division)
    assert SyncState.objects.get(division=division, resource="purchase_orders").synced_at


def test_orders_are_read_from_the_first_one_when_the_package_grows(division: Division) -> None:
    has = [(1, "Accounting"), (11, "Items and purchase orders")]
    switches.set_package(division.code, features=has[:1])
    mirror.sync(division, NAMES)
    assert not ExactOrder.objects.filter(division=division).exists()
    switches.set_package(division.code, features=has)
    mirror.sync(division, NAMES)
    assert ExactOrder.objects.filter(division=division).exists()
    assert differences(division, "purchase_orders") == {}


def test_a_package_of_which_nothing_is_told_is_tried_and_its_refusal_kept(division: Division) -> None:
    switches.set_package(division.code, features=[(1, "Accounting")])
    (result,) = mirror.sync(division, ["purchase_orders"])
    assert "orders in Exact" in result.trouble
    assert not SyncState.objects.get(division=division, resource="purchase_orders").resume_at
