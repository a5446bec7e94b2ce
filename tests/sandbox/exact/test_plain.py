"""Masters without rules of their own."""

from tests.sandbox.driver import Exact, message
from tests.sandbox.small_firm import key


def test_a_new_account_gets_a_code_and_defaults(exact: Exact) -> None:
    made = exact.post("crm/Accounts", {"Name": "Nieuw B.V.", "IsSupplier": True}).json()["d"]
    assert made["Code"].strip() == "10001"
    assert len(made["Code"]) == 18
    assert (made["Blocked"], made["IsSales"]) == (False, False)


def test_the_first_supplier_of_an_item_is_its_main_supplier(exact: Exact) -> None:
    link = {
        "Item": key("STOEL"),
        "ItemUnit": key("stuk"),
        "Supplier": key("Jansen Techniek"),
        "PurchasePrice": 12.5,
        "PurchaseUnit": "stuk",
    }
    first = exact.post("logistics/SupplierItem", link).json()["d"]
    second = exact.post("logistics/SupplierItem", {**link, "Supplier": key("O'Brien & Zn.")}).json()["d"]
    assert (first["MainSupplier"], second["MainSupplier"]) == (True, False)
    assert (first["ItemCode"], second["SupplierDescription"]) == ("STOEL", "O'Brien & Zn.")
    assert exact.delete(f"logistics/SupplierItem(guid'{first['ID']}')").status_code == 204
    trace = exact.rows("sync/Deleted", filter="Timestamp gt 1")[0]
    assert (trace["EntityType"], trace["EntityKey"]) == (30, first["ID"])


def test_a_code_is_unique(exact: Exact) -> None:
    refused = exact.post("crm/Accounts", {"Name": "Dubbel", "Code": "  1001"})
    assert (refused.status_code, message(refused)) == (500, "Gegeven bestaat reeds.")
    assert exact.post("logistics/Items", {"Code": "STOEL", "Description": "x"}).status_code == 500


def test_a_key_of_ones_own_is_taken_once(exact: Exact) -> None:
    body = {"ID": key("own"), "Code": "K7", "Description": "x"}
    assert exact.post("hrm/Costcenters", body).json()["d"]["ID"] == key("own")
    assert message(exact.post("hrm/Costcenters", {**body, "Code": "K8"})) == "Bestaat reeds: ID"


def test_the_code_of_a_cost_centre_is_fixed(exact: Exact) -> None:
    path = f"hrm/Costcenters(guid'{key('K1')}')"
    assert exact.put(path, {"Description": "Nieuw"}).status_code == 204
    assert message(exact.put(path, {"Code": "K2"})) == "Niet toegestaan: Code"


def test_a_bank_account_names_its_owner(exact: Exact) -> None:
    body = {"Account": key("Jansen Techniek"), "BankAccount": "NL02ABNA0123456789"}
    made = exact.post("crm/BankAccounts", body).json()["d"]
    assert (made["AccountName"], made["IBAN"]) == ("Jansen Techniek", "NL02ABNA0123456789")


def test_what_bookings_use_cannot_be_removed(exact: Exact) -> None:
    exact.entry()
    assert message(exact.delete(f"crm/Accounts(guid'{key('Jansen Techniek')}')")) == "In gebruik: Relatie"
    assert exact.delete(f"crm/Accounts(guid'{key('Alleen Klant')}')").status_code == 204


def test_nobody_removes_a_division(exact: Exact) -> None:
    assert exact.delete("system/Divisions(900001)").status_code == 403
