from apps.invoices.card_plans import card_plan, supplier_plan
from tests.invoices.test_card_reading import WHOLE


def test_a_new_supplier_is_a_card_and_then_its_account() -> None:
    plan = supplier_plan({**WHOLE, "payment_condition": "30"}, reference="PK-1", known=["a"])
    account, bank = plan["steps"]
    assert (account["resource"], bank["resource"]) == ("crm/Accounts", "crm/BankAccounts")
    assert account["payload"] == {
        "Name": "Anker en Touw",
        "Country": "NL",
        "VATNumber": "NL897620458B01",
        "ChamberOfCommerce": "34567892",
        "PeppolIdentifier": "0106:34567892",
        "Email": "post@anker.example.nl",
        "AddressLine1": "Kade 1",
        "Postcode": "1234 AB",
        "City": "Hoorn",
        "PaymentConditionPurchase": "30",
        "IsSupplier": True,
        "SearchCode": "PK-1",
    }
    assert bank["payload"] == {"BankAccount": "NL47BUNQ0649621411", "Main": True, "BICCode": "BUNQNL2A"}
    assert bank["needs"] == {"Account": account["name"]}
    assert plan["look"] == {"known": ["a"]}


def test_without_an_account_there_is_one_step() -> None:
    assert len(supplier_plan({"name": "A", "bic": "BUNQNL2A"}, reference="PK-1", known=[])["steps"]) == 1


def test_a_card_is_filled_in_by_what_was_chosen() -> None:
    fill, bank = card_plan({"kvk": "34567892", "iban": "NL47BUNQ0649621411"}, relation="key")["steps"]
    assert (fill["fills"], fill["payload"]) == ("key", {"ChamberOfCommerce": "34567892"})
    assert bank["payload"]["Account"] == "key"
    assert len(card_plan({"kvk": "34567892"}, relation="key")["steps"]) == 1
    assert len(card_plan({"iban": "NL47BUNQ0649621411"}, relation="key")["steps"]) == 1
