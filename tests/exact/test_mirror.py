from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.core import clock
from apps.core.http import Temporary
from apps.exact import mirror
from apps.exact.models import BankAccount, Division, GLAccount, LedgerLine, Relation, SyncState, VATCode
from apps.exact.resources import RESOURCES
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Row
from tests.exact.factories import DivisionFactory

TIMESTAMPED = {"relations", "items", "gl_accounts", "ledger"}


@pytest.fixture(autouse=True)
def _no_limits(db: None) -> None:
    switches.change(minute_limit=10_000)


def calls_of(results: list[mirror.SyncResult]) -> dict[str, int]:
    return {result.resource: result.calls for result in results}


def in_exact(resource: str, division: Division) -> list[Row]:
    return list(store.rows(resource, division.code).order_by("timestamp"))


def test_a_first_sync_mirrors_every_row_with_as_few_calls_as_pages(division: Division) -> None:
    results = mirror.sync(division)
    assert [result.trouble for result in results] == [""] * len(RESOURCES)
    for result in results:
        resource = RESOURCES[result.resource]
        base = Row.objects.filter(division=division.code, resource=resource_base(resource.path)).count()
        assert result.rows == resource.model._default_manager.filter(division=division).count() == base
        size = 1000 if result.resource in TIMESTAMPED else 60
        assert result.calls == max(1, -(-base // size))


def resource_base(path: str) -> str:
    from apps.sandbox.exact import table

    return table.get(path).base


def test_a_nightly_sync_in_its_steady_state_takes_one_call_per_resource(division: Division) -> None:
    for _night in range(2):
        results = mirror.sync(division)
        time.advance(timedelta(days=1))
    assert calls_of(results) == dict.fromkeys(RESOURCES, 1)
    assert sum(result.rows for result in results) == 0


def test_a_card_is_mirrored_with_its_numbers_trimmed(division: Division) -> None:
    mirror.sync(division, ["relations"])
    card = next(row.data for row in in_exact("crm/Accounts", division) if row.data.get("GLAccountPurchase"))
    mirrored = Relation.objects.get(division=division, exact_id=card["ID"])
    assert mirrored.code == str(card["Code"]).strip()
    assert mirrored.name == card["Name"]
    assert mirrored.is_supplier
    assert str(mirrored.gl_account_purchase) == card["GLAccountPurchase"]
    assert mirrored.vat_number == (card.get("VATNumber") or "")
    assert mirrored.raw["Code"] == mirrored.code


def test_amounts_and_fractions_are_decimals(division: Division) -> None:
    mirror.sync(division, ["vat_codes", "ledger"])
    assert VATCode.objects.get(division=division, code="2").percentage == Decimal("0.2100")
    line = next(row.data for row in in_exact("financialtransaction/TransactionLines", division))
    mirrored = LedgerLine.objects.get(division=division, exact_id=line["ID"])
    assert mirrored.amount == Decimal(str(line["AmountDC"])).quantize(Decimal("0.01"))
    assert mirrored.date and mirrored.date.isoformat() == line["Date"][:10]


def test_what_changed_in_exact_is_read_anew_and_nothing_else(division: Division) -> None:
    mirror.sync(division, ["relations", "cost_centers"])
    time.advance(timedelta(days=1))
    mirror.sync(division, ["cost_centers"])
    card, centre = in_exact("crm/Accounts", division)[0], in_exact("hrm/Costcenters", division)[0]
    time.advance(timedelta(days=1))
    store.put("crm/Accounts", division.code, {**card.data, "Name": "A new name"})
    store.put("hrm/Costcenters", division.code, {**centre.data, "Description": "A new description"})
    results = mirror.sync(division, ["relations", "cost_centers"])
    assert [result.rows for result in results] == [1, 1]
    assert Relation.objects.get(division=division, exact_id=card.key).name == "A new name"


def test_a_change_within_the_overlap_is_not_missed(division: Division) -> None:
    time.advance(timedelta(days=1))
    mirror.sync(division, ["bank_accounts"])
    late = in_exact("crm/BankAccounts", division)[0]
    time.advance(timedelta(minutes=-90))  # a row of an hour that the clock went through twice
    store.put("crm/BankAccounts", division.code, {**late.data, "BankAccount": "NL02RABO0123456789"})
    time.advance(timedelta(minutes=95))
    mirror.sync(division, ["bank_accounts"])
    assert BankAccount.objects.get(division=division, exact_id=late.key).iban == "NL02RABO0123456789"


def test_a_killed_run_goes_on_behind_its_last_page(division: Division) -> None:
    run = mirror._Run(division, RESOURCES["ledger"])
    size_of_page = len(next(run._pages()))
    extra = in_exact("financialtransaction/TransactionLines", division)[-1].data
    for number in range(1000):
        line = f"{number:08x}-0000-4000-8000-000000000001"
        Row.objects.bulk_create([copy(extra, division, line, 1_000_000 + number)])
    pages = run._pages()
    run._keep(next(pages))
    pages.close()  # the process dies here
    done = LedgerLine.objects.filter(division=division).count()
    assert done == 1000 > size_of_page
    result = mirror.sync_ledger(division)
    assert (result.calls, result.rows) == (1, size_of_page)
    assert LedgerLine.objects.filter(division=division).count() == size_of_page + 1000


def copy(data: dict[str, Any], division: Division, key: str, timestamp: int) -> Row:
    path = "financialtransaction/TransactionLines"
    return Row(
        resource=path,
        division=division.code,
        key=key,
        timestamp=timestamp,
        data={**data, "ID": key, "LineNumber": 1},
    )


def test_a_killed_first_read_by_modified_goes_on_too(division: Division) -> None:
    rows = in_exact("crm/BankAccounts", division)
    for number, row in enumerate(rows):
        moment = (clock.now() - timedelta(days=300 - number)).replace(tzinfo=None, microsecond=0)
        Row.objects.filter(pk=row.pk).update(data={**row.data, "Modified": moment.isoformat()})
    run = mirror._Run(division, RESOURCES["bank_accounts"])
    pages = run._pages()
    run._keep(next(pages))
    pages.close()
    result = mirror.sync(division, ["bank_accounts"])[0]
    assert result.rows == len(rows) - 60 + 1  # the overlap reads the last one again
    assert BankAccount.objects.filter(division=division).count() == len(rows)


def test_one_resource_that_fails_keeps_its_words_and_stops_no_other(division: Division) -> None:
    faults.arm("error_before_commit", path="vat/VATCodes", status=503)
    results = {result.resource: result for result in mirror.sync(division)}
    assert results["vat_codes"].trouble
    assert [name for name, result in results.items() if result.trouble] == ["vat_codes"]
    state = SyncState.objects.get(division=division, resource="vat_codes")
    assert state.trouble == results["vat_codes"].trouble
    assert state.synced_at is None
    assert mirror.is_empty(division)
    mirror.sync(division, ["vat_codes"])
    assert SyncState.objects.get(pk=state.pk).trouble == ""
    assert not mirror.is_empty(division)


def test_a_full_minute_stops_asking_and_is_resumed_after_it(division: Division, count_calls: Any) -> None:
    time.advance(timedelta(minutes=2))
    switches.change(minute_limit=3)
    results = mirror.sync(division)
    assert count_calls(division=division.code, status=200) == 3
    assert count_calls(division=division.code, status=429) == 0
    assert sum(bool(result.trouble) for result in results) == len(RESOURCES) - 1
    assert mirror.unfinished(division) == []
    switches.change(minute_limit=10_000)
    time.advance(timedelta(minutes=1))
    assert len(mirror.unfinished(division)) == len(RESOURCES) - 1
    mirror.sync(division, mirror.unfinished(division))
    assert not mirror.is_empty(division)


def test_a_run_that_was_killed_is_due_again_after_minutes(division: Division) -> None:
    run = mirror._Run(division, RESOURCES["items"])
    run._note(resume_at=run.began_at + mirror.RUN)
    assert mirror.unfinished(division) == []
    time.advance(mirror.RUN)
    assert mirror.unfinished(division) == ["items"]
    mirror.sync(division, ["items"])
    assert mirror.unfinished(division) == []


def test_the_ledger_of_a_drain_tells_its_caller_when_it_fails(division: Division) -> None:
    faults.arm("error_before_commit", method="GET", status=503)
    with pytest.raises(Temporary):
        mirror.sync_ledger(division)
    result = mirror.sync_ledger(division)
    assert (result.resource, result.calls) == ("ledger", 1)


def test_a_division_without_a_connection_has_trouble_and_no_crash(db: None) -> None:
    results = mirror.sync(DivisionFactory(connection=None))
    assert all("no connection" in result.trouble for result in results)


def test_rows_of_another_division_and_rows_without_an_id_are_left_out(division: Division) -> None:
    page: list[dict[str, Any]] = [
        {"ID": "3b6a1c1e-5d51-4c8e-9a5b-0123456789ab", "Division": division.code + 1, "Code": "1"},
        {"ID": None, "Division": division.code, "Code": "2"},
        {"ID": "3b6a1c1e-5d51-4c8e-9a5b-0123456789ac", "Division": division.code, "Code": ""},
    ]
    assert list(mirror._rows(RESOURCES["gl_accounts"], division, page)) == []


def test_a_row_that_comes_twice_on_a_page_is_written_once_as_it_was_last(division: Division) -> None:
    guid = "3b6a1c1e-5d51-4c8e-9a5b-0123456789ab"
    page = [{"ID": guid, "Code": "1000", "Description": text, "Timestamp": "5"} for text in ("old", "new")]
    mirror._Run(division, RESOURCES["gl_accounts"])._keep(page)
    assert GLAccount.objects.get(division=division).description == "new"


def test_values_too_long_for_their_column_are_cut(division: Division) -> None:
    page = [{"ID": "3b6a1c1e-5d51-4c8e-9a5b-0123456789ab", "Code": "9" * 99, "Description": "x" * 999}]
    mirror._Run(division, RESOURCES["gl_accounts"])._keep(page)
    account = GLAccount.objects.get(division=division)
    assert (len(account.code), len(account.description)) == (60, 255)


def test_the_cursor_only_moves_forward(division: Division) -> None:
    run = mirror._Run(division, RESOURCES["relations"])
    run._advance(timestamp=900)
    run._advance(timestamp=100)
    assert SyncState.objects.get(division=division).timestamp == 900
