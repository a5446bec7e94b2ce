"""The rows of the invented firm: repeatable, tied to each other, right where right and wrong where meant."""

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from stdnum import ean, iban
from stdnum.eu import vat as eu_vat
from stdnum.nl import btw

from apps.sandbox.exact.licences import LOGISTICS
from apps.sandbox.firm import DIVISIONS, LICENCES, USER, USERS, rows
from tests.shared import FACTS, ROOT, needs_facts

Row = dict[str, Any]
CODES = [division.code for division in DIVISIONS]
AUTOMATIC = 3100101, 3100201
DIGEST = (
    "import hashlib, json; from apps.sandbox.firm import rows;"
    "print(hashlib.sha256(json.dumps(list(rows())).encode()).hexdigest())"
)
KEYS = {
    "system/Divisions": ("Code",),
    "hrm/Divisions": ("Code",),
    "read/financial/JournalStatusList": ("Journal", "Year", "Period"),
    "read/financial/Returns": ("DocumentID",),
    "purchaseorder/PurchaseOrders": ("PurchaseOrderID",),
}
REFERENCES = [
    ("crm/Accounts", "GLAccountPurchase", "financial/GLAccounts", "ID"),
    ("crm/Accounts", "GLAP", "financial/GLAccounts", "ID"),
    ("crm/Accounts", "GLAR", "financial/GLAccounts", "ID"),
    ("crm/Accounts", "PurchaseVATCode", "vat/VATCodes", "Code"),
    ("crm/Accounts", "PaymentConditionPurchase", "cashflow/PaymentConditions", "Code"),
    ("crm/BankAccounts", "Account", "crm/Accounts", "ID"),
    ("logistics/Items", "GLCosts", "financial/GLAccounts", "ID"),
    ("logistics/Items", "GLRevenue", "financial/GLAccounts", "ID"),
    ("logistics/Items", "SalesVatCode", "vat/VATCodes", "Code"),
    ("logistics/Items", "ItemGroup", "logistics/ItemGroups", "ID"),
    ("logistics/Items", "Unit", "logistics/Units", "Code"),
    ("logistics/ItemGroups", "GLCosts", "financial/GLAccounts", "ID"),
    ("logistics/SupplierItem", "Item", "logistics/Items", "ID"),
    ("logistics/SupplierItem", "ItemUnit", "logistics/Units", "ID"),
    ("logistics/SupplierItem", "Supplier", "crm/Accounts", "ID"),
    ("logistics/SupplierItem", "PurchaseUnit", "logistics/Units", "Code"),
    ("logistics/SupplierItem", "PurchaseVATCode", "vat/VATCodes", "Code"),
    ("purchaseorder/PurchaseOrders", "Supplier", "crm/Accounts", "ID"),
    ("purchaseorder/PurchaseOrders", "PaymentCondition", "cashflow/PaymentConditions", "Code"),
    (
        "purchaseorder/PurchaseOrderLines",
        "PurchaseOrderID",
        "purchaseorder/PurchaseOrders",
        "PurchaseOrderID",
    ),
    ("purchaseorder/PurchaseOrderLines", "Item", "logistics/Items", "ID"),
    ("purchaseorder/PurchaseOrderLines", "VATCode", "vat/VATCodes", "Code"),
    ("financial/Journals", "GLAccount", "financial/GLAccounts", "ID"),
    ("vat/VATCodes", "GLToPay", "financial/GLAccounts", "ID"),
    ("vat/VATCodes", "GLToClaim", "financial/GLAccounts", "ID"),
    ("vat/VatPercentages", "VATCodeID", "vat/VATCodes", "ID"),
    ("read/financial/JournalStatusList", "Journal", "financial/Journals", "Code"),
    ("financialtransaction/TransactionLines", "Account", "crm/Accounts", "ID"),
    ("financialtransaction/TransactionLines", "AccountCode", "crm/Accounts", "Code"),
    ("financialtransaction/TransactionLines", "OffsetID", "financialtransaction/TransactionLines", "ID"),
    ("financialtransaction/TransactionLines", "GLAccount", "financial/GLAccounts", "ID"),
    ("financialtransaction/TransactionLines", "GLAccountCode", "financial/GLAccounts", "Code"),
    ("financialtransaction/TransactionLines", "VATCode", "vat/VATCodes", "Code"),
    ("financialtransaction/TransactionLines", "JournalCode", "financial/Journals", "Code"),
    ("financialtransaction/TransactionLines", "CostCenter", "hrm/Costcenters", "Code"),
]


