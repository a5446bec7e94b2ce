"""Rights and words that can be switched."""

import pytest

from apps.sandbox import switches
from apps.sandbox.exact import store
from tests.sandbox.driver import Exact, message
from tests.sandbox.small_firm import HERE, THERE


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
