"""Purchase orders and their lines: what Exact fills in, what it refuses, what stays as it is."""

from typing import Any

import pytest

from apps.sandbox import faults, switches
from apps.sandbox.models import Row
from tests.sandbox import shop
from tests.sandbox.driver import Exact, message
from tests.sandbox.small_firm import HERE, THERE, key

ORDERS, LINES = "purchaseorder/PurchaseOrders", "purchaseorder/PurchaseOrderLines"


@pytest.fixture
def buyer(exact: Exact) -> Exact:
    """A client of the administration that buys by the box."""
    shop.fill()
    return exact


def line(item: str = "SCHROEF", quantity: float = 2.0, **changes: Any) -> dict[str, Any]:
    return {"Item": key(item), "QuantityInPurchaseUnits": quantity, **changes}


def made(buyer: Exact, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    response = buyer.order(lines=list(lines) or [line()], **changes)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()["d"]
    return found


def refusal(buyer: Exact, *lines: dict[str, Any], **changes: Any) -> str:
    response = buyer.order(lines=list(lines) or [line()], **changes)
    assert response.status_code == 500, response.text
    assert not Row.objects.filter(resource=ORDERS, division=HERE).exists()
    return message(response)


def at(order: dict[str, Any]) -> str:
    return f"{ORDERS}(guid'{order['PurchaseOrderID']}')"


def lines_of(buyer: Exact, order: dict[str, Any]) -> list[dict[str, Any]]:
    rows = buyer.rows(LINES, filter=f"PurchaseOrderID eq guid'{order['PurchaseOrderID']}'")
    return sorted(rows, key=lambda row: int(row["LineNumber"]))


def read(buyer: Exact, order: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = buyer.get(at(order)).json()["d"]
    return found


def one(row: dict[str, Any]) -> str:
    return f"{LINES}(guid'{row['ID']}')"


def test_the_server_completes_an_order(buyer: Exact) -> None:
    order = made(buyer, line(), line("LIJM", 1.5))
    assert (order["OrderNumber"], order["Source"], order["PurchaseOrderLineCount"]) == (260001, 11, 2)
    assert [order[name] for name in ("OrderStatus", "ReceiptStatus", "InvoiceStatus")] == [10, 10, 10]
    assert (order["AmountFCExclVat"], order["VATAmount"], order["AmountFC"]) == (60.75, 12.76, 73.51)
    assert (order["SupplierName"], order["PaymentCondition"]) == ("Jansen Techniek", "14")
    assert (order["Currency"], order["AmountDC"], order["ApprovalStatus"]) == ("EUR", 73.51, 1)
    assert made(buyer, YourRef="B-1")["OrderNumber"] == 260002, "the reference need not be unique"


def test_a_line_is_told_in_both_units(buyer: Exact) -> None:
    (row,) = lines_of(buyer, made(buyer))
    assert (row["QuantityInPurchaseUnits"], row["Quantity"]) == (2.0, 24.0)
    assert (row["Unit"], row["UnitPrice"], row["NetPrice"], row["AmountFC"]) == ("doos", 24.0, 24.0, 48.0)
    assert (row["SupplierItemCode"], row["ItemCode"], row["ItemBarcode"]) == (
        "JT-12",
        "SCHROEF",
        "8712345678906",
    )
    assert (row["VATCode"].strip(), row["VATPercentage"], row["VATAmount"]) == ("2", 0.21, 10.08)
    assert (row["ReceivedQuantity"], row["InvoicedQuantity"], row["LineNumber"]) == (0.0, 0.0, 1)


def test_an_item_that_the_supplier_does_not_list_comes_by_its_own_unit(buyer: Exact) -> None:
    (row,) = lines_of(buyer, made(buyer, line(), Supplier=key("O'Brien & Zn.")))
    assert (row["Quantity"], row["Unit"], row["NetPrice"]) == (2.0, "stuk", 0.0)
    assert (row["VATCode"], row["SupplierItemCode"]) == (None, None)


@pytest.mark.parametrize(
    ("sent", "unit", "net", "discount", "amount"),
    [
        ({}, 24.0, 24.0, 0.0, 48.0),
        ({"UnitPrice": 20.0}, 20.0, 20.0, 0.0, 40.0),
        ({"NetPrice": 21.5}, 21.5, 21.5, 0.0, 43.0),
        ({"UnitPrice": 20.0, "Discount": 0.1}, 20.0, 18.0, 0.1, 36.0),
        ({"UnitPrice": 20.0, "NetPrice": 15.0}, 20.0, 15.0, 0.25, 30.0),
        ({"Discount": 0.5}, 24.0, 12.0, 0.5, 24.0),
    ],
)
def test_the_price_that_is_given_counts_and_else_the_suppliers(
    buyer: Exact, sent: dict[str, Any], unit: float, net: float, discount: float, amount: float
) -> None:
    (row,) = lines_of(buyer, made(buyer, line(**sent)))
    assert [row[name] for name in ("UnitPrice", "NetPrice", "Discount", "AmountFC")] == [
        unit,
        net,
        discount,
        amount,
    ]


def test_a_line_takes_the_vat_code_of_the_supplier_item_the_supplier_or_the_item(buyer: Exact) -> None:
    rows = lines_of(buyer, made(buyer, line(), line("LIJM"), line("STOEL"), line(VATCode="0")))
    assert [(row["VATCode"] or "").strip() for row in rows] == ["2", "2", "", "0"]
    account = Row.objects.get(resource="crm/Accounts", key=key("Jansen Techniek"))
    account.data["PurchaseVATCode"] = "6"
    account.save(update_fields=["data"])
    rows = lines_of(buyer, made(buyer, line(), line("LIJM"), line("STOEL")))
    assert [(row["VATCode"] or "").strip() for row in rows] == ["2", "6", "6"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"PurchaseOrderLines": []}, "Verplicht: Regels"),
        ({"Supplier": key("Jansen Techniek", THERE)}, "Ongeldige referentie: Relatie"),
        ({"Supplier": key("Geblokkeerd B.V.")}, "Ongeldig: Relatie (Geblokkeerd)"),
        ({"Supplier": key("Alleen Klant")}, "Ongeldig: Leverancier (Type)"),
        ({"PaymentCondition": "99"}, "Ongeldige referentie: Betalingsconditie"),
        ({"Document": key("nothing")}, "Ongeldige referentie: Document"),
    ],
)
def test_a_wrong_header_is_refused(buyer: Exact, changes: dict[str, Any], words: str) -> None:
    assert words in refusal(buyer, **changes)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (line("STOEL") | {"Item": key("STOEL", THERE)}, "Ongeldige referentie: Artikel"),
        (line("DIENST"), "Ongeldig: Artikel (Inkoop)"),
        (line("OUD"), "Ongeldig: Artikel (Einddatum)"),
        (line(quantity=0.0), "Ongeldig: Aantal"),
        (line(quantity=2.3), "Ongeldig: Aantal"),
        ({"Item": key("SCHROEF")}, "Verplicht: Aantal"),
        (line(VATCode="77"), "Ongeldige referentie: Btw-code"),
        (line(VATCode="9"), "Ongeldig: Btw-code"),
        (line(CostCenter="K9"), "Ongeldige referentie: Kostenplaats"),
        (line(CostUnit="D9"), "Ongeldige referentie: Kostendrager"),
    ],
)
def test_a_wrong_line_is_refused(buyer: Exact, wrong: dict[str, Any], words: str) -> None:
    assert words in refusal(buyer, line(), wrong)


