"""Reading through OData as Exact speaks it."""

from typing import Any

import pytest

from apps.sandbox import switches
from tests.sandbox.driver import Exact, message
from tests.sandbox.factories import RowFactory
from tests.sandbox.small_firm import HERE, THERE, key

SUPPLIERS = "IsSupplier eq true"


def names(rows: list[dict[str, object]]) -> set[object]:
    return {row["Name"] for row in rows}


def test_a_list_comes_in_pages_of_sixty_with_absolute_links(exact: Exact) -> None:
    RowFactory.create_batch(130)
    first = exact.get("crm/Accounts", filter=SUPPLIERS, select="ID,Name").json()["d"]
    assert len(first["results"]) == 60
    assert first["__next"].startswith("http://127.0.0.1:8000/sandbox/exact/api/v1/900001/crm/Accounts?")
    assert "$skiptoken=" in first["__next"]
    rows = exact.rows("crm/Accounts", filter=SUPPLIERS, select="ID,Name")
    assert len(rows) == len({row["ID"] for row in rows}) == 133


def test_pages_follow_an_order_both_ways(exact: Exact) -> None:
    RowFactory.create_batch(70)
    for order, backwards in (("Name", False), ("Name desc", True)):
        rows = exact.rows("crm/Accounts", filter=SUPPLIERS, select="Name", orderby=order)
        listed = [row["Name"] for row in rows]
        assert len(listed) == 73
        assert listed == sorted(listed, reverse=backwards)


def test_a_small_top_gives_a_bare_list_and_a_large_one_pages(exact: Exact) -> None:
    RowFactory.create_batch(80)
    assert len(exact.get("crm/Accounts", filter=SUPPLIERS, top=1).json()["d"]) == 1
    paged = exact.get("crm/Accounts", filter=SUPPLIERS, top=70).json()["d"]
    assert len(paged["results"]) == 60
    assert len(exact.rows("crm/Accounts", filter=SUPPLIERS, top=70)) == 70


def test_bulk_and_sync_pages_hold_a_thousand(exact: Exact) -> None:
    RowFactory.create_batch(1001)
    bulk = exact.get("bulk/CRM/Accounts", select="ID").json()["d"]
    assert len(bulk["results"]) == 1000
    assert "__next" in bulk
    sync = exact.get("sync/CRM/Accounts", filter="Timestamp gt 1", select="ID,Timestamp").json()["d"]
    stamps = [int(row["Timestamp"]) for row in sync["results"]]
    assert len(stamps) == 1000
    assert stamps == sorted(stamps)
    assert len(exact.rows("sync/CRM/Accounts", filter="Timestamp gt 1L", select="ID")) == 1005


def test_sync_returns_only_what_changed(exact: Exact) -> None:
    last = max(int(row["Timestamp"]) for row in exact.rows("sync/CRM/Accounts", filter="Timestamp gt 1"))
    path = f"crm/Accounts(guid'{key('Jansen Techniek')}')"
    assert exact.put(path, {"Email": "post@jansen.example"}).status_code == 204
    changed = exact.rows("sync/CRM/Accounts", filter=f"Timestamp gt {last}")
    assert [row["Email"] for row in changed] == ["post@jansen.example"]


def test_sync_filters_on_nothing_but_the_timestamp(exact: Exact) -> None:
    assert exact.get("sync/CRM/Accounts", filter="Name eq 'x'").status_code == 400
    assert exact.get("sync/CRM/Accounts", filter="Timestamp lt 5").status_code == 400


def test_read_services_come_whole(exact: Exact) -> None:
    for period in range(1, 13):
        for year in range(2015, 2022):
            switches.set_period(HERE, "60", year, period, closed=True)
    assert len(exact.get("read/financial/JournalStatusList").json()["d"]["results"]) == 84


def test_accounts_and_items_demand_a_filter(exact: Exact) -> None:
    for path in ("crm/Accounts", "logistics/Items", "financialtransaction/TransactionLines"):
        refused = exact.get(path)
        assert refused.status_code == 400
        assert "mandatory filtering" in message(refused)
    assert exact.get("crm/Accounts", filter="Website eq 'x'").status_code == 400
    assert exact.get(f"crm/Accounts(guid'{key('Jansen Techniek')}')").status_code == 200


def test_the_ledger_may_be_told_to_need_no_filter(exact: Exact) -> None:
    switches.change(ledger_needs_filter=False)
    assert exact.get("financialtransaction/TransactionLines").status_code == 200


