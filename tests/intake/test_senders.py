"""Whose mail is let in, and what waits."""

from typing import Any

import pytest

from apps.intake import releasing, senders
from apps.intake.models import AllowedSender, Channel, Hold, Part, PartOutcome, Receipt
from tests.bells import calls, forget, rung
from tests.clients.factories import AdministrationFactory
from tests.intake.factories import AllowedSenderFactory, OriginalFactory, PartFactory, ReceiptFactory

pytestmark = pytest.mark.django_db


def mail_from(sender: str, **more: Any) -> Receipt:
    made: Receipt = ReceiptFactory(channel=Channel.MAIL, sender=sender, **more)
    return made


@pytest.mark.parametrize(
    ("listed", "sender", "welcome"),
    [
        ("a@b.example", "a@b.example", True),
        ("A@B.example", "a@b.EXAMPLE", True),
        ("@b.example", "a@b.example", True),
        ("@b.example", "a@sub.b.example", False),
        ("@b.example", "a@eb.example", False),
        ("@b.example", "a@b.example.evil.example", False),
        ("a@b.example", "aa@b.example", False),
        ("a@b.example", "", False),
        ("a@b.example", "a@b.example, c@d.example", False),
        ("@b.example", "c@d.example, a@b.example", False),
        ("@b.example", "@b.example", False),
    ],
)
def test_only_who_is_on_the_list_is_welcome(listed: str, sender: str, welcome: bool) -> None:
    row = AllowedSenderFactory(pattern=listed)
    assert senders.is_welcome(mail_from(sender), row.administration) is welcome


def test_without_a_list_everybody_is_welcome_and_nobody_but_mail_has_one() -> None:
    row = AllowedSenderFactory()
    other = AdministrationFactory()
    assert senders.is_welcome(mail_from("x@y.example"), other)
    assert senders.is_welcome(mail_from(""), None)
    assert senders.is_welcome(ReceiptFactory(sender="x@y.example"), row.administration)
    assert senders.is_welcome(mail_from("x@y.example", released_by="Anna"), row.administration)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        (" Jan <Jan@B.example> ", "jan@b.example"),
        ("*@B.example", "@b.example"),
        ("@b.example", "@b.example"),
        ("b.example", ""),
        ("@b", ""),
        ("a@b@c.example", ""),
        ("a@*.example", ""),
        ("", ""),
        ("a b@c.example", ""),
    ],
)
def test_how_the_list_keeps_what_was_typed(text: str, pattern: str) -> None:
    assert senders.pattern_of(text) == pattern


def test_senders_are_listed_once() -> None:
    books = AdministrationFactory()
    assert senders.allow(books, ["a@b.example", "@c.example", "a@b.example"], by="Anna") == 2
    assert senders.allow(books, ["a@b.example"], by="Piet") == 0
    assert set(AllowedSender.objects.values_list("pattern", "added_by")) == {
        ("a@b.example", "Anna"),
        ("@c.example", "Anna"),
    }


@pytest.fixture
def held() -> Receipt:
    receipt = mail_from("a@b.example", administration=AdministrationFactory())
    PartFactory(receipt=receipt)
    PartFactory(receipt=receipt, position=2, outcome=PartOutcome.REJECTED, reason="broken")
    assert releasing.hold(receipt)
    return receipt


def test_what_waits_is_not_read(held: Receipt) -> None:
    assert held.hold == Hold.SENDER
    assert not Part.objects.unread().exists()
    assert not releasing.hold(held)  # it waits already


def test_what_was_read_does_not_wait() -> None:
    receipt = mail_from("a@b.example")
    PartFactory(receipt=receipt, outcome=PartOutcome.REJECTED, reason="broken")
    assert not releasing.hold(receipt)


def test_what_was_not_opened_does_not_wait() -> None:
    receipt = mail_from("a@b.example", opened_at=None, message=OriginalFactory())
    assert not releasing.hold(receipt)


@pytest.mark.parametrize("always", [True, False])
def test_letting_in(held: Receipt, always: bool) -> None:
    forget()
    assert releasing.let_in(held, "Anna", always=always)
    held.refresh_from_db()
    assert (held.hold, held.released_by) == (Hold.NONE, "Anna")
    assert Part.objects.unread().count() == 1
    assert rung() == calls("parts_kept", held.pk)
    listed = AllowedSender.objects.filter(administration=held.administration)
    assert list(listed.values_list("pattern", "added_by")) == ([("a@b.example", "Anna")] if always else [])
    assert not releasing.hold(held)  # a person let it in
    assert not releasing.let_in(held, "Piet", always=True)
    assert not releasing.turn_away(held, "Piet", "")


def test_turning_away(held: Receipt) -> None:
    assert releasing.turn_away(held, "Anna", "not ours")
    held.refresh_from_db()
    assert (held.hold, held.released_by) == (Hold.NONE, "")
    parts = held.parts.order_by("position").values_list("outcome", "reason", "settled_by")
    assert list(parts) == [
        (PartOutcome.IGNORED, "not ours", "Anna"),
        (PartOutcome.REJECTED, "broken", ""),
    ]
    assert not releasing.turn_away(held, "Piet", "")
    assert not releasing.let_in(held, "Piet", always=False)
    assert not releasing.hold(held)


@pytest.mark.parametrize("sender", ["*@b.example", "@b.example", "a@b.example, c@d.example", ""])
def test_always_never_lists_a_whole_domain(held: Receipt, sender: str) -> None:
    Receipt.objects.filter(pk=held.pk).update(sender=sender)
    held.refresh_from_db()
    assert releasing.let_in(held, "Anna", always=True)
    assert not AllowedSender.objects.exists()


def test_always_needs_to_know_for_whom() -> None:
    receipt = mail_from("a@b.example")
    PartFactory(receipt=receipt)
    releasing.hold(receipt)
    assert releasing.let_in(receipt, "Anna", always=True)
    assert not AllowedSender.objects.exists()


def test_a_mail_that_a_colleague_holds_back_in_this_moment_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = AllowedSenderFactory()
    receipt = mail_from("x@y.example", administration=row.administration)
    part = PartFactory(receipt=receipt)
    welcome = senders.is_welcome

    def meanwhile(*asked: Any) -> bool:
        assert releasing.hold(Receipt.objects.get(pk=receipt.pk))
        return welcome(*asked)

    monkeypatch.setattr(senders, "is_welcome", meanwhile)
    assert not releasing.admits(part, row.administration)
