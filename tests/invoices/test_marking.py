"""Saying which divisions are kept for trials."""

import pytest

from apps.core.causes import Cause
from apps.invoices import marking
from apps.invoices.marking import Refused, mark
from apps.invoices.models import State
from apps.people.models import User
from tests.invoices.conftest import Books
from tests.invoices.factories import InvoiceFactory
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db


def test_who_marked_a_division_stands_in_its_history(books: Books, bookkeeper: User) -> None:
    assert mark(books.division, is_test=True, by=bookkeeper)
    assert not mark(books.division, is_test=True, by=bookkeeper)
    books.division.refresh_from_db()
    assert books.division.is_test
    row = books.division.history.first()
    assert (row.is_test, row.history_user, row.history_change_reason) == (
        True,
        bookkeeper,
        "een proefdivisie",
    )


@pytest.mark.parametrize("state", [State.POSTING, State.UNCERTAIN])
def test_nothing_changes_while_a_document_is_under_way(books: Books, bookkeeper: User, state: str) -> None:
    InvoiceFactory(
        administration=books.administration,
        state=state,
        cause=Cause.OUTCOME_UNCERTAIN if state == State.UNCERTAIN else "",
        posting=PostingFactory(division=books.division),
    )
    assert marking.under_way(books.division) == 1
    with pytest.raises(Refused, match="1 document"):
        mark(books.division, is_test=True, by=bookkeeper)
    books.division.refresh_from_db()
    assert not books.division.is_test


def test_a_file_that_is_on_its_way_to_a_booked_document_counts_too(books: Books) -> None:
    PostingFactory(division=books.division)
    PostingFactory()
    assert marking.under_way(books.division) == 1
