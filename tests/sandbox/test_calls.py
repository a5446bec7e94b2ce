"""The log of calls."""

import pytest
import requests

from apps.core import clock
from apps.sandbox import calls, switches
from apps.sandbox.models import Call
from tests.sandbox.driver import Exact
from tests.sandbox.small_firm import HERE, THERE


def test_calls_are_counted_by_what_they_asked(exact: Exact) -> None:
    calls.clear()
    exact.get("vat/VATCodes")
    exact.get("vat/VATCodes(guid'x')")
    exact.get("vat/VATCodes", division=THERE)
    assert calls.count() == 3
    assert calls.count("vat/VATCodes", division=HERE) == 2
    assert calls.count("vat/VATCodes", division=HERE, status=200) == 1
    assert calls.count(method="POST") == 0


def test_the_newest_call_comes_first(exact: Exact) -> None:
    exact.get("vat/VATCodes", top=1)
    exact.refresh()
    newest, before = calls.recent(2)
    assert (newest.method, newest.path, newest.status) == ("POST", "oauth2/token", 400)
    assert (before.path, before.query) == ("vat/VATCodes", "%24top=1")


def test_calls_that_overlap_are_counted(small: None) -> None:
    calls.clear()
    for began, ended, division in ((1, 4, HERE), (2, 3, HERE), (3, 5, HERE), (2, 9, THERE)):
        Call.objects.create(
            at=clock.now(), began=began, ended=ended, method="GET", path="x", division=division, status=200
        )
    assert calls.most_at_once(HERE) == 2, "one ends where the next begins"
    assert calls.most_at_once() == 3
    assert calls.most_at_once(1) == 0


def test_me_and_tokens_are_in_the_log(exact: Exact) -> None:
    calls.clear()
    exact.session.get(exact.url("").replace(f"/{HERE}/", "/current/Me"))
    exact.refresh()
    assert calls.count("current/Me", division=None) == calls.count("oauth2/token", division=None) == 1


def test_a_call_takes_as_long_as_the_settings_say_but_no_longer_than_the_caller_waits(exact: Exact) -> None:
    switches.change(latency_ms=40)
    calls.clear()
    exact.get("vat/VATCodes")
    call = Call.objects.get()
    assert 0.04 <= call.ended - call.began < 5
    switches.change(latency_ms=60_000)
    begun = clock.stopwatch()
    with pytest.raises(requests.exceptions.ReadTimeout):
        exact.session.get(exact.url("vat/VATCodes"), timeout=(1, 0.05))
    assert clock.stopwatch() - begun < 5


def test_only_the_last_calls_are_kept(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "KEPT", 20)
    calls.clear()
    for _ in range(600):
        calls.end(calls.begin("GET", "vat/VATCodes"), 200)
    assert calls.count() < 600
