"""Logistic purchase invoices: amounts, booking, orders, refusals."""

from typing import Any

import pytest

from apps.sandbox import switches
from apps.sandbox.models import Row
from tests.sandbox import shop
from tests.sandbox.driver import Exact, message
from tests.sandbox.small_firm import HERE, THERE, key

INVOICES, LINES = "purchase/PurchaseInvoices", "purchase/PurchaseInvoiceLines"
ORDERS, ORDER_LINES = "purchaseorder/PurchaseOrders", "purchaseorder/PurchaseOrderLines"
LEDGER = "financialtransaction/TransactionLines"


@pytest.fixture
def buyer(exact: Exact) -> Exact:
    """A client of the administration that buys by the box."""
    shop.fill()
    return exact


def line(**changes: Any) -> dict[str, Any]:
    return {"Item": key("STOEL"), "Quantity": 1.0, "Amount": 100.0, "VATCode": "2", **changes}


def made(buyer: Exact, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    response = buyer.invoice(lines=list(lines) or [line()], **changes)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()["d"]
    return found


def refusal(buyer: Exact, *lines: dict[str, Any], **changes: Any) -> str:
    response = buyer.invoice(lines=list(lines) or [line()], **changes)
    assert response.status_code == 500, response.text
    return message(response)


def at(invoice: dict[str, Any]) -> str:
    return f"{INVOICES}(guid'{invoice['ID']}')"


def lines_of(buyer: Exact, invoice: dict[str, Any]) -> list[dict[str, Any]]:
    rows = buyer.rows(LINES, filter=f"InvoiceID eq guid'{invoice['ID']}'")
    return sorted(rows, key=lambda row: int(row["LineNumber"]))


def ledger(buyer: Exact, invoice: dict[str, Any]) -> list[dict[str, Any]]:
    rows = buyer.rows(LEDGER, filter=f"EntryID eq guid'{invoice['ID']}'")
    return sorted(rows, key=lambda row: int(row["LineNumber"]))


@pytest.fixture
def ordered(buyer: Exact) -> list[dict[str, Any]]:
    """The lines of an order: 2 boxes at 24.00 and 3 kilograms at 8.50."""
    lines = [
        {"Item": key("SCHROEF"), "QuantityInPurchaseUnits": 2.0, "CostCenter": "K1"},
        {"Item": key("LIJM"), "QuantityInPurchaseUnits": 3.0},
    ]
    buyer.order(lines=lines)
    return sorted(buyer.rows(ORDER_LINES), key=lambda row: int(row["LineNumber"]))


def order(buyer: Exact) -> dict[str, Any]:
    (found,) = buyer.rows(ORDERS)
    return found


@pytest.mark.parametrize(
    ("code", "net", "vat", "total"),
    [("2", 100.0, 21.0, 121.0), ("3", 82.64, 17.36, 100.0), ("0", 100.0, 0.0, 100.0)],
)
def test_an_amount_is_sent_net_or_gross_by_its_code_and_told_net(
    buyer: Exact, code: str, net: float, vat: float, total: float
) -> None:
    invoice = made(buyer, line(VATCode=code))
    (row,) = lines_of(buyer, invoice)
    assert (row["Amount"], row["VATAmount"]) == (net, vat)
    assert (invoice["Amount"], invoice["AmountFCExclVat"], invoice["VATAmount"]) == (total, net, vat)
    assert [each["AmountFC"] for each in ledger(buyer, invoice)] == [
        each for each in (-total, net, vat) if each
    ]


def test_the_server_completes_an_invoice(buyer: Exact) -> None:
    invoice = made(buyer)
    assert (invoice["EntryNumber"], invoice["Status"], invoice["Source"]) == (26600001, 20, 5)
    assert (invoice["FinancialYear"], invoice["FinancialPeriod"], invoice["PaymentCondition"]) == (
        2026,
        10,
        "14",
    )
    assert invoice["DueDate"] == "/Date(1792368000000)/"
    assert buyer.entry().json()["d"]["EntryNumber"] == 26600002, "one series for both"
    assert buyer.invoice(EntryNumber=5).status_code == 400


def test_an_invoice_is_in_the_ledger_as_an_entry_is(buyer: Exact) -> None:
    invoice = made(buyer, line(Description="stoelen", CostCenter="K1"))
    head, cost, vat = ledger(buyer, invoice)
    for row in (head, cost, vat):
        assert (row["EntryNumber"], row["JournalCode"], row["YourRef"]) == (26600001, "60", "L-1")
        assert (row["Account"], row["Type"], row["Status"]) == (key("Jansen Techniek"), 30, 20)
    assert [row["GLAccountCode"] for row in (head, cost, vat)] == ["1600", "4000", "1520"]
    assert (cost["ItemCode"], cost["Description"], cost["CostCenter"]) == ("STOEL", "stoelen", "K1")
    synced = buyer.rows("sync/Financial/TransactionLines", filter="Timestamp gt 1")
    assert {row["EntryID"] for row in synced} == {invoice["ID"]}


def test_an_amount_that_is_not_sent_follows_from_the_price(buyer: Exact) -> None:
    bare = {"Item": key("SCHROEF"), "Quantity": 3.0}
    rows = lines_of(
        buyer, made(buyer, bare, {**bare, "NetPrice": 20.0}, {**bare, "UnitPrice": 20.0, "Discount": 0.5})
    )
    assert [row["Amount"] for row in rows] == [72.0, 60.0, 30.0]
    assert (rows[0]["Unit"], rows[0]["QuantityInDefaultUnits"], rows[0]["ItemUnit"]) == ("doos", 36.0, "stuk")
    assert rows[0]["VATCode"].strip() == "2", "the SupplierItem's"


def test_a_line_of_an_order_is_copied_whatever_is_sent(buyer: Exact, ordered: list[dict[str, Any]]) -> None:
    sent = {"PurchaseOrderLine": ordered[0]["ID"], "Quantity": 1.0, "Amount": 1.0}
    invoice = made(buyer, sent)
    (row,) = lines_of(buyer, invoice)
    assert (row["Item"], row["Quantity"], row["Amount"], row["CostCenter"]) == (
        key("SCHROEF"),
        2.0,
        48.0,
        "K1",
    )
    assert invoice["Amount"] == 58.08


def test_invoiced_lines_move_their_order(buyer: Exact, ordered: list[dict[str, Any]]) -> None:
    first = made(buyer, {"PurchaseOrderLine": ordered[0]["ID"]})
    assert order(buyer)["InvoiceStatus"] == 20
    assert [
        row["InvoicedQuantity"] for row in sorted(buyer.rows(ORDER_LINES), key=lambda row: row["LineNumber"])
    ] == [24.0, 0.0]
    made(buyer, {"PurchaseOrderLine": ordered[1]["ID"]}, YourRef="L-2")
    assert (order(buyer)["InvoiceStatus"], order(buyer)["OrderStatus"]) == (30, 10)
    assert refusal(buyer, {"PurchaseOrderLine": ordered[0]["ID"]}, YourRef="L-3") == "Reeds verwerkt"
    assert buyer.delete(at(first)).status_code == 204
    assert order(buyer)["InvoiceStatus"] == 20
    made(buyer, {"PurchaseOrderLine": ordered[0]["ID"]}, YourRef="L-4")
    assert order(buyer)["InvoiceStatus"] == 30


def test_only_the_rest_of_a_line_is_invoiced_after_more_was_ordered(
    buyer: Exact, ordered: list[dict[str, Any]]
) -> None:
    made(buyer, {"PurchaseOrderLine": ordered[0]["ID"]})
    assert (
        buyer.put(f"{ORDER_LINES}(guid'{ordered[0]['ID']}')", {"QuantityInPurchaseUnits": 3.0}).status_code
        == 204
    )
    (row,) = lines_of(buyer, made(buyer, {"PurchaseOrderLine": ordered[0]["ID"]}, YourRef="L-2"))
    assert (row["Quantity"], row["Amount"], row["QuantityInDefaultUnits"]) == (1.0, 24.0, 12.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"PurchaseInvoiceLines": []}, "Verplicht: Regels"),
        ({"Type": 30}, "Ongeldig: Type"),
        ({"Type": 8030}, "Verplicht: Magazijn"),
        ({"Type": 8034}, "Ongeldig: Bedrag"),
        ({"Journal": "70"}, "Ongeldig: Dagboek (Type)"),
        ({"Journal": "99"}, "Ongeldige referentie: Dagboek"),
        ({"InvoiceDate": "2031-01-01"}, "Onbekend: Boekjaar (Periode-datum tabel)"),
        ({"Supplier": key("Jansen Techniek", THERE)}, "Ongeldige referentie: Relatie"),
        ({"Supplier": key("Geblokkeerd B.V.")}, "Ongeldig: Relatie (Geblokkeerd)"),
        ({"Document": key("nothing")}, "Ongeldige referentie: Document"),
    ],
)
def test_a_wrong_header_is_refused(buyer: Exact, changes: dict[str, Any], words: str) -> None:
    assert words in refusal(buyer, **changes)
    assert buyer.rows(INVOICES) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"Amount": 5.0}, "Verplicht: Artikel"),
        (line(Item=key("STOEL", THERE)), "Ongeldige referentie: Artikel"),
        (line(Item=key("DIENST")), "Ongeldig: Artikel (Inkoop)"),
        (line(VATCode="77"), "Ongeldige referentie: Btw-code"),
        (line(CostCenter="K9"), "Ongeldige referentie: Kostenplaats"),
        ({"PurchaseOrderLine": key("nothing")}, "Ongeldige referentie: Inkooporderregel"),
    ],
)
def test_a_wrong_line_is_refused(buyer: Exact, wrong: dict[str, Any], words: str) -> None:
    assert words in refusal(buyer, line(), wrong)


