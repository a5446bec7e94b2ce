from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.core.http import Temporary
from apps.exact import mirror
from apps.exact.models import (
    BankAccount,
    Division,
    Item,
    LedgerLine,
    Relation,
    SupplierItem,
    SyncState,
    Unit,
    VATCode,
)
from apps.exact.resources import MIRRORS, RESOURCES
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Row
from tests.exact.factories import DivisionFactory
from tests.exact.truth import differences

BY_PAGE = {"bank_accounts": 60, "balances": 60}


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
    assert differences(division) == {}
    for result in results:
        assert result.calls == max(1, -(-result.rows // BY_PAGE.get(result.resource, 1000)))
    assert sum(result.rows > 0 for result in results) == len(RESOURCES) - 1  # nothing was deleted yet


def test_a_nightly_sync_in_its_steady_state_takes_one_call_per_resource_and_none_for_balances(
    division: Division,
) -> None:
    for _night in range(2):
        results = mirror.sync(division)
        time.advance(timedelta(days=1))
    assert calls_of(results) == {**dict.fromkeys(RESOURCES, 1), "balances": 0}
    assert not any(result.changed for result in results)
    assert differences(division) == {}


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
    assert (mirrored.year, mirrored.period) == (line["FinancialYear"], line["FinancialPeriod"])


def test_what_changed_in_exact_is_read_anew_and_nothing_else(division: Division) -> None:
    mirror.sync(division, ["relations", "cost_centers"])
    time.advance(timedelta(days=1))
    mirror.sync(division, ["cost_centers"])
    card, centre = in_exact("crm/Accounts", division)[0], in_exact("hrm/Costcenters", division)[0]
    time.advance(timedelta(days=1))
    store.put("crm/Accounts", division.code, {**card.data, "Name": "A new name"})
    store.put("hrm/Costcenters", division.code, {**centre.data, "Description": "A new description"})
    results = mirror.sync(division, ["relations", "cost_centers"])
    assert [(result.rows, result.changed) for result in results] == [(1, True), (1, True)]
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


def test_one_resource_that_fails_keeps_its_words_and_stops_no_other(division: Division) -> None:
    faults.arm("error_before_commit", path="vat/VATCodes", status=503)
    results = {result.resource: result for result in mirror.sync(division)}
    assert [name for name, result in results.items() if result.trouble] == ["vat_codes"]
    state = SyncState.objects.get(division=division, resource="vat_codes")
    assert state.trouble == results["vat_codes"].trouble
    assert state.synced_at is None
    assert mirror.is_empty(division)
    mirror.sync(division, ["vat_codes"])
    assert SyncState.objects.get(pk=state.pk).trouble == ""
    assert not mirror.is_empty(division)


def test_what_exact_refuses_is_told_in_plain_words_and_the_rest_is_read(division: Division) -> None:
    switches.lack_scopes("Logistics items")
    results = {result.resource: result for result in mirror.sync(division)}
    assert {name for name, each in results.items() if each.trouble} == {
        "items",
        "item_groups",
        "supplier_items",
        "units",
    }
    assert "does not let us read the item groups" in results["item_groups"].trouble
    assert "the right to the app" in results["item_groups"].trouble
    assert SyncState.objects.get(division=division, resource="items").resume_at is None
    assert not mirror.is_empty(division)


def test_an_administration_that_exact_refuses_is_not_asked_for_each_resource(
    division: Division, count_calls: Any
) -> None:
    switches.block_division(division.code)
    results = mirror.sync(division)
    assert count_calls(division=division.code) == 1
    assert all(result.trouble for result in results)


def test_an_exact_that_does_not_answer_is_not_asked_for_each_resource(
    division: Division, count_calls: Any
) -> None:
    faults.arm("dropped_before", method="GET", times=100)
    results = mirror.sync(division)
    assert count_calls(division=division.code) == 2
    assert all("did not answer" in result.trouble for result in results)


def test_a_full_minute_stops_asking(division: Division, count_calls: Any) -> None:
    time.advance(timedelta(minutes=2))
    switches.change(minute_limit=3)
    results = mirror.sync(division)
    assert count_calls(division=division.code, status=200) == 3
    assert count_calls(division=division.code, status=429) == 0
    assert sum(bool(result.trouble) for result in results) == len(RESOURCES) - 2  # of the second, one page
    waiting = SyncState.objects.filter(division=division, resume_at__isnull=False)
    assert waiting.count() == len(RESOURCES) - 2


def test_the_ledger_of_a_drain_tells_its_caller_when_it_fails(division: Division) -> None:
    faults.arm("error_before_commit", method="GET", status=503)
    with pytest.raises(Temporary):
        mirror.sync_ledger(division)
    result = mirror.sync_ledger(division)
    assert (result.resource, result.calls) == ("ledger", 1)


def test_a_division_without_a_connection_has_trouble_and_no_crash(db: None) -> None:
    division = DivisionFactory(connection=None)
    results = mirror.sync(division)
    assert all("no connection" in result.trouble for result in results)
    assert mirror.is_empty(division)


def test_every_mirror_hides_what_is_gone(division: Division) -> None:
    mirror.sync(division)
    for resource in MIRRORS.values():
        one = resource.model.everything.filter(division=division).first()
        assert one is not None
        resource.model.everything.filter(pk=one.pk).update(gone_at=division.seen_at)
        assert not resource.model._default_manager.filter(pk=one.pk).exists()


def test_an_item_has_its_units_and_the_factor_and_price_of_its_supplier(division: Division) -> None:
    mirror.sync(division, ["items", "supplier_items", "units"])
    offer = next(row.data for row in in_exact("logistics/SupplierItem", division) if _in_boxes(row))
    mirrored = SupplierItem.objects.get(division=division, exact_id=offer["ID"])
    assert mirrored.factor == Decimal(str(offer["PurchaseUnitFactor"]))
    assert mirrored.price == Decimal(str(offer["PurchasePrice"]))
    assert mirrored.starts_on and mirrored.starts_on.isoformat() == offer["StartDate"]
    item = Item.objects.get(division=division, exact_id=offer["Item"])
    assert (item.is_purchase_item, item.ends_on) == (True, None)
    units = Unit.objects.filter(division=division)
    assert {item.unit, mirrored.unit} <= set(units.values_list("code", flat=True))


def _in_boxes(row: Row) -> bool:
    return bool(row.data["PurchaseUnitFactor"] != 1)
