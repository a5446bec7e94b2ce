import hashlib
import hmac
import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from apps.exact.hook_signature import Forged, Malformed, Notification, read, signature

SECRET, CLIENT = "the webhook secret", "00000000-0000-4000-8000-00000000e0a1"
KEY = "6c5c1f0e-5a0f-4b6e-9a3e-0d7a0d1b2c3d"
unhurried = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # machines share their cores
TOLD: dict[str, Any] = {
    "Topic": "Accounts",
    "ClientId": f"{{{CLIENT}}}",
    "Division": 3100101,
    "Action": "Update",
    "Key": KEY,
    "ExactOnlineEndpoint": "https://start.exactonline.nl/api/v1/3100101/crm/Accounts(guid'...')",
    "EventCreatedOn": "2026-10-05T12:00:00.000",
}


def compact(told: Any) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()


def body_of(content: bytes, secret: str = SECRET) -> bytes:
    digits = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest().upper()
    return b'{"Content":' + content + b',"HashCode":"' + digits.encode() + b'"}'


def read_here(body: bytes, secret: str = SECRET, client_id: str = CLIENT) -> Notification:
    return read(body, secret=secret, client_id=client_id)


def test_a_genuine_notification_says_what_changed() -> None:
    told = read_here(body_of(compact(TOLD)))
    assert (told.topic, told.division, told.action) == ("Accounts", 3100101, "Update")
    assert told.key == UUID(KEY)
    assert told.dated
    assert told.digest == hashlib.sha256(compact(TOLD)).hexdigest()


def test_the_signature_is_over_the_bytes_as_they_came() -> None:
    odd = b'{ "Topic" : "Accounts",\t"ClientId":"' + CLIENT.encode() + b'", "Key":"\\u0041", "Division":1.0 }'
    assert read_here(body_of(odd)).content == odd.decode()
    rewritten = body_of(odd).replace(odd, compact(json.loads(odd)))
    with pytest.raises(Forged):
        read_here(rewritten)


def test_a_content_that_speaks_of_a_hash_code_is_cut_at_the_last_one() -> None:
    content = compact({**TOLD, "HashCode": "x", "More": ',"HashCode":"y"'})
    assert read_here(body_of(content)).content == content.decode()


def test_the_digits_may_be_lower_case_and_the_client_id_bare() -> None:
    content = compact({**TOLD, "ClientId": CLIENT.upper()})
    digits = signature(SECRET, content)
    assert read_here(body_of(content).replace(digits.encode(), digits.lower().encode())).topic == "Accounts"


@pytest.mark.parametrize("secret", ["another secret", ""])
def test_another_secret_is_a_forgery(secret: str) -> None:
    with pytest.raises(Forged):
        read_here(body_of(compact(TOLD)), secret=secret)


def test_a_notification_without_secret_is_a_forgery_even_when_it_is_signed_with_none() -> None:
    with pytest.raises(Forged):
        read_here(body_of(compact(TOLD), secret=""), secret="")


@pytest.mark.parametrize("client_id", ["{00000000-0000-4000-8000-000000000000}", "", None, 7])
def test_a_notification_for_another_app_is_refused(client_id: Any) -> None:
    with pytest.raises(Forged):
        read_here(body_of(compact({**TOLD, "ClientId": client_id})))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"null",
        compact(TOLD),
        b'{"HashCode":"' + b"A" * 64 + b'","Content":{}}',
        b'{"Content":{},"HashCode":"' + b"A" * 63 + b'"}',
        b'{"Content":{},"HashCode":"' + b"A" * 64,
        b'{"Content":{}, "HashCode":"' + b"A" * 64 + b'"}',
        body_of(b"[]"),
        body_of(b"not json"),
        body_of(b"\xff\xfe"),
        body_of(b"[" * 5000),
    ],
)
def test_what_is_no_notification_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_here(body)


@unhurried
@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_otherwise(body: bytes) -> None:
    with pytest.raises((Malformed, Forged)):
        read_here(body)
    with pytest.raises((Malformed, Forged)):
        read_here(body_of(body))


@unhurried
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_is_noticed(place: int, change: int) -> None:
    body = bytearray(body_of(compact(TOLD)))
    place %= len(body)
    body[place] ^= change
    assume(change != 0x20 or place < len(compact(TOLD)))  # the digits may be lower case
    with pytest.raises((Malformed, Forged)):
        read_here(bytes(body))


def test_a_topic_that_no_database_takes_is_made_storable() -> None:
    told = read_here(body_of(compact({**TOLD, "Topic": "A\x00cc\ud800ounts"})))
    assert told.topic == "Accounts"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@unhurried
@given(st.dictionaries(st.sampled_from(list(TOLD)), json_values))
def test_whatever_a_signed_notification_holds_it_fits_our_columns(odd: dict[str, Any]) -> None:
    told = read_here(body_of(compact({**TOLD, **odd, "ClientId": CLIENT})))
    assert len(told.topic) <= 60
    assert len(told.action) <= 20
    assert 0 <= told.division < 2**31
    assert "\x00" not in told.topic + told.action + told.content