@pytest.fixture(scope="module")
def firm() -> dict[tuple[str, int], list[Row]]:
    """Everything, by resource and division."""
    found: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for resource, division, row in rows():
        found[resource, division].append(row)
    return found


Firm = dict[tuple[str, int], list[Row]]


def suppliers(firm: Firm, division: int) -> list[Row]:
    return [row for row in firm["crm/Accounts", division] if row["IsSupplier"]]


def entries(firm: Firm, division: int, types: tuple[int, ...] = (30, 31)) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for line in firm["financialtransaction/TransactionLines", division]:
        if line["Type"] in types:
            found[line["EntryID"]].append(line)
    return found


def test_two_processes_make_the_same_rows() -> None:
    def digest(seed: str) -> str:
        env = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", DIGEST]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=True)
        return done.stdout.decode()

    assert digest("1") == digest("2")


def test_changing_a_row_does_not_change_the_next_reading() -> None:
    before = list(rows())
    for _resource, _division, row in rows():
        row["Description"] = "changed"
    assert list(rows()) == before


def test_rows_hold_json_values_only(firm: Firm) -> None:
    everything = list(rows())
    assert json.loads(json.dumps(everything)) == [list(each) for each in everything]


def test_every_key_occurs_once(firm: Firm) -> None:
    for (resource, _division), found in firm.items():
        keys = Counter(tuple(row[field] for field in KEYS.get(resource, ("ID",))) for row in found)
        assert max(keys.values()) == 1, resource


def test_codes_are_unique_in_their_division(firm: Firm) -> None:
    for (resource, division), found in firm.items():
        if "Code" in found[0]:
            assert len({row["Code"] for row in found}) == len(found), (resource, division)


@pytest.mark.parametrize(("resource", "field", "target", "name"), REFERENCES)
def test_references_point_to_rows_of_the_same_division(
    firm: Firm, resource: str, field: str, target: str, name: str
) -> None:
    for division in CODES:
        known = {row[name] for row in firm[target, division]}
        used = {row[field] for row in firm[resource, division] if row.get(field) is not None}
        assert used <= known
    assert any(row.get(field) for division in CODES for row in firm[resource, division])


@needs_facts
def test_every_field_is_one_that_exact_has_and_of_its_type(firm: Firm) -> None:
    types: dict[str, type | tuple[type, ...]] = {
        "Edm.String": str, "Edm.Guid": str, "Edm.DateTime": str, "Edm.Boolean": bool,
        "Edm.Int16": int, "Edm.Int32": int, "Edm.Int64": int, "Edm.Byte": int, "Edm.Double": (int, float),
    }  # fmt: skip
    resources = json.loads((FACTS / "exact-metadata.json").read_text())["resources"]
    for (resource, _division), found in firm.items():
        properties = {each["name"]: each["type"] for each in resources[resource]["properties"]}
        assert properties.keys() >= {field for row in found for field in row}, resource
        for field, value in ((field, value) for row in found for field, value in row.items()):
            fits = value is None or isinstance(value, types[properties[field]])
            assert fits and (properties[field] == "Edm.Boolean" or not isinstance(value, bool)), field


def test_both_division_services_know_the_four_administrations(firm: Firm) -> None:
    assert [row["Code"] for row in firm["system/Divisions", 0]] == CODES
    assert [row["Code"] for row in firm["hrm/Divisions", 0]] == CODES
    assert Counter(row["CustomerName"] for row in firm["system/Divisions", 0]).most_common(1) == [
        ("De Gouden Aar", 2)
    ]
    assert USER["Language"] == "NL"


def test_the_administrations_have_valid_numbers() -> None:
    for division in DIVISIONS:
        assert btw.is_valid(division.vat)
        assert iban.is_valid(division.iban)
        assert len(division.kvk) == 8


def test_no_two_divisions_share_their_vat_codes_or_purchase_journal(firm: Firm) -> None:
    tables = {
        division: frozenset(row["Code"] for row in firm["vat/VATCodes", division]) for division in CODES
    }
    high = {
        row["Code"]
        for division in CODES
        for row in firm["vat/VATCodes", division]
        if (row["Type"], row["Percentage"], row["Charged"]) == ("E", 0.21, False)
        and row["VATTransactionType"] != "S"
    }
    purchase = [
        [
            row["Code"]
            for row in firm["financial/Journals", division]
            if row["Type"] == 22 and not row["IsBlocked"]
        ]
        for division in CODES
    ]
    assert all(len(one & other) < 4 for one, other in combinations(tables.values(), 2))
    assert high == {"2", "VH", "21", "I1"}
    assert purchase == [["60"], ["INK"], ["600"], ["70"]]


