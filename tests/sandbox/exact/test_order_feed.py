"""sync/PurchaseOrder/PurchaseOrders, what people do with orders in Exact, and what webhooks tell of it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from apps.sandbox import switches, time
from apps.sandbox.exact import webhooks
from apps.sandbox.exact.errors import Refused
from apps.sandbox.models import Row
from tests.sandbox import shop
from tests.sandbox.driver import Exact, message
from tests.sandbox.listener import Listener, listening
from tests.sandbox.small_firm import HERE, key

ORDERS, LINES, FEED = (
    "purchaseorder/PurchaseOrders",
    "purchaseorder/PurchaseOrderLines",
    "sync/PurchaseOrder/PurchaseOrders",
)


@pytest.fixture
def buyer(exact: Exact) -> Exact:
    """A client of the administration that buys by the box."""
    shop.fill()
    return exact


@pytest.fixture
def order(buyer: Exact) -> dict[str, Any]:
    """An order of two lines: 3 boxes of 12 and 2 kilograms."""
    lines = [
        {"Item": key("SCHROEF"), "QuantityInPurchaseUnits": 3.0, "CostCenter": "K1", "CostUnit": "D1"},
        {"Item": key("LIJM"), "QuantityInPurchaseUnits": 2.0, "ReceiptDate": "2026-10-12"},
    ]
    found: dict[str, Any] = buyer.order(lines=lines, ReceiptDate="2026-10-09").json()["d"]
    return found


def feed(buyer: Exact, since: int = 1) -> list[dict[str, Any]]:
    return buyer.rows(FEED, filter=f"Timestamp gt {since}")


def newest(buyer: Exact) -> int:
    return max(int(row["Timestamp"]) for row in feed(buyer))


def statuses(buyer: Exact) -> tuple[int, int, int]:
    (row,) = buyer.rows(ORDERS)
    return row["OrderStatus"], row["ReceiptStatus"], row["InvoiceStatus"]


def test_headers_and_lines_come_in_one_list_by_row_version(buyer: Exact, order: dict[str, Any]) -> None:
    header, first, second = feed(buyer)
    assert [row["LineNumber"] for row in (header, first, second)] == [0, 1, 2]
    stamps = [int(row["Timestamp"]) for row in (header, first, second)]
    assert stamps == sorted(set(stamps))
    for row in (header, first, second):
        assert row["PurchaseOrderID"] == order["PurchaseOrderID"]
        assert (row["OrderNumber"], row["YourRef"], row["Supplier"]) == (
            260001,
            "B-1",
            key("Jansen Techniek"),
        )
        assert (row["OrderStatus"], row["Source"], row["SupplierName"]) == (10, 11, "Jansen Techniek")
    assert header["ID"] == order["PurchaseOrderID"]
    assert (header["AmountFC"], header["Item"], header["Quantity"]) == (order["AmountFC"], None, None)
    assert (first["AmountFC"], first["Item"], first["Quantity"]) == (72.0, key("SCHROEF"), 36.0)


def test_dimensions_are_guids_and_their_codes_stand_beside(buyer: Exact, order: dict[str, Any]) -> None:
    _header, first, second = feed(buyer)
    assert (first["CostCenter"], first["CostCenterCode"]) == (key("K1"), "K1")
    assert (first["CostUnit"], first["CostUnitCode"]) == (key("D1"), "D1")
    assert (second["CostCenter"], second["CostCenterCode"]) == (None, None)


def test_dates_are_those_of_the_line(buyer: Exact, order: dict[str, Any]) -> None:
    header, first, second = feed(buyer)
    assert header["ReceiptDate"] == first["ReceiptDate"] != second["ReceiptDate"]


def test_a_change_of_the_header_gives_its_lines_new_versions(buyer: Exact, order: dict[str, Any]) -> None:
    last = newest(buyer)
    buyer.put(f"{ORDERS}(guid'{order['PurchaseOrderID']}')", {"YourRef": "B-9"})
    assert [(row["LineNumber"], row["YourRef"]) for row in feed(buyer, last)] == [
        (0, "B-9"),
        (1, "B-9"),
        (2, "B-9"),
    ]


def test_pages_and_keys_work_as_in_any_sync(buyer: Exact, order: dict[str, Any]) -> None:
    third = feed(buyer)[2]
    again = buyer.get(f"{FEED}({third['Timestamp']}L)")
    assert (again.status_code, again.json()["d"]["ItemCode"]) == (200, "LIJM")
    assert buyer.get(f"{FEED}/$count").text == "3"
    assert buyer.get(FEED, select="*", filter="Timestamp gt 1").status_code == 400
    assert [row["OrderNumber"] for row in buyer.rows(FEED, filter="Timestamp gt 1", top=2)] == [260001] * 2


def test_another_division_is_not_in_it(buyer: Exact, order: dict[str, Any]) -> None:
    assert {row["Division"] for row in feed(buyer)} == {HERE}


def test_an_order_is_received_bit_by_bit(buyer: Exact, order: dict[str, Any]) -> None:
    last = newest(buyer)
    switches.receive_order(HERE, order["PurchaseOrderID"], Decimal("0.5"))
    assert statuses(buyer) == (20, 20, 10)
    assert [row["ReceivedQuantity"] for row in feed(buyer, last)] == [None, 18.0, 1.0]
    switches.receive_order(HERE, order["PurchaseOrderID"])
    assert statuses(buyer) == (30, 30, 10)
    with pytest.raises(Refused):
        switches.receive_order(HERE, order["PurchaseOrderID"])


def test_a_part_of_a_unit_is_received_with_the_rest(buyer: Exact) -> None:
    lines = [{"Item": key("LIJM"), "QuantityInPurchaseUnits": 1.5}]
    number = buyer.order(lines=lines).json()["d"]["PurchaseOrderID"]
    switches.receive_order(HERE, number)
    assert statuses(buyer) == (30, 30, 10)
    assert [row["ReceivedQuantity"] for row in buyer.rows(LINES)] == [1.5]


def test_people_complete_and_cancel_orders(buyer: Exact, order: dict[str, Any]) -> None:
    last = newest(buyer)
    switches.cancel_order(HERE, order["PurchaseOrderID"])
    assert statuses(buyer) == (40, 40, 40)
    assert {row["OrderStatus"] for row in feed(buyer, last)} == {40}
    with pytest.raises(Refused):
        switches.complete_order(HERE, order["PurchaseOrderID"])
    assert statuses(buyer) == (40, 40, 40)


def test_people_change_a_line_and_delete_an_order(buyer: Exact, order: dict[str, Any]) -> None:
    line = Row.objects.get(resource=LINES, division=HERE, data__ItemCode="SCHROEF")
    switches.change_order_line(HERE, line.key, QuantityInPurchaseUnits=5.0, NetPrice=23.0)
    assert feed(buyer)[1]["AmountFC"] == 115.0
    switches.delete(ORDERS, HERE, order["PurchaseOrderID"])
    assert feed(buyer) == []
    assert len(buyer.rows("sync/Deleted", filter="Timestamp gt 1")) == 3


@pytest.fixture
def heard(buyer: Exact) -> Iterator[Listener]:
    """Somebody who subscribed to purchase orders."""
    with listening() as listener:
        body = {"CallbackURL": listener.url, "Topic": "PurchaseOrders"}
        assert buyer.post("webhooks/WebhookSubscriptions", body).status_code == 201
        switches.change(webhook_delay_seconds=60)
        listener.heard.clear()
        yield listener


def told(heard: Listener) -> list[tuple[str, str, str]]:
    heard.heard.clear()
    time.advance(61)
    webhooks.deliver_due()
    return [(each["Topic"], each["Action"], each["Key"]) for each in heard.told]


def test_webhooks_tell_of_orders_and_of_their_lines(
    heard: Listener, buyer: Exact, order: dict[str, Any]
) -> None:
    number = order["PurchaseOrderID"]
    first, second = (row["ID"] for row in feed(buyer)[1:])
    keys = {number, first, second}
    assert {(topic, act) for topic, act, _key in told(heard)} == {("PurchaseOrders", "Create")}
    assert buyer.put(f"{LINES}(guid'{first}')", {"QuantityInPurchaseUnits": 4.0}).status_code == 204
    assert {(act, each) for _topic, act, each in told(heard)} == {("Update", each) for each in keys}
    assert buyer.delete(f"{LINES}(guid'{second}')").status_code == 204
    assert ("PurchaseOrders", "Delete", second) in told(heard)
    assert message(buyer.delete(f"{LINES}(guid'{first}')")) == "Verplicht: Regels"
    assert told(heard) == []
