"""Where the product's mail goes in sandbox mode."""

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from apps.sandbox import switches
from apps.sandbox.exact import messages, store
from apps.sandbox.models import Row
from config import settings as written
from tests.sandbox.driver import Exact
from tests.sandbox.small_firm import HERE, key

US, MAILBOX, SOMEBODY = "us@kantoor.example", "1@facturen.example", "anna@klant.example"
DOCUMENTS = "documents/Documents"


@pytest.fixture(autouse=True)
def mailbox(exact: Exact, settings: Settings) -> None:
    """A mailbox that takes our mail."""
    settings.EMAIL_BACKEND = written.EMAIL_BACKEND
    switches.change(mailbox_senders=[US])
    fields = {"ID": key("mailbox"), "Mailbox": MAILBOX, "Type": 1, "ForDivision": HERE}
    store.put(messages.MAILBOXES, HERE, fields)


def send(*to: str, sender: str = US) -> None:
    mail = EmailMessage("Factuur 1", "Hierbij.", sender, list(to))
    mail.attach("factuur.xml", b"<Invoice/>", "application/xml")
    assert mail.send() == 1


def arrived() -> list[Row]:
    return list(store.rows(DOCUMENTS, HERE))


def test_what_is_for_a_mailbox_arrives_there_and_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    send(MAILBOX.upper())
    (document,) = arrived()
    assert (document.data["Subject"], capsys.readouterr().out) == ("Factuur 1", "")


def test_what_is_for_somebody_else_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    send(SOMEBODY)
    assert arrived() == []
    assert f"To: {SOMEBODY}" in capsys.readouterr().out


def test_what_is_for_both_goes_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    send(SOMEBODY, MAILBOX)
    assert (len(arrived()), "Factuur 1" in capsys.readouterr().out) == (1, True)


def test_a_sender_that_is_not_allowed_is_blocked() -> None:
    send(MAILBOX, sender="stranger@elders.example")
    assert (arrived(), messages.blocked(HERE)) == ([], 1)
