from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.core import clock
from apps.core.http import Rejected
from apps.exact import cursors, mirror
from apps.exact.budget import Purpose
from apps.exact.client import Exact, Page
from apps.exact.models import BankAccount, CostCenter, Division, JournalStatus, Relation, SyncState
from apps.exact.passes import Halt, Pass
from apps.exact.resources import RESOURCES
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Row
from tests.exact.truth import differences

LINES = "financialtransaction/TransactionLines"


@pytest.fixture(autouse=True)
def _no_limits(db: None) -> None:
    switches.change(minute_limit=10_000)


def a_pass(division: Division, name: str, watch: Any = None) -> Pass:
    return Pass(Exact(division, Purpose.SYNC), division, RESOURCES[name], watch)


def state_of(division: Division, name: str) -> SyncState:
    return SyncState.objects.get(division=division, resource=name)


def dying_after(pages: int) -> Any:
    """A watch that ends a pass when so many pages are kept, as a killed process would."""
    asked: list[int] = []

    def watch(_pass: Pass) -> None:
        if len(asked) == pages:
            raise Halt
        asked.append(1)

    return watch


def more_lines(division: Division, count: int) -> None:
    """Add ledger lines to the sandbox, each like the last one."""
    last = store.rows(LINES, division.code).order_by("-timestamp")[0]
    rows = [
        {**last.data, "ID": str(UUID(int=number + 1, version=4)), "LineNumber": 1} for number in range(count)
    ]
    store.put_all(LINES, division.code, rows)


def test_a_killed_pass_by_row_version_goes_on_behind_its_last_page(division: Division) -> None:
    more_lines(division, 2_000)
    with pytest.raises(Halt):
        a_pass(division, "ledger", dying_after(2)).go()
    state = state_of(division, "ledger")
    assert (state.rows, state.calls, state.full, state.resume_at is None) == (2_000, 2, True, False)
    result = mirror.sync_ledger(division)
    assert result.calls == 1
    assert differences(division, "ledger") == {}
    assert state_of(division, "ledger").calls == 3