def test_all_that_is_wrong_is_named_at_once_in_the_users_language(buyer: Exact) -> None:
    switches.speak("en")
    words = refusal(buyer, line(VATCode="77"), line("OUD"), PaymentCondition="99")
    assert words.split("\r\n") == [
        "Invalid reference: VAT code",
        "Invalid: Item (Einddatum)",
        "Invalid reference: Payment condition",
    ]


def test_a_part_of_a_box_is_whole_when_its_units_are(buyer: Exact) -> None:
    (row,) = lines_of(buyer, made(buyer, line(quantity=0.25)))
    assert row["Quantity"] == 3.0
    switches.change(whole_quantities=False)
    (row,) = lines_of(buyer, made(buyer, line(quantity=0.3)))
    assert row["Quantity"] == 3.6


def test_the_quantity_in_units_of_the_item_is_read_only(buyer: Exact) -> None:
    assert buyer.order(lines=[line(Quantity=24.0)]).status_code == 400
    assert buyer.order(OrderStatus=30).status_code == 400


def test_an_order_number_is_unique_in_its_division(buyer: Exact) -> None:
    first = made(buyer, OrderNumber=260002)
    assert message(buyer.order(OrderNumber=260002)) == "In gebruik: Ordernummer"
    assert [made(buyer)["OrderNumber"] for _time in range(2)] == [260001, 260003], "the series steps over it"
    other = buyer.order(
        THERE,
        OrderNumber=260002,
        Supplier=key("Jansen Techniek", THERE),
        lines=[{**line("STOEL"), "Item": key("STOEL", THERE)}],
    )
    assert other.status_code == 201
    assert buyer.put(at(first), {"OrderNumber": 260003}).status_code == 500
    assert buyer.put(at(first), {"OrderNumber": 260009}).status_code == 204
    assert read(buyer, first)["OrderNumber"] == 260009