@pytest.mark.parametrize("division", CODES)
def test_each_vat_table_has_the_usual_purchase_codes(firm: Firm, division: int) -> None:
    found = {
        (row["Type"], row["Percentage"], row["Charged"])
        for row in firm["vat/VATCodes", division]
        if row["VATTransactionType"] in "BP"
    }
    plain = {(kind, rate, False) for kind in "EI" for rate in (0.21, 0.09)}
    assert found >= plain | {("B", 0, False), ("N", 0, False), ("E", 0.21, True)}


def test_only_the_bakery_has_no_vat_code_for_import(firm: Firm) -> None:
    without = [
        division
        for division in CODES
        if not any(row["Description"].startswith("Invoer") for row in firm["vat/VATCodes", division])
    ]
    assert without == [3100101]


def test_the_newest_percentage_is_that_of_the_code(firm: Firm) -> None:
    for division in CODES:
        newest = {
            row["VATCodeID"]: row["Percentage"]
            for row in firm["vat/VatPercentages", division]
            if row["EndDate"] is None
        }
        assert newest == {row["ID"]: row["Percentage"] for row in firm["vat/VATCodes", division]}


@pytest.mark.parametrize("division", CODES)
def test_the_chart_of_accounts_has_the_types_that_booking_looks_at(firm: Firm, division: int) -> None:
    chart = firm["financial/GLAccounts", division]
    types = Counter(row["Type"] for row in chart)
    assert len(chart) >= 60
    assert (types[22], types[20]) == (1, 1)
    assert types[24] == 6
    assert {row["UseCostcenter"] for row in chart} >= {0, 2}


def test_some_accounts_demand_a_cost_centre(firm: Firm) -> None:
    demanding = {
        division: [row["Code"] for row in firm["financial/GLAccounts", division] if row["UseCostcenter"] == 1]
        for division in CODES
    }
    assert demanding == {3100101: [], 3100102: [], 3100201: ["70350"], 3100301: ["7100"]}


@pytest.mark.parametrize("division", CODES)
def test_suppliers_are_as_many_and_as_incomplete_as_in_life(firm: Firm, division: int) -> None:
    cards = suppliers(firm, division)
    banked = {row["Account"] for row in firm["crm/BankAccounts", division]}
    assert 50 <= len(cards) <= 300
    for field in ("VATNumber", "ChamberOfCommerce", "GLAccountPurchase", "PaymentConditionPurchase"):
        missing = sum(1 for card in cards if not card.get(field))
        assert 0.05 < missing / len(cards) < 0.5, field
    assert any(card["ID"] not in banked for card in cards)
    assert any(card["Blocked"] for card in cards)
    assert sum(1 for card in firm["crm/Accounts", division] if card["Status"] == "C") > 10


@pytest.mark.parametrize("division", CODES)
def test_some_companies_have_two_cards(firm: Firm, division: int) -> None:
    numbers = Counter(card["VATNumber"] for card in suppliers(firm, division) if "VATNumber" in card)
    assert 1 <= sum(1 for times in numbers.values() if times > 1) <= 20


@pytest.mark.parametrize("division", CODES)
def test_one_account_is_shared_by_suppliers_who_sold_their_claims(firm: Firm, division: int) -> None:
    cards = {card["ID"]: card for card in firm["crm/Accounts", division]}
    owners: dict[str, set[str]] = defaultdict(set)
    for row in firm["crm/BankAccounts", division]:
        owners[row["BankAccount"]].add(cards[row["Account"]]["Name"].split()[0].upper())
    assert max(len(names) for names in owners.values()) == 3


def test_every_iban_passes_its_check(firm: Firm) -> None:
    assert all(iban.is_valid(row["BankAccount"]) for code in CODES for row in firm["crm/BankAccounts", code])


def test_only_stale_cards_carry_a_wrong_vat_number(firm: Firm) -> None:
    cards = [card for code in CODES for card in firm["crm/Accounts", code] if card.get("VATNumber")]
    wrong = [card for card in cards if card["Country"] == "NL" and not btw.is_valid(card["VATNumber"])]
    assert wrong
    assert all(card.get("Remarks") == "Adres controleren" for card in wrong)
    abroad = [card for card in cards if card["Country"] in {"BE", "DE", "IE", "IT"}]
    assert len(abroad) == 6
    assert all(eu_vat.is_valid(card["VATNumber"]) for card in abroad)


