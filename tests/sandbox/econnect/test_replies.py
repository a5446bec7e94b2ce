"""What may be said to the sender of a document."""

from typing import Any

import pytest

from apps.sandbox.econnect import network
from tests.sandbox.econnect.driver import BAKERY, INVOICE, Econnect, words

REASON: dict[str, Any] = {"reasons": {"REF": "Order number is missing"}}


@pytest.fixture
def sent(econnect: Econnect) -> str:
    """An invoice for the bakery."""
    return network.send(BAKERY, INVOICE)


def test_it_is_acknowledged_first(econnect: Econnect, sent: str) -> None:
    refused = econnect.respond(sent, "UQ", **REASON)
    assert refused.status_code == 400
    assert "AB" in words(refused)
    assert econnect.respond(sent, "AB").status_code == 200
    made = econnect.respond(sent, "UQ", note="Which order?", actions={"PIN": ""}, **REASON)
    assert made.status_code == 200
    first, second = network.answers(sent)
    assert (first.status, second.status, second.response_id) == ("AB", "UQ", made.json()["id"])
    assert (second.reasons, second.actions, second.note) == (REASON["reasons"], {"PIN": ""}, "Which order?")


@pytest.mark.parametrize("status", ["UQ", "CA", "RE"])
def test_some_need_a_reason(econnect: Econnect, sent: str, status: str) -> None:
    econnect.respond(sent, "AB")
    assert econnect.respond(sent, status).status_code == 400
    assert econnect.respond(sent, status, reasons={}).status_code == 400
    assert econnect.respond(sent, status, **REASON).status_code == 200


@pytest.mark.parametrize("final", ["RE", "PD"])
@pytest.mark.parametrize("status", ["AB", "UQ", "RE"])
def test_after_some_there_is_nothing_to_say(econnect: Econnect, sent: str, final: str, status: str) -> None:
    econnect.respond(sent, "AB")
    econnect.respond(sent, final, **REASON)
    refused = econnect.respond(sent, status, **REASON)
    assert (refused.status_code, words(refused)) == (400, f"Status '{final}' is final.")


@pytest.mark.parametrize(
    "body",
    [
        {"status": "XX"},
        {"status": "RE", "reasons": {"BAD": "x"}},
        {"status": "RE", "reasons": ["REF"]},
        {"status": "AP", "actions": {"RUN": ""}},
    ],
)
def test_codes_that_are_not_known_are_refused(econnect: Econnect, sent: str, body: dict[str, object]) -> None:
    econnect.respond(sent, "AB")
    answer = econnect.call("POST", econnect.about(sent, "response"), json=body)
    assert answer.status_code == 400
    assert len(network.answers(sent)) == 1


@pytest.mark.parametrize("content", ["", "[1]", "{"])
def test_what_is_no_object_is_refused(econnect: Econnect, sent: str, content: str) -> None:
    answer = econnect.call("POST", econnect.about(sent, "response"), data=content)
    assert answer.status_code == 400


def test_an_answer_with_a_mark_is_kept_once(econnect: Econnect, sent: str) -> None:
    assert econnect.respond(sent, "AB", mark="mark-1").json() == {"id": "mark-1"}
    again = econnect.respond(sent, "AB", mark="mark-1")
    assert (again.status_code, words(again)) == (409, "The document was already processed.")
    assert len(network.answers(sent)) == 1
