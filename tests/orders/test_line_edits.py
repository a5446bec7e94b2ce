"""What a form says of the lines of an order, and what it does not say."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from apps.orders.editing import edit_lines
from apps.orders.line_edits import LONGEST, edits_in
from apps.orders.models import PurchaseOrder, ValueSource
from apps.orders.refused import Refused
from tests.exact.factories import ItemFactory
from tests.orders.buying import Buying, again, line_of, make_buying
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buying() -> Buying:
    return make_buying()


@pytest.fixture
def order(buying: Buying) -> PurchaseOrder:
    return buying.coded({"receipt_date": date(2026, 10, 1), "project_text": "Kade 4"})


def edits(buying: Buying, order: PurchaseOrder, **typed: str) -> Any:
    line = line_of(order)
    data = QueryDict(mutable=True)
    data.update({f"{name}-{line.pk}": text for name, text in typed.items()})
    (edit,) = edits_in(data, [line], buying.administration)
    return edit


def test_fields_that_are_not_sent_change_nothing(buying: Buying, order: PurchaseOrder) -> None:
    before = line_of(order)
    edit_lines(order, [edits(buying, order)], by=UserFactory(), version=order.version)
    after = line_of(order)
    assert before.item is not None
    for name in ("item", "ordered", "ordered_price", "vat_code", "receipt_date", "project_text"):
        assert getattr(after, name) == getattr(before, name), name
    assert ValueSource.PERSON not in (after.item_source, after.ordered_source, after.vat_source)


def test_a_field_that_is_sent_empty_was_emptied(buying: Buying, order: PurchaseOrder) -> None:
    edit = edits(buying, order, item="", ordered="", ordered_price="", receipt_date="", project_text="")
    assert (edit.item, edit.ordered, edit.ordered_price, edit.receipt_date, edit.project_text) == (
        *("", None, None, None, ""),
    )


def test_what_is_typed_is_read(buying: Buying, order: PurchaseOrder) -> None:
    item = ItemFactory(division=buying.division, code="ANDER", is_purchase_item=True)
    edit = edits(
        buying, order, item="ANDER", ordered="2,5", receipt_date="20-10-2026", vat_code="V21 - hoog",
        project_text="x" * 300,
    )  # fmt: skip
    assert (edit.item, edit.ordered, edit.vat_code) == (str(item.exact_id), Decimal("2.5"), "V21")
    assert (edit.receipt_date, edit.project_text) == (date(2026, 10, 20), "x" * LONGEST)
    assert edit.ordered_price == line_of(order).ordered_price


def test_what_means_nothing_names_its_line(buying: Buying, order: PurchaseOrder) -> None:
    with pytest.raises(Refused, match="Line 1: “many” is not a number"):
        edits(buying, order, ordered="many")
    with pytest.raises(Refused, match="Line 1: Exact has no item"):
        edits(buying, order, item="9999")


def test_a_typed_day_and_project_are_vouched_for_by_the_person(buying: Buying, order: PurchaseOrder) -> None:
    person = UserFactory()
    edit = edits(buying, order, receipt_date="20-10-2026", project_text="Kade 5")
    edit_lines(order, [edit], by=person, version=order.version)
    line = line_of(again(order))
    assert (line.receipt_date, line.receipt_date_source) == (date(2026, 10, 20), ValueSource.PERSON)
    assert (line.project_text, line.project_source) == ("Kade 5", ValueSource.PERSON)
    assert str(person) in line.receipt_date_why and str(person) in line.project_why
