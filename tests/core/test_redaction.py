import logging

import pytest
from pytest_django import Settings

from apps.core.redaction import Redact, redact


@pytest.mark.parametrize(
    "line",
    [
        "POST refresh_token=stampNL001.hush!&grant_type=refresh_token",
        '{"access_token": "hush!", "expires_in": "600"}',
        "{'client_secret': 'hush'}",
        "Authorization: Bearer hush.hush-hush_hush",
        "GET /exact/callback/?code=hush%21&state=x",
        "password=hush",
        "Forbidden (CSRF token missing.): /exact/share/hush-hush_Hush0123456789abcdefghijklmnop123/",
        "Found: /accounts/login/?next=%2Fexact%2Fshare%2Fhush-hush_Hush0123456789abcdefghijklmnop%2F",
        f"Internal Server Error: /questions/{'hush' * 16}/",
    ],
)
def test_no_secret_is_left_in_a_line(line: str) -> None:
    assert "hush" not in redact(line)
    assert "***" in redact(line)


def test_what_is_no_secret_stays() -> None:
    assert (
        redact("posted entry 26700001 for division 3100101") == "posted entry 26700001 for division 3100101"
    )
    for line in ("Gone: /exact/sharelink/12/change/", "Not Found: /questions/x/"):
        assert redact(line) == line


def test_a_secret_among_the_arguments_of_a_log_call_is_kept_out_too() -> None:
    record = logging.LogRecord("urllib3", logging.DEBUG, "", 1, "%s %s", ("POST", "refresh_token=hush"), None)
    assert Redact().filter(record)
    assert record.getMessage() == "POST refresh_token=***"


def test_the_three_talkative_loggers_never_reach_debug() -> None:
    for name in ("requests_oauthlib", "oauthlib", "urllib3"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG), name


def test_the_console_handler_redacts(settings: Settings) -> None:
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["redact"]