def test_bulk_demands_a_select(exact: Exact) -> None:
    refused = exact.get("bulk/CRM/Accounts")
    assert (refused.status_code, message(refused)) == (
        400,
        "Please add a $select or a $top=1 statement to the query string.",
    )
    assert exact.get("bulk/CRM/Accounts", top=1).status_code == 200
    assert (
        exact.get("bulk/Documents/DocumentAttachments", select="ID", filter="FileName eq 'a'").status_code
        == 400
    )


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("Name eq 'Jansen Techniek'", {"Jansen Techniek"}),
        ("Name eq 'O''Brien & Zn.'", {"O'Brien & Zn."}),
        ("Code eq '1001'", set()),
        ("Code eq '              1001'", {"Jansen Techniek"}),
        ("trim(Code) eq '1001'", {"Jansen Techniek"}),
        ("substringof('Tech',Name) eq true", {"Jansen Techniek"}),
        ("startswith(Name,'Jan')", {"Jansen Techniek"}),
        ("endswith(tolower(Name),'techniek') and not (Blocked eq true)", {"Jansen Techniek"}),
        ("VATNumber ne null and IsSupplier eq true", {"Jansen Techniek"}),
        ("Blocked eq true or IsSupplier eq false", {"Geblokkeerd B.V.", "Alleen Klant"}),
        ("(Blocked eq true or IsSupplier eq false) and Status eq 'C'", {"Alleen Klant"}),
        ("ID eq guid'{jansen}'", {"Jansen Techniek"}),
        ("Created ge datetime'2020-10-05' and year(Created) gt 2020 and Status eq 'C'", {"Alleen Klant"}),
        ("Modified gt datetime'2090-10-05T15:00:00'", set()),
    ],
)
def test_filters_find_what_they_say(exact: Exact, condition: str, found: set[str]) -> None:
    rows = exact.rows("crm/Accounts", filter=condition.format(jansen=key("Jansen Techniek")), select="Name")
    assert names(rows) == found


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "Name eq",
        "Name = 'x'",
        "Nam eq 'x'",
        "ID eq 'x'",
        "ID eq guid'x'",
        "Name eq 5",
        "Name eq 'x",
        "BankAccounts/Main eq true and Name eq 'x'",
        "Name",
        "(Name eq 'x'",
        "Name eq 'x') or (Name eq 'y'",
        "sideways(Name) eq 'x'",
    ],
)
def test_bad_filters_are_refused(exact: Exact, condition: str) -> None:
    assert exact.get("crm/Accounts", filter=condition).status_code == 400


@pytest.mark.parametrize(
    "options",
    [
        {"select": "Nam"},
        {"top": "many"},
        {"skip": 5},
        {"orderby": "Name,Code"},
        {"orderby": "Nam"},
        {"inlinecount": "some"},
        {"skiptoken": "x"},
        {"expand": "Name"},
        {"expand": "BankAccounts"},
    ],
)
def test_bad_options_are_refused(exact: Exact, options: dict[str, Any]) -> None:
    assert exact.get("crm/Accounts", **{"filter": SUPPLIERS, **options}).status_code == 400


def test_counting(exact: Exact) -> None:
    assert exact.get("crm/Accounts/$count", filter=SUPPLIERS).text == "3"
    counted = exact.get("crm/Accounts", filter=SUPPLIERS, top=1, inlinecount="allpages").json()["d"]
    assert (counted["__count"], len(counted["results"])) == ("3", 1)


def test_an_entity_looks_like_exacts(exact: Exact) -> None:
    account = exact.get(f"crm/Accounts(guid'{key('Jansen Techniek')}')").json()["d"]
    assert account["__metadata"]["type"] == "Exact.Web.Api.Models.Account"
    assert account["__metadata"]["uri"].endswith(f"/900001/crm/Accounts(guid'{key('Jansen Techniek')}')")
    assert account["Code"] == "              1001"
    assert account["BankAccounts"]["__deferred"]["uri"].endswith("/BankAccounts")
    assert account["Website"] is None


def test_moments_are_dutch_time_told_as_if_it_were_utc(exact: Exact) -> None:
    made = exact.post("hrm/Costcenters", {"Code": "K2", "Description": "x"}).json()["d"]
    assert made["Created"] == "/Date(1791208810000)/", "14:00:10 in Dutch summer time"
    entry = exact.entry().json()["d"]
    assert entry["EntryDate"] == "/Date(1791158400000)/", "5 October 2026, midnight"


