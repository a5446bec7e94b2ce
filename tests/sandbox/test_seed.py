"""Filling the sandbox."""

from threading import Barrier, Thread

import pytest
from django.db import connections

from apps.sandbox import firm, seed
from apps.sandbox.firm import USERS
from apps.sandbox.models import ExactUser, RegisteredApp, Row, Token
from tests.sandbox.driver import Exact
from tests.sandbox.small_firm import HERE


def test_a_filled_sandbox_is_left_alone(small: None) -> None:
    before = Row.objects.count()
    seed.ensure()
    assert (Row.objects.count(), RegisteredApp.objects.count(), ExactUser.objects.count()) == (
        before,
        1,
        len(USERS),
    )


def test_a_reset_leaves_the_believable_firm_and_nothing_else(exact: Exact) -> None:
    exact.entry()
    seed.reset()
    assert Row.objects.count() == sum(1 for _row in firm.rows())
    codes = Row.objects.filter(resource="system/Divisions").values_list("key", flat=True)
    assert sorted(codes) == [str(division.code) for division in firm.DIVISIONS]
    assert not Token.objects.exists()


def test_an_empty_sandbox_fills_itself_at_the_first_call(exact: Exact) -> None:
    seed.clear()
    assert not Row.objects.exists()
    assert exact.get("vat/VATCodes").status_code == 401, "that token is of before"
    assert Row.objects.exists()


def test_row_versions_rise_within_a_division(small: None) -> None:
    stamps = list(Row.objects.filter(division=HERE).order_by("pk").values_list("timestamp", flat=True))
    assert stamps == sorted(set(stamps))


@pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])
def test_of_simultaneous_fillers_one_fills() -> None:
    seed.clear()
    start = Barrier(3)
    failures: list[Exception] = []

    def fill() -> None:
        start.wait()
        try:
            seed.ensure()
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [Thread(target=fill) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert RegisteredApp.objects.count() == 1


def test_a_made_up_division_can_be_synced_and_booked_in(small: None) -> None:
    codes = seed.crowd(2, relations=70, bank_share=0.5, lines=10)
    exact = Exact(codes[1], divisions=tuple(codes))
    assert [row["Code"] for row in exact.rows("system/Divisions")] == codes
    relations = exact.rows("sync/CRM/Accounts", filter="Timestamp gt 1")
    assert len(relations) == 70
    assert len(exact.rows("crm/BankAccounts")) == 35
    assert len(exact.rows("sync/Financial/TransactionLines", filter="Timestamp gt 1")) == 10
    assert len(exact.rows("vat/VATCodes")) == 14
    lines = [{"GLAccount": relations[0]["GLAccountPurchase"], "AmountFC": 100.0}]
    made = exact.entry(lines=lines, Supplier=relations[0]["ID"])
    assert made.status_code == 201, made.text
    assert sum(row["Amount"] for row in exact.rows("financial/ReportingBalance")) == pytest.approx(0)


def test_made_up_divisions_share_no_key_but_the_same_shape(small: None) -> None:
    codes = seed.crowd(2, relations=3)
    one, other = (set(Row.objects.filter(division=code).values_list("resource", "key")) for code in codes)
    assert len(one) == len(other)
    assert {resource for resource, _key in one & other} == {
        "documents/DocumentTypes",
        "read/financial/JournalStatusList",
    }, "their keys are no Guids"
