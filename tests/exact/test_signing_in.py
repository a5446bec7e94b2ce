from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from apps.core import clock
from apps.exact import chain, signing_in
from apps.exact.client import Exact
from apps.exact.losses import Loss
from apps.exact.models import Connection, ConnectionStatus, Division, SignIn
from apps.exact.registration import default_app
from apps.exact.signing_in import CutOff, SignInRefused, begin, complete
from apps.exact.visitor import Visitor
from apps.sandbox import faults, switches, time
from apps.sandbox.models import Row
from tests.bells import calls, forget, rung
from tests.exact.factories import ConnectionFactory, SyncStateFactory
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


def test_a_connection_knows_that_its_list_is_short(connected: Connection) -> None:
    assert not Connection.objects.get().list_is_partial
    switches.lack_scopes("Organization administration")
    signing_in.refresh_divisions(connected)
    assert Connection.objects.get().list_is_partial
    switches.lack_scopes()
    signing_in.refresh_divisions(connected)
    assert not Connection.objects.get().list_is_partial


@pytest.mark.parametrize(
    ("whole", "told", "kept"),
    [
        (True, {"Status": 0}, ("inactive", 0)),
        (True, {"Status": 1, "BlockingStatus": 0}, ("regular", 0)),
        (True, {"Status": 2, "BlockingStatus": 3}, ("archived", 3)),
        (True, {"Status": 9, "BlockingStatus": -1}, ("regular", 1)),
        (True, {"Status": None, "BlockingStatus": 10**9}, ("regular", 32_767)),
        (False, {"Status": 0}, ("regular", 0)),
        (False, {"Status": 1}, ("archived", 0)),
    ],
)
def test_the_two_lists_tell_in_their_own_way_what_is_in_use(
    connected: Connection, whole: bool, told: dict[str, Any], kept: tuple[str, int]
) -> None:
    for row in Row.objects.filter(resource__in=("system/Divisions", "hrm/Divisions")):
        row.data = {**row.data, **told}
        row.save(update_fields=["data"])
    if not whole:
        switches.lack_scopes("Organization administration")
    signing_in.refresh_divisions(connected)
    division = Division.objects.get(code=CODES[0])
    assert (division.status, division.blocking) == kept


@pytest.mark.parametrize(("vat", "kept"), [("NL899646402B01", "NL899646402B01"), ("", "123456782B01")])
def test_of_a_sole_trader_the_tax_number_stands_in_for_the_vat_number(
    connected: Connection, vat: str, kept: str
) -> None:
    row = Row.objects.get(resource="system/Divisions", key=str(CODES[0]))
    row.data = {**row.data, "VATNumber": vat, "OBNumber": "123456782B01"}
    row.save(update_fields=["data"])
    signing_in.refresh_divisions(connected)
    assert Division.objects.get(code=CODES[0]).vat_number == kept


def test_a_division_stays_with_a_connection_that_lives(connected: Connection) -> None:
    other = ConnectionFactory(app=connected.app)
    Division.objects.filter(code=3100101).update(connection=other)
    signing_in.refresh_divisions(connected)
    assert Division.objects.get(code=3100101).connection == other
    Connection.objects.filter(pk=other.pk).update(status=ConnectionStatus.LOST)
    signing_in.refresh_divisions(connected)
    assert Division.objects.get(code=3100101).connection == connected


def test_only_what_exact_changed_goes_into_the_history_of_a_division(connected: Connection) -> None:
    time.advance(timedelta(days=1))
    Division.objects.filter(code=3100102).update(name="As it was called before")
    before = Division.history.count()
    signing_in.refresh_divisions(connected)
    assert Division.history.count() == before + 1
    assert not Division.objects.filter(name="As it was called before").exists()
    assert not Division.objects.filter(seen_at__lt=clock.now() - timedelta(hours=1)).exists()


@pytest.mark.parametrize("status", [ConnectionStatus.LOST, ConnectionStatus.BLOCKED])
def test_what_waited_for_a_user_who_is_out_goes_on_with_another(connected: Connection, status: str) -> None:
    out = ConnectionFactory(app=connected.app, status=status)
    Division.objects.filter(code=3100101).update(connection=out)
    division = Division.objects.get(code=3100101)
    refused = SyncStateFactory(division=division, trouble="The user is blocked.", resume_at=None)
    forget()
    signing_in.refresh_divisions(connected)
    division.refresh_from_db()
    refused.refresh_from_db()
    assert division.connection == connected
    assert refused.resume_at
    assert rung() == calls(chain.MENDED, connected.pk)
    forget()
    signing_in.refresh_divisions(connected)
    assert rung() == []


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


