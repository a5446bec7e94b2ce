"""The report of one client, held against counts by hand."""

from datetime import date, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.core.causes import Cause
from apps.intake.models import PartKind, PartOutcome
from apps.invoices.models import Outcome, State
from apps.reports import yearly
from tests import office
from tests.intake.factories import PartFactory
from tests.invoices.factories import InvoiceFactory
from tests.office import Books
from tests.orders.factories import PurchaseOrderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


def test_a_report_adds_up(books: Books) -> None:
    for days in (0.5, 2.9, 3.1, 8.1, 40):
        InvoiceFactory(
            administration=books.administration,
            state=State.ATTENTION,
            cause=Cause.PERIOD_CLOSED,
            received_at=clock.now() - timedelta(days=days),
        )
    InvoiceFactory(
        administration=books.administration,
        state=State.DONE,
        outcome=Outcome.BOOKED,
        done_at=clock.now() - timedelta(days=1),
        touched=True,
    )
    PartFactory(administration=books.administration, outcome=PartOutcome.REJECTED, reason="not XML")
    report = yearly.report(books.client)
    assert report.outcomes == {
        "booked": 2,
        "tried": 0,
        "waiting": 9,
        "proposed": 1,
        "under_way": 2,
        "ignored": 2,
        "duplicate": 1,
        "rejected": 2,
    }
    assert report.ages[Cause.PERIOD_CLOSED] == {"0-2": 2, "3-7": 1, "8-30": 1, "30+": 1}
    assert report.booked == 2
    assert report.touchless == 50
    assert len(report.months) == 12
    assert report.months[-1].first == clock.today().replace(day=1)
    assert sum(month.received for month in report.months) == 15


def test_a_report_costs_few_queries(books: Books) -> None:
    with CaptureQueriesContext(database) as queries:
        yearly.report(books.client)
    assert len(queries) <= 11


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2026, 11, 21), 0, date(2026, 11, 1)),
        (date(2026, 11, 21), 11, date(2025, 12, 1)),
        (date(2026, 1, 31), 1, date(2025, 12, 1)),
        (date(2026, 12, 31), 12, date(2025, 12, 1)),
    ],
)
def test_months_are_counted_back_over_the_year(day: date, months: int, first: date) -> None:
    assert yearly.months_back(day, months) == first


def test_a_trial_is_told_apart_from_what_is_booked(books: Books) -> None:
    assert yearly.report(books.client).outcomes["booked"] == 1
    books.division.mark(is_test=True)
    report = yearly.report(books.client)
    assert (report.outcomes["booked"], report.outcomes["tried"], report.booked) == (0, 1, 0)
    assert (report.orders["booked"], report.orders["tried"], report.ordered) == (0, 1, 0)


def test_orders_are_counted_beside_the_invoices(books: Books) -> None:
    ignored = books.orders["ignored"].part
    ignored.outcome, ignored.settled_by, ignored.reason = PartOutcome.IGNORED, "Rosa", "not for us"
    ignored.save(update_fields=["outcome", "settled_by", "reason"])
    before = yearly.report(books.client).outcomes
    PartFactory(
        administration=books.administration,
        kind=PartKind.ORDER,
        outcome=PartOutcome.REJECTED,
        reason="no lines",
    )
    later = clock.now() + timedelta(hours=1)
    PurchaseOrderFactory(
        administration=books.administration,
        state=State.ATTENTION,
        cause=Cause.ITEM_UNKNOWN,
        received_at=later,
    )
    report = yearly.report(books.client)
    assert report.outcomes == before
    assert report.orders == {
        "booked": 1,
        "tried": 0,
        "waiting": 6,
        "proposed": 2,
        "under_way": 2,
        "ignored": 1,
        "duplicate": 0,
        "rejected": 1,
    }
    assert report.ages_of_orders[Cause.ITEM_UNKNOWN] == {"0-2": 2, "3-7": 0, "8-30": 0, "30+": 0}
    assert Cause.ITEM_UNKNOWN not in report.ages
    assert report.ordered == report.months[-1].ordered == 1
    assert sum(month.orders_received for month in report.months) == 12
    assert report.last_arrival == later