def test_a_company_has_the_same_numbers_in_every_administration(firm: Firm) -> None:
    numbers: dict[str, set[str]] = defaultdict(set)
    for code in CODES:
        for card in firm["crm/Accounts", code]:
            if "VATNumber" in card and "Remarks" not in card:
                numbers[card["Name"]].add(card["VATNumber"])
    places = Counter(card["Name"] for code in CODES for card in suppliers(firm, code))
    assert all(len(found) == 1 for found in numbers.values())
    assert any(times > 1 for times in places.values())


@pytest.mark.parametrize("division", CODES)
def test_history_tells_what_some_25_suppliers_are_booked_on(firm: Firm, division: int) -> None:
    per_supplier = Counter(lines[0]["Account"] for lines in entries(firm, division).values())
    assert 25 <= len(per_supplier) <= 32
    assert set(per_supplier.values()) <= set(range(2, 13))


@pytest.mark.parametrize("division", CODES)
def test_past_entries_are_whole(firm: Firm, division: int) -> None:
    creditors = next(row["ID"] for row in firm["financial/GLAccounts", division] if row["Type"] == 22)
    for lines in entries(firm, division).values():
        head, cost = lines[0], lines[1]
        assert [line["LineNumber"] for line in lines] == list(range(len(lines)))
        assert sum(Decimal(str(line["AmountDC"])) for line in lines) == 0
        assert head["GLAccount"] == creditors
        assert (head["AmountDC"] < 0) == (head["Type"] == 30)
        assert cost["VATCode"]
        assert date(2025, 1, 1) <= date.fromisoformat(head["Date"]) < date(2026, 9, 1)


@pytest.mark.parametrize("division", CODES)
def test_every_entry_of_the_ledger_adds_up_to_nothing(firm: Firm, division: int) -> None:
    for lines in entries(firm, division, types=(20, 30, 31, 40)).values():
        assert sum(Decimal(str(line["AmountDC"])) for line in lines) == 0


@pytest.mark.parametrize("division", CODES)
def test_a_payment_undoes_the_line_that_it_pays_and_pays_it_once(firm: Firm, division: int) -> None:
    lines = {line["ID"]: line for line in firm["financialtransaction/TransactionLines", division]}
    payments = [line for line in lines.values() if "OffsetID" in line]
    assert len({line["OffsetID"] for line in payments}) == len(payments) > 100
    for payment in payments:
        paid = lines[payment["OffsetID"]]
        assert paid["AmountDC"] == -payment["AmountDC"]
        assert (paid["GLAccount"], paid["Account"]) == (payment["GLAccount"], payment["Account"])
        assert paid["Date"] <= payment["Date"]


@pytest.mark.parametrize("division", CODES)
def test_returns_are_what_the_vat_accounts_hold(firm: Firm, division: int) -> None:
    vat = {row["ID"] for row in firm["financial/GLAccounts", division] if row["Type"] == 24}
    lines = firm["financialtransaction/TransactionLines", division]
    held = sum(Decimal(str(line["AmountDC"])) for line in lines if line["GLAccount"] in vat)
    returns = firm["read/financial/Returns", division]
    assert sum(Decimal(str(row["Amount"])) for row in returns) == -held
    assert [row["Status"] for row in returns] == [50] * 6 + [10]


@pytest.mark.parametrize("division", CODES)
def test_each_item_has_one_main_supplier_at_most(firm: Firm, division: int) -> None:
    links = firm["logistics/SupplierItem", division]
    assert max(Counter(row["Item"] for row in links if row["MainSupplier"]).values()) == 1
    assert {row["Item"] for row in links if row["MainSupplier"]} == {row["Item"] for row in links}


def test_only_a_division_with_logistics_has_suppliers_of_ten_items_and_more(firm: Firm) -> None:
    logistic = {
        licence.division for licence in LICENCES if any(name == LOGISTICS for _n, name in licence.features)
    }
    large = {
        division: [
            n
            for n in Counter(row["Supplier"] for row in firm["logistics/SupplierItem", division]).values()
            if n >= 10
        ]
        for division in CODES
    }
    assert (
        {division for division, found in large.items() if len(found) >= 2} == logistic == {3100101, 3100201}
    )


