"""The books of what came in add up, per day, channel and client, for whoever looks."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.clients.models import Client
from apps.core import clock
from apps.intake.books import Books, books_of, stuck
from apps.intake.models import Channel, PartOutcome
from apps.people.models import Role, User
from tests import office
from tests.clients.factories import AdministrationFactory, AssignmentFactory
from tests.intake.factories import OriginalFactory, PartFactory, ReceiptFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 3)


def at(day: date = DAY, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.DUTCH)


@pytest.fixture
def administrator(db: None) -> User:
    user: User = UserFactory(role=Role.ADMINISTRATOR)
    return user


def books(
    user: User, first: date = DAY, last: date = DAY, *, client: Client | None = None, channel: str = ""
) -> Books:
    return books_of(user, first, last, client=client, channel=channel)


def test_each_part_is_in_one_column_and_the_sums_agree(administrator: User) -> None:
    mail = ReceiptFactory(channel=Channel.MAIL, received_at=at())
    first = PartFactory(receipt=mail, outcome=PartOutcome.DOCUMENT)
    PartFactory(receipt=mail, outcome=PartOutcome.ATTACHMENT, attached_to=first)
    PartFactory(receipt=mail, outcome=PartOutcome.IGNORED, settled_by="Ada")
    PartFactory(
        receipt__received_at=at(hour=23),
        receipt__channel=Channel.PEPPOL,
        outcome=PartOutcome.DUPLICATE,
        duplicate_of=first,
    )
    found = books(administrator)
    peppol, mails = found.lines
    assert (peppol.channel, mails.channel) == (Channel.PEPPOL, Channel.MAIL)
    assert (mails.receipts, mails.parts, mails.adds_up) == (1, 3, True)
    assert dict(mails.outcomes) == {"document": 1, "attachment": 1, "ignored": 1}
    assert (found.total.receipts, found.total.parts, found.total.adds_up) == (2, 4, True)
    assert found.stuck == 0


def test_what_is_unread_or_unopened_does_not_add_up_yet(administrator: User) -> None:
    PartFactory(receipt__received_at=at(), receipt__channel=Channel.FOLDER)
    ReceiptFactory(channel=Channel.MAIL, received_at=at(), opened_at=None, message=OriginalFactory())
    found = books(administrator)
    assert [(line.is_open, line.adds_up, line.receipts) for line in found.lines] == [(True, False, 1)] * 2
    assert found.stuck == 2


def test_what_just_came_in_is_not_stuck(administrator: User) -> None:
    PartFactory()
    assert books(administrator, clock.today(), clock.today()).stuck == 0


def test_days_are_dutch_days(administrator: User) -> None:
    just_before = datetime.combine(DAY, time(0), tzinfo=clock.DUTCH) - timedelta(seconds=1)
    PartFactory(receipt__received_at=just_before)
    PartFactory(receipt__received_at=at(hour=0))
    assert [line.day for line in books(administrator).lines] == [DAY]
    assert len(books(administrator, DAY - timedelta(days=1)).lines) == 2


def test_a_client_and_a_channel_can_be_asked_for(administrator: User) -> None:
    mine, other = AdministrationFactory(), AdministrationFactory()
    for administration, channel in ((mine, "mail"), (mine, "upload"), (other, "mail"), (None, "mail")):
        PartFactory(administration=administration, receipt__received_at=at(), receipt__channel=channel)
    assert books(administrator, client=mine.client).total.parts == 2
    assert books(administrator, client=mine.client, channel="mail").total.parts == 1
    assert books(administrator, channel="mail").total.parts == 3


def test_a_bookkeeper_sees_the_parts_of_their_own_clients() -> None:
    mine, other = AdministrationFactory(), AdministrationFactory()
    bookkeeper = AssignmentFactory(client=mine.client).user
    for administration in (mine, other, None):
        PartFactory(administration=administration, receipt__received_at=at())
    assert books(bookkeeper).total.parts == 1


def test_what_is_stuck_is_a_figure_of_health() -> None:
    PartFactory(receipt__received_at=at())
    PartFactory()
    PartFactory(receipt__received_at=at(), receipt__hold="sender")
    ReceiptFactory(received_at=at(), opened_at=None, message=OriginalFactory())
    assert stuck() == 2


def test_it_costs_the_same_at_any_size(
    administrator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(5):
        PartFactory(receipt__received_at=at(DAY - timedelta(days=n)), receipt__channel=Channel.MAIL)
    with django_assert_num_queries(5):
        books(administrator, DAY - timedelta(days=30))


def test_the_page_shows_them() -> None:
    of = office.books("Ooievaar")
    address = reverse("admin:intake_receipt_books")
    browser = office.browser(office.person(Role.BOOKKEEPER, of.client))
    page = browser.get(address)
    assert page.status_code == 200
    wrong = browser.get(address, {"first": "2026-11-05", "last": "2026-11-01"})
    assert wrong.context["form"].errors
    nonsense = browser.get(address, {"first": "nooit"})
    assert nonsense.context["form"].errors


@pytest.mark.parametrize(
    "asked",
    [
        {"last": "9999-12-31"},
        {"last": "0001-01-01"},
        {"first": "0001-01-01", "last": "0001-01-02"},
        {"first": "2001-01-01"},
    ],
)
def test_days_without_end_are_refused(administrator: User, asked: dict[str, str]) -> None:
    answer = office.browser(administrator).get(reverse("admin:intake_receipt_books"), asked)
    assert answer.status_code == 200
    assert answer.context["form"].errors
