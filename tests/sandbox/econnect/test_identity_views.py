"""Tokens of eConnect."""

import pytest

from apps.sandbox import time
from apps.sandbox.econnect import tokens
from tests.sandbox.econnect.driver import IDENTITY, Econnect, words


def test_a_token_lives_an_hour(econnect: Econnect) -> None:
    told = econnect.token(grant_type="client_credentials").json()
    assert (told["expires_in"], told["token_type"]) == (3600, "Bearer")
    assert econnect.get("me").status_code == 200
    time.advance(3599)
    assert econnect.get("me").status_code == 200
    time.advance(2)
    refused = econnect.get("me")
    assert refused.status_code == 401
    assert "token" in words(refused)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "somebody"}, "invalid_client"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"grant_type": "password", "username": "kunsthal-zuid", "password": "wrong"}, "invalid_grant"),
        ({"grant_type": "password"}, "invalid_grant"),
    ],
)
def test_what_is_wrong_with_a_request_is_said(econnect: Econnect, fields: dict[str, str], error: str) -> None:
    refused = econnect.token(**{"grant_type": "client_credentials", **fields})
    assert (refused.status_code, refused.json()) == (400, {"error": error})


def test_a_token_is_asked_for_by_post(econnect: Econnect) -> None:
    assert econnect.session.get(f"{IDENTITY}/connect/token").status_code == 405


@pytest.mark.parametrize("header", ["", "Bearer nonsense", "Basic YTpi"])
def test_without_a_token_nothing_is_told(econnect: Econnect, header: str) -> None:
    econnect.session.headers["Authorization"] = header
    refused = econnect.get("me/party")
    assert refused.status_code == 401
    assert words(refused)


def test_tokens_end_at_once_when_they_are_forgotten(econnect: Econnect) -> None:
    tokens.forget()
    assert econnect.get("me").status_code == 401


def test_discovery_names_the_token_endpoint(econnect: Econnect) -> None:
    told = econnect.session.get(f"{IDENTITY}/.well-known/openid-configuration").json()
    assert told["token_endpoint"] == f"{IDENTITY}/connect/token"
    assert told["grant_types_supported"] == ["client_credentials", "password"]
