"""Faults on purpose at eConnect, and the log."""

import pytest
import requests

from apps.sandbox import calls, faults, switches
from apps.sandbox.econnect import network
from apps.sandbox.models import Call
from tests.sandbox.econnect.driver import BAKERY, INVOICE, Econnect, words


@pytest.fixture
def sent(econnect: Econnect) -> str:
    """An invoice for the bakery."""
    return network.send(BAKERY, INVOICE)


@pytest.mark.parametrize(
    ("kind", "asked", "status"),
    [
        ("error_before_commit", 500, 500),
        ("error_before_commit", 503, 503),
        ("expired_token", 500, 401),
        ("forbidden", 500, 403),
        ("too_many", 500, 429),
        ("day_is_full", 500, 429),
    ],
)
def test_a_download_fails_on_purpose_and_the_document_stays_new(
    econnect: Econnect, sent: str, kind: str, asked: int, status: int
) -> None:
    faults.arm(kind, path="econnect/download", status=asked)
    refused = econnect.download(sent)
    assert refused.status_code == status
    assert words(refused)
    assert network.document(sent).first_downloaded_at is None
    assert econnect.download(sent).content == INVOICE


@pytest.mark.parametrize(("kind", "status"), [("gateway", 502), ("garbled", 200)])
def test_some_answers_are_pages_of_somebody_else(
    econnect: Econnect, sent: str, kind: str, status: int
) -> None:
    faults.arm(kind, path="econnect/*")
    answer = econnect.download(sent)
    assert (answer.status_code, answer.content[:5]) == (status, b"<html")


def test_the_answer_to_a_removal_may_be_lost(econnect: Econnect, sent: str) -> None:
    faults.arm("dropped_answer", path="econnect/delete")
    with pytest.raises(requests.exceptions.ReadTimeout):
        econnect.delete(sent)
    assert not network.is_there(sent)
    assert econnect.delete(sent).status_code == 404


def test_the_answer_to_a_response_may_be_lost_and_its_repeat_is_known(econnect: Econnect, sent: str) -> None:
    faults.arm("dropped_answer", method="POST", path="econnect/response")
    with pytest.raises(requests.exceptions.ReadTimeout):
        econnect.respond(sent, "AB", mark="mark-1")
    assert econnect.respond(sent, "AB", mark="mark-1").status_code == 409
    assert [answer.status for answer in network.answers(sent)] == ["AB"]


def test_an_error_after_the_commit_looks_like_any_other(econnect: Econnect, sent: str) -> None:
    faults.arm("error_after_commit", path="econnect/delete", status=503)
    refused = econnect.delete(sent)
    assert (refused.status_code, words(refused)) == (
        503,
        "An unexpected error occurred. Please try again later.",
    )
    assert not network.is_there(sent)


def test_a_call_may_never_arrive(econnect: Econnect, sent: str) -> None:
    faults.arm("dropped_before", path="econnect/delete")
    with pytest.raises(requests.ConnectionError):
        econnect.delete(sent)
    assert network.is_there(sent)


@pytest.mark.parametrize("kind", ["error_before_commit", "gateway"])
def test_tokens_can_fail_too(econnect: Econnect, kind: str) -> None:
    faults.arm(kind, path="econnect/token")
    assert econnect.token(grant_type="client_credentials").status_code >= 500
    assert econnect.token(grant_type="client_credentials").status_code == 200


def test_calls_are_in_the_log_with_their_address(econnect: Econnect, sent: str) -> None:
    calls.clear()
    econnect.download(sent, targetFormat="x")
    econnect.get("me/party")
    call = Call.objects.get(path="econnect/download")
    assert (call.method, call.status, call.division) == ("GET", 200, None)
    assert call.query == f"api/v1/{BAKERY}/purchaseInvoice/{sent}/download?targetFormat=x"
    assert calls.count("econnect/me/party") == 1


def test_latency_is_the_sandboxs(econnect: Econnect) -> None:
    switches.change(latency_ms=40)
    calls.clear()
    econnect.get("me")
    call = Call.objects.get()
    assert call.ended - call.began >= 0.04
