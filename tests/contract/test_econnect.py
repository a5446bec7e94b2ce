"""The simulated eConnect over the wire, in a process of its own, as any client would meet it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from apps.sandbox.econnect import payload
from tests.sandbox.listener import Listener, listening
from tests.shared import ROOT

SAMPLE = ROOT / "fixtures/documents/01-zwaluw-bloem.xml"
BAKERY = "0106:64134164"
FAMILIES = f"{BAKERY}/purchaseInvoice"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    data = tmp_path_factory.mktemp("econnect")
    return {**os.environ, "DATA_DIR": str(data), "SANDBOX": "1", "NO_PROXY": "*", "no_proxy": "*"}


@pytest.fixture(scope="module")
def facts(environment: dict[str, str]) -> Iterator[dict[str, Any]]:
    """What a sandbox of its own, in its own process, tells about itself."""
    command = [sys.executable, "manage.py", "sandbox", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0


@pytest.fixture(scope="module")
def session(facts: dict[str, Any]) -> Iterator[requests.Session]:
    """A client that is signed in."""
    form = {
        "grant_type": "client_credentials",
        "scope": "ap",
        "client_id": facts["econnect_client_id"],
        "client_secret": facts["econnect_client_secret"],
    }
    with requests.Session() as made:
        made.trust_env = False
        told = made.post(f"{facts['econnect_identity_url']}/connect/token", data=form, timeout=10).json()
        made.headers["Authorization"] = f"{told['token_type']} {told['access_token']}"
        yield made


@pytest.fixture(scope="module")
def api(facts: dict[str, Any]) -> str:
    return f"{facts['econnect_url']}/api/v1"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as server:
        yield server


def within(environment: dict[str, str], code: str) -> str:
    """Run a line of Python in another process on the same sandbox data; return what it printed."""
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def received(environment: dict[str, str], hook_times: int = 1) -> str:
    """Let a sample arrive; return its document id. Its hooks are called by the next call."""
    code = (
        "from pathlib import Path; from apps.sandbox.econnect import network; "
        f"network.change(hook_times={hook_times}); "
        f"print(network.send('{BAKERY}', Path('{SAMPLE}').read_bytes()))"
    )
    return within(environment, code)


def wait_for(listener: Listener, count: int) -> None:
    until = time.monotonic() + 20
    while len(listener.headers) < count and time.monotonic() < until:
        time.sleep(0.02)
    assert len(listener.headers) == count


def test_the_parties_are_those_it_tells_of(
    session: requests.Session, facts: dict[str, Any], api: str
) -> None:
    told = session.get(f"{api}/me/party", timeout=10).json()
    assert [party["id"] for party in told] == facts["parties"]


def test_a_document_goes_all_the_way(
    session: requests.Session, api: str, environment: dict[str, str], listener: Listener
) -> None:
    hook = {"id": "h", "name": "Main", "action": f"{listener.url}#secret", "topics": ["InvoiceReceived"]}
    assert session.put(f"{api}/hook", json=hook, timeout=10).status_code == 200
    sent = received(environment)
    assert session.get(f"{api}/me", timeout=10).status_code == 200
    wait_for(listener, 1)
    body, headers = listener.heard[0], listener.headers[0]
    assert headers["X-EConnect-Signature"] == payload.signature(body, "secret")
    assert json.loads(body)["documentId"] == sent
    address = f"{api}/{FAMILIES}/{sent}"
    download = session.get(f"{address}/download", timeout=10)
    assert download.content == SAMPLE.read_bytes()
    answer = session.post(f"{address}/response", json={"status": "AB"}, timeout=10)
    assert answer.status_code == 200
    assert session.delete(address, timeout=10).status_code == 204
    gone = session.get(f"{address}/download", timeout=10)
    assert (gone.status_code, gone.json()["code"]) == (404, "API404")


def test_a_lost_answer_closes_the_connection(
    session: requests.Session, api: str, environment: dict[str, str]
) -> None:
    sent = received(environment)
    within(
        environment, "from apps.sandbox import faults; faults.arm('dropped_answer', path='econnect/delete')"
    )
    with pytest.raises(requests.ConnectionError):
        session.delete(f"{api}/{FAMILIES}/{sent}", timeout=10)
    assert session.delete(f"{api}/{FAMILIES}/{sent}", timeout=10).status_code == 404


def test_an_id_may_be_escaped_in_the_address(
    session: requests.Session, api: str, environment: dict[str, str]
) -> None:
    sent = received(environment)
    for party in ("NL%3AKVK%3A64134164", "iso6523-actorid-upis%3A%3A0106%3A64134164"):
        address = f"{api}/{party}/purchaseInvoice/{sent}/download"
        assert session.get(address, timeout=10).status_code == 200
