import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from apps.sandbox import switches, time, transport
from apps.sandbox.exact import removal, store, webhooks
from apps.sandbox.models import Delivery, RegisteredApp
from tests.sandbox.driver import Exact, entry_body, message
from tests.sandbox.listener import Listener, listening
from tests.sandbox.small_firm import HERE, THERE, key

PATH = "webhooks/WebhookSubscriptions"
SUPPLIER = "Jansen Techniek"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as server:
        yield server


@pytest.fixture
def heard(exact: Exact, listener: Listener) -> Listener:
    """Somebody who subscribed to relations and to purchase entries, and is told at a second call only."""
    for topic in ("Accounts", "PurchaseEntries"):
        assert subscribe(exact, listener.url, topic).status_code == 201
    switches.change(webhook_delay_seconds=60)
    listener.heard.clear()
    return listener


def subscribe(exact: Exact, url: str, topic: str = "Accounts", division: int = HERE) -> Any:
    return exact.post(PATH, {"CallbackURL": url, "Topic": topic}, division)


def rename(name: str, division: int = HERE) -> None:
    card = store.rows("crm/Accounts", division).get(key=key(SUPPLIER, division))
    store.put("crm/Accounts", division, {**card.data, "Name": name})


def deliver() -> int:
    time.advance(timedelta(minutes=1, seconds=1))
    return webhooks.deliver_due()


def test_a_subscription_is_made_after_an_empty_post_was_answered(exact: Exact, listener: Listener) -> None:
    made = subscribe(exact, listener.url)
    assert made.status_code == 201
    assert listener.heard == [b""]
    rows = exact.rows(PATH, select="ID,Topic,CallbackURL,ClientID")
    assert [(row["Topic"], row["CallbackURL"]) for row in rows] == [("Accounts", listener.url)]
    assert rows[0]["ClientID"] == RegisteredApp.objects.get().client_id


@pytest.mark.parametrize("status", [301, 404, 500])
def test_without_a_2xx_no_subscription_is_made(exact: Exact, listener: Listener, status: int) -> None:
    listener.status = status
    refused = subscribe(exact, listener.url)
    assert refused.status_code == 500
    assert message(refused).startswith(f"Invalid: Post to callback URL endpoint returns {status}")
    assert exact.rows(PATH) == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/hook", "https://postkamer.example/hook", "hook", "http://["]
)
def test_where_nobody_answers_no_subscription_is_made(exact: Exact, url: str) -> None:
    refused = subscribe(exact, url)
    assert refused.status_code == 500
    assert message(refused).startswith("Invalid: Post to callback URL endpoint returns 0")


def test_a_second_subscription_to_a_topic_is_refused_and_nobody_is_called(
    exact: Exact, listener: Listener
) -> None:
    subscribe(exact, listener.url)
    again = subscribe(exact, listener.url)
    assert (again.status_code, message(again)) == (500, "Gegeven bestaat reeds.")
    assert listener.heard == [b""]
    assert subscribe(exact, listener.url, "Items").status_code == 201
    assert subscribe(exact, listener.url, division=THERE).status_code == 201


def test_an_unknown_topic_is_refused(exact: Exact, listener: Listener) -> None:
    refused = subscribe(exact, listener.url, "Suppliers")
    assert refused.status_code == 500
    assert message(refused).startswith("Ongeldig: ")
    assert listener.heard == []


def test_a_subscription_cannot_be_changed_but_removed(exact: Exact, listener: Listener) -> None:
    one = f"{PATH}(guid'{subscribe(exact, listener.url).json()['d']['ID']}')"
    assert exact.put(one, {"Topic": "Items"}).status_code == 405
    assert exact.delete(one).status_code == 204
    rename("Nobody is told")
    assert Delivery.objects.count() == 0


def test_a_change_is_told_in_signed_json_without_blanks(exact: Exact, heard: Listener) -> None:
    rename("Another name")
    assert deliver() == 1
    body = heard.heard[0]
    content = body[len(b'{"Content":') : body.rindex(b',"HashCode":')]
    told = json.loads(body)
    secret = RegisteredApp.objects.get().webhook_secret.encode()
    assert told["HashCode"] == hmac.new(secret, content, hashlib.sha256).hexdigest().upper()
    assert b" " not in body
    assert list(told["Content"]) == [
        "Topic", "ClientId", "Division", "Action", "Key", "ExactOnlineEndpoint", "EventCreatedOn",
    ]  # fmt: skip
    assert told["Content"]["ClientId"] == f"{{{RegisteredApp.objects.get().client_id}}}"
    assert (told["Content"]["Division"], told["Content"]["Key"]) == (HERE, key(SUPPLIER))


