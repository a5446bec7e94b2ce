"""Mails of mail hooks."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from apps.sandbox.econnect import network, switches
from tests.sandbox.econnect.driver import BAKERY, INVOICE, Econnect

TO = "peppol@postkamer.example"


@pytest.fixture
def mailed(econnect: Econnect) -> None:
    """A mail hook beside nothing else."""
    econnect.hook(f"mailto:{TO}", "InvoiceReceived")


def only() -> EmailMessage:
    (raw,) = network.mails(TO)
    assert b"\r\n" in raw
    return message_from_bytes(raw, policy=default)


def test_a_mail_names_the_document_and_has_it_attached(mailed: None) -> None:
    sent = network.send(BAKERY, INVOICE)
    assert network.mails() == []
    assert network.deliver_due() == 1
    mail = only()
    assert (mail["To"], mail["Subject"]) == (TO, "InvoiceReceived 2026-10441")
    assert "econnect.eu" in mail["From"]
    assert mail["Date"].startswith("Mon, 05 Oct 2026 12:00:")
    text = mail.get_body(("plain",))
    assert text is not None
    lines = text.get_content().splitlines()
    assert {f"Document: {sent}", f"Party: {BAKERY}", "Topic: InvoiceReceived"} <= set(lines)
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == INVOICE
    assert attached.get_filename() == f"{sent}.xml"


def test_the_document_stays_away_where_that_is_switched(mailed: None) -> None:
    switches.change(mail_with_document=False)
    network.send(BAKERY, INVOICE)
    network.deliver_due()
    assert list(only().iter_attachments()) == []
    assert network.mails("other@postkamer.example") == []


def test_what_spoils_web_hooks_leaves_mail_alone(mailed: None) -> None:
    switches.change(hooks_lost=True, hook_times=3)
    network.send(BAKERY, INVOICE)
    assert network.deliver_due() == 1
    only()
