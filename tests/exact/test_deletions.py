from datetime import timedelta

import pytest

from apps.exact import cursors, mirror
from apps.exact.connection import access_token
from apps.exact.kept import Kept
from apps.exact.models import Division, LedgerLine, Relation, SyncState
from apps.sandbox import switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Row
from apps.vendors import cards
from tests.exact.truth import differences

BASES = {
    "relations": "crm/Accounts",
    "bank_accounts": "crm/BankAccounts",
    "items": "logistics/Items",
    "supplier_items": "logistics/SupplierItem",
    "gl_accounts": "financial/GLAccounts",
    "ledger": "financialtransaction/TransactionLines",
}


@pytest.fixture(autouse=True)
def _no_limits(db: None) -> None:
    switches.change(minute_limit=10_000)


@pytest.mark.parametrize("name", BASES)
def test_what_is_deleted_in_exact_is_gone_after_the_next_sync(division: Division, name: str) -> None:
    mirror.sync(division, [name, "deleted"])
    key = store.rows(BASES[name], division.code)[0].key
    switches.delete(BASES[name], division.code, key)
    results = {result.resource: result for result in mirror.sync(division, [name, "deleted"])}
    assert (results["deleted"].rows, results["deleted"].changed) == (1, True)
    assert differences(division, name) == {}
    assert mirror.sync(division, ["deleted"])[0].rows == 0


def test_what_was_kept_of_a_mirror_is_built_anew_after_a_deletion(division: Division) -> None:
    mirror.sync(division, ["relations", "bank_accounts", "deleted"])
    count = Kept(lambda each: Relation.objects.filter(division=each).count(), ("relations",))
    before = count.of(division)
    index = cards.index_for(division)
    read_at = SyncState.objects.get(division=division, resource="relations").synced_at
    switches.delete("crm/Accounts", division.code, store.rows("crm/Accounts", division.code)[0].key)
    mirror.sync(division, ["deleted"])
    assert count.of(division) == before - 1
    assert cards.index_for(division) is not index
    after = SyncState.objects.get(division=division, resource="relations").synced_at
    assert read_at and after and after - read_at == timedelta(microseconds=1)


@pytest.mark.parametrize("moved", [False, True])
def test_a_row_made_anew_under_its_old_id_stays(division: Division, moved: bool) -> None:
    mirror.sync(division, ["relations", "deleted"])
    row = store.rows("crm/Accounts", division.code)[0]
    switches.delete("crm/Accounts", division.code, row.key)
    time.advance(timedelta(seconds=5))
    store.put("crm/Accounts", division.code, row.data)
    if moved:
        switches.move_division(division.code)
        cursors.restart(division)
    mirror.sync(division, ["relations", "deleted"])
    assert differences(division, "relations") == {}


def test_deleted_ledger_lines_make_the_balances_of_their_period_read_again(division: Division) -> None:
    mirror.sync(division)
    line = LedgerLine.objects.filter(division=division, line_number__gt=0).latest("date")
    switches.delete(BASES["ledger"], division.code, str(line.exact_id))
    results = {result.resource: result for result in mirror.sync(division)}
    assert results["balances"].calls == 1
    assert differences(division) == {}


def test_who_may_not_read_deletions_compares_everything_weekly(division: Division) -> None:
    names = ["relations", "deleted"]
    switches.lack_scopes("Organization administration")
    mirror.sync(division, names)
    switches.delete("crm/Accounts", division.code, store.rows("crm/Accounts", division.code)[0].key)
    time.advance(timedelta(days=6))
    assert mirror.sync(division, names)[0].rows == 0
    time.advance(timedelta(days=1))
    assert mirror.sync(division, names)[0].rows > 1
    assert differences(division, "relations") == {}


def test_after_two_silent_months_deletions_are_not_relied_on(division: Division) -> None:
    names = ["relations", "deleted"]
    mirror.sync(division, names)
    assert division.connection
    switches.delete("crm/Accounts", division.code, store.rows("crm/Accounts", division.code)[0].key)
    for _month in range(3):
        time.advance(timedelta(days=25))
        access_token(division.connection)
    Row.objects.filter(resource="sync/Deleted").delete()
    mirror.sync(division, names)
    assert differences(division, "relations") == {}
