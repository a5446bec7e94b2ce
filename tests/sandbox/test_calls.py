"""The log of calls."""

import pytest

from apps.sandbox import calls
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


def test_only_the_last_calls_are_kept(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "KEPT", 20)
    calls.clear()
    for _ in range(600):
        calls.record("GET", "vat/VATCodes", 200)
    assert calls.count() < 600