def test_orders_of_others_and_cancelled_ones_are_not_invoiced(
    buyer: Exact, ordered: list[dict[str, Any]]
) -> None:
    of_order = {"PurchaseOrderLine": ordered[0]["ID"]}
    assert "Inkooporderregel" in refusal(buyer, of_order, Supplier=key("O'Brien & Zn."))
    assert refusal(buyer, of_order, of_order) == "Reeds verwerkt"
    switches.cancel_order(HERE, order(buyer)["PurchaseOrderID"])
    assert refusal(buyer, of_order) == "Reeds verwerkt"


def test_a_closed_period_is_refused(buyer: Exact) -> None:
    switches.set_period(HERE, "60", 2026, 10, closed=True)
    assert refusal(buyer) == "Periode is afgesloten: 2026 - 10"


def test_a_credit_note_is_below_nought(buyer: Exact) -> None:
    note = made(buyer, line(Quantity=-1.0, Amount=-100.0), Type=8034)
    assert note["Amount"] == -121.0
    assert {row["Type"] for row in ledger(buyer, note)} == {31}
    assert refusal(buyer, line(Amount=-100.0), YourRef="L-2") == "Ongeldig: Bedrag"


def test_the_same_invoice_is_refused_the_second_time(buyer: Exact) -> None:
    made(buyer)
    assert refusal(buyer).startswith("Bestaat reeds: Uw ref.")
    for other in ({"YourRef": "L-2"}, {"InvoiceDate": "2026-10-06"}, {"Supplier": key("O'Brien & Zn.")}):
        made(buyer, **other)
    made(buyer, line(Amount=101.0))
    switches.change(invoices_once=False)
    made(buyer)


