"""Sending a mail of a posting: once, and what each answer of the mail server makes of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from apps.core.causes import Cause
from apps.exact.models import DigitalMailbox, Division
from apps.posting.drain import drain
from apps.posting.models import Method, Posting, PostingCall, PostingState
from apps.sandbox import faults, switches, time
from apps.sandbox.models import FaultKind
from tests import smtp
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DigitalMailboxFactory
from tests.intake.factories import OriginalFactory
from tests.posting.conftest import CONTENT, DOCUMENTS, Desk, again
from tests.posting.factories import PostingFactory
from tests.smtp import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with smtp.running() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 5
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield running


@pytest.fixture(autouse=True)
def mailbox(desk: Desk) -> DigitalMailbox:
    administration = AdministrationFactory()
    Division.objects.filter(pk=desk.division.pk).update(administration=administration)
    made: DigitalMailbox = DigitalMailboxFactory(
        administration=administration,
        address="1@facturen.example",
        is_active=True,
        for_division=desk.division.code,
    )
    return made


def posting(desk: Desk, reference: str = "PK-0000000000AA") -> Posting:
    step = {
        "name": "mail",
        "mails": "1@facturen.example",
        "payload": {"Subject": f"Anker 1 [{reference}]", "From": "us@kantoor.example"},
        "files": [{"name": "f.xml", "original": OriginalFactory(data=CONTENT).pk}],
    }
    made: Posting = PostingFactory(
        division=desk.division,
        method=Method.MAILBOX,
        reference=reference,
        plan={"steps": [step], "look": {"supplier": ""}},
    )
    return made


def test_it_is_sent_once_and_done_without_an_id_in_exact(desk: Desk, server: MailServer) -> None:
    made = posting(desk)
    assert drain(desk.division).done == 1
    assert drain(desk.division, at_once=True).done == 0
    done = again(made)
    assert (done.state, done.exact_id, len(server.mails)) == (PostingState.DONE, None, 1)
    assert done.steps["mail"]["id"] == "<PK-0000000000AA@kantoor.example>"
    call = PostingCall.objects.get()
    assert (call.verb, call.status) == ("MAIL", 250)


def test_trouble_with_a_mail_does_not_hold_up_a_booking(desk: Desk, server: MailServer) -> None:
    mailed = posting(desk)
    entry = desk.posting()
    server.troubles.append(("RCPT", "450 greylisted"))
    drained = drain(desk.division)
    assert (drained.put_off, drained.done) == (1, 1)
    assert again(entry).state == PostingState.DONE
    assert (again(mailed).state, "450 greylisted" in again(mailed).words) == (PostingState.WAITING, True)


def test_a_server_that_is_never_there_ends_with_a_person(desk: Desk, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with smtp.running() as gone:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", gone.port, 5
    made = posting(desk)
    for _round in range(11):
        drain(desk.division, at_once=True)
        time.advance(timedelta(hours=2))
    refused = again(made)
    assert (refused.state, refused.cause) == (PostingState.REFUSED, Cause.REJECTED_BY_EXACT)
    assert refused.words


def test_an_unknown_outcome_stays_open_however_often_it_is_looked_at(desk: Desk, server: MailServer) -> None:
    made = posting(desk)
    server.troubles.append(("taken", ""))
    for _round in range(14):
        drain(desk.division, at_once=True)
        time.advance(timedelta(hours=7))
    assert (again(made).state, len(server.mails)) == (PostingState.UNCLEAR, 1)
    assert again(made).is_mail_unclear


def test_looks_become_rare(desk: Desk, server: MailServer) -> None:
    made = posting(desk)
    server.troubles.append((".", ""))
    drain(desk.division)
    time.advance(timedelta(hours=2))
    drain(desk.division)
    assert (again(made).next_attempt_at - made.created_at) > timedelta(hours=20)
    assert not Posting.objects.due(made.created_at + timedelta(hours=20)).exists()


def test_a_document_in_exact_settles_it(desk: Desk, server: MailServer) -> None:
    from apps.exact.client import Exact

    made = posting(desk)
    server.troubles.append(("taken", ""))
    drain(desk.division)
    document = Exact(desk.division).post(DOCUMENTS, {"Subject": f"Anker 1 [{made.reference}]", "Type": 20})
    time.advance(timedelta(minutes=5))
    assert drain(desk.division).done == 1
    assert again(made).steps["arrived document"]["id"] == document["ID"]


def test_a_person_is_believed_only_while_nobody_looks(desk: Desk, server: MailServer) -> None:
    made = posting(desk)
    server.troubles.append((".", ""))
    drain(desk.division)
    kept = again(made)
    again(made).claim()
    assert not kept.settle_mail(is_there=True, by="Anna")
    Posting.objects.update(state=PostingState.UNCLEAR)
    assert again(made).settle_mail(is_there=False, by="Anna")
    assert drain(desk.division).done == 1
    assert len(server.mails) == 1


def test_without_a_mail_server_it_goes_where_other_mail_goes(desk: Desk, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    posting(desk)
    mail.outbox = []
    assert drain(desk.division).done == 1
    assert mail.outbox[0].message()["Message-ID"] == "<PK-0000000000AA@kantoor.example>"


def test_a_user_who_may_not_read_documents_holds_up_none_but_the_unclear_mail(
    desk: Desk, server: MailServer
) -> None:
    unclear = posting(desk)
    server.troubles.append(("taken", ""))
    drain(desk.division)
    second = posting(desk, "PK-0000000000BB")
    switches.lack_rights("documents/Documents")
    for _round in range(3):
        time.advance(timedelta(hours=3))
        assert not drain(desk.division).stopped
    assert (again(second).state, again(unclear).state) == (PostingState.DONE, PostingState.UNCLEAR)
    assert again(unclear).is_mail_unclear


@pytest.mark.parametrize("kind", [FaultKind.TOO_MANY, FaultKind.GATEWAY])
def test_a_mail_of_a_killed_worker_is_unclear_whatever_the_look_says(
    desk: Desk, server: MailServer, kind: FaultKind
) -> None:
    made = posting(desk)
    made.claim()
    made.keep("mail", state="started")  # and here it was killed
    faults.arm(kind, path="documents/Documents")
    assert drain(desk.division).stopped
    assert again(made).is_mail_unclear
    assert server.mails == []
