import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import http
from apps.econnect.refusals import error_of, is_about_money, words_of

pytestmark = pytest.mark.usefixtures("english")

BODY = json.dumps({"message": "No such document.", "code": "API404", "requestId": "r-1"}).encode()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (500, http.Temporary),
        (503, http.Temporary),
        (429, http.Temporary),
        (401, http.Unauthorised),
        (403, http.Unauthorised),
        (400, http.Rejected),
        (404, http.Rejected),
        (413, http.Rejected),
        (302, http.Rejected),
    ],
)
def test_who_must_act(status: int, kind: type[http.RemoteError]) -> None:
    error = error_of(status, BODY)
    assert type(error) is kind
    assert (error.words, error.reason, error.status) == ("No such document.", "r-1", status)


def test_a_fault_leaves_a_write_open_whose_answer_matters() -> None:
    assert type(error_of(502, b"<html>", lost_write=True)) is http.OutcomeUnknown
    assert type(error_of(400, BODY, lost_write=True)) is http.Rejected


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"message": 1, "requestId": null}'])
def test_without_words_of_theirs_there_are_words_of_ours(content: bytes) -> None:
    assert "500" in error_of(500, content).words
    assert error_of(403, content).words


@given(st.binary(max_size=200))
def test_no_body_breaks_it(content: bytes) -> None:
    assert isinstance(words_of(content).message, str)


@pytest.mark.parametrize(
    "words", ["Subscription needed", "Uw tegoed is op", "account BLOCKED", "negative balance"]
)
def test_words_about_money(words: str) -> None:
    assert is_about_money(words)
    assert not is_about_money("The document was not found.")