def test_a_killed_first_pass_by_modified_goes_on_at_exacts_own_link(division: Division) -> None:
    rows = store.rows("crm/BankAccounts", division.code).count()
    with pytest.raises(Halt):
        a_pass(division, "bank_accounts", dying_after(2)).go()
    state = state_of(division, "bank_accounts")
    assert (state.rows, state.total) == (120, rows)
    assert "skiptoken" in state.next_page
    result = mirror.sync(division, ["bank_accounts"])[0]
    assert (result.calls, result.rows) == (-(-rows // 60) - 2, rows - 120)
    assert differences(division, "bank_accounts") == {}
    assert state_of(division, "bank_accounts").next_page == ""


def test_a_link_that_exact_refuses_later_leads_to_the_cursor_and_is_no_error(division: Division) -> None:
    with pytest.raises(Halt):
        a_pass(division, "bank_accounts", dying_after(2)).go()
    faults.arm("error_before_commit", path="crm/BankAccounts", status=400)
    result = mirror.sync(division, ["bank_accounts"])[0]
    assert result.trouble == ""
    assert differences(division, "bank_accounts") == {}


@pytest.mark.parametrize("status", [403, 500])
def test_a_link_that_exact_cannot_bear_any_more_holds_up_a_pass_once(division: Division, status: int) -> None:
    with pytest.raises(Halt):
        a_pass(division, "bank_accounts", dying_after(1)).go()
    kind = "forbidden" if status == 403 else "error_before_commit"
    faults.arm(kind, path="crm/BankAccounts", status=status)
    assert a_pass(division, "bank_accounts").go()
    assert state_of(division, "bank_accounts").next_page == ""
    assert a_pass(division, "bank_accounts").go() is None
    assert differences(division, "bank_accounts") == {}


def test_an_answer_that_is_lost_costs_that_page_alone(division: Division, count_calls: Any) -> None:
    more_lines(division, 3_000)
    faults.arm("dropped_answer", path="sync/Financial/TransactionLines")
    mirror.sync(division, ["ledger"])
    results = mirror.sync(division, ["ledger"])
    assert results[0].trouble == ""
    assert count_calls("sync/Financial/TransactionLines") == 4 + 1
    assert differences(division, "ledger") == {}


def test_a_row_that_changes_between_two_pages_is_not_lost(division: Division) -> None:
    time.advance(timedelta(days=1))
    rows = list(store.rows("crm/BankAccounts", division.code).order_by("key"))
    with pytest.raises(Halt):
        a_pass(division, "bank_accounts", dying_after(1)).go()
    for row in (rows[0], rows[70], rows[-1]):
        store.put(row.resource, division.code, {**row.data, "BankAccount": "NL02RABO0123456789"})
    switches.delete("crm/BankAccounts", division.code, rows[30].key)
    mirror.sync(division, ["bank_accounts", "deleted"])
    assert differences(division, "bank_accounts") == {}


def test_once_a_week_everything_is_compared_and_what_vanished_is_gone(division: Division) -> None:
    mirror.sync(division, ["cost_centers"])
    victim = store.rows("hrm/Costcenters", division.code)[0]
    victim.delete()  # no trace is left of a deleted cost centre
    for days in (1, 5):
        time.advance(timedelta(days=days))
        mirror.sync(division, ["cost_centers"])
        assert CostCenter.objects.filter(division=division, exact_id=victim.key).exists()
    time.advance(timedelta(days=1))
    (result,) = mirror.sync(division, ["cost_centers"])
    assert (result.calls, result.changed) == (1, True)
    assert differences(division, "cost_centers") == {}
    gone = CostCenter.everything.get(division=division, exact_id=victim.key)
    assert gone.gone_at
    store.put("hrm/Costcenters", division.code, victim.data)
    mirror.sync(division, ["cost_centers"])
    gone.refresh_from_db()
    assert gone.gone_at is None


def test_a_full_pass_that_is_cut_off_marks_nothing_as_gone(division: Division) -> None:
    mirror.sync(division, ["bank_accounts"])
    time.advance(timedelta(days=8))
    with pytest.raises(Halt):
        a_pass(division, "bank_accounts", dying_after(1)).go()
    assert state_of(division, "bank_accounts").full
    assert differences(division, "bank_accounts") == {}
    mirror.sync(division, ["bank_accounts"])
    assert not state_of(division, "bank_accounts").full
    assert differences(division, "bank_accounts") == {}


def test_what_is_read_whole_loses_what_is_there_no_more(division: Division) -> None:
    mirror.sync(division, ["journal_statuses"])
    for _night in range(2):
        store.rows("read/financial/JournalStatusList", division.code)[0].delete()
        (result,) = mirror.sync(division, ["journal_statuses"])
        assert (result.calls, result.changed) == (1, True)
        assert differences(division, "journal_statuses") == {}
    assert JournalStatus.everything.filter(division=division, gone_at__isnull=False).count() == 2


def test_a_restart_while_a_pass_is_under_way_ends_that_pass_and_loses_nothing(division: Division) -> None:
    more_lines(division, 1_500)
    one = a_pass(division, "ledger")
    pages = one._pages()
    one._keep(next(pages))
    switches.move_division(division.code)
    cursors.restart(division)
    assert one.go() is None
    state = state_of(division, "ledger")
    assert (state.timestamp, state.full, state.synced_at) == (0, True, None)
    mirror.sync(division, ["ledger"])
    assert differences(division, "ledger") == {}


def test_after_a_division_move_everything_by_row_version_is_read_anew(division: Division) -> None:
    mirror.sync(division)
    rows = list(store.rows("crm/Accounts", division.code).order_by("timestamp"))
    switches.move_division(division.code)
    store.put("crm/Accounts", division.code, {**rows[0].data, "Name": "After the move"})
    Row.objects.filter(pk=rows[1].pk).delete()  # deleted before the move, and its trace is lost
    cursors.restart(division)
    mirror.sync(division)
    assert differences(division) == {}
    assert Relation.everything.get(division=division, exact_id=rows[1].key).gone_at


def test_the_cursor_only_moves_forward(division: Division) -> None:
    one = a_pass(division, "relations")
    for version in (900, 100):
        one._keep(Page([{"Timestamp": str(version)}]))
    assert state_of(division, "relations").timestamp == 900


def test_a_moment_in_the_future_does_not_hide_what_comes_before_it(division: Division) -> None:
    far = clock.now() + timedelta(days=400)
    row = store.rows("crm/BankAccounts", division.code)[0]
    Row.objects.filter(pk=row.pk).update(data={**row.data, "Modified": far.strftime("%Y-%m-%dT%H:%M:%S")})
    mirror.sync(division, ["bank_accounts"])
    other = store.rows("crm/BankAccounts", division.code)[1]
    store.put("crm/BankAccounts", division.code, {**other.data, "BankAccount": "NL02RABO0123456789"})
    mirror.sync(division, ["bank_accounts"])
    assert BankAccount.objects.get(division=division, exact_id=other.key).iban == "NL02RABO0123456789"


def test_balances_by_period_fall_back_to_the_year_when_exact_refuses_that_filter(division: Division) -> None:
    mirror.sync(division)
    SyncState.objects.filter(division=division, resource="balances").update(pending={"2026-1": "waiting"})
    one = a_pass(division, "balances")
    assert one.fail(Rejected("no such filter", status=400))
    state = state_of(division, "balances")
    assert state.full
    assert state.resume_at
    mirror.sync(division, ["balances"])
    assert differences(division, "balances") == {}