def test_an_order_hangs_on_its_document(buyer: Exact) -> None:
    document = buyer.post("documents/Documents", {"Subject": "Bestelling", "Type": 55}).json()["d"]
    assert made(buyer, Document=document["ID"])["DocumentSubject"] == "Bestelling"


def test_a_header_is_changed_in_part_and_without_lines(buyer: Exact) -> None:
    order = made(buyer)
    assert buyer.put(at(order), {"YourRef": "B-2", "Description": "Anders"}).status_code == 204
    now = read(buyer, order)
    assert (now["YourRef"], now["Description"], now["AmountFC"]) == ("B-2", "Anders", order["AmountFC"])
    assert buyer.put(at(order), {"PurchaseOrderLines": [line()]}).status_code == 400
    assert buyer.put(at(order), {"Supplier": None}).status_code == 500


def test_a_line_is_changed_in_part(buyer: Exact) -> None:
    order = made(buyer, line(NetPrice=22.0, Notes="graag snel"), line("LIJM"))
    first, second = lines_of(buyer, order)
    assert buyer.put(one(first), {"QuantityInPurchaseUnits": 3.0}).status_code == 204
    changed, other = lines_of(buyer, order)
    assert (changed["Quantity"], changed["NetPrice"], changed["AmountFC"]) == (36.0, 22.0, 66.0)
    assert (changed["Notes"], other["AmountFC"]) == ("graag snel", second["AmountFC"])
    assert read(buyer, order)["AmountFCExclVat"] == 66.0 + second["AmountFC"]


def test_other_lines_stay_as_they_are_whatever_became_of_their_items(buyer: Exact) -> None:
    order = made(buyer, line(), line("LIJM"))
    for resource, name, changes in (
        ("logistics/Items", "SCHROEF", {"EndDate": "2026-10-01"}),
        ("logistics/SupplierItem", "offer SCHROEF", {"PurchaseUnitFactor": 10.0, "PurchasePrice": 99.0}),
    ):
        row = Row.objects.get(resource=resource, key=key(name))
        row.data |= changes
        row.save(update_fields=["data"])
    first, second = lines_of(buyer, order)
    assert buyer.put(one(second), {"QuantityInPurchaseUnits": 2.0}).status_code == 204
    assert buyer.put(at(order), {"YourRef": "B-3"}).status_code == 204
    now, _other = lines_of(buyer, order)
    assert (now["Quantity"], now["AmountFC"]) == (first["Quantity"], first["AmountFC"])
    assert read(buyer, order)["AmountFC"] == round((48.0 + 17.0) * 1.21, 2)
    assert message(buyer.put(one(first), {"NetPrice": 1.0})) == "Ongeldig: Artikel (Einddatum)"


def test_a_new_price_leaves_no_old_discount(buyer: Exact) -> None:
    (row,) = lines_of(buyer, order := made(buyer, line(UnitPrice=20.0, Discount=0.1)))
    buyer.put(one(row), {"UnitPrice": 30.0})
    assert lines_of(buyer, order)[0]["NetPrice"] == 27.0
    buyer.put(one(row), {"NetPrice": 33.0})
    (row,) = lines_of(buyer, order)
    assert (row["UnitPrice"], row["NetPrice"], row["Discount"]) == (33.0, 33.0, 0.0)


