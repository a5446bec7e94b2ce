"""Resources that are worked out: balances, open items, features, the version of a date."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.sandbox import firm, switches, time
from apps.sandbox.exact import store
from tests.sandbox.driver import Exact
from tests.sandbox.small_firm import HERE, key

CODES = tuple(division.code for division in firm.DIVISIONS)
LEDGER = "financialtransaction/TransactionLines"
BALANCE = "financial/ReportingBalance"


@pytest.fixture(params=CODES)
def firms(small: None, request: pytest.FixtureRequest) -> Exact:
    """A client of each administration of the believable firm."""
    return Exact(division=request.param, divisions=CODES)


def cents(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


def total(rows: list[dict[str, Any]], field: str) -> Decimal:
    return sum((cents(row[field]) for row in rows), Decimal())


def of_type(division: int, kind: int) -> set[str]:
    """Return the keys of the ledger accounts of this type."""
    found = store.rows("financial/GLAccounts", division).filter(data__Type=kind)
    return set(found.values_list("key", flat=True))


def test_balances_add_up_to_the_ledger(firms: Exact) -> None:
    balances = firms.rows(BALANCE)
    lines = [row.data for row in store.rows(LEDGER, firms.division)]
    assert len(balances) > 60, "more than a page"
    assert len({row["ID"] for row in balances}) == len(balances)
    assert sum(row["Count"] for row in balances) == len(lines)
    assert total(balances, "Amount") == 0
    for account in {line["GLAccount"] for line in lines}:
        ours = [row for row in balances if row["GLAccount"] == account]
        booked = [line for line in lines if line["GLAccount"] == account]
        assert total(ours, "Amount") == total(booked, "AmountDC")
        assert total(ours, "AmountDebit") - total(ours, "AmountCredit") == total(ours, "Amount")


def test_what_is_open_is_what_the_ledger_owes(firms: Exact) -> None:
    for path, kind, sign in (("PayablesList", 22, -1), ("ReceivablesList", 20, 1)):
        rows = firms.get(f"read/financial/{path}").json()["d"]["results"]
        accounts = of_type(firms.division, kind)
        lines = [row.data for row in store.rows(LEDGER, firms.division) if row.data["GLAccount"] in accounts]
        assert total(rows, "Amount") == sign * total(lines, "AmountDC") != 0
        assert len({row["HID"] for row in rows}) == len(rows) >= 2
        assert all(isinstance(row["HID"], str) and row["AccountName"] for row in rows)


def test_a_new_entry_is_open_and_balanced_at_once(exact: Exact) -> None:
    assert exact.rows("read/financial/PayablesList") == []
    entry = exact.entry().json()["d"]
    row = exact.rows("read/financial/PayablesList")[0]
    assert (row["Amount"], row["YourRef"], row["EntryNumber"]) == (121.0, "F-1", entry["EntryNumber"])
    assert (row["AccountId"], row["JournalCode"]) == (key("Jansen Techniek"), "60")
    assert exact.session.get(row["__metadata"]["uri"]).json()["d"]["HID"] == row["HID"]
    balances = exact.rows(BALANCE, filter="ReportingYear eq 2026 and ReportingPeriod eq 10")
    assert {row["GLAccountCode"]: row["Amount"] for row in balances} == {
        "1600": -121.0,
        "4000": 100.0,
        "1520": 21.0,
    }
    assert exact.rows(BALANCE, filter="ReportingYear eq 2025") == []


def test_balances_are_filtered_ordered_and_read_by_key(firms: Exact) -> None:
    rows = firms.rows(
        BALANCE, filter="ReportingYear eq 2026", orderby="GLAccountCode", select="ID,GLAccountCode"
    )
    codes = [row["GLAccountCode"] for row in rows]
    assert codes == sorted(codes)
    one = firms.get(f"{BALANCE}({rows[0]['ID']})").json()["d"]
    assert one["GLAccountCode"] == codes[0]
    assert firms.get(f"{BALANCE}(1)").status_code == 404


def test_the_package_tells_features_and_its_name(firms: Exact) -> None:
    licence = next(each for each in firm.LICENCES if each.division == firms.division)
    rows = firms.rows("system/AvailableFeatures")
    assert {(row["ID"], row["Description"]) for row in rows} == set(licence.features)
    me = firms.session.get(firms.url("").replace(f"/{firms.division}/", "/current/Me")).json()["d"][
        "results"
    ][0]
    assert me["PackageCode"] == licence.kind
    switches.set_package(firms.division, features=[])
    assert firms.rows("system/AvailableFeatures") == []


def test_a_date_has_a_version_behind_which_its_changes_lie(small: None) -> None:
    time.move_to(datetime(2027, 1, 5, 12, tzinfo=UTC))
    exact = Exact()
    path = "read/sync/Sync/SyncTimestamp?modified=datetime'{}'&endPoint='{}'"

    def asked(moment: str, endpoint: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = exact.get(path.format(moment, endpoint)).json()["d"]["results"]
        return rows

    old = asked("2027-01-05T11:00:00", "GLAccounts")[0]["TimeStampAsBigInt"]
    assert int(old) >= 1000
    store.put("financial/GLAccounts", HERE, {"ID": key("4900"), "Code": "4900", "Type": 121})
    changed = exact.rows("sync/Financial/GLAccounts", filter=f"Timestamp gt {old}")
    assert [row["Code"] for row in changed] == ["4900"]
    assert asked("2020-01-01", "GLAccounts")[0]["TimeStampAsBigInt"] == "1"
    assert asked("2026-10-05", "Accounts") == [], "not among those that can be asked"


def test_a_trial_licence_is_a_feature_of_its_own(firms: Exact) -> None:
    before = firms.rows("system/AvailableFeatures")
    switches.set_package(firms.division, is_trial=True)
    assert [row["Description"] for row in firms.rows("system/AvailableFeatures")[len(before) :]] == [
        "Trial licence"
    ]