def test_create_update_and_delete_are_told_of_a_subscribed_topic_and_division(
    exact: Exact, heard: Listener
) -> None:
    made = exact.post("crm/Accounts", {"Name": "New"}).json()["d"]["ID"]
    exact.put(f"crm/Accounts(guid'{made}')", {"Name": "Newer"})
    exact.delete(f"crm/Accounts(guid'{made}')")
    rename("Elsewhere", THERE)
    exact.post("logistics/Items", {"Code": "X", "Description": "Not subscribed"})
    deliver()
    assert [(told["Action"], told["Key"]) for told in heard.told] == [
        ("Create", made),
        ("Update", made),
        ("Delete", made),
    ]


def test_an_entry_is_told_with_its_lines(exact: Exact, heard: Listener) -> None:
    entry = exact.entry().json()["d"]["EntryID"]
    deliver()
    (line,) = [row.key for row in store.rows("purchaseentry/PurchaseEntryLines", HERE).filter(parent=entry)]
    assert [(told["Topic"], told["Action"], told["Key"]) for told in heard.told] == [
        ("PurchaseEntries", "Create", entry),
        ("PurchaseEntries", "Create", line),
    ]


def test_what_was_refused_is_not_told(exact: Exact, heard: Listener) -> None:
    assert exact.post("purchaseentry/PurchaseEntries", entry_body(Journal="?")).status_code == 500
    assert deliver() == 0


def test_rows_that_a_division_removes_are_told(exact: Exact, heard: Listener) -> None:
    removal.remove(store.rows("crm/Accounts", HERE).filter(key=key(SUPPLIER)))
    deliver()
    assert [told["Action"] for told in heard.told] == ["Delete"]


def test_webhooks_can_come_late_doubled_and_newest_first(exact: Exact, heard: Listener) -> None:
    switches.change(webhook_times=2, webhooks_reversed=True)
    rename("First")
    time.advance(1)
    rename("Second")
    assert webhooks.deliver_due() == 0
    assert deliver() == 4
    moments = [told["EventCreatedOn"] for told in heard.told]
    assert moments == sorted(moments, reverse=True)
    assert len(set(moments)) == len(set(heard.heard)) == 2
    assert deliver() == 0


def test_what_is_not_taken_is_sent_three_more_times(exact: Exact, heard: Listener) -> None:
    heard.status = 503
    rename("Another name")
    tries = 0
    for _hour in range(6):
        tries += deliver()
        time.advance(timedelta(hours=1))
    assert tries == len(heard.heard) == 4
    delivery = Delivery.objects.get()
    assert (delivery.done, delivery.status) == (True, 503)


def test_nothing_but_this_machine_is_ever_called(exact: Exact, heard: Listener) -> None:
    rename("Another name")
    Delivery.objects.update(url="https://postkamer.example/hook")
    assert deliver() == 1
    assert Delivery.objects.get().status == 0


def test_the_product_beside_the_sandbox_is_called_in_this_process(exact: Exact) -> None:
    refused = subscribe(exact, "http://127.0.0.1:8000/exact/webhook/0/")
    assert message(refused) == "Invalid: Post to callback URL endpoint returns 404 Not Found"


def test_a_fault_of_the_receiver_does_not_reach_the_call(
    exact: Exact, heard: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> None:
        raise RuntimeError("a fault of the receiver")

    monkeypatch.setattr(transport, "into_product", fail)
    rename("Another name")
    Delivery.objects.update(url="http://127.0.0.1:8000/exact/webhook/1/")
    time.advance(timedelta(minutes=2))
    assert exact.get("crm/Accounts", filter=f"ID eq guid'{key(SUPPLIER)}'").status_code == 200
    assert Delivery.objects.get().status == 500


@pytest.mark.django_db(transaction=True)
def test_over_the_wire_a_call_does_not_wait_for_its_webhook(
    transactional_db: None, listener: Listener
) -> None:
    from apps.sandbox import seed

    seed.reset()
    store.put(
        PATH,
        HERE,
        {"ID": key("hook"), "Topic": "Accounts", "CallbackURL": listener.url, "ClientID": seed.CLIENT_ID},
    )
    store.put("crm/Accounts", HERE, {"ID": key("new"), "Name": "New", "Code": "1"})
    webhooks.after_call(alone=True)
    for thread in threading.enumerate():
        if thread.daemon and thread is not threading.current_thread():
            thread.join(10)
    assert [told["Key"] for told in listener.told] == [key("new")]
    assert Delivery.objects.get().done