def test_an_invoice_that_was_booked_as_an_entry_is_the_same_one(buyer: Exact) -> None:
    buyer.entry(YourRef="L-1")
    assert refusal(buyer).startswith("Bestaat reeds: Uw ref.")


def test_a_header_is_changed_and_booked_anew(buyer: Exact) -> None:
    invoice = made(buyer, line(VATCode="3"), line(Amount=10.0, CostCenter="K1"))
    assert buyer.put(at(invoice), {"YourRef": "L-9", "InvoiceDate": "2026-09-15"}).status_code == 204
    now = buyer.get(at(invoice)).json()["d"]
    assert (now["YourRef"], now["FinancialPeriod"], now["Amount"]) == ("L-9", 9, invoice["Amount"])
    assert {(row["YourRef"], row["FinancialPeriod"]) for row in ledger(buyer, invoice)} == {("L-9", 9)}
    assert round(sum(row["AmountFC"] for row in ledger(buyer, invoice)), 2) == 0
    assert buyer.put(at(invoice), {"PurchaseInvoiceLines": []}).status_code == 400
    assert buyer.put(at(invoice), {"Remarks": "nagekeken"}).status_code == 204, "it is no double of itself"


def test_an_invoice_goes_with_lines_and_booking(buyer: Exact) -> None:
    invoice = made(buyer)
    assert buyer.delete(at(invoice)).status_code == 204
    assert (buyer.rows(INVOICES), buyer.rows(LINES), ledger(buyer, invoice)) == ([], [], [])


def test_a_processed_invoice_stays(buyer: Exact) -> None:
    invoice = made(buyer)
    row = Row.objects.get(resource=INVOICES)
    row.data["Status"] = 50
    row.save(update_fields=["data"])
    assert message(buyer.delete(at(invoice))) == "Reeds verwerkt"
    assert message(buyer.put(at(invoice), {"YourRef": "x"})) == "Reeds verwerkt"


def test_lines_are_neither_changed_nor_removed(buyer: Exact) -> None:
    (row,) = lines_of(buyer, made(buyer))
    where = f"{LINES}(guid'{row['ID']}')"
    assert [buyer.put(where, {"Amount": 1.0}).status_code, buyer.delete(where).status_code] == [405, 405]


def test_the_scope_is_that_of_purchase_invoices(buyer: Exact) -> None:
    switches.lack_scopes("Purchase orders")
    assert made(buyer)
    switches.lack_scopes("Purchase invoices")
    assert "Cannot manage 'purchase.invoices' scope" in message(buyer.invoice(YourRef="L-2"))