def test_lists_of_an_entity_are_deferred_or_expanded(exact: Exact) -> None:
    path = f"crm/Accounts(guid'{key('Jansen Techniek')}')"
    account = exact.get(path).json()["d"]
    deferred = exact.session.get(account["BankAccounts"]["__deferred"]["uri"]).json()["d"]["results"]
    expanded = exact.get(path, expand="BankAccounts").json()["d"]["BankAccounts"]["results"]
    assert [row["BankAccount"] for row in deferred] == [row["BankAccount"] for row in expanded]
    assert exact.get(f"{path}/Nothing").status_code == 404


def test_a_numeric_and_a_composite_key_find_their_row(exact: Exact) -> None:
    switches.set_period(HERE, "60", 2025, 3, closed=True)
    assert exact.get("documents/DocumentTypes(20)").json()["d"]["Description"] == "Soort 20"
    status = exact.get("read/financial/JournalStatusList").json()["d"]["results"][0]
    again = exact.session.get(status["__metadata"]["uri"]).json()["d"]
    assert (again["Year"], again["Period"], again["Status"]) == (2025, 3, 1)
    assert exact.get("documents/DocumentTypes(guid'20')").status_code == 400
    assert exact.get("documents/DocumentTypes(21)").status_code == 404


def test_divisions_show_only_what_was_granted(small: None) -> None:
    exact = Exact(divisions=(HERE,))
    for path in ("system/Divisions", "hrm/Divisions"):
        rows = exact.rows(path)
        assert [row["Code"] for row in rows] == [HERE]
    assert exact.rows("system/Divisions")[0]["Current"] is True
    assert exact.get("system/Divisions", division=THERE).status_code == 200, "not checked against the grants"
    refused = exact.get("vat/VATCodes", division=THERE)
    assert (refused.status_code, refused.headers["Reason"]) == (403, "NoDivisionAccess")


def test_a_row_of_another_division_is_not_there(exact: Exact) -> None:
    assert exact.get(f"crm/Accounts(guid'{key('Jansen Techniek', THERE)}')").status_code == 404


def test_who_forgets_to_ask_for_json_gets_xml(exact: Exact) -> None:
    del exact.session.headers["Accept"]
    exact.session.headers["Accept"] = "*/*"
    answer = exact.get("vat/VATCodes")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert "<d:Percentage>0.21</d:Percentage>" in answer.text
    assert exact.get("vat/VATCodes", filter="x").text.startswith("<?xml")


def test_unknown_sets_verbs_and_long_addresses_are_refused(exact: Exact) -> None:
    assert exact.get("crm/Nothing").status_code == 404
    assert exact.get("$batch").status_code == 404
    assert exact.post("vat/VatPercentages", {}).status_code == 405
    assert exact.delete("crm/Accounts").status_code == 405
    assert exact.get("vat/VATCodes", filter="Code eq '" + "x" * 6000 + "'").status_code == 414


def test_me_is_a_collection_of_one_without_limits(exact: Exact) -> None:
    exact.get("vat/VATCodes", division=THERE)
    answer = exact.session.get(
        exact.url("").replace("/900001/", "/current/Me") + "?$select=CurrentDivision,UserID"
    )
    me = answer.json()["d"]["results"][0]
    assert me["CurrentDivision"] == THERE, "it follows the last call"
    assert set(me) == {"__metadata", "CurrentDivision", "UserID"}
    assert "X-RateLimit-Limit" not in answer.headers


def test_sync_is_not_counted(exact: Exact) -> None:
    since = "Timestamp gt 1"
    assert exact.get("sync/CRM/Accounts", filter=since, inlinecount="allpages").status_code == 400
    assert exact.get("hrm/Costcenters", inlinecount="allpages").json()["d"]["__count"] == "1"


@pytest.mark.parametrize("path", ["Items", "SupplierItem"])
def test_some_sync_services_want_to_know_which_fields(exact: Exact, path: str) -> None:
    sync = f"sync/Logistics/{path}"
    assert exact.get(sync, filter="Timestamp gt 1", select="*").status_code == 400
    assert exact.get(sync, filter="Timestamp gt 1", select="ID").status_code == 200


def test_links_of_items_to_suppliers_are_filtered_by_their_id_only(exact: Exact) -> None:
    path = "logistics/SupplierItem"
    assert exact.get(path, filter=f"Item eq guid'{key('STOEL')}'").status_code == 400
    assert exact.get(path, filter="StartDate gt datetime'2026-01-01'").status_code == 400
    assert exact.rows(path, filter=f"ID eq guid'{key('nothing')}'") == []


def test_a_first_sync_misses_no_row(exact: Exact) -> None:
    rows = exact.rows("sync/Financial/GLAccounts", filter="Timestamp gt 1", select="Code")
    assert len(rows) == int(exact.get("financial/GLAccounts/$count").text)
