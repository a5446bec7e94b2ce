"""Hooks as their receiver hears them."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import Settings

from apps.core import clock
from apps.sandbox import faults, time, transport
from apps.sandbox.econnect import delivering, hooks, network, payload, switches
from apps.sandbox.models import EconnectHook
from tests.sandbox.econnect.driver import BAKERY, INVOICE, NLCIUS, OF_THE_CLIENT, Econnect
from tests.sandbox.listener import Listener, listening

SECRET = "a-secret"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as server:
        yield server


@pytest.fixture
def heard(econnect: Econnect, listener: Listener) -> Listener:
    """Somebody who hears of all that is received."""
    econnect.hook(f"{listener.url}#{SECRET}")
    return listener


def bodies(listener: Listener) -> list[dict[str, Any]]:
    return [json.loads(body) for body in listener.heard]


def signed(listener: Listener) -> list[bool]:
    """Tell of each call whether its signature is right."""
    return [
        headers["X-EConnect-Signature"] == payload.signature(body, SECRET)
        for body, headers in zip(listener.heard, listener.headers, strict=True)
    ]


def moment(text: str) -> datetime:
    assert len(text) == len("2026-10-05T12:00:00.1234567+00:00")
    return datetime.fromisoformat(text)


def later(**step: float) -> int:
    time.advance(timedelta(**step))
    return network.deliver_due()


def test_a_document_is_told_with_its_particulars_signed_over_the_bytes(heard: Listener) -> None:
    sent = network.send(BAKERY, INVOICE)
    assert heard.heard == []
    assert network.deliver_due() == 1
    (told,) = bodies(heard)
    assert signed(heard) == [True]
    assert (told["topic"], told["partyId"], told["hookId"], told["documentId"]) == (
        "InvoiceReceived",
        BAKERY,
        "main",
        sent,
    )
    details = told["details"]
    assert (details["id"], details["sender"], details["recipient"]) == ("2026-10441", "0106:51439807", BAKERY)
    assert details["sourceDocumentTypeId"].endswith("billing:3.0::2.1")
    assert all(isinstance(value, str) for value in details.values())
    assert moment(told["createdOn"]) <= moment(told["sentOn"]) <= clock.now()
    assert heard.headers[0]["Content-Type"] == "application/json"
    assert network.deliver_due() == 0


def test_orders_and_failures_have_topics_of_their_own(heard: Listener, econnect: Econnect) -> None:
    network.send(BAKERY, b"<Order/>", family="order", sender="NL:KVK:11112222", number="PO-1")
    broken = network.fail_to_receive(BAKERY, INVOICE, words="BR-01 is broken")
    network.deliver_due()
    order, failure = bodies(heard)
    assert (order["topic"], order["details"]["sender"]) == ("OrderReceived", "0106:11112222")
    assert (order["details"]["id"], order["details"]["sourceDocumentTypeId"]) == ("PO-1", "")
    assert (failure["topic"], failure["documentId"]) == ("InvoiceReceivedError", broken)
    assert "BR-01 is broken" in failure["message"]
    assert econnect.download(broken).status_code == 404


def test_ids_are_told_in_text_where_that_is_switched(heard: Listener) -> None:
    switches.change(text_party_ids=True)
    network.send(BAKERY, INVOICE)
    network.deliver_due()
    (told,) = bodies(heard)
    assert (told["partyId"], told["details"]["sender"]) == ("NL:KVK:64134164", "NL:KVK:51439807")


@pytest.mark.parametrize(
    ("topics", "count"),
    [(["InvoiceReceived"], 1), (["Invoice*"], 1), (["*"], 1), (["OrderReceived"], 0), (["*Sent"], 0)],
)
def test_hooks_hear_their_topics(
    econnect: Econnect, listener: Listener, topics: list[str], count: int
) -> None:
    econnect.hook(f"{listener.url}#s", *topics)
    network.send(BAKERY, INVOICE)
    assert network.deliver_due() == count


def test_party_hooks_hear_of_their_party_and_silent_ones_of_nothing(
    econnect: Econnect, listener: Listener
) -> None:
    econnect.hook(f"{listener.url}#s", party=BAKERY)
    econnect.hook(f"{listener.url}#s", isActive=False)
    network.send("0106:70349243", INVOICE)
    sent = network.send(BAKERY, INVOICE)
    network.deliver_due()
    assert [told["documentId"] for told in bodies(listener)] == [sent]


@pytest.mark.parametrize(("own_only", "count"), [(False, 1), (True, 0)])
def test_the_environment_hears_of_a_clients_party_unless_switched(
    heard: Listener, own_only: bool, count: int
) -> None:
    switches.change(hooks_of_own_parties=own_only)
    network.send(OF_THE_CLIENT, INVOICE)
    assert network.deliver_due() == count


def test_a_new_hook_misses_events_where_that_is_switched(econnect: Econnect, listener: Listener) -> None:
    switches.change(hook_warm_up_seconds=30)
    econnect.hook(f"{listener.url}#s")
    network.send(BAKERY, INVOICE)
    time.advance(31)
    sent = network.send(BAKERY, INVOICE)
    network.deliver_due()
    assert [told["documentId"] for told in bodies(listener)] == [sent]


def test_what_is_not_taken_is_sent_until_it_is_signed_anew_each_time(heard: Listener) -> None:
    heard.status = 503
    network.send(BAKERY, INVOICE)
    network.deliver_due()
    assert network.deliver_due() == 0, "not at once"
    made = [later(minutes=minutes) for minutes in (1.1, 5.1, 15.1, 60.1, 240.1, 240.1)]
    assert made == [1] * 6
    heard.status = 200
    assert [later(minutes=241), later(minutes=241)] == [1, 0]
    sent = [moment(told["sentOn"]) for told in bodies(heard)]
    assert sent == sorted(set(sent))
    assert len({told["createdOn"] for told in bodies(heard)}) == 1
    assert signed(heard) == [True] * 8
    (notice,) = network.notices()
    assert (notice.attempts, notice.status, notice.done) == (8, 200, True)


def test_one_that_is_not_taken_does_not_hold_up_the_next(heard: Listener) -> None:
    heard.status = 500
    network.send(BAKERY, INVOICE)
    network.deliver_due()
    heard.status = 200
    second = network.send(BAKERY, INVOICE)
    network.deliver_due()
    assert bodies(heard)[-1]["documentId"] == second


def test_a_ping_is_sent_once_whatever_comes_of_it(econnect: Econnect, heard: Listener) -> None:
    switches.change(hook_delay_seconds=1)
    heard.status = 501
    econnect.get(f"{BAKERY}/hook/ping")
    assert [later(seconds=2), later(hours=1)] == [1, 0]
    assert bodies(heard)[0]["topic"] == "Ping"


def test_a_removed_hook_is_told_nothing_more(econnect: Econnect, heard: Listener) -> None:
    switches.change(hook_delay_seconds=5)
    network.send(BAKERY, INVOICE)
    econnect.call("DELETE", "hook/main")
    assert later(seconds=6) == 0


# Faults, each armed for one event, and as a habit.


def arm_or_switch(armed: bool, kind: str, seconds: float = 0, **habit: Any) -> None:
    if armed:
        faults.arm(kind, path="InvoiceReceived", seconds=seconds)
    else:
        switches.change(**habit)


@pytest.mark.parametrize("armed", [True, False])
def test_a_hook_may_come_twice(heard: Listener, armed: bool) -> None:
    arm_or_switch(armed, "hook_twice", hook_times=2)
    sent = network.send(BAKERY, INVOICE)
    assert network.deliver_due() == 2
    assert [told["documentId"] for told in bodies(heard)] == [sent, sent]
    network.send(BAKERY, INVOICE)
    assert network.deliver_due() == (1 if armed else 2)


@pytest.mark.parametrize("armed", [True, False])
def test_a_hook_may_be_lost(heard: Listener, econnect: Econnect, armed: bool) -> None:
    arm_or_switch(armed, "hook_lost", hooks_lost=True)
    sent = network.send(BAKERY, INVOICE)
    assert [network.deliver_due(), later(days=1)] == [0, 0]
    assert [notice.mishap for notice in network.notices(sent)] == ["hook_lost"]
    assert Econnect().download(sent).status_code == 200, "the document is there all the same"
    network.send(BAKERY, INVOICE)
    assert network.deliver_due() == (1 if armed else 0)


@pytest.mark.parametrize("armed", [True, False])
def test_a_hook_may_come_late(heard: Listener, armed: bool) -> None:
    arm_or_switch(armed, "hook_late", 120, hook_delay_seconds=120)
    late = network.send(BAKERY, INVOICE)
    switches.change(hook_delay_seconds=0)
    prompt = network.send(BAKERY, INVOICE)
    assert [network.deliver_due(), later(seconds=110), later(seconds=11)] == [1, 0, 1]
    first, second = bodies(heard)
    assert (first["documentId"], second["documentId"]) == (prompt, late)
    assert moment(second["sentOn"]) - moment(second["createdOn"]) >= timedelta(seconds=120)


def test_hooks_may_come_newest_first(heard: Listener) -> None:
    switches.change(hooks_reversed=True)
    sent = [network.send(BAKERY, INVOICE) for _time in range(3)]
    network.deliver_due()
    assert [told["documentId"] for told in bodies(heard)] == sent[::-1]


@pytest.mark.parametrize("armed", [True, False])
def test_a_signature_may_be_wrong(heard: Listener, armed: bool) -> None:
    heard.status = 403
    arm_or_switch(armed, "hook_bad_signature", hooks_badly_signed=True)
    network.send(BAKERY, INVOICE)
    network.deliver_due()
    later(minutes=2)
    assert signed(heard) == [False, armed], "what is armed spoils the first attempt only"


@pytest.mark.parametrize("armed", [True, False])
def test_sent_on_may_be_old(heard: Listener, armed: bool) -> None:
    heard.status = 400
    arm_or_switch(armed, "hook_stale", 400, hooks_stale_seconds=400)
    network.send(BAKERY, INVOICE)
    network.deliver_due()
    (told,) = bodies(heard)
    assert timedelta(seconds=399) < clock.now() - moment(told["sentOn"]) < timedelta(seconds=410)
    assert signed(heard) == [True]
    later(minutes=2)
    age = clock.now() - moment(bodies(heard)[1]["sentOn"])
    assert (age < timedelta(seconds=10)) == armed


def test_faults_of_hooks_are_met_by_hooks_of_their_topic_only(heard: Listener, econnect: Econnect) -> None:
    faults.arm("hook_lost", path="OrderReceived")
    faults.arm("error_before_commit", times=2)
    network.send(BAKERY, INVOICE)
    assert network.deliver_due() == 1
    assert [econnect.get("me").status_code for _time in range(3)] == [500, 500, 200]


# Where it goes.


def test_the_product_beside_the_sandbox_is_called_in_this_process_with_the_signature(
    econnect: Econnect, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, bytes, Any]] = []

    def take(url: str, body: bytes, headers: Any) -> Any:
        heard.append((url, body, headers))
        return HttpResponse(status=200)

    monkeypatch.setattr(transport, "into_product", take)
    econnect.hook(f"http://127.0.0.1:8000/econnect/hook/#{SECRET}")
    network.send(BAKERY, INVOICE)
    econnect.get("me")
    ((url, body, headers),) = heard
    assert url == "http://127.0.0.1:8000/econnect/hook/"
    assert headers == {"X-EConnect-Signature": payload.signature(body, SECRET)}
    assert network.notices()[0].done


def test_headers_and_bytes_reach_the_view_of_the_product(settings: Settings) -> None:
    def hear(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.body + request.headers["X-EConnect-Signature"].encode())

    settings.ROOT_URLCONF = (path("hook/", hear),)
    answer = transport.into_product("http://127.0.0.1:8000/hook/", b"body ", {"X-EConnect-Signature": "x"})
    assert isinstance(answer, HttpResponse)
    assert answer.content == b"body x"


def test_a_fault_of_the_receiver_does_not_reach_the_call(
    econnect: Econnect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> None:
        raise RuntimeError("a fault of the receiver")

    monkeypatch.setattr(transport, "into_product", fail)
    econnect.hook("http://127.0.0.1:8000/econnect/hook/#s")
    sent = network.send(BAKERY, INVOICE)
    assert econnect.download(sent, targetDocumentTypeId=NLCIUS).status_code == 200
    assert network.notices()[0].status == 500


def test_nothing_but_this_machine_is_ever_called(econnect: Econnect) -> None:
    econnect.hook("https://postkamer.example/hook#s")
    network.send(BAKERY, INVOICE)
    assert network.deliver_due() == 1
    assert network.notices()[0].status == 0


def test_a_turn_that_was_left_open_ends_by_itself(heard: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    EconnectHook.objects.update(busy="somebody", busy_until=time.machine_seconds() + 5)
    network.send(BAKERY, INVOICE)
    assert network.deliver_due() == 0, "one request at a time"
    EconnectHook.objects.update(busy_until=time.machine_seconds() - 1)
    assert network.deliver_due() == 1


@pytest.mark.django_db(transaction=True)
def test_a_hook_gets_one_request_at_a_time_and_each_once(transactional_db: None, listener: Listener) -> None:
    listener.pause = 0.05
    hooks.keep(None, {"action": f"{listener.url}#s", "topics": ["*"]})
    sent = [network.send(BAKERY, INVOICE) for _time in range(6)]

    def work() -> None:
        try:
            while any(not notice.done for notice in network.notices()):
                network.deliver_due(alone=True)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _time in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert [told["documentId"] for told in bodies(listener)] == sent
    assert listener.most_at_once == 1


@pytest.mark.django_db(transaction=True)
def test_over_the_wire_a_call_does_not_wait_for_its_hooks(transactional_db: None, listener: Listener) -> None:
    hooks.keep(None, {"action": f"{listener.url}#s", "topics": ["*"]})
    sent = network.send(BAKERY, INVOICE)
    delivering.after_call(alone=True)
    for thread in threading.enumerate():
        if thread.daemon and thread is not threading.current_thread():
            thread.join(10)
    assert [told["documentId"] for told in bodies(listener)] == [sent]


def test_the_clock_of_the_sandbox_is_in_the_body(heard: Listener) -> None:
    time.move_to(datetime(2027, 3, 1, 8, 0, tzinfo=UTC))
    network.send(BAKERY, INVOICE)
    network.deliver_due()
    assert bodies(heard)[0]["sentOn"].startswith("2027-03-01T08:00:0")
