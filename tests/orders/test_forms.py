"""What a form about the lines of an order says."""

import pytest
from django.http import QueryDict

from apps.orders.editing import LineEdit
from apps.orders.forms import edits_in
from apps.orders.models import PurchaseOrder
from tests.orders.buying import line_of, make_buying

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db: None) -> PurchaseOrder:
    return make_buying().coded()


def edit_of(order: PurchaseOrder, said: str) -> LineEdit:
    assert order.administration
    (edit,) = edits_in(QueryDict(said), order.lines.all(), order.administration)
    return edit


def test_a_field_that_did_not_come_stays_as_it_is(order: PurchaseOrder) -> None:
    line = line_of(order)
    edit = edit_of(order, "")
    assert edit.item == str(line.item)
    assert (edit.ordered, edit.ordered_price, edit.vat_code) == (
        line.ordered,
        line.ordered_price,
        line.vat_code,
    )
    assert line.vat_code == "V21"


def test_a_field_that_came_empty_is_emptied(order: PurchaseOrder) -> None:
    line = line_of(order)
    edit = edit_of(order, f"item-{line.pk}=&ordered-{line.pk}=&vat_code-{line.pk}=")
    assert (edit.item, edit.ordered, edit.vat_code) == ("", None, "")
    assert edit.ordered_price == line.ordered_price
