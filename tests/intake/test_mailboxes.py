"""Mailboxes, read from a real mail server."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from apps.core import clock, leases
from apps.core.http import RemoteCallInTransaction
from apps.intake import imap, mailboxes, opening
from apps.intake.models import Channel, Mailbox, Part, PartOutcome, Receipt, Security
from tests import dovecot, wire
from tests.bells import calls, rung
from tests.clients.factories import AdministrationFactory
from tests.dovecot import PASSWORD, Dovecot
from tests.intake.factories import MailboxFactory
from tests.intake.mails import LOGO, PDF, SENDER, UBL, attach, forwarding, invoice_mail, message
from tests.processes import Place
from tests.wire import Wire

pytestmark = pytest.mark.django_db

DONE, TOO_LARGE = "Postkamer", "Postkamer-te-groot"


@pytest.fixture
def mailbox(mail_server: Dovecot, request: pytest.FixtureRequest) -> Mailbox:
    """A mailbox of the firm with an account of its own on the server."""
    account = f"m{abs(hash(request.node.nodeid))}"
    made: Mailbox = MailboxFactory(
        address="post@kantoor.example", port=mail_server.port, username=account, password=PASSWORD
    )
    return made


@pytest.fixture
def deliver(mail_server: Dovecot, mailbox: Mailbox) -> Callable[..., None]:
    """Put mails into its inbox."""
    return lambda *mails: mail_server.deliver(
        mailbox.username, *(one if isinstance(one, bytes) else one.as_bytes() for one in mails)
    )


@pytest.fixture
def count(mail_server: Dovecot, mailbox: Mailbox) -> Callable[..., int]:
    """Count the mails in one of its folders."""
    return lambda folder="INBOX": mail_server.count(mailbox.username, folder)


@pytest.fixture
def line(mail_server: Dovecot, mailbox: Mailbox) -> Iterator[Wire]:
    """A wire to the server that can be cut."""
    with wire.between((mail_server.host, mail_server.port)) as made:
        Mailbox.objects.filter(pk=mailbox.pk).update(port=made.port)
        mailbox.port = made.port
        yield made


def opened() -> list[Part]:
    for pk in opening.unopened():
        opening.open_message(Receipt.objects.get(pk=pk))
    return list(Part.objects.order_by("receipt", "position"))


def test_each_attachment_becomes_a_part_and_the_mail_leaves_the_inbox(
    mail_server: Dovecot, mailbox: Mailbox, deliver: Any, count: Any
) -> None:
    whole = invoice_mail()
    deliver(whole)
    assert mailboxes.read(mailbox) == 1
    receipt = Receipt.objects.get()
    assert (receipt.channel, receipt.sender, receipt.recipient, receipt.subject) == (
        Channel.MAIL,
        SENDER,
        "post@kantoor.example",
        "Factuur 2026-17",
    )
    assert receipt.message and receipt.message.content() == whole.as_bytes()
    assert rung() == calls("parts_kept", receipt.pk)
    assert (count(), count(DONE)) == (0, 1)
    assert mail_server.mails(mailbox.username, DONE) == [whole.as_bytes()]
    assert [(part.filename, part.outcome, part.original.content()) for part in opened()] == [
        ("logo.png", PartOutcome.IGNORED, LOGO),
        ("factuur.xml", PartOutcome.RECEIVED, UBL),
        ("factuur.pdf", PartOutcome.RECEIVED, PDF),
    ]
    mailbox.refresh_from_db()
    assert mailbox.trouble == ""
    assert mailbox.checked_at is not None
    assert mailbox.lease is None


def test_mails_are_taken_in_their_order_and_a_second_run_finds_nothing(
    mailbox: Mailbox, deliver: Any, count: Any
) -> None:
    deliver(*(message(subject=f"Factuur {number}") for number in range(12)))
    assert mailboxes.read(mailbox) == 12
    assert mailboxes.read(mailbox) == 0
    subjects = Receipt.objects.order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == [f"Factuur {number}" for number in range(12)]
    assert (count(), count(DONE)) == (0, 12)


def test_a_mail_within_a_mail_is_opened(mailbox: Mailbox, deliver: Any) -> None:
    deliver(forwarding(forwarding(invoice_mail())))
    mailboxes.read(mailbox)
    assert [part.filename for part in opened()] == ["logo.png", "factuur.xml", "factuur.pdf"]


@pytest.mark.parametrize(
    "content",
    [b"\0\xff\xfe" * 50, b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nhalf", b"no header\r\n"],
)
def test_a_mail_that_cannot_be_read_is_kept_and_moved_like_any_other(
    mailbox: Mailbox, deliver: Any, count: Any, content: bytes
) -> None:
    deliver(content, invoice_mail())
    assert mailboxes.read(mailbox) == 2
    first = opened()[0]
    assert (first.outcome, first.filename) == (PartOutcome.REJECTED, "mail.eml")
    assert first.reason
    assert (count(), count(DONE)) == (0, 2)


def test_hostile_headers_and_names_do_no_harm(mailbox: Mailbox, deliver: Any, count: Any) -> None:
    bad = message(subject="x")
    attach(bad, PDF, "../../../etc/passwd")
    attach(bad, PDF, "..\\..\\windows\\win.ini\u202exslx.pdf")
    content = bad.as_bytes().replace(
        b"Subject: x", b"Subject: =?utf-7?Q?+2AA-?= \0\x1b[2J" + b"y" * 70_000 + b"\r\nTo: =?x?B?!!?=, <,>"
    )
    deliver(content)
    assert mailboxes.read(mailbox) == 1
    receipt = Receipt.objects.get()
    assert len(receipt.subject) <= 255
    assert receipt.subject.isprintable()
    assert [part.filename for part in opened()] == ["passwd", "win.inixslx.pdf"]


@pytest.mark.parametrize("after", [0, 3, 40, 400, 900, 1_500, 2_500, 9_000, 40_000])
def test_a_line_that_breaks_anywhere_loses_nothing_and_doubles_nothing(
    mailbox: Mailbox, deliver: Any, count: Any, line: Wire, after: int
) -> None:
    deliver(*(invoice_mail(subject=f"Factuur {number}") for number in range(3)))
    line.cut_after = after
    mailboxes.read(mailbox)
    assert line.cuts in (1, 2)
    mailbox.refresh_from_db()
    assert "verbinding" in mailbox.trouble or "cannot be reached" in mailbox.trouble
    assert mailbox.lease is None
    assert Receipt.objects.count() >= count(DONE)
    line.repair()
    mailboxes.read(mailbox)
    assert (Receipt.objects.count(), count(), count(DONE)) == (3, 0, 3)
    mailbox.refresh_from_db()
    assert mailbox.trouble == ""


@pytest.mark.parametrize(
    "word", [b"LOGIN", b"CAPABILITY", b"SELECT", b"SEARCH", b"FETCH", b"MOVE", b"CREATE"]
)
def test_a_line_that_breaks_at_any_question_loses_nothing(
    mailbox: Mailbox, deliver: Any, count: Any, line: Wire, word: bytes
) -> None:
    deliver(invoice_mail())
    line.cut_at = word
    assert mailboxes.read(mailbox) == 0
    assert count() == 1
    line.repair()
    assert mailboxes.read(mailbox) == 1
    assert (Receipt.objects.count(), count(), count(DONE)) == (1, 0, 1)


def test_a_mail_at_which_the_line_always_breaks_does_not_keep_those_behind_it(
    mailbox: Mailbox, deliver: Any, count: Any, line: Wire
) -> None:
    deliver(*(message(subject=f"Factuur {number}") for number in range(4)))
    line.cut_at = b"FETCH 2 "
    assert mailboxes.read(mailbox) == 3
    assert (line.cuts, count(), count(DONE)) == (1, 1, 3)
    mailbox.refresh_from_db()
    assert mailbox.trouble
    line.repair()
    assert mailboxes.read(mailbox) == 1
    mailbox.refresh_from_db()
    assert (count(), mailbox.trouble) == (0, "")


def test_after_new_numbers_nothing_is_taken_in_twice(
    mail_server: Dovecot, mailbox: Mailbox, deliver: Any, count: Any, line: Wire
) -> None:
    deliver(invoice_mail(), message(subject="other"))
    line.cut_at = b"MOVE"
    mailboxes.read(mailbox)
    assert (Receipt.objects.count(), count()) == (2, 2)
    line.repair()
    mail_server.renumber(mailbox.username)
    assert mailboxes.read(mailbox) == 2
    assert (Receipt.objects.count(), count(), count(DONE)) == (2, 0, 2)


def test_a_mail_that_somebody_puts_back_is_taken_in_again(
    mail_server: Dovecot, mailbox: Mailbox, deliver: Any
) -> None:
    deliver(invoice_mail())
    mailboxes.read(mailbox)
    deliver(*mail_server.mails(mailbox.username, DONE))
    mailboxes.read(mailbox)
    assert Receipt.objects.count() == 2


def test_a_mail_that_is_too_large_is_told_and_laid_aside(mailbox: Mailbox, deliver: Any, count: Any) -> None:
    deliver(b"From: a@b.example\r\nSubject: Groot\r\n\r\n" + b"x" * 36 * 1024**2, invoice_mail())
    assert mailboxes.read(mailbox) == 2
    assert (count(), count(TOO_LARGE), count(DONE)) == (0, 1, 1)
    receipt = Receipt.objects.get(subject="Groot")
    part = receipt.parts.get()
    assert (receipt.message, part.outcome) == (None, PartOutcome.REJECTED)
    assert "35 MB" in part.reason
    assert TOO_LARGE in part.reason
    assert part.original.size < 100


def test_a_large_mail_whose_move_broke_off_is_told_once(
    mailbox: Mailbox, deliver: Any, count: Any, line: Wire
) -> None:
    deliver(b"From: a@b.example\r\nSubject: Groot\r\n\r\n" + b"x" * 36 * 1024**2)
    line.cut_at = b"MOVE"
    mailboxes.read(mailbox)
    line.repair()
    assert mailboxes.read(mailbox) == 1
    assert (Receipt.objects.count(), Part.objects.count(), count(TOO_LARGE)) == (1, 1, 1)


def test_without_move_only_the_mail_itself_is_expunged(mailbox: Mailbox, mail_server: Dovecot) -> None:
    with dovecot.running(more="imap_capability = IMAP4rev1 UIDPLUS") as server:
        mailbox.port = server.port
        server.deliver(mailbox.username, invoice_mail().as_bytes())
        assert mailboxes.read(mailbox) == 1
        assert (server.count(mailbox.username), server.count(mailbox.username, DONE)) == (0, 1)


def test_without_move_and_uidplus_it_is_marked_and_not_read_again(
    mailbox: Mailbox, mail_server: Dovecot
) -> None:
    with dovecot.running(more="imap_capability = IMAP4rev1") as server:
        mailbox.port = server.port
        server.deliver(mailbox.username, invoice_mail().as_bytes())
        assert [mailboxes.read(mailbox), mailboxes.read(mailbox)] == [1, 0]
        assert server.count(mailbox.username, DONE) == 1


@pytest.mark.usefixtures("english")
class TestTrouble:
    """What is wrong stands there in words."""

    def _trouble(self, mailbox: Mailbox) -> str:
        assert mailboxes.read(mailbox) == 0
        mailbox.refresh_from_db()
        assert mailbox.checked_at is not None
        return mailbox.trouble

    def test_a_wrong_password(self, mail_server: Dovecot) -> None:
        box = MailboxFactory(port=mail_server.port, password="wrong")
        trouble = self._trouble(box)
        assert "refused to sign in" in trouble
        assert "wrong" not in trouble

    def test_a_password_beyond_ascii_is_sent_as_it_is(self, mail_server: Dovecot) -> None:
        box = MailboxFactory(port=mail_server.port, password="wächtwoord")
        assert "refused to sign in" in self._trouble(box)

    def test_a_missing_folder(self, mailbox: Mailbox) -> None:
        mailbox.inbox = "Facturen"
        assert "does not open the folder Facturen" in self._trouble(mailbox)

    def test_nobody_listens(self, mailbox: Mailbox) -> None:
        mailbox.port = 9
        assert "cannot be reached" in self._trouble(mailbox)

    def test_no_encryption_beyond_this_machine(self, mailbox: Mailbox) -> None:
        mailbox.host = "imap.kantoor.example"
        assert "Without encryption" in self._trouble(mailbox)

    @pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
    def test_a_certificate_of_nobody(
        self, mail_server: Dovecot, mailbox: Mailbox, security: Security
    ) -> None:
        mailbox.security = security
        mailbox.port = mail_server.tls_port if security == Security.TLS else mail_server.port
        assert "certificate of the mail server cannot be trusted" in self._trouble(mailbox)

    def test_a_server_that_speaks_something_else(self, mail_server: Dovecot, mailbox: Mailbox) -> None:
        mailbox.security, mailbox.port = Security.TLS, mail_server.port
        assert self._trouble(mailbox)

    def test_it_goes_when_it_works_again(self, mailbox: Mailbox) -> None:
        good, mailbox.port = mailbox.port, 9
        assert self._trouble(mailbox)
        mailbox.port = good
        assert self._trouble(mailbox) == ""


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_an_encrypted_line(
    mail_server: Dovecot, mailbox: Mailbox, deliver: Any, security: Security, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_server.ca))
    mailbox.security = security
    mailbox.port = mail_server.tls_port if security == Security.TLS else mail_server.port
    deliver(invoice_mail())
    assert mailboxes.read(mailbox) == 1


def test_nothing_is_asked_inside_a_transaction(mailbox: Mailbox) -> None:
    with transaction.atomic(), pytest.raises(RemoteCallInTransaction):
        mailboxes.read(mailbox)


def test_a_mailbox_that_another_process_reads_is_left(mailbox: Mailbox, deliver: Any, count: Any) -> None:
    deliver(invoice_mail())
    assert leases.take(mailbox, seconds=60)
    assert mailboxes.read(mailbox) == 0
    assert count() == 1


def test_which_mailboxes_are_due(mailbox: Mailbox) -> None:
    MailboxFactory(is_open=False)
    assert mailboxes.due() == [mailbox.pk]
    Mailbox.objects.filter(pk=mailbox.pk).update(trouble="no", checked_at=clock.now())
    assert mailboxes.due() == []
    Mailbox.objects.filter(pk=mailbox.pk).update(checked_at=clock.now() - timedelta(minutes=6))
    assert mailboxes.due() == [mailbox.pk]
    leases.take(mailbox, seconds=60)
    assert mailboxes.due() == []


@pytest.mark.parametrize(
    ("to", "delivered", "named"),
    [
        ("post+bakkerij@kantoor.example", "", True),
        ("Bakkerij@Kantoor.example", "", True),
        ("post@kantoor.example", "post+bakkerij@kantoor.example", True),
        ("post+onbekend@kantoor.example", "", False),
        ("bakkerij@elders.example", "", False),
        ("post+bakkerij@kantoor.example, post+molen@kantoor.example", "", False),
        ("post+molen@kantoor.example", "post+bakkerij@kantoor.example", True),
    ],
)
def test_the_address_says_for_whom_it_is(
    mailbox: Mailbox, deliver: Any, to: str, delivered: str, named: bool
) -> None:
    bakery = AdministrationFactory(slug="bakkerij")
    AdministrationFactory(slug="molen")
    headers = {"Delivered_To": delivered} if delivered else {}
    deliver(invoice_mail(to=to, **headers))
    mailboxes.read(mailbox)
    expected = bakery if named else None
    assert Receipt.objects.get().administration == expected
    assert {part.administration for part in opened()} == {expected}


def test_a_mailbox_of_one_administration_is_for_it_alone(mailbox: Mailbox, deliver: Any) -> None:
    mailbox.administration = AdministrationFactory()
    deliver(invoice_mail(to="post+bakkerij@kantoor.example"))
    mailboxes.read(mailbox)
    assert Receipt.objects.get().administration == mailbox.administration


@pytest.mark.django_db(transaction=True)
def test_two_readers_at_once_take_each_mail_once(mailbox: Mailbox, deliver: Any, count: Any) -> None:
    deliver(*(message(subject=f"Factuur {number}") for number in range(30)))
    moved: list[int] = []

    def read() -> None:
        try:
            moved.append(mailboxes.read(Mailbox.objects.get(pk=mailbox.pk)))
        finally:
            connections.close_all()

    readers = [threading.Thread(target=read) for _reader in range(3)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert sorted(moved) == [0, 0, 30]
    assert (Receipt.objects.count(), count(), count(DONE)) == (30, 0, 30)


@pytest.mark.django_db(transaction=True)
def test_even_two_readers_without_a_lease_keep_each_mail_once(
    mailbox: Mailbox, deliver: Any, count: Any
) -> None:
    deliver(*(message(subject=f"Factuur {number}") for number in range(15)))

    def read() -> None:
        Mailbox.objects.filter(pk=mailbox.pk).update(lease=None, leased_until=None)
        mailboxes.read(Mailbox.objects.get(pk=mailbox.pk))
        connection.close()

    readers = [threading.Thread(target=read) for _reader in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    mailboxes.read(mailbox)
    assert (Receipt.objects.count(), count()) == (15, 0)


READ = """
import django; django.setup()
from apps.intake import mailboxes
from apps.intake.models import Mailbox, Receipt
from tests.intake.factories import MailboxFactory
if not Mailbox.objects.exists():
    MailboxFactory(address="post@kantoor.example", username="{user}", password="{password}")
