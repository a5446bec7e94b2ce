"""The list of orders as rows of a table."""

import pytest

from apps.core import clock
from apps.orders.exporting import NEEDED, table
from apps.orders.models import PurchaseOrder
from tests import office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def rows() -> dict[str, dict[str, str]]:
    """Return the table of an office's orders: the cells by their titles, by the number of the order."""
    orders = PurchaseOrder.objects.select_related(*NEEDED).order_by("pk")
    head, *rest = table(orders)
    return {row[list(head).index("Number")]: dict(zip(head, row, strict=True)) for row in rest}


def test_each_order_is_a_row_that_says_how_it_stands() -> None:
    books = office.books("Ooievaar")
    found = rows()
    assert len(found) == len(books.orders)
    done = found[books.orders["done"].number]
    assert done["Received"] == done["Done on"] == clock.today().isoformat()
    assert (done["Date"], done["Wanted on"], done["Without VAT"]) == ("2026-09-15", "2026-09-29", "100")
    assert (done["State"], done["Number in Exact"]) == ("ordered", "4500001")
    assert (done["Client"], done["Administration"]) == ("Ooievaar Holding", "Ooievaar B.V.")
    item = found[books.orders["item"].number]
    assert item["Stands in the way"] == "item unknown; Ooievaar detail"
    assert item["Who must act"] == "bookkeeper"
    assert found[books.orders["answer"].number]["About order"] == books.orders["done"].number
    assert found[""]["Without VAT"] == found[""]["Supplier"] == ""


def test_an_order_of_nobody_has_a_row_too() -> None:
    order = PurchaseOrder(number="Q-1", kind="order", received_at=clock.now())
    _head, row = table([order])
    assert row[2] == "Q-1"
    assert row[5:7] == ["", ""]