def test_of_two_sign_ins_at_once_the_later_one_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    app = default_app()
    first, second = begin(app), begin(app)
    ask = Exact.me

    def me_while_another_signs_in(client: Exact) -> dict[str, Any]:
        told = ask(client)
        monkeypatch.setattr(Exact, "me", ask)
        complete(come_back(second))
        return told

    monkeypatch.setattr(Exact, "me", me_while_another_signs_in)
    connection = complete(come_back(first))
    time.advance(timedelta(seconds=595))
    Exact(connection).me()
    assert Connection.objects.get().status == ConnectionStatus.ALIVE


def test_a_clock_put_right_does_not_hold_up_a_sign_in(connected: Connection) -> None:
    Connection.objects.update(connected_at=clock.now() + timedelta(days=10), status=ConnectionStatus.LOST)
    assert complete(come_back(begin(default_app()))).status == ConnectionStatus.ALIVE


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


@pytest.mark.parametrize("path", ["oauth2/token", "current/Me"])
def test_a_fault_on_the_way_is_a_sentence(path: str, count_calls: Any) -> None:
    back = come_back(begin(default_app()))
    faults.arm("error_before_commit", path=path, status=503)
    with pytest.raises(SignInRefused, match="did not come to its end"):
        complete(back)
    assert count_calls("oauth2/token") == 1


def test_who_was_cut_off_goes_on_from_the_kept_pair(count_calls: Any) -> None:
    user = UserFactory()
    back = come_back(begin(default_app(), user))
    faults.arm("dropped_before", path="current/Me")
    with pytest.raises(CutOff) as cut_off:
        complete(back, user)
    kept = SignIn.objects.get()
    assert kept.redeemed_at and kept.access_token and kept.refresh_token
    with pytest.raises(SignInRefused, match="does not belong"):
        complete(f"/?state={cut_off.value.state}", UserFactory())
    connection = complete(f"/?state={cut_off.value.state}", user)
    assert connection.access_token == kept.access_token
    assert count_calls("oauth2/token") == 1
    assert not SignIn.objects.exists()


def test_the_kept_pair_is_gone_after_ten_minutes() -> None:
    user = UserFactory()
    back = come_back(begin(default_app(), user))
    faults.arm("dropped_before", path="current/Me")
    with pytest.raises(CutOff):
        complete(back, user)
    time.advance(timedelta(minutes=10, seconds=5))
    with pytest.raises(SignInRefused, match="does not belong"):
        complete(back, user)
    signing_in.forget_old()
    assert not SignIn.objects.exists()


def test_a_code_whose_answer_was_lost_is_not_sent_again(count_calls: Any) -> None:
    back = come_back(begin(default_app()))
    faults.arm("dropped_answer", path="oauth2/token")
    with pytest.raises(SignInRefused, match="did not come to its end"):
        complete(back)
    with pytest.raises(SignInRefused, match="cut off before Exact Online answered"):
        complete(back)
    assert count_calls("oauth2/token") == 1


def test_a_list_of_divisions_that_does_not_come_is_read_later() -> None:
    back = come_back(begin(default_app()))
    faults.arm("error_before_commit", path="system/Divisions", status=503)
    with pytest.raises(SignInRefused, match="You are connected, but"):
        complete(back)
    connection = Connection.objects.get()
    assert ("apps.exact.connection_tasks.list_divisions", (connection.pk,)) in rung()


def test_signing_in_again_clears_every_trouble_and_wakes_what_waited(connected: Connection) -> None:
    now = clock.now()
    Connection.objects.update(
        status=ConnectionStatus.LOST,
        loss=Loss.PASSWORD,
        **dict.fromkeys(("troubled_at", "try_at", "asked_at", "warned_at", "told_at"), now),
    )
    Division.objects.update(refused=Loss.NO_ACCESS)
    forget()
    again = complete(come_back(begin(default_app()), CODES))
    again.refresh_from_db()
    assert {name: getattr(again, name) for name in chain.SOUND} == chain.SOUND
    assert (again.asked_at, again.warned_at) == (None, None)
    assert rung() == calls(chain.MENDED, again.pk)
    assert list(Division.objects.filter(refused="").values_list("code", flat=True)) == CODES


def test_a_moved_division_is_read_whole_again(connected: Connection) -> None:
    division = connected.divisions.get(code=CODES[0])
    state = SyncStateFactory(division=division, timestamp=99, next_page="https://x", full=False, generation=3)
    other = SyncStateFactory(division=connected.divisions.get(code=CODES[1]), timestamp=99)
    signing_in.refresh_divisions(connected)
    state.refresh_from_db()
    assert state.timestamp == 99
    row = Row.objects.get(resource="system/Divisions", key=str(CODES[0]))
    row.data["DivisionMoveDate"] = "2026-11-02T10:00:00"
    row.save(update_fields=["data"])
    for _night in range(2):
        signing_in.refresh_divisions(connected)
    state.refresh_from_db()
    other.refresh_from_db()
    division.refresh_from_db()
    assert division.moved_at
    assert (state.timestamp, state.next_page, state.full, state.generation) == (0, "", True, 4)
    assert other.timestamp == 99
