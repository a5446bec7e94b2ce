from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import translation

from apps.core import clock
from apps.exact import alarms
from apps.exact.losses import Loss
from apps.exact.models import Connection, ConnectionStatus
from apps.people.models import Role
from tests.exact.factories import ConnectionFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


def lost(**more: Any) -> Connection:
    values = {"status": ConnectionStatus.LOST, "loss": Loss.PASSWORD, "troubled_at": clock.now(), **more}
    connection: Connection = ConnectionFactory(**values)
    return connection


def test_the_owner_is_told_once_what_is_wrong_and_what_helps(settings: Any) -> None:
    settings.PUBLIC_URL = "https://post.example"
    owner = UserFactory(language="en")
    connection = lost(owner=owner, trouble="The password of the user was changed.")
    assert alarms.tell(connection)
    assert not alarms.tell(connection)
    (sent,) = mail.outbox
    assert sent.to == [owner.email]
    assert connection.user_name in sent.subject
    assert "The password of the Exact user was changed" in sent.body
    assert "Sign in again with the new password." in sent.body
    assert "Exact Online says: The password of the user was changed." in sent.body
    assert f"https://post.example/exact/connection/{connection.pk}/change/" in sent.body
    assert connection.access_token not in sent.body


def test_without_an_address_of_our_own_there_is_no_link(settings: Any) -> None:
    settings.PUBLIC_URL = ""
    alarms.tell(lost(owner=UserFactory()))
    assert "/exact/" not in mail.outbox[0].body


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_mail_is_in_the_language_of_who_reads_it(language: str) -> None:
    connection = lost(owner=UserFactory(language=language))
    alarms.tell(connection)
    assert connection.remedy
    with translation.override(language):
        assert str(connection.remedy.sentence) in mail.outbox[0].body


def test_without_an_owner_every_administrator_is_told() -> None:
    first, second = (UserFactory(role=Role.ADMINISTRATOR) for _person in range(2))
    UserFactory(role=Role.ADMINISTRATOR, is_active=False)
    UserFactory(role=Role.PARTNER)
    alarms.tell(lost(owner=UserFactory(is_active=False)))
    assert [sent.to for sent in mail.outbox] == [[first.email], [second.email]]


def test_one_address_that_does_not_work_does_not_bring_the_others_the_mail_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good, bad = (UserFactory(role=Role.ADMINISTRATOR) for _person in range(2))
    connection, send = lost(), EmailBackend.send_messages

    def refusing(backend: EmailBackend, messages: list[Any]) -> int:
        if messages[0].to == [bad.email]:
            raise SMTPRecipientsRefused({})
        return send(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refusing)
    assert alarms.tell(connection)
    assert alarms.untold() == []
    assert [sent.to for sent in mail.outbox] == [[good.email]]


def test_a_mail_that_fails_is_sent_later(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = lost(owner=UserFactory())

    def no_server(*_messages: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", no_server)
        assert not alarms.tell(connection)
    assert alarms.untold() == [connection.pk]
    assert alarms.tell(connection)
    assert alarms.untold() == []


def test_what_was_mended_meanwhile_is_not_told() -> None:
    connection = lost(owner=UserFactory())
    Connection.objects.update(status=ConnectionStatus.ALIVE, loss="")
    assert not alarms.tell(connection)
    assert mail.outbox == []


def test_a_line_break_in_a_name_breaks_no_mail() -> None:
    assert alarms.tell(lost(owner=UserFactory(), user_name="Marieke\nBcc: x@example.com"))
    assert "\n" not in mail.outbox[0].subject


@pytest.mark.parametrize(
    ("age", "warned", "mails"),
    [(19, None, 0), (21, None, 1), (24, 21, 0), (26, 21, 1), (26, 26, 0), (26, None, 1), (31, None, 0)],
)
def test_a_chain_that_nobody_can_renew_is_warned_of_twice(age: int, warned: int | None, mails: int) -> None:
    issued = clock.now() - timedelta(days=age, hours=1)
    warned_at = issued + timedelta(days=warned) if warned else None
    ConnectionFactory(owner=UserFactory(language="en"), issued_at=issued, warned_at=warned_at)
    assert alarms.warn() == len(mail.outbox) == mails
    assert alarms.warn() == 0


def test_the_warning_says_on_which_day_the_chain_ends() -> None:
    issued = clock.now() - timedelta(days=21)
    ConnectionFactory(owner=UserFactory(language="nl"), issued_at=issued)
    alarms.warn()
    ends = clock.local_date(issued + timedelta(days=30))
    assert str(ends.day) in mail.outbox[0].subject
    assert str(ends.year) in mail.outbox[0].body


def test_a_lost_chain_is_not_warned_of() -> None:
    lost(issued_at=clock.now() - timedelta(days=26), owner=UserFactory())
    assert alarms.warn() == 0


def test_a_banner_is_for_owners_and_administrators() -> None:
    owner, stranger = UserFactory(), UserFactory()
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    connection = lost(owner=owner)
    ConnectionFactory(owner=owner)
    assert alarms.troubled(owner) == alarms.troubled(administrator) == [connection]
    assert alarms.troubled(stranger) == []
