import contextlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.econnect import hook_signature
from apps.econnect.hook_signature import Forged, Malformed, Stale, moment, read, signature
from tests.shared import CORPUS, needs_corpus

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
VECTOR = "sha256=8f3382eadc9a5444977205979f22d5a899cae74b75b6aade80c3274b214096f4"
VECTOR_SENT = datetime(2022, 1, 21, 10, 3, 18, 595188, tzinfo=UTC)


def body(**changes: Any) -> bytes:
    told = {
        "topic": "InvoiceReceived",
        "partyId": "NL:KVK:12345678",
        "documentId": "f96bad15-0500-4d80-b883-1a82c01b8f93",
        "message": "received",
        "details": {"sender": "0106:34567892", "id": "F-1"},
        "sentOn": "2026-11-02T09:30:00.1234567+00:00",
        **changes,
    }
    return json.dumps(told).encode()


def taken(content: bytes, secret: str = "s", now: datetime = NOW) -> hook_signature.Told:
    return read(content, signature(secret, content), secrets=("s", ""), now=now)


def test_the_signature_is_known_beforehand() -> None:
    """HMAC-SHA256 of RFC 4231, test case 2, as eConnect writes it."""
    digits = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert signature("Jefe", b"what do ya want for nothing?") == f"sha256={digits}"


@needs_corpus
def test_the_published_vector_verifies_at_its_own_time_and_at_no_other() -> None:
    content = _vector()
    told = read(content, VECTOR, secrets=("secret", ""), now=VECTOR_SENT)
    assert (told.topic, told.document_id) == ("InvoiceSent", "f96bad15-0500-4d80-b883-1a82c01b8f93")
    assert (told.party_id, told.number, told.sent_on) == ("0106:SENDER", "12115120", VECTOR_SENT)
    with pytest.raises(Stale):
        read(content, VECTOR, secrets=("secret", ""), now=NOW)


@needs_corpus
def test_the_vector_with_a_changed_byte_or_another_secret_does_not_verify() -> None:
    content = _vector()
    changed = content.replace(b"12115120", b"12115121")
    as_unix = content.replace(b"\r\n", b"\n")
    for forged in (changed, as_unix, content + b" "):
        with pytest.raises(Forged):
            read(forged, VECTOR, secrets=("secret", ""), now=VECTOR_SENT)
    with pytest.raises(Forged):
        read(content, VECTOR, secrets=("Secret", ""), now=VECTOR_SENT)


def _vector() -> bytes:
    return Path(CORPUS / "webhook" / "invoice-sent.json").read_bytes()


def test_what_it_says_is_read() -> None:
    told = taken(body())
    assert (told.topic, told.party_id, told.sender, told.number) == (
        "InvoiceReceived",
        "0106:12345678",
        "0106:34567892",
        "F-1",
    )
    assert told.body.encode() == body()
    assert told.sent_on == NOW.replace(microsecond=123456)


@given(st.integers(0, len(body()) - 1), st.integers(1, 255))
def test_any_changed_byte_is_noticed(place: int, change: int) -> None:
    header = signature("s", body())
    content = bytearray(body())
    content[place] ^= change
    with pytest.raises(Forged):
        read(bytes(content), header, secrets=("s",), now=NOW)


@pytest.mark.parametrize("header", ["", "sha256=", "sha1=00", "é" * 64, "sha256=" + "0" * 64])
def test_a_wrong_header_is_a_forgery(header: str) -> None:
    with pytest.raises(Forged):
        read(body(), header, secrets=("s", ""), now=NOW)


def test_capitals_in_the_header_do_not_matter() -> None:
    assert read(body(), signature("s", body()).upper(), secrets=("s",), now=NOW)


def test_no_secret_signs_nothing() -> None:
    with pytest.raises(Forged):
        read(body(), signature("", body()), secrets=("", ""), now=NOW)


def test_either_of_two_secrets_signs_and_it_is_told_which() -> None:
    for place, secret in enumerate(("new", "former")):
        assert read(body(), signature(secret, body()), secrets=("new", "former"), now=NOW).secret == place


@pytest.mark.parametrize(
    ("seconds", "is_fresh"), [(0, True), (299, True), (301, False), (-299, True), (-301, False)]
)
def test_what_was_sent_five_minutes_off_is_stale(seconds: int, is_fresh: bool) -> None:
    content = body(sentOn="2026-11-02T09:30:00Z")
    now = NOW + timedelta(seconds=seconds)
    if is_fresh:
        assert taken(content, now=now)
    else:
        with pytest.raises(Stale):
            taken(content, now=now)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"topic": "x"}',
        b'"text"',
        body(topic=""),
        body(topic=None),
        body(topic=["InvoiceReceived"]),
        body(sentOn="yesterday"),
        body(sentOn="2026-13-02T09:30:00Z"),
        body(sentOn=1_793_612_400),
    ],
)
def test_what_is_no_call_of_a_hook_is_malformed(content: bytes) -> None:
    with pytest.raises(Malformed):
        taken(content)


def test_text_that_no_database_takes_is_left_out() -> None:
    told = taken(body(message="a\x00b\ud800c", details="none", documentId=None))
    assert (told.message, told.sender, told.document_id) == ("abc", "", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-01-21T10:03:18.5951881+00:00", VECTOR_SENT),
        ("2022-01-21T11:03:18.5951881+01:00", VECTOR_SENT),
        ("2022-01-21T10:03:18.595188Z", VECTOR_SENT),
        ("2022-01-21T10:03:18.595188", VECTOR_SENT),
        ("2022-01-21T10:03:18", VECTOR_SENT.replace(microsecond=0)),
        ("2022-01-21T10:03:18.5Z", VECTOR_SENT.replace(microsecond=500_000)),
    ],
)
def test_moments_are_read_with_any_number_of_digits(text: str, expected: datetime) -> None:
    assert moment(text) == expected


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))
def test_every_moment_comes_back(when: datetime) -> None:
    assert moment(when.isoformat()) == when.replace(tzinfo=UTC)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader_of_moments(text: str) -> None:
    with contextlib.suppress(Malformed):
        assert moment(text).tzinfo is UTC
