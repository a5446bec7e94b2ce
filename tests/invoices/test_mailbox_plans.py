"""What would be put into a digital mailbox, and that it waits while it cannot be."""

import pytest
from pytest_django import Settings

from apps.clients.models import Package
from apps.exact.models import DigitalMailbox, MailboxState, SentBy
from apps.intake.detection import Format
from apps.invoices.delivering import plan_of, submit
from apps.invoices.mailbox_obstacles import obstacle
from apps.invoices.mailbox_plans import ubl_type, way_begun
from apps.invoices.models import ActiveMethod, Invoice, Kind, State, WaitsFor
from apps.invoices.switching import SwitchRefused, methods_of, switch
from apps.people.models import User
from apps.posting.models import Method
from tests.exact.factories import DigitalMailboxFactory
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import anonymous, xml
from tests.invoices.factories import ActiveMethodFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(books: Books) -> DigitalMailbox:
    """The active mailbox of the books, whose invoices go there."""
    ActiveMethodFactory(administration=books.administration, method=Method.MAILBOX)
    made: DigitalMailbox = DigitalMailboxFactory(
        administration=books.administration, for_division=books.division.code, is_active=True
    )
    return made


def test_by_api_a_message_and_its_files(books: Books, mailbox: DigitalMailbox, settings: Settings) -> None:
    steps = plan_of(coded(xml()), books.division, "PK-1")["steps"]
    assert [step["name"] for step in steps] == ["message", "mailbox file 1"]
    sent = steps[0]["payload"]
    assert sent["SenderMailboxID"] == sent["RecipientMailboxID"] == str(mailbox.exact_id)
    assert (sent["Type"], sent["ForDivision"]) == (1000, books.division.code)
    assert "[PK-1]" in sent["Subject"]
    settings.EXACT_MAILBOX_SENDER = "other"
    other = plan_of(Invoice.objects.get(), books.division, "PK-1")["steps"][0]["payload"]
    assert (other["SenderMailboxID"], other["RecipientMailboxID"]) == ("other", str(mailbox.exact_id))


def test_by_mail_one_step_with_the_files(books: Books, mailbox: DigitalMailbox, settings: Settings) -> None:
    settings.EXACT_MAILBOX_FROM = "us@kantoor.example"
    DigitalMailbox.objects.update(sent_by=SentBy.EMAIL)
    (step,) = plan_of(coded(xml()), books.division, "PK-1")["steps"]
    assert (step["mails"], step["payload"]["From"]) == (mailbox.address, "us@kantoor.example")
    assert [one["name"] for one in step["files"]] == ["factuur.xml"]


def test_nothing_of_an_entry_is_asked(books: Books, mailbox: DigitalMailbox) -> None:
    waiting = coded(anonymous(), administration=books.administration)
    assert (waiting.state, waiting.supplier) == (State.READY, None)


@pytest.mark.parametrize("state", [one for one in MailboxState if one != MailboxState.ACTIVE])
def test_without_an_active_mailbox_it_waits_and_says_why(
    books: Books, mailbox: DigitalMailbox, state: str
) -> None:
    DigitalMailbox.objects.update(state=state)
    invoice = coded(xml())
    assert submit(invoice, books.division) is None
    invoice.refresh_from_db()
    assert (invoice.state, invoice.waits_for, bool(invoice.waits_until)) == (
        State.READY,
        WaitsFor.MAILBOX,
        True,
    )
    assert invoice.detail == obstacle(DigitalMailbox.objects.get(), books.division.code) != ""
    DigitalMailbox.objects.update(state=MailboxState.ACTIVE)
    assert submit(invoice, books.division)


def test_a_ubl_file_has_the_type_of_its_flavour(settings: Settings) -> None:
    assert [ubl_type(one) for one in (Format.BIS3, Format.SI_UBL_1, Format.NLCIUS, "pdf")] == [
        23,
        20,
        130,
        130,
    ]
    settings.EXACT_MAILBOX_UBL_TYPES = {"bis3": "130", "all": "20"}
    assert (ubl_type("bis3"), ubl_type("nlcius")) == (130, 20)


def test_what_may_lie_in_the_mailbox_is_not_sent_another_way(books: Books, mailbox: DigitalMailbox) -> None:
    invoice = coded(xml())
    posting = submit(invoice, books.division)
    assert posting
    posting.keep("mailbox file 1", state="started")
    posting.refuse(cause="outcome_uncertain", words="x")
    Invoice.objects.update(state=State.READY, posting=posting)
    ActiveMethod.objects.update(method=Method.ENTRY)
    again = submit(Invoice.objects.select_related("posting", "administration", "part").get(), books.division)
    assert again
    assert again.method == Method.MAILBOX


def test_a_document_that_an_entry_left_goes_before_the_message(books: Books, mailbox: DigitalMailbox) -> None:
    ActiveMethod.objects.update(method=Method.ENTRY)
    posting = submit(coded(xml()), books.division)
    assert posting
    posting.keep("document", state="done", id="d6d1a7c0-0000-4000-8000-000000000001")
    posting.keep("attachment", state="done", id="d6d1a7c0-0000-4000-8000-000000000002")
    posting.refuse(cause="rejected_by_exact", words="x")
    Invoice.objects.update(state=State.READY, posting=posting)
    ActiveMethod.objects.update(method=Method.MAILBOX)
    again = submit(Invoice.objects.select_related("posting", "administration", "part").get(), books.division)
    assert again
    again.refresh_from_db()
    names = [(step["name"], step.get("removes")) for step in again.plan["steps"]]
    assert names[0] == ("earlier document", "d6d1a7c0-0000-4000-8000-000000000001")
    assert [name for name, _removes in names[1:]] == ["message", "mailbox file 1"]
    assert "document" not in again.steps


# which methods an administration has


def test_the_mailbox_can_be_chosen_once_it_is_active(books: Books, reviewer: User) -> None:
    with pytest.raises(SwitchRefused):
        switch(books.administration, Kind.INVOICE, Method.MAILBOX, by=reviewer)
    DigitalMailboxFactory(administration=books.administration, is_active=True)
    assert switch(books.administration, Kind.INVOICE, Method.MAILBOX, by=reviewer)


def test_exact_globe_takes_nothing_but_its_mailbox(books: Books, reviewer: User) -> None:
    administration = books.administration
    administration.package = Package.EXACT_GLOBE
    administration.save(update_fields=["package"])
    DigitalMailboxFactory(administration=administration, is_active=True)
    assert methods_of(administration) == (Method.MAILBOX,)
    for kind in Kind:
        assert ActiveMethod.objects.method_for(administration.pk, kind) == Method.MAILBOX
    for method in (Method.ENTRY, Method.DOCUMENT):
        with pytest.raises(SwitchRefused):
            switch(administration, Kind.INVOICE, method, by=reviewer)


@pytest.mark.parametrize(
    ("steps", "way"),
    [
        ({}, ""),
        ({"mail": {"state": "unsent"}, "message": {"state": "refused"}}, ""),
        ({"mail": {"state": "started"}}, SentBy.EMAIL),
        ({"message": {"state": "done"}, "mailbox file 1": {"state": "refused"}}, SentBy.API),
    ],
)
def test_what_was_begun_one_way_goes_on_that_way(steps: dict[str, dict[str, str]], way: str) -> None:
    assert way_begun(steps) == way
