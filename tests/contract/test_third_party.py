"""An independent client of Exact Online, written against the real service, works with the sandbox."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from exactonline.api import ExactApi
from exactonline.http import HTTPError, opt_secure
from exactonline.resource import GET
from exactonline.storage.base import ExactOnlineConfig, MissingSetting

ROOT = Path(__file__).parents[2]


class Memory(ExactOnlineConfig):  # type: ignore[misc]
    """Storage of the client: everything in a dictionary."""

    def __init__(self, facts: dict[str, Any]) -> None:
        base = facts["base_url"]
        self.kept = {
            ("server", "auth_url"): f"{base}/api/oauth2/auth",
            ("server", "rest_url"): f"{base}/api",
            ("server", "token_url"): f"{base}/api/oauth2/token",
            ("application", "base_url"): facts["redirect_uri"],
            ("application", "client_id"): facts["client_id"],
            ("application", "client_secret"): facts["client_secret"],
        }

    def get(self, section: str, option: str) -> str:
        if (section, option) not in self.kept:
            raise MissingSetting
        return str(self.kept[section, option])

    def set(self, section: str, option: str, value: str) -> None:
        self.kept[section, option] = value


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    data = tmp_path_factory.mktemp("sandbox")
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
def api(facts: dict[str, Any]) -> Iterator[ExactApi]:
    """The client, signed in with the code."""
    before = opt_secure.protocols
    opt_secure.protocols = ("http", "https")
    client = ExactApi(storage=Memory(facts))
    client.request_token(facts["code"])
    client.set_division(facts["divisions"][0])
    yield client
    opt_secure.protocols = before


def within(environment: dict[str, str], code: str) -> None:
    """Run a line of Python in another process on the same sandbox data."""
    subprocess.run([sys.executable, "manage.py", "shell", "-c", code], cwd=ROOT, env=environment, check=True)


def test_it_finds_the_divisions(api: ExactApi, facts: dict[str, Any]) -> None:
    divisions, current = api.get_divisions()
    assert set(divisions) <= set(facts["divisions"])
    assert current in divisions


def test_it_pages_through_accounts(api: ExactApi) -> None:
    accounts = api.relations.filter(filter="IsSupplier eq true")
    assert len(accounts) > 60, "more than a page"
    assert len({account["ID"] for account in accounts}) == len(accounts)
    found = api.relations.get(relation_code=accounts[0]["Code"].strip())
    assert found["ID"] == accounts[0]["ID"], "codes are padded in filters too"


def test_accounts_without_a_filter_are_refused(api: ExactApi) -> None:
    with pytest.raises(HTTPError) as refused:
        api.relations.all()
    assert refused.value.code == 400


def test_it_creates_an_entry_and_reads_it_back(api: ExactApi) -> None:
    journal = api.restv1(GET("financial/Journals?$filter=Type+eq+22&$select=Code"))[0]["Code"]
    supplier = api.restv1(
        GET("crm/Accounts?$filter=IsSupplier+eq+true+and+Blocked+eq+false&$select=ID,GLAccountPurchase")
    )
    card = next(row for row in supplier if row["GLAccountPurchase"])
    entry = {
        "Journal": journal,
        "Supplier": card["ID"],
        "YourRef": "CONTRACT-1",
        "EntryDate": "2026-10-05",
        "PurchaseEntryLines": [{"GLAccount": card["GLAccountPurchase"], "AmountFC": 12.5}],
    }
    entries = "purchaseentry/PurchaseEntries"
    manager = api.relations.__class__(api)
    manager.resource = entries
    made = manager.create(entry)
    manager_get = api.restv1(
        GET(f"{entries}?$filter=YourRef+eq+'CONTRACT-1'&$select=EntryID,EntryNumber,AmountFC")
    )
    assert [row["EntryID"] for row in manager_get] == [made["EntryID"]]
    assert manager_get[0]["EntryNumber"] == made["EntryNumber"]


def test_it_refreshes_when_the_sandbox_clock_says_so(api: ExactApi, environment: dict[str, str]) -> None:
    first = api.storage.get_access_token()
    within(environment, "from apps.sandbox import time; time.advance(600)")
    time.sleep(1.1)
    assert api.restv1(GET("vat/VATCodes?$select=Code"))
    assert api.storage.get_access_token() != first


def test_a_lost_answer_closes_the_connection(
    api: ExactApi, environment: dict[str, str], facts: dict[str, Any]
) -> None:
    within(environment, "from apps.sandbox import faults; faults.arm('dropped_answer', path='vat/VATCodes')")
    url = f"{facts['base_url']}/api/v1/{facts['divisions'][0]}/vat/VATCodes"
    headers = {"Authorization": f"Bearer {api.storage.get_access_token()}", "Accept": "application/json"}
    session = requests.Session()
    session.trust_env = False
    with session, pytest.raises(requests.ConnectionError):
        session.get(url, headers=headers, timeout=10)
    with session:
        assert session.get(url, headers=headers, timeout=10).status_code == 200


def test_the_page_is_open_to_everybody_when_the_sandbox_runs_alone(facts: dict[str, Any]) -> None:
    page = requests.get(facts["base_url"].removesuffix("exact"), timeout=10)
    assert page.status_code == 200
    assert facts["client_id"] in page.text


def test_a_reset_throws_the_bookings_away(facts: dict[str, Any], environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "sandbox", "--reset"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    assert done.stdout == ""
    check = "from apps.sandbox.models import Row, Token; assert Row.objects.exists() and not Token.objects.exists()"
    within(environment, check)
