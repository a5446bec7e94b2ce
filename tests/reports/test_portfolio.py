"""How each client runs, held against counts by hand."""

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.core.causes import Cause
from apps.invoices.models import State
from apps.orders.models import Outcome, PurchaseOrder
from apps.people.models import Role
from apps.reports.portfolio import portfolio
from tests import office
from tests.clients.factories import ClientFactory
from tests.invoices.factories import InvoiceFactory
from tests.office import Books
from tests.orders.factories import PurchaseOrderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


def test_the_portfolio_puts_most_hand_work_first(books: Books) -> None:
    other = office.books("Zwijgzaam")
    nine_days = clock.now() - timedelta(days=9)
    InvoiceFactory(
        administration=other.administration,
        state=State.ATTENTION,
        cause=Cause.NO_GL_ACCOUNT,
        received_at=nine_days,
    )
    user = office.person(Role.PARTNER, books.client, other.client)
    first, second = portfolio(user)
    assert (first.client, first.invoices.waiting) == (other.client, 6)
    assert (second.client, second.invoices.waiting, second.invoices.done) == (books.client, 5, 1)
    assert (second.touchless, second.level) == (100, "good")
    assert (second.orders.waiting, second.orders.done, second.orders.touched) == (7, 1, 0)
    assert first.oldest == nine_days


def test_hand_work_at_orders_counts_as_much(books: Books) -> None:
    other = office.books("Zwijgzaam")
    user = office.person(Role.PARTNER, books.client, other.client)
    PurchaseOrder.objects.filter(pk=other.orders["done"].pk).update(touched=True)
    first, second = portfolio(user)
    assert (first.client, first.orders.touched, second.orders.touched) == (other.client, 1, 0)
    long_ago = clock.now() - timedelta(days=12)
    for state in (State.PROPOSED, State.READY):
        PurchaseOrderFactory(administration=books.administration, state=state, received_at=long_ago)
    PurchaseOrderFactory(
        administration=books.administration,
        state=State.DONE,
        outcome=Outcome.ORDERED,
        done_at=clock.now() - timedelta(days=31),
    )
    standing = next(one for one in portfolio(user) if one.client == books.client)
    assert (standing.orders.waiting, standing.orders.done) == (8, 1)
    assert standing.oldest == long_ago


def test_a_client_without_documents_stands_there_with_nothing() -> None:
    [standing] = portfolio(office.person(Role.PARTNER, ClientFactory()))
    assert (standing.touchless, standing.oldest, standing.orders.hand_work) == (None, None, 0)


def test_it_costs_few_queries(books: Books) -> None:
    office.books("Zwijgzaam")
    user = office.person(Role.ADMINISTRATOR)
    with CaptureQueriesContext(database) as queries:
        assert len(portfolio(user)) == 2
    assert len(queries) <= 3
