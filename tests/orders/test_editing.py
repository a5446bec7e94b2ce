"""What people fill in on the lines of an order stays."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from apps.clients.models import Mode
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.orders.coding import code
from apps.orders.editing import LineEdit, edit_lines
from apps.orders.models import PurchaseOrder, State, ValueSource, WaitsFor
from apps.orders.refused import Refused
from apps.people.models import User
from tests.exact.factories import CostCenterFactory, ItemFactory, VATCodeFactory
from tests.orders.buying import Buying, again, line_of, make_buying
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buying(db: None) -> Buying:
    made = make_buying()
    made.ordered_before()
    return made


@pytest.fixture
def person(db: None) -> User:
    made: User = UserFactory()
    return made


def as_it_stands(order: PurchaseOrder, **values: Any) -> LineEdit:
    line = line_of(order)
    edit = LineEdit(
        line_id=line.pk,
        item=str(line.item or ""),
        ordered=line.ordered,
        ordered_price=line.ordered_price,
        vat_code=line.vat_code,
        cost_center=line.cost_center,
        cost_unit=line.cost_unit,
        receipt_date=line.receipt_date,
    )
    return replace(edit, **values)


def edit(order: PurchaseOrder, by: User, **values: Any) -> PurchaseOrder:
    edit_lines(order, [as_it_stands(order, **values)], by=by, version=order.version)
    return again(order)


def test_a_wrong_unit_is_mended_by_saying_how_much(buying: Buying, person: User) -> None:
    order = buying.coded({"unit": "KGM"})
    order = edit(order, person, ordered=Decimal(3), ordered_price=Decimal(150))
    line = line_of(order)
    assert order.state == State.READY
    assert (line.ordered, line.ordered_source) == (Decimal(3), ValueSource.PERSON)
    assert str(person) in line.unit_why
    code(again(order))
    assert line_of(order).ordered == Decimal(3)


def test_a_price_that_a_person_fills_in_is_compared_all_the_same(buying: Buying, person: User) -> None:
    order = buying.coded({"unit": "KGM"})
    order = edit(order, person, ordered=Decimal(3), ordered_price=Decimal(400))
    assert (order.state, order.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)


def test_taken_off_again_the_quantity_is_worked_out(buying: Buying, person: User) -> None:
    order = buying.coded({"unit": "KGM"})
    order = edit(order, person, ordered=Decimal(3), ordered_price=Decimal(400))
    order = edit(order, person, ordered=None, ordered_price=None)
    assert line_of(order).ordered is None


def test_an_item_is_chosen_for_one_line(buying: Buying, person: User) -> None:
    other = ItemFactory(division=buying.division, code="ANDER", unit="box")
    order = buying.coded({"seller_item": "NOBODY"})
    order = edit(order, person, item=str(other.exact_id))
    line = line_of(order)
    assert (line.item_code, line.item_source, line.item_question) == ("ANDER", ValueSource.PERSON, None)
    assert order.state == State.PROPOSED  # Exact has no price of it


def test_a_chosen_item_may_be_looked_for_again(buying: Buying, person: User) -> None:
    other = ItemFactory(division=buying.division, code="ANDER", unit="box")
    order = buying.coded({"seller_item": "NOBODY"})
    order = edit(order, person, item=str(other.exact_id), vat_code="")
    PurchaseOrder.objects.filter(pk=order.pk).update(state=State.PROPOSED)
    order = edit(again(order), person, item="")
    assert (order.cause, line_of(order).item) == (Cause.ITEM_UNKNOWN, None)


def test_codes_are_chosen(buying: Buying, person: User) -> None:
    VATCodeFactory(division=buying.division, code="VX")
    CostCenterFactory(division=buying.division, code="SCHIP")
    order = buying.coded({"unit": "KGM"})
    line = line_of(edit(order, person, vat_code="VX", cost_center="SCHIP"))
    assert (line.vat_code, line.vat_source) == ("VX", ValueSource.PERSON)
    assert (line.cost_center, line.cost_center_source) == ("SCHIP", ValueSource.PERSON)


@pytest.mark.parametrize(
    "values",
    [
        {"item": "no id"},
        {"item": "00000000-0000-0000-0000-000000000000"},
        {"vat_code": "NO"},
        {"cost_center": "NO"},
        {"ordered": Decimal(0), "ordered_price": Decimal(1)},
        {"ordered": Decimal(1), "ordered_price": Decimal(-1)},
        {"line_id": 0},
    ],
)
def test_what_exact_does_not_have_is_refused(buying: Buying, person: User, values: dict[str, Any]) -> None:
    order = buying.coded({"unit": "KGM"})
    with pytest.raises(Refused):
        edit(order, person, **values)
    assert again(order).version == order.version


def test_only_what_waits_and_was_seen_is_changed(buying: Buying, person: User) -> None:
    ready = buying.coded()
    with pytest.raises(Refused):
        edit(ready, person)
    order = buying.coded({"unit": "KGM"})
    with pytest.raises(Changed):
        edit_lines(order, [], by=person, version=order.version - 1)


def test_next_to_nothing_is_no_quantity(buying: Buying, person: User) -> None:
    with pytest.raises(Refused, match="how much"):
        edit(buying.coded({"unit": "KGM"}), person, ordered=Decimal("0.00001"), ordered_price=Decimal(1))


def test_two_hundred_lines_cost_few_queries(
    buying: Buying, person: User, django_assert_max_num_queries: Any
) -> None:
    order = buying.coded(*[{} for _line in range(200)])
    lines = [as_it_stands(order, line_id=line.pk, ordered=Decimal(3)) for line in order.lines.all()]
    with django_assert_max_num_queries(70):  # a test database takes the lines in a few portions
        edit_lines(order, lines, by=person, version=order.version)
    assert set(order.lines.values_list("ordered", flat=True)) == {Decimal(3)}


def test_on_pilot_the_lines_are_changed_and_agreed_with_anew(person: User) -> None:
    buying = make_buying(Mode.PILOT)
    order = buying.coded()
    assert (order.state, order.waits_for) == (State.READY, WaitsFor.PILOT)
    order = edit(order, person, ordered=Decimal(3), ordered_price=Decimal(150))
    assert (order.state, order.waits_for, order.touched) == (State.READY, WaitsFor.PILOT, True)
    assert line_of(order).ordered == Decimal(3)
    assert edit(order, person, ordered_price=Decimal(900)).cause == Cause.NEEDS_APPROVAL


def test_where_the_pilot_just_ended_it_is_proposed(person: User) -> None:
    buying = make_buying(Mode.PILOT)
    buying.ordered_before()
    order = buying.coded()
    buying.administration.mode = Mode.AUTOMATIC
    buying.administration.save(update_fields=["mode"])
    assert edit(again(order), person, ordered=Decimal(3), ordered_price=Decimal(150)).state == State.PROPOSED
