"""Filling the sandbox."""

from threading import Barrier, Thread

import pytest
from django.db import connections

from apps.sandbox import firm, seed
from apps.sandbox.models import ExactUser, RegisteredApp, Row, Token
from tests.sandbox.driver import Exact
from tests.sandbox.small_firm import HERE


def test_a_filled_sandbox_is_left_alone(small: None) -> None:
    before = Row.objects.count()
    seed.ensure()
    assert (Row.objects.count(), RegisteredApp.objects.count(), ExactUser.objects.count()) == (before, 1, 3)


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
