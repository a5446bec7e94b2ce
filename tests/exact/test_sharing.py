"""Share links: made, found by their hash, used once, and bound to what they were made for."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.exact import connection_tasks, linking, share_mails, share_tasks, sharing, signing_in
from apps.exact.client import Exact
from apps.exact.models import Connection, Division, ShareLink, ShareState, SignIn
from apps.exact.signing_in import CutOff, SignInRefused
from apps.exact.visitor import Visitor
from apps.people.models import User
from apps.sandbox import faults, switches, time
from apps.sandbox.firm import users
from tests import shares
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory
from tests.exact.factories import ExactAppFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db
BAKERY, ESTATE, INSTALLER = 3100101, 3100102, 3100201
OWNER = users.OWNER["UserID"]
KVK = {BAKERY: "64134164", ESTATE: "70349243", INSTALLER: "19261865"}


@pytest.fixture
def maker() -> User:
    user: User = UserFactory(language="en")
    return user


def administration(code: int | None = None) -> Administration:
    """Return one that goes by the chamber number of this division, or by none."""
    made: Administration = AdministrationFactory(name="Ours B.V.")
    if code:
        AdministrationIdentifierFactory(administration=made, kind="kvk", value=KVK[code])
    return made


def go(link: ShareLink, user: str = OWNER, divisions: list[int] = shares.FIRM) -> SignIn:
    begun, address = sharing.begin(link)
    answer = signing_in.answer_of(Visitor().consent(address, divisions=divisions, user=user))
    sharing.complete(begun, answer)
    return begun


def state_of(link: ShareLink) -> str:
    link.refresh_from_db()
    return link.state


def test_the_token_is_long_and_only_its_hash_is_kept(maker: User) -> None:
    link, token = sharing.make(administration(), maker)
    assert len(token) >= 43
    assert link.token_hash == hashlib.sha256(token.encode()).hexdigest()
    kept = ShareLink.objects.filter(pk=link.pk).values().get()
    assert token not in str(kept)
    assert sharing.find(token) == link
    assert sharing.find(token[:-1]) is None
    assert sharing.find("") is None


@pytest.mark.parametrize(("days", "kept"), [(None, 14), (5, 5), (900, 90), (0, 14), (-3, 1)])
def test_a_link_lives_a_number_of_days(maker: User, days: int | None, kept: int) -> None:
    link, _token = sharing.make(administration(), maker, days=days)
    assert link.expires_at - link.made_at == timedelta(days=kept)


def test_opening_uses_nothing_up(maker: User) -> None:
    link, _token = sharing.make(administration(), maker)
    for _time in range(2):
        sharing.opened(link)
        link.refresh_from_db()
    assert (link.state, link.history.count()) == (ShareState.OPENED, 2)
    assert link.is_open


def test_the_division_of_the_same_number_is_linked_at_once_and_no_other(maker: User) -> None:
    link, _token = sharing.make(administration(BAKERY), maker)
    go(link, users.USER["UserID"])
    connection = Connection.objects.get()
    division = Division.objects.get()
    assert (division.code, division.administration, division.connection) == (
        BAKERY,
        link.administration,
        connection,
    )
    assert (connection.owner, connection.is_shared) == (maker, True)
    assert state_of(link) == ShareState.DONE
    assert (link.user_name, link.trouble) == (connection.user_name, "")
    connection_tasks.list_divisions(connection.pk)
    assert Division.objects.count() == 1


def test_the_chain_of_an_outsider_takes_nothing_from_the_office(maker: User, connected: Connection) -> None:
    owner = connected.owner
    link, _token = sharing.make(administration(INSTALLER), maker)
    go(link)
    theirs = Connection.objects.exclude(pk=connected.pk).get()
    assert [one.code for one in theirs.divisions.all()] == [INSTALLER]
    assert connected.divisions.count() == 3
    assert Division.objects.filter(administration__isnull=False).count() == 1
    connected.refresh_from_db()
    assert (connected.owner, connected.is_shared) == (owner, False)
    Exact(connected).me()


def test_a_division_of_other_numbers_is_refused_with_both(maker: User, english: None) -> None:
    link, _token = sharing.make(administration(BAKERY), maker)
    before = shares.rows()
    with pytest.raises(SignInRefused) as refused:
        go(link)
    assert str(refused.value).startswith(
        "This login opens Installatiebedrijf Noorderlicht B.V. (3100201); the connection was for Ours B.V. Nothing was "
        "changed. ("
    )
    assert "19261865 in Exact, 64134164 here" in str(refused.value)
    assert shares.rows() == before
    assert state_of(link) == ShareState.WRONG
    assert set(link.said) == {"nl", "en"}
    assert link.said["nl"] == link.trouble
    assert link.said["en"].startswith("This login opens")
    go(link, users.USER["UserID"])  # another login may be tried until it is the right one
    assert state_of(link) == ShareState.DONE


def test_without_numbers_the_person_chooses(maker: User) -> None:
    link, _token = sharing.make(administration(), maker)
    begun, address = sharing.begin(link)
    answer = signing_in.answer_of(Visitor().consent(address, divisions=[BAKERY, ESTATE]))
    with pytest.raises(sharing.Chooses):
        sharing.complete(begun, answer)
    begun.refresh_from_db()
    assert [one.code for one in sharing.choices(begun)] == [BAKERY, ESTATE]
    assert not Connection.objects.exists() and not Division.objects.exists()
    with pytest.raises(SignInRefused):
        sharing.choose(begun, INSTALLER)
    sharing.choose(begun, ESTATE)
    assert Division.objects.get().administration == link.administration
    assert state_of(link) == ShareState.DONE


def test_choosing_one_of_other_numbers_is_refused_and_another_may_be_chosen(maker: User) -> None:
    ours = AdministrationFactory()
    AdministrationIdentifierFactory(administration=ours, kind="kvk", value="17131139")
    link, _token = sharing.make(ours, maker)
    begun, address = sharing.begin(link)
    from apps.sandbox.models import Row

    bare = Row.objects.get(resource="system/Divisions", key=str(ESTATE))
    bare.data |= {"ChamberOfCommerceNumber": "", "VATNumber": ""}
    bare.save(update_fields=["data"])
    with pytest.raises(sharing.Chooses):
        sharing.complete(begun, signing_in.answer_of(Visitor().consent(address, divisions=[BAKERY, ESTATE])))
    begun.refresh_from_db()
    before = shares.rows()
    with pytest.raises(SignInRefused):
        sharing.choose(begun, BAKERY)
    assert shares.rows() == before
    assert state_of(link) == ShareState.WRONG
    sharing.choose(begun, ESTATE)
    assert state_of(link) == ShareState.DONE


def test_a_link_of_a_linked_administration_reconnects_its_division(
    maker: User, connected: Connection
) -> None:
    division = Division.objects.get(code=INSTALLER)
    ours = linking.create_for(division)
    link, _token = sharing.make(ours, maker)
    assert link.division == division
    before = shares.rows(but={"connection_id", "seen_at"})
    before["Connection"] = []
    go(link)
    after = shares.rows(but={"connection_id", "seen_at"})
    after["Connection"] = []
    assert after == before
    division.refresh_from_db()
    assert division.connection and division.connection.is_shared


def test_a_link_does_not_follow_its_division_to_another_administration(
    maker: User, connected: Connection, english: None
) -> None:
    division = Division.objects.get(code=BAKERY)
    ours = linking.create_for(division)
    link, _token = sharing.make(ours, maker)
    linking.unlink(division, ours)
    assert state_of(link) == ShareState.REVOKED
    ShareLink.objects.update(
        state=ShareState.OPENED, ended_at=None
    )  # as of before links were revoked by that
    linking.link(division, AdministrationFactory(name="Somebody else"))
    before = shares.rows()
    link.refresh_from_db()
    with pytest.raises(SignInRefused, match="is in use here already"):
        go(link, users.USERS[1].exact["UserID"])
    assert shares.rows() == before
    assert state_of(link) == ShareState.WRONG


def test_what_is_linked_elsewhere_is_refused_without_saying_where(maker: User, connected: Connection) -> None:
    other = linking.create_for(Division.objects.get(code=INSTALLER))
    Administration.objects.filter(pk=other.pk).update(name="Somebody else")
    link, _token = sharing.make(administration(INSTALLER), maker)
    before = shares.rows()
    with pytest.raises(SignInRefused) as refused:
        go(link)
    assert "Somebody else" not in str(refused.value)
    assert "Noorderlicht" in str(refused.value)
    assert shares.rows() == before
    assert state_of(link) == ShareState.WRONG
    assert not SignIn.objects.exists()


def test_of_two_browsers_at_once_one_is_done(maker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    link, _token = sharing.make(administration(BAKERY), maker)
    accept = signing_in.accept
    first, address = sharing.begin(link)
    answer = signing_in.answer_of(Visitor().consent(address, divisions=[BAKERY]))
    ask = Exact.divisions

    def divisions_while_another_is_faster(client: Exact, *places: Any) -> Any:
        monkeypatch.setattr(Exact, "divisions", ask)
        go(link, users.USERS[1].exact["UserID"])
        return ask(client, *places)

    monkeypatch.setattr(Exact, "divisions", divisions_while_another_is_faster)
    with pytest.raises(sharing.Ended):
        sharing.complete(first, answer)
    assert signing_in.accept is accept
    assert Connection.objects.get().user_name.startswith("Joost")
    assert state_of(link) == ShareState.DONE
    assert not SignIn.objects.exists()


@pytest.mark.parametrize("end", ["used", "revoked", "expired", "disowned"])
def test_an_ended_link_begins_nothing_and_completes_nothing(maker: User, end: str, count_calls: Any) -> None:
    link, _token = sharing.make(administration(BAKERY), maker)
    begun, address = sharing.begin(link)
    answer = signing_in.answer_of(Visitor().consent(address, divisions=[BAKERY]))
    if end == "used":
        link.move(state=ShareState.DONE, ended_at=clock.now())
    elif end == "revoked":
        assert link.revoke(by=maker)
        assert not link.revoke(by=maker)
    elif end == "disowned":
        User.objects.filter(pk=maker.pk).update(is_active=False)
        link = ShareLink.objects.get(pk=link.pk)
        assert (link.standing, link.move(state=ShareState.OPENED)) == ("revoked", False)
    else:
        ShareLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
        link.refresh_from_db()
        assert link.is_expired and not link.move(state=ShareState.OPENED)
    link.refresh_from_db()
    with pytest.raises(sharing.Ended):
        sharing.begin(link)
    with pytest.raises(sharing.Ended):
        sharing.complete(begun, answer)
    assert count_calls("oauth2/token") == 0
    assert not Connection.objects.exists()
    assert not SignIn.objects.exists()


@pytest.mark.parametrize("path", ["current/Me", "system/Divisions"])
def test_who_was_cut_off_after_the_exchange_goes_on(maker: User, path: str, count_calls: Any) -> None:
    link, _token = sharing.make(administration(BAKERY), maker)
    faults.arm("dropped_before", path=path)
    with pytest.raises(CutOff) as cut_off:
        go(link, users.USER["UserID"])
    begun = signing_in.shared_sign_in(cut_off.value.state)
    assert begun and begun.access_token
    sharing.complete(begun, {"state": cut_off.value.state})
    assert state_of(link) == ShareState.DONE
    assert count_calls("oauth2/token") == 1


def test_killed_while_it_is_kept_nothing_is_half(maker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    link, _token = sharing.make(administration(BAKERY), maker)

    def killed(*_args: Any, **_kwargs: Any) -> None:
        raise KeyboardInterrupt

    begun, address = sharing.begin(link)
    answer = signing_in.answer_of(Visitor().consent(address, divisions=[BAKERY]))
    with monkeypatch.context() as patched:
        patched.setattr(linking, "link", killed)
        with pytest.raises(KeyboardInterrupt):
            sharing.complete(begun, answer)
    assert state_of(link) == ShareState.SIGNED_IN
    assert not Connection.objects.exists() and not Division.objects.exists()
    again = signing_in.shared_sign_in(begun.state)
    assert again
    sharing.complete(again, {"state": begun.state})
    assert state_of(link) == ShareState.DONE


def test_the_states_of_administrators_and_of_links_are_kept_apart(maker: User) -> None:
    link, _token = sharing.make(administration(), maker)
    begun, _address = sharing.begin(link)
    assert signing_in.shared_sign_in(begun.state) == begun
    assert signing_in.shared_sign_in("") is None
    with pytest.raises(SignInRefused):
        signing_in.come_back(f"/?state={begun.state}&code=x")
    signing_in.begin(link.app, maker)
    own = SignIn.objects.get(user=maker)
    assert signing_in.shared_sign_in(own.state) is None
    time.advance(timedelta(minutes=11))
    assert signing_in.shared_sign_in(begun.state) is None


def test_an_ended_link_says_when(maker: User) -> None:
    link, _token = sharing.make(administration(), maker)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShareLink.objects.filter(pk=link.pk).update(state=ShareState.DONE)


def test_a_link_by_mail_goes_once_and_its_token_is_forgotten(maker: User) -> None:
    link, token = sharing.make(administration(), maker, email="p@x.example", language="en", by_mail=True)
    assert ("apps.exact.share_tasks.mail_share_link", link.pk) in [
        (bell.func(), bell.task["args"][0]) for bell in queue.OrmQ.objects.all()
    ]
    for _time in range(2):
        share_tasks.mail_share_link(link.pk)
    (sent,) = mail.outbox
    assert sent.to == ["p@x.example"]
    assert f"/exact/share/{token}/" in sent.body
    assert sent.subject == "Connect Ours B.V. with Exact Online"
    link.refresh_from_db()
    assert (link.unsent, link.mail_at) == ("", None)
    assert share_mails.due() == []


def test_a_mail_that_fails_is_tried_again_and_in_the_end_forgotten(
    maker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, _token = sharing.make(administration(), maker, email="p@x.example", by_mail=True)

    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("no mail server")

    monkeypatch.setattr(share_mails, "send_mail", fails)
    assert share_mails.due() == [link.pk]
    share_tasks.mail_share_link(link.pk)
    assert share_mails.due() == []
    for _time in range(share_mails.MOST_ATTEMPTS):
        time.advance(timedelta(hours=3))
        share_tasks.mail_share_link(link.pk)
    link.refresh_from_db()
    assert (link.mail_attempts, link.unsent, link.mail_at) == (share_mails.MOST_ATTEMPTS, "", None)
    assert link.said["en"] == "The mail could not be sent to p@x.example; make a new link."
    assert link.trouble == link.said["nl"]
    monkeypatch.undo()
    assert share_mails.untold() == [link.pk]
    for _time in range(2):
        share_tasks.tell_of_share_link(link.pk)
    (told,) = mail.outbox
    assert told.to == [maker.email]
    assert "could not be sent to p@x.example" in told.body
    assert share_mails.untold() == []
    sharing.opened(link)  # somebody has the link all the same: its page says nothing of mails
    link.refresh_from_db()
    assert (link.trouble, link.said, share_mails.untold()) == ("", {}, [])


def refused(link: ShareLink) -> None:
    with pytest.raises(SignInRefused):
        go(link)


def test_a_mail_to_the_maker_is_tried_so_often_with_pauses(
    maker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, _token = sharing.make(administration(BAKERY), maker)
    refused(link)
    tried: list[int] = []

    def fails(*_args: Any, **_kwargs: Any) -> None:
        tried.append(1)
        raise OSError("no mail server")

    monkeypatch.setattr(share_mails, "send_mail", fails)
    for _time in range(2):
        share_tasks.tell_of_share_link(link.pk)
    assert (len(tried), share_mails.untold()) == (1, [])
    for _time in range(share_mails.MOST_ATTEMPTS + 3):
        time.advance(timedelta(hours=3))
        for pk in share_mails.untold():
            share_tasks.tell_of_share_link(pk)
    assert len(tried) == share_mails.MOST_ATTEMPTS
    monkeypatch.undo()
    go(link, users.USER["UserID"])  # how it ends is news of its own
    share_tasks.tell_of_share_link(link.pk)
    assert [sent.subject for sent in mail.outbox] == ["Share link of Ours B.V.: done"]


def test_killed_while_the_maker_is_told_the_mail_goes_later(
    maker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, _token = sharing.make(administration(BAKERY), maker)
    refused(link)

    def killed(*_args: Any, **_kwargs: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(share_mails, "send_mail", killed)
    with pytest.raises(KeyboardInterrupt):
        share_tasks.tell_of_share_link(link.pk)
    monkeypatch.undo()
    assert share_mails.untold() == []
    time.advance(timedelta(minutes=2))
    assert share_mails.untold() == [link.pk]
    share_tasks.tell_of_share_link(link.pk)
    assert len(mail.outbox) == 1
    assert share_mails.untold() == []


@pytest.mark.parametrize("end", ["expired", "disowned"])
def test_a_link_that_opens_nothing_is_not_due_and_keeps_no_token(maker: User, end: str) -> None:
    link, _token = sharing.make(administration(), maker, email="p@x.example", by_mail=True, days=1)
    if end == "expired":
        time.advance(timedelta(days=2))
    else:
        User.objects.filter(pk=maker.pk).update(is_active=False)
    share_tasks.mail_share_link(link.pk)
    assert share_mails.due() == []
    link.refresh_from_db()
    assert (link.unsent, link.mail_at, mail.outbox) == ("", None, [])


def test_a_revoked_link_is_not_sent(maker: User) -> None:
    link, _token = sharing.make(administration(), maker, email="p@x.example", by_mail=True)
    link.revoke(by=maker)
    share_tasks.mail_share_link(link.pk)
    assert mail.outbox == []


def test_the_maker_is_told_once_how_it_ended(maker: User) -> None:
    link, _token = sharing.make(administration(BAKERY), maker, for_whom="Pieter")
    with pytest.raises(SignInRefused):
        go(link)
    assert share_mails.untold() == [link.pk]
    for _time in range(2):
        share_tasks.tell_of_share_link(link.pk)
    assert share_mails.untold() == []
    go(link, users.USER["UserID"])
    connection_tasks.watch_connections()
    share_tasks.tell_of_share_link(link.pk)
    wrong, done = mail.outbox
    assert wrong.to == done.to == [maker.email]
    assert "This login opens" in wrong.body
    assert done.subject == "Share link of Ours B.V.: done"


def test_a_short_list_without_the_right_one_is_not_called_wrong(maker: User, english: None) -> None:
    switches.lack_scopes("Organization administration")
    AdministrationIdentifierFactory(
        administration=(ours := administration()), kind="vat", value="NL899646402B01"
    )
    link, _token = sharing.make(ours, maker)
    with pytest.raises(SignInRefused, match=r"could not be seen.*Organization administration, read"):
        go(link)
    assert state_of(link) == ShareState.SIGNED_IN
    assert link.said["en"].startswith("Whether this login opens Ours B.V.")
    assert not Connection.objects.exists()


def test_a_link_of_another_country_leads_to_its_own_exact(maker: User) -> None:
    belgium = ExactAppFactory()
    link, _token = sharing.make(administration(), maker, app=belgium)
    assert link.app == belgium


def test_a_linked_administration_stays_with_its_app(maker: User, connected: Connection) -> None:
    division = Division.objects.get(code=BAKERY)
    link, _token = sharing.make(linking.create_for(division), maker, app=ExactAppFactory())
    assert link.app == division.app