Mailbox.objects.update(port={port}, lease=None)
print(mailboxes.read(Mailbox.objects.get()), Receipt.objects.count(), flush=True)
"""


def test_a_reader_killed_between_keeping_and_moving(mail_server: Dovecot, place: Place) -> None:
    mail_server.deliver("killed", invoice_mail().as_bytes(), message(subject="second").as_bytes())
    with wire.between((mail_server.host, mail_server.port)) as line:
        line.hold_at = b"MOVE"
        reader = place.start("-c", READ.format(port=line.port, user="killed", password=PASSWORD))
        assert line.held.wait(60)
        os.kill(reader.pid, signal.SIGKILL)
        reader.communicate()
    assert mail_server.count("killed") == 2
    again = place.run("-c", READ.format(port=mail_server.port, user="killed", password=PASSWORD))
    assert again.split() == ["2", "2"]
    assert (mail_server.count("killed"), mail_server.count("killed", DONE)) == (0, 2)


def test_a_mail_that_is_larger_than_its_server_says_does_not_stay_for_ever(
    mailbox: Mailbox, deliver: Any, count: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAX_MAIL_BYTES = 1000
    monkeypatch.setattr(imap.Line, "size", lambda _line, _uid: 999)
    deliver(invoice_mail())
    assert mailboxes.read(mailbox) == 1
    assert (count(), count(TOO_LARGE)) == (0, 1)
    assert Part.objects.get().outcome == PartOutcome.REJECTED
