"""Faults on purpose, as a caller meets them."""

import time as real_time

import pytest
import requests

from apps.sandbox import calls, faults, time
from apps.sandbox.models import Call
from tests.sandbox.driver import Exact, message
from tests.sandbox.factories import FaultFactory
from tests.sandbox.small_firm import HERE, THERE

ENTRIES = "purchaseentry/PurchaseEntries"


def booked(exact: Exact) -> int:
    return int(exact.get(f"{ENTRIES}/$count").text)


@pytest.mark.parametrize(
    ("kind", "status", "entries"),
    [
        ("error_before_commit", 503, 0),
        ("error_after_commit", 503, 1),
        ("too_many", 429, 0),
        ("expired_token", 401, 0),
        ("forbidden", 403, 0),
        ("gateway", 503, 0),
        ("garbled", 200, 1),
        ("day_is_full", 429, 0),
        ("bare_too_many", 429, 0),
    ],
)
def test_answers_that_lie_or_refuse(exact: Exact, kind: str, status: int, entries: int) -> None:
    faults.arm(kind, method="POST", path=ENTRIES, status=503)
    assert exact.entry().status_code == status
    assert booked(exact) == entries
    assert exact.entry(YourRef="F-2").status_code == 201, "used up"


@pytest.mark.parametrize(
    ("kind", "error", "entries"),
    [("dropped_before", requests.ConnectionError, 0), ("dropped_answer", requests.exceptions.ReadTimeout, 1)],
)
def test_connections_that_break(exact: Exact, kind: str, error: type[Exception], entries: int) -> None:
    faults.arm(kind, method="POST", path=ENTRIES)
    with pytest.raises(error):
        exact.entry()
    assert booked(exact) == entries
    assert calls.count(ENTRIES, status=0) == 1


def test_a_call_may_be_under_way_for_a_while_before_it_is_dropped(exact: Exact) -> None:
    faults.arm("dropped_before", method="POST", path=ENTRIES, seconds=0.3)
    with pytest.raises(requests.ConnectionError):
        exact.entry()
    dropped = Call.objects.get(path=ENTRIES, method="POST")
    assert dropped.ended - dropped.began >= 0.3
    assert booked(exact) == 0


def test_a_429_on_purpose_looks_like_a_full_minute(exact: Exact) -> None:
    faults.arm("too_many")
    refused = exact.get("vat/VATCodes")
    assert refused.headers["X-RateLimit-Minutely-Remaining"] == "0"
    assert "X-RateLimit-Limit" not in refused.headers


def test_a_full_day_on_purpose_tells_of_the_day_only(exact: Exact) -> None:
    faults.arm("day_is_full")
    refused = exact.get("vat/VATCodes")
    told = {name for name in refused.headers if name.startswith("X-RateLimit")}
    assert told == {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}
    assert refused.headers["X-RateLimit-Remaining"] == "0"


def test_a_bare_429_tells_nothing(exact: Exact) -> None:
    faults.arm("bare_too_many")
    refused = exact.get("vat/VATCodes")
    assert [name for name in refused.headers if name.startswith("X-RateLimit")] == []


def test_a_403_on_purpose_may_carry_a_reason(exact: Exact) -> None:
    faults.arm("forbidden", reason="LicenseExpired")
    faults.arm("forbidden")
    with_reason, without = exact.get("vat/VATCodes"), exact.get("vat/VATCodes")
    assert with_reason.headers["Reason"] == "LicenseExpired"
    assert "Reason" not in without.headers
    assert message(without) == "Forbidden"


@pytest.mark.parametrize(("kind", "status"), [("gateway", 502), ("garbled", 200)])
def test_some_answers_are_pages_of_somebody_else(exact: Exact, kind: str, status: int) -> None:
    faults.arm(kind)
    answer = exact.get("vat/VATCodes")
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (status, "text/html")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


@pytest.mark.parametrize(("kind", "entries"), [("stall", 1), ("stall_answer", 1)])
def test_a_stall_outlasts_an_impatient_caller(exact: Exact, kind: str, entries: int) -> None:
    faults.arm(kind, path=ENTRIES, seconds=30)
    begun = real_time.monotonic()
    with pytest.raises(requests.exceptions.ReadTimeout):
        exact.session.post(exact.url(ENTRIES), json={"Journal": "60"}, timeout=(1, 0.05))
    assert real_time.monotonic() - begun < 5
    assert calls.count(ENTRIES, status=500) == entries, "it was worked through all the same"


def test_a_lost_refresh_has_rotated_the_pair(exact: Exact) -> None:
    faults.arm("lost_refresh")
    time.advance(600)
    with pytest.raises(requests.exceptions.ReadTimeout):
        exact.refresh()
    assert exact.refresh().status_code == 401


def test_a_fault_fits_by_method_pattern_and_division(exact: Exact) -> None:
    faults.arm("too_many", method="GET", path="vat/*", division=THERE, times=2)
    assert exact.get("vat/VATCodes").status_code == 200
    assert exact.get("hrm/Costcenters", division=THERE).status_code == 200
    assert exact.post("vat/VATCodes", {}, division=THERE).status_code == 500
    assert [exact.get("vat/VATCodes", division=THERE).status_code for _ in range(3)] == [429, 429, 200]


def test_clearing_disarms(exact: Exact) -> None:
    FaultFactory.create(times=5)
    assert exact.get("vat/VATCodes").status_code == 429
    faults.clear()
    assert exact.get("vat/VATCodes").status_code == 200


def test_there_is_no_fault_of_another_name() -> None:
    with pytest.raises(ValueError, match="sunspots"):
        faults.arm("sunspots")


def test_me_and_divisions_can_fail_too(exact: Exact) -> None:
    faults.arm("error_before_commit", path="current/Me")
    me = exact.url("").replace(f"/{HERE}/", "/current/Me")
    assert [exact.session.get(me).status_code for _ in range(2)] == [500, 200]
