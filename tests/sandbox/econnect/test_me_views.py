"""Who the caller is, and its parties."""

from apps.sandbox import firm
from apps.sandbox.econnect import network, switches
from tests.sandbox.econnect.driver import DEAF, OF_THE_CLIENT, Econnect, words

ALL = {
    "canSendDocument": True,
    "canReceiveDocument": True,
    "canRemoveDocument": True,
    "canManageHook": True,
    "canChangeDocumentStatus": True,
}


def test_the_firm_has_a_party_for_each_administration(econnect: Econnect) -> None:
    told = {party["id"]: party for party in econnect.get("me/party").json()}
    for division in firm.DIVISIONS:
        party = told[f"0106:{division.kvk}"]
        assert (party["name"], party["permissions"]) == (division.name, ALL)
    assert told[DEAF]["permissions"] == {**ALL, "canReceiveDocument": False}
    assert OF_THE_CLIENT not in told


def test_the_user_of_a_client_has_its_own(client_of_firm: Econnect) -> None:
    assert [party["id"] for party in client_of_firm.get("me/party").json()] == [OF_THE_CLIENT]
    assert client_of_firm.get("me").json()["name"] == firm.parties.USERNAME


def test_parties_come_and_go(econnect: Econnect) -> None:
    network.parties.add("NL:KVK:11112222", "New client")
    network.parties.remove(DEAF)
    told = [party["id"] for party in econnect.get("me/party").json()]
    assert "0106:11112222" in told
    assert DEAF not in told


def test_ids_can_be_told_in_text(econnect: Econnect) -> None:
    switches.change(text_party_ids=True)
    assert {party["id"].split(":")[1] for party in econnect.get("me/party").json()} == {"KVK", "VAT"}


def test_a_subscription_key_can_be_demanded(econnect: Econnect) -> None:
    switches.change(subscription_key="key-1")
    assert econnect.get("me").status_code == 401
    econnect.session.headers["Subscription-Key"] = "key-1"
    assert econnect.get("me").status_code == 200


def test_an_answer_without_an_address_is_a_refusal_like_others(econnect: Econnect) -> None:
    assert "not found" in words(econnect.get("nothing"))
