"""Rights and words that can be switched."""

import pytest

from apps.sandbox import switches
from apps.sandbox.exact import store
from apps.sandbox.models import ExactUser
from tests.sandbox.driver import Exact, message
from tests.sandbox.small_firm import HERE, THERE, key


def test_a_division_that_is_not_granted_is_forbidden(exact: Exact) -> None:
    switches.grant([THERE])
    assert exact.get("vat/VATCodes").status_code == 403
    assert exact.get("vat/VATCodes", division=THERE).status_code == 200


@pytest.mark.parametrize("reason", ["BlockedUser", "LicenseExpired"])
def test_a_blocked_user_is_told_why_in_a_header(exact: Exact, reason: str) -> None:
    switches.block_user(reason)
    refused = exact.get("vat/VATCodes")
    assert (refused.status_code, refused.headers["Reason"]) == (403, reason)
    me = exact.session.get(exact.url("").replace(f"/{HERE}/", "/current/Me"))
    assert (me.status_code, me.headers["Reason"]) == (403, reason)


def test_a_missing_scope_is_named(exact: Exact) -> None:
    switches.lack_scopes("Financial accounting")
    read, write = exact.get("vat/VATCodes"), exact.entry()
    assert message(read).endswith("Cannot read 'financial.accounting' scope.")
    assert message(write).endswith("Cannot manage 'financial.accounting' scope.")
    assert exact.get("crm/BankAccounts").status_code == 200
    switches.lack_scopes()
    assert exact.get("vat/VATCodes").status_code == 200


def test_a_block_can_be_of_one_user_only(exact: Exact) -> None:
    other = ExactUser.objects.order_by("pk")[1]
    switches.block_user("InactiveUser", other)
    assert exact.get("vat/VATCodes").status_code == 200
    refused = Exact(3100101, (3100101,), other).get("vat/VATCodes")
    assert refused.headers["Reason"] == "InactiveUser"


def test_a_division_can_be_blocked(exact: Exact) -> None:
    switches.block_division(HERE)
    refused = exact.get("vat/VATCodes")
    assert (refused.status_code, refused.headers["Reason"]) == (403, "DivisionBlocked")
    assert exact.get("vat/VATCodes", division=THERE).status_code == 200
    assert exact.get("system/Divisions").status_code == 200
    switches.block_division(HERE, "")
    assert exact.get("vat/VATCodes").status_code == 200


def test_a_missing_right_of_the_user_is_not_named(exact: Exact) -> None:
    user = ExactUser.objects.order_by("pk")[0]
    switches.lack_rights("Crm accounts", "purchaseentry/PurchaseEntries", user=user)
    for refused in (exact.get("sync/CRM/Accounts", filter="Timestamp gt 1"), exact.entry()):
        assert (refused.status_code, message(refused)) == (403, "Forbidden")
        assert "Reason" not in refused.headers
    assert exact.get("vat/VATCodes").status_code == 200
    switches.lack_rights()
    assert exact.entry().status_code == 201


def test_texts_come_padded_unless_switched(exact: Exact) -> None:
    def shown() -> tuple[str, str, str]:
        path = f"crm/Accounts(guid'{key('Jansen Techniek')}')"
        exact.put(path, {"Country": "NL", "PurchaseVATCode": "2"})
        account = exact.get(path).json()["d"]
        return account["Code"], account["Country"], account["PurchaseVATCode"]

    assert shown() == ("              1001", "NL ", "2  ")
    assert exact.rows("vat/VATCodes", filter="Code eq '2'")[0]["Code"] == "2  "
    switches.change(trimmed_texts=True)
    assert shown() == ("1001", "NL", "2")


def test_closed_periods_show_in_the_status_list(exact: Exact) -> None:
    switches.set_period(HERE, "60", 2026, 10, closed=True)
    row = exact.rows("read/financial/JournalStatusList")[0]
    assert (row["Journal"], row["Year"], row["Period"], row["Status"], row["JournalType"]) == (
        "60",
        2026,
        10,
        1,
        22,
    )
    switches.turn_periods(store.rows(switches.STATUS_LIST, HERE), closed=False)
    assert exact.rows("read/financial/JournalStatusList")[0]["Status"] == 0


def test_the_settings_are_one_row(small: None) -> None:
    switches.change(minute_limit=7)
    assert switches.current().minute_limit == 7
