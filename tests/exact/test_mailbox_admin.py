"""Digital mailboxes in the admin."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.clients.models import Administration, AdministrationIdentifier, Package
from apps.core import clock
from apps.core.queue import OrmQ
from apps.exact.models import DigitalMailbox, MailboxState, SentBy
from apps.people.models import Role
from apps.posting.models import Method, PostingState
from tests import office
from tests.exact.factories import DigitalMailboxFactory
from tests.office import Books
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db

LIST = "/exact/digitalmailbox/"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def mailbox(books: Books) -> DigitalMailbox:
    return DigitalMailbox.objects.get(administration=books.administration)


@pytest.fixture
def administrator() -> Any:
    return office.browser(office.person(Role.ADMINISTRATOR))


def at(mailbox: DigitalMailbox, what: str = "change") -> str:
    return f"{LIST}{mailbox.pk}/{what}/"


def text_of(browser: Any, address: str) -> str:
    text: str = browser.get(address).content.decode()
    return text


def test_the_list_shows_how_each_stands(books: Books, administrator: Any) -> None:
    DigitalMailbox.objects.update(state=MailboxState.ELSEWHERE, for_division=3100999)
    text = text_of(administrator, LIST)
    assert "pk-chip pk-poor" in text
    assert "3100999" in text


def test_the_list_costs_the_same_for_many(books: Books, administrator: Any) -> None:
    DigitalMailboxFactory.create_batch(30)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        administrator.get(LIST)
    assert len(asked) <= 20


def test_the_page_costs_few_queries(mailbox: DigitalMailbox, administrator: Any) -> None:
    Administration.objects.update(package=Package.EXACT_GLOBE)
    DigitalMailbox.objects.update(sent_by=SentBy.EMAIL, state=MailboxState.ELSEWHERE, for_division=1)
    with CaptureQueriesContext(connection) as asked:
        administrator.get(at(mailbox))
    assert len(asked) <= 20


def test_an_administration_is_set_up_by_its_button(books: Books, administrator: Any) -> None:
    DigitalMailbox.objects.all().delete()
    page = f"/clients/administration/{books.administration.pk}/change/"
    assert "Set up a digital mailbox" in text_of(administrator, page)
    address = f"{LIST}set-up/{books.administration.pk}/"
    refused = administrator.post(address, follow=True)
    assert "has no KvK number" in refused.content.decode()
    AdministrationIdentifier.objects.create(administration=books.administration, kind="kvk", value="34567892")
    made = administrator.post(address, follow=True).content.decode()
    assert "34567892@facturen.econnect.eu" in made
    assert OrmQ.objects.count() == 0
    assert "To the digital mailbox" in text_of(administrator, page)


@pytest.mark.parametrize(("act", "state"), [("create", "none"), ("done", "fresh"), ("check", "none")])
def test_a_button_rings(mailbox: DigitalMailbox, administrator: Any, act: str, state: str) -> None:
    AdministrationIdentifier.objects.create(
        administration=mailbox.administration, kind="kvk", value="34567892"
    )
    administrator.post(at(mailbox, "act"), {"act": act})
    mailbox.refresh_from_db()
    assert (mailbox.state, OrmQ.objects.count()) == (state, 1)
    assert mailbox.is_wanted == (act == "create")


def test_who_says_how_documents_are_sent_lets_what_waits_go_on(
    mailbox: DigitalMailbox, administrator: Any
) -> None:
    OrmQ.objects.all().delete()
    assert administrator.post(at(mailbox), {"sent_by": SentBy.EMAIL}).status_code == 302
    mailbox.refresh_from_db()
    assert mailbox.sent_by == SentBy.EMAIL
    rung = [(bell.func(), bell.task["args"]) for bell in OrmQ.objects.all()]
    assert ("apps.invoices.tasks.mailbox_changed", (mailbox.administration_id,)) in rung


def test_nonsense_is_refused(mailbox: DigitalMailbox, administrator: Any) -> None:
    assert administrator.post(at(mailbox, "act"), {"act": "x"}).status_code == 404
    assert administrator.post(at(mailbox, "confirm"), {"field": "state"}).status_code == 404
    assert administrator.get(at(mailbox, "act")).status_code == 403
    assert administrator.get(f"{LIST}set-up/{mailbox.administration_id}/").status_code == 403


def test_a_reviewer_looks_and_does_nothing(books: Books, mailbox: DigitalMailbox) -> None:
    reviewer = office.browser(office.person(Role.REVIEWER, books.client))
    text = text_of(reviewer, at(mailbox))
    assert "no digital mailbox yet" in text
    assert "Find or create it in Exact" not in text
    assert reviewer.post(at(mailbox, "act"), {"act": "create"}).status_code == 403
    assert reviewer.post(f"{LIST}set-up/{books.administration.pk}/").status_code == 403
    assert office.browser(office.person(Role.BOOKKEEPER, books.client)).get(LIST).status_code == 403


def test_the_sender_step_stands_there_when_it_goes_by_mail(
    mailbox: DigitalMailbox, administrator: Any
) -> None:
    DigitalMailbox.objects.update(sender_allowed="")
    assert "toegestane afzenders" not in text_of(administrator, at(mailbox))
    administrator.post(at(mailbox), {"sent_by": SentBy.EMAIL})
    assert "toegestane afzenders" in text_of(administrator, at(mailbox))
    administrator.post(at(mailbox, "confirm"), {"field": "sender_allowed"})
    mailbox.refresh_from_db()
    assert mailbox.sender_allowed


def test_globe_has_its_checklist_and_says_that_it_only_receives(
    mailbox: DigitalMailbox, administrator: Any
) -> None:
    assert "Exact Globe" not in text_of(administrator, at(mailbox))
    Administration.objects.update(package=Package.EXACT_GLOBE, globe_version="412")
    text = text_of(administrator, at(mailbox))
    assert "Exact Globe receives only" in text
    assert "412 takes nothing out of a digital mailbox" in text
    assert "System &gt; Settings &gt; Administration settings" in text
    assert "0 documents were delivered into the mailbox in the last 30 days" in text


def test_what_was_delivered_lately_is_counted(
    books: Books, mailbox: DigitalMailbox, administrator: Any
) -> None:
    Administration.objects.update(package=Package.EXACT_GLOBE)
    now = clock.now()
    moments = ((Method.MAILBOX, 29), (Method.MAILBOX, 31), (Method.ENTRY, 0))
    for method, days in moments:
        PostingFactory(
            division=books.division,
            state=PostingState.DONE,
            method=method,
            finished_at=now - timedelta(days=days),
            exact_id=uuid4(),
        )
    assert "1 document was delivered into the mailbox" in text_of(administrator, at(mailbox))


def test_without_a_division_the_button_leads_to_one(administrator: Any) -> None:
    assert "Link a division first" in text_of(administrator, at(DigitalMailboxFactory()))
