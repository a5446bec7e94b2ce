"""The page about the sandbox."""

import pytest
from django.test import Client

from apps.sandbox import faults
from tests.people.factories import UserFactory
from tests.sandbox.driver import Exact


@pytest.mark.parametrize("fields", [None, {"is_staff": False}, {"is_active": False}])
def test_only_staff_sees_the_page(small: None, fields: dict[str, bool] | None) -> None:
    browser = Client()
    if fields is not None:
        browser.force_login(UserFactory.create(**fields))
    answer = browser.get("/sandbox/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_staff_reads_addresses_clock_faults_and_calls(exact: Exact) -> None:
    exact.get("vat/VATCodes")
    faults.arm("dropped_answer", method="POST", path="purchaseentry/PurchaseEntries", times=3)
    browser = Client()
    browser.force_login(UserFactory.create())
    page = browser.get("/sandbox/").content.decode()
    for text in (
        "http://127.0.0.1:8000/sandbox/exact",
        "00000000-0000-4000-8000-00000000e0a1",
        "2026 14:00",
        "purchaseentry/PurchaseEntries",
        "vat/VATCodes",
        "Bakkerij De Gouden Aar",
        "http://127.0.0.1:8000/sandbox/econnect-identity",
        "sandbox-econnect",
        "0106:64134164",
    ):
        assert text in page