def test_another_item_brings_its_own_price_and_unit(buyer: Exact) -> None:
    (row,) = lines_of(buyer, order := made(buyer, line(NetPrice=22.0)))
    assert buyer.put(one(row), {"Item": key("LIJM"), "QuantityInPurchaseUnits": 1.5}).status_code == 204
    (row,) = lines_of(buyer, order)
    assert (row["ItemCode"], row["Unit"], row["NetPrice"], row["Quantity"]) == ("LIJM", "kg", 8.5, 1.5)


def test_another_vat_code_brings_its_own_percentage(buyer: Exact) -> None:
    (row,) = lines_of(buyer, order := made(buyer, line(VATPercentage=0.19)))
    assert (row["VATPercentage"], row["VATAmount"]) == (0.19, 9.12)
    assert buyer.put(one(row), {"VATCode": "0"}).status_code == 204
    (row,) = lines_of(buyer, order)
    assert (row["VATPercentage"], row["VATAmount"], read(buyer, order)["AmountFC"]) == (0.0, 0.0, 48.0)
    assert buyer.put(one(row), {"VATCode": "3"}).status_code == 204
    (row,) = lines_of(buyer, order)
    assert (row["VATPercentage"], row["VATAmount"], row["AmountFC"]) == (0.21, 8.33, 48.0)
    now = read(buyer, order)
    assert (now["AmountFC"], now["AmountFCExclVat"]) == (48.0, 39.67), "its price holds the VAT"


def test_an_order_keeps_at_least_one_line(buyer: Exact) -> None:
    order = made(buyer, line(), line("LIJM"))
    first, second = lines_of(buyer, order)
    assert buyer.delete(one(first)).status_code == 204
    (left,) = lines_of(buyer, order)
    assert (left["ID"], left["LineNumber"]) == (second["ID"], 1)
    assert read(buyer, order)["PurchaseOrderLineCount"] == 1
    refused = buyer.delete(one(second))
    assert (refused.status_code, message(refused)) == (500, "Verplicht: Regels")
    assert len(lines_of(buyer, order)) == 1


def test_a_line_is_added_only_where_that_is_let(buyer: Exact) -> None:
    order = made(buyer)
    body = line("LIJM", PurchaseOrderID=order["PurchaseOrderID"])
    assert buyer.post(LINES, body).status_code == 400
    switches.change(order_lines_alone=True)
    assert buyer.post(LINES, body).status_code == 201
    assert [row["ItemCode"] for row in lines_of(buyer, order)] == ["SCHROEF", "LIJM"]


@pytest.mark.parametrize("close", [switches.complete_order, switches.cancel_order])
def test_a_closed_order_is_not_changed(buyer: Exact, close: Any) -> None:
    order = made(buyer, line(), line("LIJM"))
    row = lines_of(buyer, order)[0]
    close(HERE, order["PurchaseOrderID"])
    before = read(buyer, order)
    assert before["OrderStatus"] in (30, 40)
    for refused in (
        buyer.put(one(row), {"QuantityInPurchaseUnits": 1.0}),
        buyer.put(at(order), {"YourRef": "x"}),
        buyer.delete(one(row)),
        buyer.delete(at(order)),
    ):
        assert (refused.status_code, message(refused)) == (500, "Reeds verwerkt")
    assert read(buyer, order) == before


def test_what_was_received_already_stays_ordered(buyer: Exact) -> None:
    order = made(buyer, line(quantity=4.0), line("LIJM"))
    row = lines_of(buyer, order)[0]
    receipt = Row.objects.get(key=row["ID"])
    receipt.data["ReceivedQuantity"] = 24.0
    receipt.save(update_fields=["data"])
    assert message(buyer.put(one(row), {"QuantityInPurchaseUnits": 1.0})) == "Ongeldig: Aantal"
    assert message(buyer.put(one(row), {"Item": key("LIJM")})) == "Reeds verwerkt"
    assert message(buyer.delete(one(row))) == "Reeds verwerkt"
    assert buyer.put(one(row), {"QuantityInPurchaseUnits": 3.0}).status_code == 204
    assert read(buyer, order)["OrderStatus"] == 20
    assert message(buyer.delete(at(order))) == "Reeds verwerkt"


