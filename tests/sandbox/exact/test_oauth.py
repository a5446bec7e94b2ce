"""Sign-in by Exact's rules: codes, pairs, rotation, and the page in the browser."""

import base64
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.db import connections
from django.test import Client

from apps.sandbox import seed, switches, time
from apps.sandbox.exact import oauth
from apps.sandbox.models import ExactUser, RegisteredApp, Switches
from tests.sandbox.driver import BASE, REDIRECT, Exact, sign_in
from tests.sandbox.small_firm import HERE, THERE

AUTH = "/sandbox/exact/api/oauth2/auth"
ASKED = {
    "client_id": f"{{{seed.CLIENT_ID}}}",
    "redirect_uri": REDIRECT,
    "response_type": "code",
    "state": "s t/1",
}


def test_a_pair_has_text_for_its_life_and_opaque_tokens(exact: Exact) -> None:
    assert exact.pair["expires_in"] == "600"
    assert exact.pair["token_type"] == "Bearer"
    assert "!" in exact.pair["refresh_token"]
    assert exact.pair["access_token"] != exact.pair["refresh_token"]


def test_a_code_serves_once(exact: Exact) -> None:
    code = sign_in()
    assert exact.exchange(code).status_code == 200
    again = exact.exchange(code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_request"})


def test_a_code_dies_after_three_minutes(exact: Exact) -> None:
    code = sign_in()
    time.advance(181)
    assert exact.exchange(code).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_secret": "other"},
        {"client_id": "00000000-0000-4000-8000-000000000000"},
        {"redirect_uri": "https://elsewhere.example/"},
        {"code": "unknown"},
        {"grant_type": "password"},
    ],
)
def test_wrong_credentials_are_one_kind_of_error(exact: Exact, wrong: dict[str, str]) -> None:
    refused = exact.exchange(**{"code": sign_in(), **wrong})
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_request"})


def test_credentials_may_come_in_the_header(exact: Exact) -> None:
    basic = base64.b64encode(f"{seed.CLIENT_ID}:{seed.CLIENT_SECRET}".encode()).decode()
    fields = {"grant_type": "authorization_code", "code": sign_in(), "redirect_uri": REDIRECT}
    url = f"{BASE}/api/oauth2/token"
    assert (
        exact.session.post(url, data=fields, headers={"Authorization": f"Basic {basic}"}).status_code == 200
    )
    assert exact.session.post(url, data=fields, headers={"Authorization": "Basic ?"}).status_code == 400
    assert exact.session.get(url).status_code == 405


def test_a_refresh_before_570_seconds_is_refused_and_harms_nothing(exact: Exact) -> None:
    time.advance(569)
    early = exact.refresh()
    assert (early.status_code, early.json()["error"]) == (400, "access_denied")
    assert early.json()["error_description"] == "Rate limit exceeded: access_token not expired"
    assert early.headers["Reason"].startswith("TooEarlyToRefreshTokens")
    assert exact.get("vat/VATCodes").status_code == 200
    time.advance(1)
    assert exact.refresh().status_code == 200


def test_the_older_answer_to_an_early_refresh_can_be_switched_on(exact: Exact) -> None:
    switches.change(early_refresh_is_401=True)
    early = exact.refresh()
    assert (early.status_code, early.json()["error_description"]) == (401, "Access Token not expired")


def test_an_access_token_lives_600_seconds(exact: Exact) -> None:
    time.advance(599)
    assert exact.get("vat/VATCodes").status_code == 200
    time.advance(1)
    expired = exact.get("vat/VATCodes")
    assert (expired.status_code, expired.content) == (401, b"")
    assert exact.refresh().status_code == 200
    assert exact.get("vat/VATCodes").status_code == 200


def test_a_refresh_token_serves_once(exact: Exact) -> None:
    first = exact.pair["refresh_token"]
    time.advance(600)
    assert exact.refresh().status_code == 200
    old = exact.refresh(first)
    assert (old.status_code, old.json()) == (
        401,
        {"error": "unauthorized_client", "error_description": "Old refresh token used."},
    )
    time.advance(600)
    assert exact.refresh().status_code == 200, "the newest pair lives on"


def test_a_refresh_token_dies_after_thirty_days_unused(exact: Exact) -> None:
    time.advance(timedelta(days=30, seconds=1))
    dead = exact.refresh()
    assert (dead.status_code, dead.json()["error"]) == (400, "invalid_request")
    assert dead.json()["error_description"].startswith("The refresh token expired at 11/04/2026")


def test_signing_in_again_kills_the_first_chain(small: None) -> None:
    first, second = Exact(), Exact()
    time.advance(600)
    assert first.refresh().status_code == 401
    assert second.refresh().status_code == 200


def test_a_user_without_rights_cannot_refresh(exact: Exact) -> None:
    time.advance(600)
    switches.block_user("InactiveUser")
    refused = exact.refresh()
    assert (refused.status_code, refused.headers["Reason"]) == (403, "InactiveUser")
    switches.block_user("")
    assert exact.refresh().status_code == 200


