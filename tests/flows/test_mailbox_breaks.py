"""A digital mailbox that breaks: what is delivered, what waits, who is told, and what the pages say."""

from typing import Any

import pytest
from django.utils import translation

from apps.core.causes import Cause
from apps.exact.models import DigitalMailbox, Division, MailboxState
from apps.invoices import mailbox_alarms, tasks
from apps.invoices.delivering import deliver
from apps.invoices.models import Invoice, State, WaitsFor
from apps.people.models import Role
from apps.posting.models import Posting, PostingState
from apps.sandbox import switches
from apps.sandbox.exact import messages, store
from apps.sandbox.models import RegisteredApp
from tests import office
from tests.flows.conftest import BAKERY, TakeIn
from tests.flows.mailboxes import by_mail, prepare
from tests.smtp import MailServer

pytestmark = pytest.mark.django_db
FIRST, SECOND = "01-zwaluw-bloem.xml", "03-duinwind-stroom.xml"


@pytest.fixture
def bakery_in(bakery: Division) -> Division:
    """The bakery, whose documents go into its digital mailbox."""
    return prepare(bakery)


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("posting", "administration").get(pk=invoice.pk)


def page(invoice: Invoice, role: str = Role.ADMINISTRATOR) -> str:
    assert invoice.administration
    client = invoice.administration.client
    browser = office.browser(office.person(role, client))
    text: str = browser.get(f"/invoices/invoice/{invoice.pk}/change/").content.decode()
    return text


def test_without_rights_one_call_is_refused_with_its_remedy_and_the_rest_waits(
    bakery_in: Division, take_in: TakeIn, count_calls: Any
) -> None:
    switches.lack_rights("Communication mailboxes")
    taken = take_in(FIRST, SECOND)
    deliver(bakery_in, at_once=True)
    assert count_calls(messages.MESSAGES, method="POST") == 1
    first, second = sorted(map(again, taken), key=lambda one: str(one.state))
    assert (first.state, first.cause) == (State.ATTENTION, Cause.REJECTED_BY_EXACT)
    assert "recht" in first.detail and "Forbidden" in first.detail
    assert DigitalMailbox.objects.get().state == MailboxState.FORBIDDEN
    assert second.posting
    assert (second.state, second.posting.state) == (State.POSTING, PostingState.WAITING)
    assert (second.posting.attempts, bool(second.posting.words)) == (0, True)
    DigitalMailbox.objects.update(state=MailboxState.ACTIVE)
    switches.lack_rights()
    assert bakery_in.administration
    tasks.mailbox_changed(bakery_in.administration.pk)
    deliver(bakery_in)
    assert again(second).state == State.DONE


def test_a_scope_that_is_lacking_has_its_own_remedy(bakery_in: Division, take_in: TakeIn) -> None:
    RegisteredApp.objects.update(missing_scopes=["Communication mailboxes"])
    (invoice,) = take_in(FIRST)
    deliver(bakery_in, at_once=True)
    assert "Exact App Center" in again(invoice).detail


def test_one_bound_to_another_division_takes_nothing_any_more(bakery_in: Division, take_in: TakeIn) -> None:
    (invoice,) = take_in(FIRST)
    DigitalMailbox.objects.update(for_division=3100102)
    deliver(bakery_in, at_once=True)
    waiting = again(invoice)
    assert (waiting.state, waiting.waits_for) == (State.READY, WaitsFor.MAILBOX)
    assert "3100102" in waiting.detail
    assert list(store.rows(messages.MESSAGES, BAKERY)) == []


def test_what_was_handed_over_before_it_was_bound_elsewhere_is_not_sent(
    bakery_in: Division, take_in: TakeIn, server: MailServer
) -> None:
    by_mail()
    (invoice,) = take_in(FIRST)
    server.troubles.append(("MAIL", "451 later"))
    deliver(bakery_in, at_once=True)
    DigitalMailbox.objects.update(for_division=3100102)
    for _each in range(12):
        deliver(bakery_in, at_once=True)
    posting = again(invoice).posting
    assert posting
    assert (server.mails, posting.state) == ([], PostingState.WAITING)
    DigitalMailbox.objects.update(for_division=BAKERY)
    deliver(bakery_in, at_once=True)
    assert len(server.mails) == 1


@pytest.mark.parametrize("broken", [{"state": MailboxState.MISSING}, {"for_division": 3100102}])
def test_one_that_breaks_is_told_on_each_page_and_counted(
    bakery_in: Division, take_in: TakeIn, broken: dict[str, Any]
) -> None:
    (invoice,) = take_in(FIRST)
    assert mailbox_alarms.count() == 0
    assert "an administrator" not in page(invoice)
    DigitalMailbox.objects.update(**broken)
    assert mailbox_alarms.count() == 1
    text = page(invoice)
    assert "must be mended by an administrator" in text
    assert f"/exact/digitalmailbox/{DigitalMailbox.objects.get().pk}/change/" in text
    assert (
        office.browser(stranger := office.person(Role.BOOKKEEPER))
        .get("/health/")
        .json()["mailboxes_in_trouble"]
        == 1
    )
    assert mailbox_alarms.troubled(stranger) == []


def test_the_checklist_is_offered_to_who_may_open_it(bakery_in: Division, take_in: TakeIn) -> None:
    (invoice,) = take_in(FIRST)
    DigitalMailbox.objects.update(state=MailboxState.MISSING)
    deliver(bakery_in, at_once=True)
    assert "Open the checklist" in page(invoice)
    text = page(invoice, Role.BOOKKEEPER)
    assert "Waits for the digital mailbox" in text
    assert "Open the checklist" not in text
    assert "/exact/digitalmailbox/" not in text


def test_a_mail_server_that_refuses_is_not_called_exact(
    bakery_in: Division, take_in: TakeIn, server: MailServer
) -> None:
    by_mail()
    (invoice,) = take_in(FIRST)
    server.troubles.append(("RCPT", "550 wij kennen u niet"))
    deliver(bakery_in, at_once=True)
    refused = again(invoice)
    assert refused.advice and refused.advice.actor == "administrator"
    text = page(refused)
    assert "Rejected by the mail server" in text
    assert "The mail server refused the mail for the digital mailbox." in text
    assert "Exact refused the booking" not in text
    with translation.override("en"):
        listed = office.browser(office.person(Role.ADMINISTRATOR)).get("/invoices/invoice/?stage=refused")
    assert "rejected by the mail server" in listed.content.decode()


def test_what_exact_refuses_of_a_mailbox_is_for_an_administrator(
    bakery_in: Division, take_in: TakeIn
) -> None:
    switches.lack_rights("Communication mailboxes")
    (invoice,) = take_in(FIRST)
    deliver(bakery_in, at_once=True)
    text = page(again(invoice))
    assert "Exact refused what was put into the digital mailbox." in text
    assert Posting.objects.get().cause == Cause.REJECTED_BY_EXACT
