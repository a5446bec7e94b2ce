"""Deleted rows and the trace they leave."""

from datetime import timedelta

import pytest

from apps.sandbox import switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Row
from tests.sandbox.driver import Exact
from tests.sandbox.small_firm import HERE, THERE, key

DELETED = "sync/Deleted"
SINCE = "Timestamp gt 1"


def traces(exact: Exact, since: str = SINCE) -> list[tuple[int, str]]:
    rows = exact.rows(DELETED, filter=since, select="EntityType,EntityKey")
    return [(row["EntityType"], row["EntityKey"]) for row in rows]


def last(exact: Exact) -> int:
    return max(int(row["Timestamp"]) for row in exact.rows("sync/CRM/Accounts", filter=SINCE))


def test_a_delete_through_the_api_leaves_a_trace_with_a_version_of_its_own(exact: Exact) -> None:
    newest = last(exact)
    assert exact.delete(f"crm/BankAccounts(guid'{key('iban')}')").status_code == 204
    assert traces(exact, f"Timestamp gt {newest}") == [(48, key("iban"))]
    row = exact.rows(DELETED, filter=SINCE)[0]
    assert row["DeletedDate"] == "/Date(1791208810000)/"
    assert row["Division"] == HERE
    assert not exact.session.get(exact.url(DELETED, THERE), params={"$filter": SINCE}).json()["d"]["results"]


def test_a_deleted_entry_leaves_one_trace_for_each_line_of_the_ledger(exact: Exact) -> None:
    entry = exact.entry().json()["d"]["EntryID"]
    lines = set(
        store.children("financialtransaction/TransactionLines", HERE, entry).values_list("key", flat=True)
    )
    assert exact.delete(f"purchaseentry/PurchaseEntries(guid'{entry}')").status_code == 204
    found = traces(exact)
    assert len(found) == len(lines) == 3
    assert set(found) == {(1, line) for line in lines}


def test_a_changed_entry_leaves_traces_of_the_lines_that_are_gone_only(exact: Exact) -> None:
    entry = exact.entry().json()["d"]["EntryID"]
    assert exact.put(f"purchaseentry/PurchaseEntries(guid'{entry}')", {"YourRef": "x"}).status_code == 204
    assert traces(exact) == []
    line = exact.rows("purchaseentry/PurchaseEntryLines", filter=f"EntryID eq guid'{entry}'")[0]["ID"]
    assert exact.put(f"purchaseentry/PurchaseEntryLines(guid'{line}')", {"VATCode": "0"}).status_code == 204
    assert [kind for kind, _key in traces(exact)] == [1], "the line of the VAT"


def test_a_resource_without_a_type_leaves_no_trace(exact: Exact) -> None:
    row = store.by_mark("hrm/Costcenters", HERE, "K1")
    assert row
    assert exact.delete(f"hrm/Costcenters(guid'{row.key}')").status_code == 204
    assert traces(exact) == []


def test_somebody_in_exact_deletes(exact: Exact) -> None:
    switches.delete("logistics/Items", HERE, key("STOEL"))
    switches.delete("logistics/Items", HERE, key("STOEL"))
    assert traces(exact) == [(9, key("STOEL"))]
    assert exact.get(f"logistics/Items(guid'{key('STOEL')}')").status_code == 404
    entry = exact.entry().json()["d"]
    switches.delete("purchaseentry/PurchaseEntries", HERE, entry["EntryID"])
    assert [kind for kind, _key in traces(exact)] == [9, 1, 1, 1]
    assert exact.get("purchaseentry/PurchaseEntries/$count").text == "0"
    switches.delete("documents/Documents", HERE, entry["Document"])
    assert traces(exact)[-1] == (6, entry["Document"])


def test_traces_are_forgotten_after_two_months(exact: Exact) -> None:
    switches.delete("logistics/Items", HERE, key("STOEL"))
    time.advance(timedelta(days=60))
    again = Exact()
    assert len(traces(again)) == 1
    time.advance(timedelta(days=2))
    assert traces(Exact()) == []


@pytest.mark.parametrize("resource", ["sync/CRM/Accounts", DELETED])
def test_a_move_makes_every_version_new_and_tells_when(exact: Exact, resource: str) -> None:
    switches.delete("logistics/Items", HERE, key("STOEL"))
    before, newest = exact.rows(resource, filter=SINCE), last(exact)
    elsewhere = store.rows("crm/Accounts", THERE).order_by("key").values_list("timestamp", flat=True)
    untouched = list(elsewhere)
    for number in range(60):
        store.put("hrm/Costunits", HERE, {"ID": key(f"unit {number}"), "Code": str(number)})
    time.advance(60)
    switches.move_division(HERE)
    after = exact.rows(resource, filter=SINCE)
    assert {row["ID"] for row in after} == {row["ID"] for row in before}
    assert {row["Timestamp"] for row in after} != {row["Timestamp"] for row in before}
    versions = list(
        Row.objects.filter(division=HERE).order_by("timestamp").values_list("timestamp", flat=True)
    )
    assert versions == list(range(1000, 1000 + len(versions)))
    assert list(elsewhere.all()) == untouched
    moved = exact.get(f"system/Divisions({HERE})").json()["d"]["DivisionMoveDate"]
    assert moved == "/Date(1791208870000)/"
    store.put("hrm/Costunits", HERE, {"ID": key("new"), "Code": "new"})
    assert store.rows("hrm/Costunits", HERE).get(key=key("new")).timestamp == 1000 + len(versions)
    assert newest < 1000 + len(versions)
