"""Why nothing can be put into a digital mailbox now."""

import pytest
from pytest_django import Settings

from apps.exact.models import SentBy
from apps.invoices.mailbox_obstacles import obstacle
from tests.exact.factories import DigitalMailboxFactory

pytestmark = pytest.mark.django_db


def test_mail_needs_an_allowed_sender_unless_a_setting_says_otherwise(settings: Settings) -> None:
    mailbox = DigitalMailboxFactory(is_active=True, sent_by=SentBy.EMAIL)
    assert obstacle(mailbox, 1)
    settings.EXACT_MAILBOX_NEEDS_ALLOWED = False
    assert not obstacle(mailbox, 1)
    mailbox.sent_by, mailbox.exact_id = SentBy.API, None
    assert obstacle(mailbox, 1)
    assert obstacle(None, 1)


@pytest.mark.parametrize("division", [2, None])
def test_one_that_is_bound_to_another_division_takes_nothing(division: int | None) -> None:
    assert "1" in obstacle(DigitalMailboxFactory(is_active=True), division)