def test_an_order_goes_with_its_lines_and_leaves_a_trace(buyer: Exact) -> None:
    order = made(buyer)
    (row,) = lines_of(buyer, order)
    assert buyer.delete(at(order)).status_code == 204
    assert buyer.get(at(order)).status_code == 404
    assert buyer.rows(LINES) == []
    traces = buyer.rows("sync/Deleted", filter="Timestamp gt 1")
    assert {(each["EntityType"], each["EntityKey"]) for each in traces} == {
        (22, order["PurchaseOrderID"]),
        (22, row["ID"]),
    }


def test_an_order_reads_with_its_lines_and_is_found_by_what_it_carries(buyer: Exact) -> None:
    order = made(buyer, Description="PO 7")
    inner = buyer.get(at(order), expand="PurchaseOrderLines").json()["d"]["PurchaseOrderLines"]["results"]
    assert [row["ItemCode"] for row in inner] == ["SCHROEF"]
    wanted = f"YourRef eq 'B-1' and Supplier eq guid'{key('Jansen Techniek')}'"
    (found,) = buyer.rows(ORDERS, filter=wanted, select="PurchaseOrderID,OrderNumber,Description")
    assert (found["OrderNumber"], found["Description"]) == (order["OrderNumber"], "PO 7")


def test_rights_scopes_and_the_licence_are_asked_for(buyer: Exact) -> None:
    order = made(buyer)
    switches.lack_scopes("Purchase orders")
    assert "Cannot read 'purchase.orders' scope" in message(buyer.get(at(order)))
    assert "Cannot manage 'purchase.orders' scope" in message(buyer.order())
    switches.lack_scopes()
    switches.lack_rights("Purchase orders")
    assert (buyer.order().status_code, message(buyer.order())) == (403, "Forbidden")
    switches.lack_rights()
    switches.set_package(HERE, kind="Accounting", variant="plus", features=[[1, "Accounting"]])
    paths = (ORDERS, LINES, "sync/PurchaseOrder/PurchaseOrders", "purchase/PurchaseInvoices")
    answers = [buyer.get(path) for path in paths] + [buyer.order(), buyer.invoice()]
    assert {answer.status_code for answer in answers} == {403}
    assert buyer.get("sync/Logistics/SupplierItem").status_code == 200
    switches.set_package(HERE, features=[[1, "Accounting"], [11, "Items and purchase orders"]])
    assert (buyer.order().status_code, buyer.invoice().status_code) == (201, 201)


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("error_before_commit", 0),
        ("error_after_commit", 1),
        ("dropped_before", 0),
        ("dropped_answer", 1),
        ("too_many", 0),
    ],
)
def test_faults_meet_orders_too(buyer: Exact, kind: str, kept: int) -> None:
    faults.arm(kind, method="POST", path=ORDERS)
    try:
        assert buyer.order().status_code in (429, 500)
    except OSError:
        assert kind.startswith("dropped")
    assert Row.objects.filter(resource=ORDERS, division=HERE).count() == kept


def test_the_seeded_orders_can_be_worked_with(exact: Exact) -> None:
    bakery = Exact(3100101, divisions=(3100101,))
    found = {row["OrderNumber"]: row for row in bakery.rows(ORDERS)}
    assert {number: row["OrderStatus"] for number, row in found.items()} == {
        260001: 30,
        260002: 20,
        260003: 10,
        260004: 40,
    }
    row = lines_of(bakery, found[260003])[0]
    assert bakery.put(one(row), {"QuantityInPurchaseUnits": 6.0}).status_code == 204
    now = lines_of(bakery, found[260003])[0]
    assert (now["Quantity"], now["Unit"], now["NetPrice"]) == (600.0, "doos", row["NetPrice"])
    again = bakery.order(
        Supplier=row and found[260003]["Supplier"],
        lines=[{"Item": row["Item"], "QuantityInPurchaseUnits": 1}],
    )
    assert again.json()["d"]["OrderNumber"] == 260005
    assert Exact(3100102, divisions=(3100102,)).get(ORDERS).status_code == 403