def test_the_page_lists_administrations_and_sends_the_browser_back_with_a_code(small: None) -> None:
    exact, browser = Exact(), Client()
    page = browser.get(AUTH, ASKED)
    assert f"({HERE})" in page.content.decode()
    back = browser.post(f"{AUTH}?{_query()}", {"division": [str(HERE)], "allow": "1"})
    assert back.status_code == 302
    assert "%21" in back["Location"], "the code is url-encoded"
    found = parse_qs(urlsplit(back["Location"]).query)
    assert found["state"] == ["s t/1"]
    assert exact.exchange(found["code"][0]).status_code == 200
    assert exact.get("vat/VATCodes").status_code == 200
    assert exact.get("vat/VATCodes", division=THERE).status_code == 403


def assistant() -> ExactUser:
    """Return the user who may open two divisions of the firm."""
    return ExactUser.objects.get(divisions=[3100101, 3100102])


def test_the_page_lets_one_be_somebody_else_with_fewer_administrations(small: None) -> None:
    user, browser = assistant(), Client()
    own, foreign = "(3100101)", "(3100201)"
    page = browser.get(AUTH, {**ASKED, "user": user.user_id}).content.decode()
    assert own in page
    assert foreign not in page
    shown = browser.post(f"{AUTH}?{_query()}", {"user": user.user_id, "show": "1"})
    assert (shown.status_code, foreign in shown.content.decode()) == (200, False)
    assert foreign in browser.get(AUTH, ASKED).content.decode()
    ticked = ["3100101", "3100201"]
    back = browser.post(f"{AUTH}?{_query()}", {"user": user.user_id, "division": ticked, "allow": "1"})
    exact = Exact()
    exact.exchange(parse_qs(urlsplit(back["Location"]).query)["code"][0])
    assert [row["Code"] for row in exact.rows("system/Divisions")] == [3100101]
    me = exact.session.get(exact.url("").replace(f"/{HERE}/", "/current/Me")).json()["d"]["results"][0]
    assert me["UserID"] == user.user_id


def test_what_a_user_may_no_longer_open_is_closed_though_it_was_ticked(small: None) -> None:
    exact = Exact()
    ExactUser.objects.update(divisions=[THERE])
    refused = exact.get("vat/VATCodes")
    assert (refused.status_code, refused.headers["Reason"]) == (403, "NoDivisionAccess")
    assert [row["Code"] for row in exact.rows("system/Divisions")] == [THERE]


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (switches.change_password, "The password of the user was changed."),
        (switches.withdraw_consent, "The user has withdrawn the consent for this app."),
    ],
)
def test_a_chain_that_was_ended_is_dead_until_signing_in_again(
    small: None, end: Callable[[ExactUser], None], words: str
) -> None:
    exact, other = Exact(), Exact(3100101, (3100101,), assistant())
    end(ExactUser.objects.order_by("pk")[0])
    dead = exact.get("vat/VATCodes")
    assert (dead.status_code, dead.content) == (401, b"")
    time.advance(600)
    refused = exact.refresh()
    assert (refused.status_code, refused.json()["error"]) == (401, "unauthorized_client")
    assert refused.json()["error_description"] == words
    assert other.refresh().status_code == 200, "another user's chain lives"
    exact.exchange(sign_in())
    assert exact.get("vat/VATCodes").status_code == 200
    time.advance(600)
    assert exact.refresh().status_code == 200


def test_where_old_tokens_live_they_die_when_the_new_pair_is_used(exact: Exact) -> None:
    switches.change(old_tokens_live=True)
    first = exact.pair["refresh_token"]
    time.advance(600)
    assert exact.refresh().status_code == 200
    assert exact.refresh(first).status_code == 200, "the new pair was not used"
    assert exact.get("vat/VATCodes").status_code == 200
    time.advance(600)
    old = exact.refresh(first)
    assert (old.status_code, old.json()["error_description"]) == (401, "Old refresh token used.")
    assert exact.refresh().status_code == 200


def test_expires_in_can_be_a_number(small: None) -> None:
    switches.change(expires_in_is_number=True)
    life: Any = Exact().pair["expires_in"]
    assert life == 600


def _query(**changes: str) -> str:
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in {**ASKED, **changes}.items())


def test_cancelling_tells_so(small: None) -> None:
    back = Client().post(f"{AUTH}?{_query()}", {"cancel": "1"})
    assert parse_qs(urlsplit(back["Location"]).query) == {"error": ["access_denied"], "state": ["s t/1"]}


@pytest.mark.parametrize(
    "wrong",
    [{"client_id": "x"}, {"redirect_uri": "https://elsewhere.example/"}, {"response_type": "token"}],
)
def test_a_wrong_question_is_not_sent_back_anywhere(small: None, wrong: dict[str, str]) -> None:
    assert Client().get(f"{AUTH}?{_query(**wrong)}").status_code == 400


@pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])
def test_of_simultaneous_refreshes_exactly_one_wins(exact: Exact) -> None:
    time.advance(600)
    outcomes: list[int] = []
    start = Barrier(6)

    def race() -> None:
        start.wait()
        try:
            oauth.refresh(RegisteredApp.objects.get(), exact.pair["refresh_token"], Switches())
            outcomes.append(200)
        except oauth.TokenRefused as refused:
            outcomes.append(refused.status)
        finally:
            connections.close_all()

    threads = [Thread(target=race) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [200, 401, 401, 401, 401, 401]
