"""The look at the mailbox right before something is sent to it."""

from typing import Any
from uuid import uuid4

import pytest

from apps.exact.models import DigitalMailbox, MailboxState
from apps.posting.drain import drain
from apps.posting.models import Halt, Method, Posting, PostingState
from apps.sandbox.exact import messages, store
from tests.exact.factories import DigitalMailboxFactory
from tests.posting.conftest import Desk, again
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db
CHANGES: list[dict[str, Any]] = [{"exact_id": uuid4()}, {"administration": None}]
CLOSED: list[dict[str, Any]] = [
    {"state": MailboxState.ELSEWHERE},
    {"state": MailboxState.MISSING},
    {"for_division": 3100201},
]


def posting(desk: Desk) -> Posting:
    """A posting of a message into the mailbox of the desk's administration."""
    mailbox = DigitalMailbox.objects.first()
    if mailbox is None:
        mailbox = DigitalMailboxFactory(is_active=True, for_division=desk.division.code)
        desk.division.administration = mailbox.administration
        desk.division.save(update_fields=["administration"])
        row = {
            "ID": str(mailbox.exact_id),
            "Mailbox": mailbox.address,
            "ForDivision": desk.division.code,
            "Type": 1,
        }
        store.put(messages.MAILBOXES, desk.division.code, row)
    payload = {
        "SenderMailboxID": str(mailbox.exact_id),
        "RecipientMailboxID": str(mailbox.exact_id),
        "Subject": "Anker 1",
        "Type": 1000,
    }
    step = {"name": "message", "resource": messages.MESSAGES, "key": "ID", "payload": payload}
    plan = {"steps": [step], "look": {"supplier": ""}}
    made: Posting = PostingFactory(division=desk.division, method=Method.MAILBOX, plan=plan)
    return made


def test_to_the_mailbox_of_the_plan_it_is_sent(desk: Desk) -> None:
    posting(desk)
    assert drain(desk.division).done == 1
    assert len(store.rows(messages.MESSAGES, desk.division.code)) == 1


@pytest.mark.parametrize("change", CHANGES)
def test_to_another_one_nothing_is_sent_and_it_is_given_back(desk: Desk, change: dict[str, Any]) -> None:
    many = [posting(desk) for _number in range(4)]
    if "administration" in change:
        DigitalMailbox.objects.all().delete()
    else:
        DigitalMailbox.objects.update(**change)
    assert drain(desk.division).refused == 0
    assert not store.rows(messages.MESSAGES, desk.division.code)
    for one in many:
        assert (again(one).state, bool(again(one).words), again(one).steps) == (
            PostingState.WITHDRAWN,
            True,
            {},
        )
    assert not Halt.objects.filter(halted_at__isnull=False).exists()


@pytest.mark.parametrize("change", CLOSED)
def test_one_that_is_closed_is_waited_for_without_an_attempt(desk: Desk, change: dict[str, Any]) -> None:
    one = posting(desk)
    DigitalMailbox.objects.update(**change)
    drain(desk.division)
    assert not store.rows(messages.MESSAGES, desk.division.code)
    assert (again(one).state, again(one).attempts, bool(again(one).words)) == (PostingState.WAITING, 0, True)
    was = {"state": MailboxState.ACTIVE, "for_division": desk.division.code}
    DigitalMailbox.objects.update(**was)
    assert drain(desk.division, at_once=True).done == 1
