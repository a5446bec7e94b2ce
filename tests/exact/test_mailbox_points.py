"""The points of a digital mailbox's checklist, one by one."""

import pytest
from pytest_django import Settings

from apps.exact import mailbox_points
from tests.exact.factories import DigitalMailboxFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("mails", "named"), [("", "office@firm.example"), ("post@firm.example", "post@firm.example")]
)
def test_the_sender_to_allow_is_who_mails_to_the_mailboxes(
    settings: Settings, mails: str, named: str
) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.EXACT_MAILBOX_FROM = "office@firm.example", mails
    point = mailbox_points.sender(DigitalMailboxFactory())
    assert (point.level, point.confirm) == ("fair", "sender_allowed")
    assert f"add {named} to the allowed senders" in str(point.words)
