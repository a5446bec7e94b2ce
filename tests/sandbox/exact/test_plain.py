"""Masters without rules of their own."""

from typing import Any

import pytest

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


def test_a_card_takes_no_bank_account_inside_it(exact: Exact) -> None:
    account = {"BankAccount": "NL81RABO0312345678"}
    refused = exact.post("crm/Accounts", {"Name": "Nieuw B.V.", "BankAccounts": [account]})
    assert refused.status_code == 400
    assert exact.rows("crm/Accounts", filter="Name eq 'Nieuw B.V.'") == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"IsSupplier": True}, "Verplicht: Naam"),
        ({"Name": "A", "Email": "nobody"}, "Ongeldig: E-mail (nobody)"),
        ({"Name": "A", "Country": "NLD"}, "Ongeldig: Land (NLD)"),
        ({"Name": "A", "PaymentConditionPurchase": "XX"}, "Ongeldige referentie: Betalingsconditie"),
    ],
)
def test_a_card_is_refused_in_business_words(exact: Exact, body: dict[str, Any], words: str) -> None:
    refused = exact.post("crm/Accounts", body)
    assert (refused.status_code, message(refused)) == (500, words)


def test_a_card_is_changed_field_by_field(exact: Exact) -> None:
    path = f"crm/Accounts(guid'{key('Jansen Techniek')}')"
    changed = exact.put(path, {"ChamberOfCommerce": "34567892"})
    assert (changed.status_code, changed.content) == (204, b"")
    (row,) = exact.rows("crm/Accounts", filter="ChamberOfCommerce eq '34567892' and trim(Code) eq '1001'")
    assert (row["Name"], row["VATNumber"]) == ("Jansen Techniek", "NL001234567B01")
    assert message(exact.put(path, {"Email": "nobody"})) == "Ongeldig: E-mail (nobody)"
    assert message(exact.put(path, {"Name": ""})) == "Verplicht: Naam"


def test_an_account_number_that_fails_its_check_is_refused(exact: Exact) -> None:
    body = {"Account": key("Jansen Techniek"), "BankAccount": "NL00 RABO 0312 3456 78"}
    assert message(exact.post("crm/BankAccounts", body)).startswith("Ongeldig: Bankrekening")
    assert exact.post("crm/BankAccounts", {**body, "BankAccount": "12345"}).status_code == 201


def test_a_card_has_one_main_account(exact: Exact) -> None:
    card = exact.post("crm/Accounts", {"Name": "Nieuw B.V."}).json()["d"]["ID"]
    first = exact.post("crm/BankAccounts", {"Account": card, "BankAccount": "1"}).json()["d"]
    second = exact.post("crm/BankAccounts", {"Account": card, "BankAccount": "2"}).json()["d"]
    assert (first["Main"], second["Main"]) == (True, False)
    exact.post("crm/BankAccounts", {"Account": card, "BankAccount": "3", "Main": True})
    exact.put(f"crm/BankAccounts(guid'{second['ID']}')", {"Main": True})
    rows = exact.rows("crm/BankAccounts", filter=f"Account eq guid'{card}'")
    assert {row["BankAccount"]: row["Main"] for row in rows} == {"1": False, "2": True, "3": False}
