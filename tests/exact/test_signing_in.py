from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from apps.exact import signing_in
from apps.exact.models import Connection, ConnectionStatus, Division, SignIn
from apps.exact.registration import default_app
from apps.exact.signing_in import SignInRefused, begin, complete
from apps.exact.visitor import Visitor
from apps.sandbox import faults, switches, time
from tests.exact.factories import ConnectionFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db
CODES = [3100101, 3100102]


def come_back(url: str, divisions: list[int] = CODES) -> str:
    return Visitor().consent(url, divisions=divisions)


def test_the_consent_page_is_asked_with_what_exact_wants() -> None:
    app = default_app()
    asked = parse_qs(urlsplit(begin(app)).query)
    assert asked["client_id"] == [app.client_id]
    assert asked["redirect_uri"] == [app.redirect_uri]
    assert asked["response_type"] == ["code"]
    assert asked["state"] == [SignIn.objects.get().state]
    assert "scope" not in asked


def test_signing_in_keeps_the_chain_and_the_divisions_that_were_ticked() -> None:
    user = UserFactory()
    connection = complete(come_back(begin(default_app(), user)), user)
    assert connection.owner == user
    assert connection.status == ConnectionStatus.ALIVE
    divisions = connection.divisions.order_by("code")
    assert [division.code for division in divisions] == CODES
    first = divisions[0]
    assert (first.name, first.customer_name) == ("Bakkerij De Gouden Aar B.V.", "De Gouden Aar")
    assert (first.vat_number, first.chamber_of_commerce) == ("NL899646402B01", "64134164")
    assert first.hid


def test_the_same_exact_user_keeps_one_chain(connected: Connection) -> None:
    Connection.objects.update(status=ConnectionStatus.LOST, trouble="It is over.")
    again = complete(come_back(begin(default_app())))
    assert again.pk == connected.pk
    assert Connection.objects.count() == 1
    again.refresh_from_db()
    assert (again.status, again.trouble) == (ConnectionStatus.ALIVE, "")
    assert again.version == connected.version + 1
    assert again.access_token != connected.access_token


def test_divisions_that_were_ticked_off_lose_their_connection(connected: Connection) -> None:
    assert connected.divisions.count() == 4
    again = complete(come_back(begin(default_app()), CODES[:1]))
    assert [division.code for division in again.divisions.all()] == CODES[:1]
    assert Division.objects.count() == 4


def test_without_the_scope_no_division_is_taken_for_gone(connected: Connection) -> None:
    switches.lack_scopes("Organization administration")
    assert signing_in.refresh_divisions(connected) == 2  # the licence of the present division
    assert connected.divisions.count() == 4
    assert Division.objects.exclude(chamber_of_commerce="").count() == 4


def test_a_division_stays_with_a_connection_that_lives(connected: Connection) -> None:
    other = ConnectionFactory(app=connected.app)
    Division.objects.filter(code=3100101).update(connection=other)
    signing_in.refresh_divisions(connected)
    assert Division.objects.get(code=3100101).connection == other
    Connection.objects.filter(pk=other.pk).update(status=ConnectionStatus.LOST)
    signing_in.refresh_divisions(connected)
    assert Division.objects.get(code=3100101).connection == connected


@pytest.mark.parametrize("spoil", ["another state", "no state", "someone else", "too late", "twice"])
def test_an_answer_to_nothing_that_was_asked_is_refused(spoil: str) -> None:
    user = UserFactory()
    back = come_back(begin(default_app(), user))
    who = user
    if spoil == "another state":
        back = back.replace(SignIn.objects.get().state, "x" * 43)
    elif spoil == "no state":
        back = back.replace("state=", "other=")
    elif spoil == "someone else":
        who = UserFactory()
    elif spoil == "too late":
        time.advance(timedelta(minutes=10, seconds=5))
    else:
        complete(back, user)
    with pytest.raises(SignInRefused, match="does not belong to a sign-in"):
        complete(back, who)
    assert Connection.objects.count() == (1 if spoil == "twice" else 0)


def test_two_sign_ins_of_one_person_may_be_open_at_once() -> None:
    user = UserFactory()
    first, second = begin(default_app(), user), begin(default_app(), user)
    assert complete(come_back(second), user)
    assert complete(come_back(first), user)


def test_old_states_are_cleared_away() -> None:
    begin(default_app())
    time.advance(timedelta(minutes=11))
    begin(default_app())
    assert SignIn.objects.count() == 1


def test_a_no_at_the_consent_page_is_told_in_plain_words() -> None:
    state = parse_qs(urlsplit(begin(default_app())).query)["state"][0]
    with pytest.raises(SignInRefused, match="You did not give access"):
        complete(f"http://127.0.0.1:8000/exact/callback/?error=access_denied&state={state}")
    with pytest.raises(SignInRefused, match="does not belong"):
        complete(f"http://127.0.0.1:8000/exact/callback/?error=access_denied&state={state}")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [("", "no code"), ("error=server_error", "server_error"), ("code=made-up", "three minutes")],
)
def test_answers_without_a_usable_code_are_refused(answer: str, sentence: str) -> None:
    state = parse_qs(urlsplit(begin(default_app())).query)["state"][0]
    with pytest.raises(SignInRefused, match=sentence):
        complete(f"http://127.0.0.1:8000/exact/callback/?state={quote(state)}&{answer}")


def test_a_code_lives_three_minutes() -> None:
    back = come_back(begin(default_app()))
    time.advance(200)
    with pytest.raises(SignInRefused, match="three minutes"):
        complete(back)


@pytest.mark.parametrize("path", ["oauth2/token", "current/Me", "system/Divisions"])
def test_a_fault_on_the_way_is_a_sentence(path: str, count_calls: Any) -> None:
    back = come_back(begin(default_app()))
    faults.arm("error_before_commit", path=path, status=503)
    with pytest.raises(SignInRefused, match="did not come to its end"):
        complete(back)
    assert count_calls("oauth2/token") == 1