def test_barcodes_are_unique_and_pass_their_check(firm: Firm) -> None:
    items = [row for code in CODES for row in firm["logistics/Items", code]]
    barcodes = [row["Barcode"] for row in items if row["Barcode"]]
    assert all(ean.is_valid(barcode) and len(barcode) == 13 for barcode in barcodes)
    assert len(set(barcodes)) == len(barcodes)
    assert 0.6 < len(barcodes) / len(items) < 0.95


@pytest.mark.parametrize("division", AUTOMATIC)
def test_most_is_bought_by_the_box_under_a_code_of_the_supplier(firm: Firm, division: int) -> None:
    links = firm["logistics/SupplierItem", division]
    units = {row["ID"]: row["Unit"] for row in firm["logistics/Items", division]}
    assert {"doos", "zak"} <= {row["PurchaseUnit"] for row in links if row["PurchaseUnitFactor"] > 1}
    assert any((row["PurchaseUnit"], row["PurchaseUnitFactor"]) == ("doos", 12) for row in links)
    assert all(row["PurchaseUnit"] == units[row["Item"]] for row in links if row["PurchaseUnitFactor"] == 1)
    without = sum(1 for row in links if not row["SupplierItemCode"])
    assert 0 < without / len(links) < 0.2


def test_past_orders_have_come_as_far_as_they_say(firm: Firm) -> None:
    states = set()
    for division in CODES:
        lines = firm.get(("purchaseorder/PurchaseOrderLines", division), [])
        for order in firm.get(("purchaseorder/PurchaseOrders", division), []):
            own = [line for line in lines if line["PurchaseOrderID"] == order["PurchaseOrderID"]]
            received = {line["ReceivedQuantity"] / line["Quantity"] for line in own}
            expected = {10: {0.0}, 20: {0.0, 0.5, 1.0}, 30: {1.0}, 40: {0.0}}[order["OrderStatus"]]
            assert received <= expected
            assert len(received) > 1 or order["OrderStatus"] != 20
            assert order["AmountFCExclVat"] == pytest.approx(sum(line["AmountFC"] for line in own))
            assert order["AmountFC"] == pytest.approx(order["AmountFCExclVat"] + order["VATAmount"])
            assert (order["Source"], order["PurchaseOrderLineCount"]) == (1, len(own))
            states.add((division, order["OrderStatus"]))
    assert {state for division, state in states if division == 3100101} == {10, 20, 30, 40}
    assert {division for division, _state in states} == set(AUTOMATIC)


def test_users_have_rights_of_different_reach() -> None:
    assert USERS[0].exact == USER
    office, outside = USERS[:3], USERS[3:]
    assert [user.divisions and len(user.divisions) for user in office] == [None, 2, None]
    assert [user.divisions and len(user.divisions) for user in outside] == [1, 1, None, 1]
    assert len({user.exact["UserName"] for user in USERS}) == len(USERS)
    assert USERS[2].lacks


@pytest.mark.parametrize("division", CODES)
def test_entry_numbers_rise_with_the_date_and_are_unique(firm: Firm, division: int) -> None:
    heads = [lines[0] for lines in entries(firm, division).values()]
    ordered = sorted(heads, key=lambda head: int(head["EntryNumber"]))
    assert len({head["EntryNumber"] for head in heads}) == len(heads)
    assert [head["Date"] for head in ordered] == sorted(head["Date"] for head in heads)


@pytest.mark.parametrize("division", CODES)
def test_periods_run_four_years_and_a_past_one_is_closed(firm: Firm, division: int) -> None:
    periods = firm["financial/FinancialPeriods", division]
    statuses = firm["read/financial/JournalStatusList", division]
    closed = {row["Year"] for row in statuses if row["Status"] == 1}
    assert (periods[0]["StartDate"], periods[-1]["EndDate"], len(periods)) == ("2024-01-01", "2027-12-31", 48)
    assert 2024 in closed
    assert not closed & {2026, 2027}
    assert len(statuses) == 48 * len(firm["financial/Journals", division])


def test_last_year_is_closed_where_documents_are_booked_by_themselves(firm: Firm) -> None:
    for division in AUTOMATIC:
        statuses = firm["read/financial/JournalStatusList", division]
        assert {row["Status"] for row in statuses if row["Year"] == 2025} == {1}


def test_document_types_allow_purchase_invoices_and_sundries(firm: Firm) -> None:
    for division in CODES:
        creatable = {
            row["ID"]: row["DocumentIsCreatable"] for row in firm["documents/DocumentTypes", division]
        }
        assert creatable == {10: False, 20: True, 55: True}
