import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.exact.deletions import TYPES
from apps.exact.resources import MIRRORS, RESOURCES, Feed, Resource
from tests.shared import FACTS, needs_facts

GUID = "3b6a1c1e-5d51-4c8e-9a5b-0123456789ab"
GUIDS = ("ID", "EntryID", "PurchaseOrderID", "Item", "Supplier", "Account", "VATCodeID")
ODD: list[Any] = [
    None,
    True,
    "",
    " x ",
    "abc",
    1e300,
    float("nan"),
    float("inf"),
    -5,
    2**70,
    "/Date(9e9)/",
    {},
    [1],
    "{}",
]
every = pytest.mark.parametrize("feed", RESOURCES.values(), ids=list(RESOURCES))
mirrored = pytest.mark.parametrize("resource", MIRRORS.values(), ids=list(MIRRORS))


@needs_facts
@every
def test_exact_has_every_field_that_is_asked_for(feed: Feed) -> None:
    described = json.loads((FACTS / "exact-metadata.json").read_text())["resources"][feed.path]
    assert set(feed.select) <= {each["name"] for each in described["properties"]}
    assert set(feed.key) <= {each["name"] for each in described["properties"]}


@needs_facts
def test_the_kinds_of_deletions_are_those_of_exact() -> None:
    kinds = json.loads((FACTS / "exact-metadata.json").read_text())["enums"]["Deleted.EntityType"]
    names = {
        "ledger": "TransactionLines",
        "relations": "Accounts",
        "gl_accounts": "GLAccounts",
        "items": "Items",
        "purchase_orders": "PurchaseOrders",
        "supplier_items": "ItemAccounts",
        "bank_accounts": "BankAccounts",
    }
    assert {str(number): names[name] for number, name in TYPES.items()}.items() <= kinds.items()


def test_deletions_are_read_behind_all_that_they_speak_of_and_balances_behind_what_changes_them() -> None:
    order = list(RESOURCES)
    assert all(order.index(name) < order.index("deleted") for name in TYPES.values())
    assert order[-1] == "balances"


@every
def test_no_field_is_asked_for_twice_and_the_address_stays_short(feed: Feed) -> None:
    assert len(set(feed.select)) == len(feed.select)
    assert len(",".join(feed.select)) < 1_000
    assert feed.title


@mirrored
def test_a_row_of_nothing_is_left_out_or_given_blanks(resource: Resource) -> None:
    columns = resource.columns({})
    assert columns is None or resource.model(**columns)


@mirrored
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_no_odd_value_makes_a_row_fail(resource: Resource, odd: Any) -> None:
    for name in resource.fields:
        resource.columns({**dict.fromkeys(GUIDS, GUID), "Code": "1", "ReportingYear": 2026, name: odd})


def test_a_period_needs_its_dates() -> None:
    columns = MIRRORS["periods"].columns
    row = {"FinYear": 2026, "FinPeriod": 1, "StartDate": "2026-01-01", "EndDate": "2026-01-31"}
    read = {"year": 2026, "period": 1, "start_date": date(2026, 1, 1), "end_date": date(2026, 1, 31)}
    assert columns(row) == read
    assert columns({**row, "EndDate": None}) is None


def test_a_percentage_beyond_reason_is_no_percentage() -> None:
    row = {"Code": "1", "Percentage": 1e9}
    columns = MIRRORS["vat_codes"].columns
    assert (columns(row) or {})["percentage"] is None
    assert (columns({**row, "Percentage": 0.21}) or {})["percentage"] == Decimal("0.21")


def test_a_bank_account_needs_its_relation_and_number() -> None:
    columns = MIRRORS["bank_accounts"].columns
    assert columns({"Account": GUID, "BankAccount": ""}) is None
    assert columns({"Account": None, "BankAccount": "NL91ABNA0417164300"}) is None
    assert columns({"Account": GUID, "BankAccount": "NL91ABNA0417164300"})


def test_the_amount_of_an_order_is_without_vat_on_its_header_and_its_lines() -> None:
    columns = MIRRORS["purchase_orders"].columns
    row = {"PurchaseOrderID": GUID, "LineNumber": 0, "AmountFC": 121.0, "AmountFCExclVat": 100.0}
    assert (columns(row) or {})["amount"] == Decimal(100)
    assert (columns({**row, "LineNumber": 1, "AmountFC": 60.0}) or {})["amount"] == Decimal(60)
    assert columns({**row, "PurchaseOrderID": None}) is None


def test_a_factor_that_cannot_be_one_is_one() -> None:
    columns = MIRRORS["supplier_items"].columns
    for odd in (None, 0, -3, 1e300, "x"):
        row = {"Item": GUID, "Supplier": GUID, "PurchaseUnitFactor": odd}
        assert (columns(row) or {})["factor"] == 1
