from datetime import timedelta
from typing import Any

import pytest

from apps.exact import balances, mirror
from apps.exact.models import Balance, Division, SyncState
from apps.sandbox import switches, time
from apps.sandbox.exact import store
from tests.exact.truth import differences

LINES = "financialtransaction/TransactionLines"


@pytest.fixture(autouse=True)
def _no_limits(db: None) -> None:
    switches.change(minute_limit=10_000)


def a_line(division: Division) -> dict[str, Any]:
    rows = store.rows(LINES, division.code).order_by("-timestamp")
    return next(row.data for row in rows if row.data["LineNumber"] > 0 and row.data["FinancialYear"] == 2026)


def pending(division: Division) -> dict[str, str]:
    kept: dict[str, str] = SyncState.objects.get(division=division, resource="balances").pending
    return kept


def test_only_the_periods_whose_lines_changed_are_read(division: Division) -> None:
    mirror.sync(division)
    line = a_line(division)
    store.put(LINES, division.code, {**line, "AmountDC": line["AmountDC"] + 10})
    mirror.sync(division, ["ledger"])
    assert pending(division) == {f"2026-{line['FinancialPeriod']}": balances.WAITING}
    (result,) = mirror.sync(division, ["balances"])
    assert result.calls == 1
    assert 0 < result.rows < Balance.objects.filter(division=division).count()
    assert pending(division) == {}
    assert differences(division, "balances") == {}
    assert mirror.sync(division, ["balances"])[0].calls == 0


def test_a_line_that_moves_to_another_period_changes_both(division: Division) -> None:
    mirror.sync(division)
    line = a_line(division)
    period = 1 if line["FinancialPeriod"] != 1 else 2
    store.put(LINES, division.code, {**line, "FinancialPeriod": period})
    mirror.sync(division, ["ledger", "balances"])
    assert differences(division, "balances") == {}


def test_a_period_that_changes_while_it_is_read_waits_again(division: Division) -> None:
    mirror.sync(division)
    state = SyncState.objects.get(division=division, resource="balances")
    state.pending = {"2026-1": balances.WAITING, "2026-2": balances.WAITING}
    assert "ReportingPeriod eq 1" in balances.begin(state, time_of(division))
    state.save(update_fields=["pending"])
    balances.note(division, {(2026, 1)})
    state.refresh_from_db()
    balances.end(state, time_of(division))
    assert state.pending == {"2026-1": balances.WAITING}


def time_of(division: Division) -> Any:
    return division.seen_at.date()


def test_many_changed_periods_are_read_by_the_year(division: Division) -> None:
    mirror.sync(division)
    many = {f"2026-{period}": balances.WAITING for period in range(1, balances.MOST + 2)}
    SyncState.objects.filter(division=division, resource="balances").update(pending=many)
    mirror.sync(division, ["balances"])
    assert pending(division) == {}
    assert SyncState.objects.get(division=division, resource="balances").total


def test_balances_of_years_that_are_not_read_any_more_stay(division: Division) -> None:
    mirror.sync(division)
    Balance.objects.filter(division=division, year=2026, period=1).update(year=2023)
    old = Balance.objects.filter(division=division, year=2023).count()
    time.advance(timedelta(days=8))
    mirror.sync(division, ["balances"])
    assert old
    assert differences(division, "balances").get("balances", (0, 0, 0))[0] == 0
