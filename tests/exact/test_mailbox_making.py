"""Setting up a mailbox, and when it is looked at. What Exact answers: tests/flows/test_digital_mailbox.py."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from apps.core import clock, leases
from apps.core.identifiers import Kind
from apps.exact import mailbox_making, mailbox_naming
from apps.exact.mailbox_words import NoAddress
from apps.exact.models import ConnectionStatus, DigitalMailbox, Division, MailboxState
from apps.sandbox import faults
from apps.sandbox.models import FaultKind
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory
from tests.exact.factories import DigitalMailboxFactory, DivisionFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_address_comes_from_the_administration_or_its_division(settings: Settings) -> None:
    named, linked = AdministrationFactory.create_batch(2)
    AdministrationIdentifierFactory(administration=named, kind=Kind.KVK, value="34567892")
    DivisionFactory(administration=linked, chamber_of_commerce="12345678")
    settings.EXACT_MAILBOX_PATTERN = "kvk{kvk}@post.example"
    assert mailbox_naming.set_up(named).address == "kvk34567892@post.example"
    made = mailbox_naming.set_up(linked)
    assert made.address == "kvk12345678@post.example"
    assert mailbox_naming.set_up(linked) == made


def test_two_administrations_of_one_number_cannot_both_have_it() -> None:
    for _each in range(2):
        AdministrationIdentifierFactory(kind=Kind.KVK, value="34567892")
    one, other = AdministrationFactory._meta.model.objects.filter(identifiers__value="34567892")
    mailbox_naming.set_up(one)
    with pytest.raises(NoAddress, match=r"has 34567892@facturen\.econnect\.eu already"):
        mailbox_naming.set_up(other)
    with pytest.raises(NoAddress, match="no KvK number"):
        mailbox_naming.set_up(AdministrationFactory())


def test_what_is_due_is_put_off_so_that_a_lost_bell_costs_minutes() -> None:
    now = clock.now()
    wanted = DigitalMailboxFactory(check_at=now - timedelta(seconds=1))
    DigitalMailboxFactory(check_at=now + timedelta(hours=1))
    DigitalMailboxFactory()
    assert mailbox_making.due() == [wanted.pk]
    assert mailbox_making.due() == []
    wanted.refresh_from_db()
    assert wanted.check_at > now


def test_the_night_leaves_out_what_was_never_asked_and_what_cannot_be_reached() -> None:
    reached = DivisionFactory(administration=AdministrationFactory()).administration
    lost = DivisionFactory(
        administration=AdministrationFactory(), connection__status=ConnectionStatus.LOST
    ).administration
    found = DigitalMailboxFactory(administration=reached, state=MailboxState.ACTIVE)
    DigitalMailboxFactory(administration=lost, state=MailboxState.ACTIVE)
    DigitalMailboxFactory(state=MailboxState.ACTIVE)
    assert mailbox_making.of_the_night() == [found.pk]
    DigitalMailbox.objects.update(state=MailboxState.NONE)
    assert mailbox_making.of_the_night() == []


def test_without_a_division_nothing_is_asked() -> None:
    mailbox = DigitalMailboxFactory(check_at=clock.now())
    mailbox_making.look(mailbox)
    mailbox.refresh_from_db()
    assert (mailbox.state, mailbox.check_at) == (MailboxState.NONE, None)


def test_while_others_work_in_the_division_it_waits(
    division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.exact.turns.PATIENCE", 0)
    administration = AdministrationFactory()
    Division.objects.filter(pk=division.pk).update(administration=administration)
    mailbox = DigitalMailboxFactory(administration=administration, check_at=clock.now())
    leases.take(division, seconds=60)
    mailbox_making.look(mailbox)
    assert mailbox.is_wanted
    assert mailbox.check_at > clock.now()


def test_a_connection_that_is_refused_is_no_trouble_of_the_mailbox(division: Division) -> None:
    administration = AdministrationFactory()
    Division.objects.filter(pk=division.pk).update(administration=administration)
    mailbox = DigitalMailboxFactory(administration=administration, state=MailboxState.ACTIVE)
    faults.arm(FaultKind.FORBIDDEN, path="mailbox/Mailboxes", reason="NoDivisionAccess")
    mailbox_making.look(mailbox)
    assert mailbox.state == MailboxState.ACTIVE
    assert "may not open this administration" in mailbox.words


def test_a_button_pressed_twice_changes_nothing_and_a_late_worker_writes_nothing() -> None:
    mailbox, somebody = DigitalMailboxFactory(), UserFactory()
    late = DigitalMailbox.objects.get(pk=mailbox.pk)
    assert mailbox.say_made(by=somebody)
    assert not mailbox.want(by=somebody)
    assert not late.settle(state=MailboxState.ACTIVE)
    DigitalMailbox.objects.update(state=MailboxState.ACTIVE)
    mailbox.refresh_from_db()
    assert not mailbox.want(by=somebody)
    assert not mailbox.say_made(by=somebody)
