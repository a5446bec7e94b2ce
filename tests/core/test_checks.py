import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from apps.core.checks import startable
from tests.shared import ROOT


def _ids() -> list[str | None]:
    return [error.id for error in startable()]


def test_a_bare_run_may_start() -> None:
    assert _ids() == []


def test_a_missing_secret_key_is_refused(settings: Settings) -> None:
    settings.SECRET_KEY = "unset"
    assert _ids() == ["core.E001"]


@pytest.mark.parametrize("keys", [[], ["secret"], ["Zm9v"]])
def test_missing_or_wrong_token_keys_are_refused(settings: Settings, keys: list[str]) -> None:
    settings.TOKEN_KEYS = keys
    assert _ids() == ["core.E002"]


@pytest.mark.parametrize("name", ["EXACT_CLIENT_ID", "EXACT_CLIENT_SECRET", "ECONNECT_CLIENT_SECRET"])
def test_the_sandbox_and_real_credentials_exclude_each_other(settings: Settings, name: str) -> None:
    setattr(settings, name, "real")
    assert _ids() == ["core.E003"]
    settings.SANDBOX = False
    assert _ids() == []


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("http://start.exactonline.nl", ["core.E004"]),
        ("https://start.exactonline.nl", []),
        ("http://127.0.0.1:9000", []),
    ],
)
def test_plain_http_is_refused_except_on_this_machine(settings: Settings, url: str, ids: list[str]) -> None:
    settings.SANDBOX = False
    settings.EXACT_BASE_URL = url
    settings.PUBLIC_URL = ""
    assert _ids() == ids
    settings.EXACT_BASE_URL, settings.PUBLIC_URL = "", url
    assert _ids() == ids


@pytest.mark.parametrize(
    ("url", "ids"), [("https://start.exactonline.nl", ["core.E003"]), ("http://127.0.0.1:9", [])]
)
def test_the_sandbox_calls_this_machine_alone(settings: Settings, url: str, ids: list[str]) -> None:
    settings.EXACT_BASE_URL = url
    assert _ids() == ids


def test_the_web_server_does_not_start_without_keys_outside_the_sandbox(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "SANDBOX": "0", "DATA_DIR": str(tmp_path)}
    start = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert start.returncode != 0
    assert "SECRET_KEY is missing" in start.stderr
    assert "TOKEN_KEYS is missing" in start.stderr
