"""Figures, held against counts by hand."""

from datetime import timedelta

import pytest

from apps.core import clock
from apps.core.causes import Cause
from apps.invoices import stages
from apps.invoices.models import InExact, Invoice, Outcome, State
from apps.people.models import Role
from apps.reports import figures
from tests import office
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import CallWindowFactory, DivisionFactory
from tests.intake.factories import PartFactory
from tests.invoices.factories import InvoiceFactory
from tests.office import Books

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


def waiting(books: Books, cause: str, days: float) -> Invoice:
    invoice: Invoice = InvoiceFactory(
        administration=books.administration,
        state=State.ATTENTION,
        cause=cause,
        received_at=clock.now() - timedelta(days=days),
    )
    return invoice


def done(books: Books, days: float, *, touched: bool) -> None:
    InvoiceFactory(
        administration=books.administration,
        state=State.DONE,
        outcome=Outcome.BOOKED,
        done_at=clock.now() - timedelta(days=days),
        touched=touched,
    )


def test_the_matrix_counts_each_stage_per_client(books: Books) -> None:
    other = office.books("Zwijgzaam")
    InvoiceFactory(administration=None, state=State.ATTENTION, cause=Cause.NOT_OURS)
    rows = figures.matrix(office.person(Role.REVIEWER, books.client))
    assert [(row.client, row.name) for row in rows] == [(books.client.pk, "Ooievaar Holding"), (None, "")]
    assert dict(rows[0].counts) == {"todo": 3, "proposed": 1, "refused": 1, "ready": 2, "done": 1}
    assert rows[1].counts["todo"] == 1
    everything = figures.matrix(office.person(Role.ADMINISTRATOR))
    assert {row.client for row in everything} == {books.client.pk, other.client.pk, None}


def test_touchless_is_what_nobody_touched_of_what_was_booked(books: Books) -> None:
    user = office.person(Role.PARTNER, books.client)
    assert figures.touchless(user) == 100
    for touched in (True, True, True, False):
        done(books, 3, touched=touched)
    done(books, 31, touched=True)
    assert figures.touchless(user) == 40
    assert figures.touchless(office.person(Role.PARTNER)) is None


def test_waiting_long_starts_after_two_days(books: Books) -> None:
    user = office.person(Role.BOOKKEEPER, books.client)
    assert figures.waiting_long(user) == 1
    waiting(books, Cause.NO_GL_ACCOUNT, 2.01)
    waiting(books, Cause.NO_GL_ACCOUNT, 1.99)
    assert figures.waiting_long(user) == 2


def test_a_lost_connection_counts_for_whoever_works_there(books: Books) -> None:
    user = office.person(Role.BOOKKEEPER, books.client)
    assert figures.unconnected(user) == 0
    for status, count in (("unsure", 0), ("blocked", 1), ("lost", 1)):
        type(books.connection).objects.filter(pk=books.connection.pk).update(status=status)
        assert figures.unconnected(user) == count
    assert figures.unconnected(office.person(Role.BOOKKEEPER)) == 0


def test_what_changed_in_exact_counts_until_somebody_looked(books: Books) -> None:
    user, booked = (
        office.person(Role.BOOKKEEPER, books.client),
        Invoice.objects.filter(pk=books.invoices["done"].pk),
    )
    counts = []
    for values in (
        {"in_exact": InExact.CHANGED},
        {"in_exact": InExact.DELETED},
        {"in_exact_seen": True},
        {"in_exact": InExact.PROCESSED, "in_exact_seen": False},
    ):
        booked.update(**values)
        counts.append(stages.counts(user)["since"])
    assert counts == [1, 1, 0, 0]
    booked.update(in_exact=InExact.CHANGED)
    assert stages.counts(office.person(Role.BOOKKEEPER))["since"] == 0
    browser = office.browser(user)
    assert "?stage=since" in browser.get("/").content.decode()


def test_each_day_has_what_came_in_and_what_was_booked(books: Books) -> None:
    user = office.person(Role.BOOKKEEPER, books.client)
    PartFactory(administration=books.administration, receipt__received_at=clock.now() - timedelta(days=3))
    done(books, 3, touched=False)
    days = figures.per_day(user, days=5)
    assert [day for day, _came, _booked in days] == [
        clock.today() - timedelta(days=n) for n in (4, 3, 2, 1, 0)
    ]
    assert days[1][1:] == (1, 1)
    others = ("the same again", "a reminder", "a broken file", "what was booked then")
    assert days[4][1:] == (len([*books.invoices, *books.orders, *others]), 1)


def test_the_portfolio_puts_most_hand_work_first(books: Books) -> None:
    other = office.books("Zwijgzaam")
    waiting(other, Cause.NO_GL_ACCOUNT, 9)
    user = office.person(Role.PARTNER, books.client, other.client)
    first, second = figures.portfolio(user)
    assert (first.client, first.waiting) == (other.client, 6)
    assert (second.client, second.waiting, second.booked, second.touchless) == (books.client, 5, 1, 100)
    assert first.oldest is not None
    assert (clock.now() - first.oldest).days == 9


@pytest.mark.parametrize(
    ("share", "level"), [(None, "plain"), (76, "good"), (75, "fair"), (25, "fair"), (24, "poor"), (0, "poor")]
)
def test_levels_follow_the_share(share: int | None, level: str) -> None:
    assert figures.level(share) == level


def test_a_percentage_of_nothing_is_none() -> None:
    assert figures.percentage(0, 0) is None
    assert figures.percentage(2, 3) == 66


def test_the_fewest_calls_left_are_those_of_the_division_that_used_most_of_its_day(books: Books) -> None:
    bookkeeper = office.person(Role.BOOKKEEPER, books.client)
    assert figures.fewest_calls(bookkeeper) is None
    today = int(clock.now().timestamp()) // 86_400
    CallWindowFactory(division=books.division, day=today, day_used=3_000)
    second = DivisionFactory(administration=AdministrationFactory(client=books.client))
    CallWindowFactory(division=second, day=today, day_used=4_000, day_limit=None)
    found = figures.fewest_calls(bookkeeper)
    assert found is not None
    assert (found[0], found[1].left, found[1].limit) == (books.division, 2_000, 5_000)
    assert figures.fewest_calls(office.person(Role.BOOKKEEPER)) is None


def test_what_is_booked_in_a_test_division_counts_nowhere_as_booked(books: Books) -> None:
    user = office.person(Role.PARTNER, books.client)

    def counted() -> tuple[object, ...]:
        standing = next(one for one in figures.portfolio(user) if one.client == books.client)
        today = next(row for row in figures.matrix(user) if row.client == books.client.pk)
        per_day = sum(booked for _day, _came, booked in figures.per_day(user))
        return figures.touchless(user), standing.booked, today.counts["done"], per_day

    assert counted() == (100, 1, 1, 1)
    books.division.mark(is_test=True)
    assert counted() == (None, 0, 0, 0)
