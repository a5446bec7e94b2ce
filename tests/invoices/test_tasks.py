"""What bells call."""

import pytest

from apps.core.causes import Cause
from apps.invoices import tasks
from apps.invoices.models import State
from apps.people.models import User
from apps.vendors import adopting
from apps.vendors.learning import identity_of
from apps.vendors.models import Origin
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import anonymous

pytestmark = pytest.mark.django_db


def test_documents_that_waited_for_their_vendor_move_on_after_mappings_came_in(
    books: Books, bookkeeper: User
) -> None:
    waiting = coded(anonymous(), administration=books.administration)
    assert (waiting.state, waiting.cause) == (State.ATTENTION, Cause.VENDOR_UNKNOWN)
    key = identity_of([], waiting.vendor_name)
    adopting.adopt(books.administration, key, books.supplier, before="", by=bookkeeper, origin=Origin.IMPORT)
    for _twice in range(2):
        tasks.mappings_adopted(books.administration.pk)
        waiting.refresh_from_db()
        assert waiting.cause != Cause.VENDOR_UNKNOWN
        assert (waiting.supplier, waiting.question) == (books.supplier.exact_id, None)
