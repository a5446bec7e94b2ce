"""Hooks at eConnect: made, changed, listed, removed, tried."""

import pytest

from apps.sandbox.econnect import network, switches
from tests.sandbox.econnect.driver import BAKERY, BAKERY_AS_TEXT, OF_THE_CLIENT, Econnect

URL = "https://postkamer.example/econnect/hook#secret"


@pytest.mark.parametrize(("verb", "put", "post"), [("both", 200, 200), ("PUT", 200, 405), ("POST", 405, 200)])
def test_which_verb_makes_a_hook_is_switched(econnect: Econnect, verb: str, put: int, post: int) -> None:
    switches.change(hook_verb=verb)
    for party in ("", BAKERY):
        assert econnect.hook(URL, verb="PUT", party=party).status_code == put
        assert econnect.hook(URL, verb="POST", party=party).status_code == post


def test_a_hook_is_told_as_it_was_made_and_changed_by_its_id(econnect: Econnect) -> None:
    made = econnect.hook(URL, "InvoiceReceived", filter="x", publishTopics=["A"]).json()
    assert {name: made[name] for name in ("id", "name", "action", "topics", "filter", "publishTopics")} == {
        "id": "main",
        "name": "Main",
        "action": URL,
        "topics": ["InvoiceReceived"],
        "filter": "x",
        "publishTopics": ["A"],
    }
    econnect.hook("mailto:in@postkamer.example", isActive=False)
    (told,) = econnect.get("hook").json()
    assert (told["id"], told["action"], told["isActive"]) == ("main", "mailto:in@postkamer.example", False)
    assert told["createdOn"] == made["createdOn"] <= told["changedOn"]


def test_the_hooks_of_a_party_are_its_own(econnect: Econnect) -> None:
    econnect.hook(URL)
    econnect.hook(URL, party=BAKERY)
    assert [len(econnect.get(path).json()) for path in ("hook", f"{BAKERY_AS_TEXT}/hook")] == [1, 1]
    assert econnect.call("DELETE", f"{BAKERY}/hook/main").status_code == 204
    assert [len(econnect.get(path).json()) for path in ("hook", f"{BAKERY}/hook")] == [1, 0]


def test_a_hook_is_removed_once(econnect: Econnect) -> None:
    econnect.hook(URL)
    assert [econnect.call("DELETE", "hook/main").status_code for _time in range(2)] == [204, 404]


@pytest.mark.parametrize(
    "body",
    [
        {"topics": []},
        {"action": "http://postkamer.example/hook"},
        {"action": "ftp://x/y"},
        {"action": "mailto:nobody"},
        {"action": "https://"},
        {"action": "http://["},
        {"action": URL, "topics": "InvoiceReceived"},
        {"action": URL, "topics": [1]},
    ],
)
def test_a_hook_that_cannot_be_called_is_refused(econnect: Econnect, body: dict[str, object]) -> None:
    assert econnect.call("PUT", "hook", json=body).status_code == 400
    assert econnect.get("hook").json() == []


def test_hooks_of_the_environment_are_the_firms(client_of_firm: Econnect) -> None:
    assert client_of_firm.hook(URL).status_code == 403
    assert client_of_firm.get("hook").status_code == 403
    assert client_of_firm.hook(URL, party=OF_THE_CLIENT).status_code == 200
    assert client_of_firm.hook(URL, party=BAKERY).status_code == 403


def test_without_the_permission_a_party_has_no_hooks(econnect: Econnect) -> None:
    network.parties.add(BAKERY, can_manage_hook=False)
    assert econnect.hook(URL, party=BAKERY).status_code == 403
    assert econnect.get(f"{BAKERY}/hook/ping").status_code == 403


def test_a_ping_is_one_test_message_to_each_active_hook_whatever_its_topics(econnect: Econnect) -> None:
    econnect.hook("http://127.0.0.1:9/hook#s", "OrderReceived")
    econnect.hook("http://127.0.0.1:9/hook#s", "OrderReceived", party=BAKERY)
    econnect.hook("http://127.0.0.1:9/hook#s", party="0106:70349243")
    switches.change(hook_delay_seconds=1)
    document_id = econnect.get(f"{BAKERY}/hook/ping").json()["id"]
    assert [notice.topic for notice in network.notices(document_id)] == ["Ping", "Ping"]
