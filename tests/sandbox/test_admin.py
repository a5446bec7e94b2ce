"""The switches of the sandbox in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.core import clock
from apps.people.models import Role
from apps.sandbox import switches
from apps.sandbox.models import ExactUser, Fault, Row
from tests.people.factories import UserFactory
from tests.sandbox.driver import Exact
from tests.sandbox.small_firm import HERE

MODELS = [
    "fault",
    "switches",
    "registeredapp",
    "exactuser",
    "grant",
    "journalperiod",
    "package",
    "division",
    "purchaseorder",
    "row",
    "call",
    "econnectswitches",
    "econnectuser",
    "econnectparty",
    "econnecthook",
    "econnectdocument",
    "econnectnotice",
    "econnectresponse",
    "econnectmail",
]


@pytest.fixture
def administrator(exact: Exact) -> Client:
    """A browser in which an administrator is signed in."""
    browser = Client()
    browser.force_login(UserFactory.create(role=Role.ADMINISTRATOR))
    return browser


def listing(model: str) -> str:
    return reverse(f"admin:sandbox_{model}_changelist")


@pytest.mark.parametrize("model", MODELS)
def test_administrators_see_every_list_and_others_none(administrator: Client, model: str) -> None:
    switches.set_period(HERE, "60", 2026, 10, closed=True)
    assert administrator.get(listing(model)).status_code == 200
    other = Client()
    other.force_login(UserFactory.create(role=Role.BOOKKEEPER))
    assert other.get(listing(model)).status_code == 403


def test_a_fault_is_armed_by_form(administrator: Client, exact: Exact) -> None:
    form = {
        "kind": "too_many",
        "method": "GET",
        "path": "vat/*",
        "times": "1",
        "seconds": "0",
        "status": "500",
    }
    assert administrator.post(reverse("admin:sandbox_fault_add"), form).status_code == 302
    assert exact.get("vat/VATCodes").status_code == 429
    fault = Fault.objects.get()
    assert (
        administrator.post(
            reverse("admin:sandbox_fault_delete", args=[fault.pk]), {"post": "yes"}
        ).status_code
        == 302
    )
    assert not Fault.objects.exists()


def test_the_clock_moves_at_once(administrator: Client) -> None:
    form = {
        "offset_seconds": "0",
        "minute_limit": "9",
        "day_limit": "99",
        "error_limit": "8",
        "latency_ms": "0",
        "blocked_status": "429",
        "webhook_delay_seconds": "0",
        "webhook_times": "1",
        "mailbox_minutes": "0",
    }
    before = clock.now()
    assert administrator.post(reverse("admin:sandbox_switches_change", args=[1]), form).status_code == 302
    assert abs((clock.now() - before).total_seconds()) > 3600, "back from the October of the tests"
    assert switches.current().minute_limit == 9


def test_periods_are_closed_and_opened_from_the_list(administrator: Client, exact: Exact) -> None:
    switches.set_period(HERE, "60", 2026, 10, closed=False)
    row = Row.objects.get(resource=switches.STATUS_LIST, division=HERE)
    chosen = {"_selected_action": [str(row.pk)]}
    administrator.post(listing("journalperiod"), {**chosen, "action": "close_periods"})
    assert exact.entry().status_code == 500
    administrator.post(listing("journalperiod"), {**chosen, "action": "open_periods"})
    assert exact.entry().status_code == 201


def chosen(row: Row | ExactUser, action: str) -> dict[str, object]:
    return {"_selected_action": [str(row.pk)], "action": action}


@pytest.mark.parametrize("action", ["change_passwords", "withdraw_consents"])
def test_the_connections_of_a_user_are_ended_from_the_list(
    administrator: Client, exact: Exact, action: str
) -> None:
    first, second = ExactUser.objects.order_by("pk")[:2]
    administrator.post(listing("exactuser"), chosen(second, action))
    assert exact.get("vat/VATCodes").status_code == 200
    administrator.post(listing("exactuser"), chosen(first, action))
    assert exact.get("vat/VATCodes").status_code == 401


def test_a_division_is_moved_from_the_list(administrator: Client, exact: Exact) -> None:
    row = Row.objects.get(resource="system/Divisions", key=str(HERE))
    administrator.post(listing("division"), chosen(row, "move_divisions"))
    assert exact.get(f"system/Divisions({HERE})").json()["d"]["DivisionMoveDate"]


def test_a_row_is_deleted_with_its_trace(administrator: Client, exact: Exact) -> None:
    row = Row.objects.get(resource="logistics/Items", division=HERE)
    administrator.post(listing("row"), chosen(row, "delete_rows"))
    assert [each["EntityKey"] for each in exact.rows("sync/Deleted", filter="Timestamp gt 1")] == [row.key]
    other = Row.objects.get(resource="crm/BankAccounts", division=HERE)
    administrator.post(reverse("admin:sandbox_row_delete", args=[other.pk]), {"post": "yes"})
    assert exact.get(f"crm/BankAccounts(guid'{other.key}')").status_code == 404
    assert len(exact.rows("sync/Deleted", filter="Timestamp gt 1")) == 2


def test_orders_are_received_completed_and_cancelled(administrator: Client, exact: Exact) -> None:
    def statuses(act: str, order: str) -> tuple[int, int]:
        row = Row.objects.get(key=order)
        administrator.post(listing("purchaseorder"), {"_selected_action": [row.pk], "action": act})
        row.refresh_from_db()
        return row.data["OrderStatus"], row.data["ReceiptStatus"]

    first, second, third = (exact.order().json()["d"]["PurchaseOrderID"] for _time in range(3))
    assert statuses("receive_half", first) == (20, 20)
    assert statuses("receive_all", first) == (30, 30)
    assert statuses("complete_orders", second) == (30, 30)
    assert statuses("cancel_orders", third) == (40, 40)
    assert statuses("receive_all", third) == (40, 40), "told, and nothing done"
    page = administrator.get(listing("purchaseorder"), {"q": third}).content.decode()
    assert "Jansen Techniek" in page
    assert "B-1" in page
