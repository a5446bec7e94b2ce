"""Whether an order with this number to this supplier is there already."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.causes import Cause
from apps.orders import ordered_before
from tests.exact.factories import ExactOrderFactory
from tests.orders.buying import make_buying

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_an_order_of_somebody_else_is_told_and_one_of_ours_is_not() -> None:
    buying = make_buying()
    ours, order = buying.ordered_before(), buying.order(number="PO-9")
    assert ours.posting is not None and ours.posting.exact_id is not None
    known = {"division": buying.division, "supplier": buying.supplier.exact_id, "your_ref": "po-9"}
    ExactOrderFactory(order_id=ours.posting.exact_id, exact_id=ours.posting.exact_id, **known)
    supplier = buying.supplier.exact_id
    assert ordered_before.obstacles(order, buying.division, supplier) == []

    theirs = uuid4()
    ExactOrderFactory(order_id=theirs, exact_id=theirs, order_number=7, **known)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        (found,) = ordered_before.obstacles(order, buying.division, supplier)
    assert (found.cause, "order 7 of" in found.detail) == (Cause.POSSIBLE_DOUBLE, True)
    (query,) = asked.captured_queries
    assert " IN (SELECT" not in query["sql"].upper()  # each is looked up by its id, never all of the division
