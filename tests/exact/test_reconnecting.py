"""Signing in again: for the same divisions only, and with every setting kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client as Browser
from django.urls import reverse

from apps.clients.models import Mode
from apps.core import clock, queue
from apps.exact import linking, signing_in
from apps.exact.client import Exact
from apps.exact.models import Connection, ConnectionStatus, Division, SignIn, SyncState
from apps.exact.signing_in import CutOff, SignInRefused
from apps.exact.visitor import Visitor
from apps.people.models import Role, User
from apps.sandbox import faults, switches, time
from apps.sandbox.firm import users
from tests import shares
from tests.exact.factories import ConnectionFactory, RelationFactory, SyncStateFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db
BAKERY, ESTATE, INSTALLER = 3100101, 3100102, 3100201
OWNER, PORTAL = users.OWNER["UserID"], users.PORTAL["UserID"]


@pytest.fixture
def person() -> User:
    user: User = UserFactory(role=Role.ADMINISTRATOR, language="en")
    return user


@pytest.fixture
def bakery(connected: Connection) -> Division:
    """Linked, with settings and mirrors of its own."""
    division = Division.objects.get(code=BAKERY)
    administration = linking.create_for(division)
    administration.mode, administration.purchase_journal = Mode.AUTOMATIC, "60"
    administration.save(update_fields=["mode", "purchase_journal"])
    SyncStateFactory(division=division, resource="relations", timestamp=99)
    RelationFactory(division=division)
    time.advance(timedelta(minutes=1))
    division.refresh_from_db()
    return division


def again(
    person: User, user: str = "", divisions: list[int] = shares.FIRM, **bound: Any
) -> signing_in.SignedIn:
    app = (bound.get("division") or bound["connection"]).app
    consent = signing_in.begin(app, person, **bound)
    return signing_in.come_back(Visitor().consent(consent, divisions=divisions, user=user), person)


def lose(division: Division) -> None:
    Connection.objects.filter(divisions=division).update(status=ConnectionStatus.LOST)


def test_a_division_is_reconnected_with_every_setting_kept(bakery: Division, person: User) -> None:
    chain = {"status", "loss", "trouble", "troubled_at", "try_at", "told_at", "owner_id", "seen_at"}
    before = shares.rows(but=shares.OF_CHAIN | chain)
    lose(bakery)
    kept = again(person, division=bakery).connection
    assert shares.rows(but=shares.OF_CHAIN | chain) == before
    assert (kept.status, kept.owner) == (ConnectionStatus.ALIVE, person)
    assert kept.divisions.count() == 4
    Exact(kept).me()


def test_another_exact_user_takes_the_division_over_and_no_other(bakery: Division, person: User) -> None:
    Division.objects.filter(code=INSTALLER).update(connection=None)
    kept = again(person, users.USERS[1].exact["UserID"], division=bakery).connection
    assert [division.code for division in kept.divisions.all()] == [BAKERY]
    assert Division.objects.filter(connection=None).get().code == INSTALLER


@pytest.mark.parametrize("lost", [True, False])
def test_another_division_changes_nothing(bakery: Division, person: User, lost: bool) -> None:
    if lost:
        lose(bakery)
    before = shares.rows()
    with pytest.raises(SignInRefused) as refused:
        again(person, OWNER, division=bakery)
    assert str(refused.value) == (
        "This login opens Installatiebedrijf Noorderlicht B.V. (3100201); the connection was for Bakkerij De Gouden "
        "Aar B.V. (3100101). Nothing was changed."
    )
    assert shares.rows() == before
    assert not SignIn.objects.exists()


def test_the_chain_of_a_known_user_lives_on_when_that_user_signed_in_for_another_division(
    bakery: Division, person: User
) -> None:
    before = shares.rows(but=shares.OF_CHAIN)
    with pytest.raises(SignInRefused, match="Nothing was changed"):
        again(person, divisions=[ESTATE], division=bakery)
    assert shares.rows(but=shares.OF_CHAIN) == before
    connection = Connection.objects.get()
    Exact(connection).me()
    time.advance(timedelta(seconds=595))
    Exact(connection).me()
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.ALIVE


def test_a_connection_must_reach_one_of_its_linked_divisions(bakery: Division, person: User) -> None:
    linking.create_for(Division.objects.get(code=ESTATE))
    before = shares.rows()
    with pytest.raises(
        SignInRefused, match=r"opens Installatie.*was for Bakkerij.*, De Gouden Aar Vastgoed B.V."
    ):
        again(person, OWNER, connection=bakery.connection)
    assert shares.rows() == before


def test_what_a_connection_does_not_reach_any_more_is_named_and_stays(bakery: Division, person: User) -> None:
    linking.create_for(Division.objects.get(code=ESTATE))
    back = again(person, divisions=[BAKERY, INSTALLER], connection=bakery.connection)
    assert back.warnings == (
        "This login does not open De Gouden Aar Vastgoed B.V. (3100102); that stays as it was.",
    )
    assert Division.objects.get(code=ESTATE).connection == bakery.connection
    assert back.connection.divisions.count() == 4


def test_a_connection_that_serves_nothing_is_signed_in_again_as_at_first(
    person: User, connected: Connection
) -> None:
    Division.objects.update(connection=None)
    assert again(person, connection=connected).connection.divisions.count() == 4


def test_the_chain_of_somebody_outside_that_serves_nothing_takes_nothing(
    person: User, connected: Connection
) -> None:
    Division.objects.update(connection=None)
    Connection.objects.update(is_shared=True, status=ConnectionStatus.LOST)
    connected.refresh_from_db()
    kept = again(person, connection=connected).connection
    assert (kept, kept.is_shared, kept.status) == (connected, True, ConnectionStatus.ALIVE)
    assert not Division.objects.exclude(connection=None).exists()
    with pytest.raises(SignInRefused, match="and somebody else signed in"):
        again(person, OWNER, connection=connected)
    assert Connection.objects.get() == connected
    assert not SignIn.objects.exists()


@pytest.mark.parametrize("is_bound", [True, False])
def test_a_user_of_mijnkantoor_is_refused(bakery: Division, person: User, is_bound: bool) -> None:
    before = shares.rows()
    consent = signing_in.begin(bakery.app, person, division=bakery if is_bound else None)
    with pytest.raises(SignInRefused, match="MijnKantoor user"):
        signing_in.come_back(Visitor().consent(consent, divisions=shares.FIRM, user=PORTAL), person)
    assert shares.rows() == before
    assert not SignIn.objects.exists()


def test_a_user_of_a_trial_is_warned(bakery: Division, person: User) -> None:
    estate = Division.objects.get(code=ESTATE)
    assert "trial" in again(person, users.TRIAL["UserID"], division=estate).warnings[0]


@pytest.mark.parametrize("is_bound", [True, False])
def test_a_list_that_may_not_be_read_names_the_right(bakery: Division, person: User, is_bound: bool) -> None:
    switches.lack_rights("system/Divisions", "hrm/Divisions")
    before = shares.rows()
    consent = signing_in.begin(bakery.app, person, division=bakery if is_bound else None)
    with pytest.raises(SignInRefused, match="Organization administration"):
        signing_in.come_back(Visitor().consent(consent, divisions=shares.FIRM, user=OWNER), person)
    assert shares.rows() == before


def test_without_the_scope_the_other_list_will_do(bakery: Division, person: User) -> None:
    switches.lack_scopes("Organization administration")
    assert again(person, division=bakery).connection == bakery.connection


@pytest.mark.parametrize("path", ["current/Me", "system/Divisions"])
def test_who_was_cut_off_goes_on_with_the_kept_pair(bakery: Division, person: User, path: str) -> None:
    before = shares.rows()
    faults.arm("dropped_before", path=path)
    with pytest.raises(CutOff) as cut_off:
        again(person, OWNER, division=Division.objects.get(code=INSTALLER))
    assert shares.rows() == before
    back = signing_in.come_back(f"/?state={cut_off.value.state}", person)
    assert [division.code for division in back.connection.divisions.all()] == [INSTALLER]


def test_a_kept_pair_is_not_used_past_its_life(bakery: Division, person: User) -> None:
    faults.arm("dropped_before", path="current/Me")
    with pytest.raises(CutOff) as cut_off:
        again(person, OWNER, division=Division.objects.get(code=INSTALLER))
    SignIn.objects.update(begun_at=clock.now() + timedelta(minutes=9))
    time.advance(timedelta(seconds=580))
    with pytest.raises(SignInRefused, match="does not belong"):
        signing_in.come_back(f"/?state={cut_off.value.state}", person)


def test_the_chain_of_somebody_outside_takes_no_divisions_at_night(connected: Connection) -> None:
    Connection.objects.filter(pk=connected.pk).update(is_shared=True)
    connected.refresh_from_db()
    Division.objects.exclude(code=BAKERY).update(
        connection=ConnectionFactory(app=connected.app, status="lost")
    )
    assert signing_in.refresh_divisions(connected) == 1
    assert [division.code for division in connected.divisions.all()] == [BAKERY]


def test_the_buttons_lead_to_a_bound_sign_in(bakery: Division, person: User, client: Browser) -> None:
    client.force_login(person)
    pages = {"division": bakery.pk, "connection": bakery.connection_id}
    for name, key in pages.items():
        page = client.get(reverse(f"admin:exact_{name}_change", args=(key,))).content.decode()
        address = f"{reverse('exact:connect')}?{name}={key}"
        assert address in page
        assert client.get(address).status_code == 302
    assert [(one.division_id, one.connection_id) for one in SignIn.objects.order_by("pk")] == [
        (bakery.pk, None),
        (None, bakery.connection_id),
    ]
    assert client.get(reverse("exact:connect"), {"division": 0}).status_code == 404


def test_what_to_mind_is_said_on_the_page(bakery: Division, person: User, client: Browser) -> None:
    linking.create_for(Division.objects.get(code=ESTATE))
    client.force_login(person)
    consent = client.get(reverse("exact:connect"), {"connection": str(bakery.connection_id)})["Location"]
    answer = client.get(Visitor().consent(consent, divisions=[BAKERY]))
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert any("does not open De Gouden Aar Vastgoed" in words for words in said)
    assert SyncState.objects.get().timestamp == 99


def of_one_licence() -> None:
    """Without the scope Exact tells of the licence of the division in the address only."""
    switches.lack_scopes("Organization administration")


def test_a_short_list_is_asked_where_the_division_is(bakery: Division, person: User) -> None:
    of_one_licence()
    installer = Division.objects.get(code=INSTALLER)
    assert again(person, division=installer).connection == installer.connection


def test_what_a_short_list_does_not_name_could_not_be_seen(bakery: Division, person: User) -> None:
    of_one_licence()
    before = shares.rows(but=shares.OF_CHAIN)
    with pytest.raises(SignInRefused) as refused:
        again(person, divisions=[BAKERY, ESTATE], division=Division.objects.get(code=INSTALLER))
    said = str(refused.value)
    assert said.startswith(
        "Whether this login opens Installatiebedrijf Noorderlicht B.V. (3100201) could not be"
    )
    assert "“Organization administration, read”" in said
    assert "Nothing was changed." in said
    assert shares.rows(but=shares.OF_CHAIN) == before


def test_what_a_short_list_leaves_off_of_a_connection_is_not_told_as_closed(
    bakery: Division, person: User
) -> None:
    linking.create_for(Division.objects.get(code=INSTALLER))
    of_one_licence()
    (warning,) = again(person, connection=bakery.connection).warnings
    assert warning.startswith("Whether this login opens Installatiebedrijf")
    assert Division.objects.get(code=INSTALLER).connection == bakery.connection


def test_signing_in_again_finds_new_divisions(bakery: Division, person: User) -> None:
    Division.objects.filter(code=INSTALLER).delete()
    Connection.objects.update(list_is_partial=True)
    kept = again(person, connection=bakery.connection).connection
    assert kept.divisions.filter(code=INSTALLER).exists()
    assert not Connection.objects.get().list_is_partial


@pytest.mark.parametrize("bound", ["division", "connection", None])
def test_whoever_listens_hears_that_a_linked_division_is_reached_anew(
    bakery: Division, person: User, bound: str | None, settings: Any
) -> None:
    settings.BELLS = {**settings.BELLS, "division_linked": ("listens",)}
    queue.OrmQ.objects.all().delete()
    of: dict[str, Any] = {"division": bakery, "connection": bakery.connection}
    if bound:
        again(person, **{bound: of[bound]})
    else:
        consent = signing_in.begin(bakery.app, person)
        signing_in.come_back(Visitor().consent(consent, divisions=shares.FIRM), person)
    heard = [bell.task["args"] for bell in queue.OrmQ.objects.all() if bell.func() == "listens"]
    assert heard == [(bakery.pk,)]
