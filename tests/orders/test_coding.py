"""An order is coded: what it means in Exact, what stands in the way of it, and who has to look."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.clients.models import Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import CostRule, ExactOrder, GLAccount, Relation, SupplierItem
from apps.exact.resources import RESOURCES
from apps.items.models import ItemQuestion
from apps.orders.coding import code, in_the_way
from apps.orders.models import Kind, OrderTerms, PurchaseOrder, State, ValueSource, WaitsFor
from tests.exact.factories import (
    CostCenterFactory,
    ItemFactory,
    SupplierItemFactory,
    SyncStateFactory,
    VATCodeFactory,
)
from tests.orders.buying import Buying, again, line_of, make_buying
from tests.orders.factories import PurchaseOrderLineFactory
from tests.rules.factories import BookingRuleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buying(db: None) -> Buying:
    return make_buying()


def states(order: PurchaseOrder) -> tuple[str, str]:
    return order.state, order.cause


def test_an_order_is_coded_from_supplier_to_vat_code(buying: Buying) -> None:
    buying.ordered_before()
    order = buying.coded()
    line = line_of(order)
    assert states(order) == (State.READY, "")
    assert (order.waits_for, order.supplier) == (WaitsFor.HOLD_BACK, buying.supplier.exact_id)
    assert (line.item, line.item_code, line.purchase_unit) == (buying.item.exact_id, "TOUW12", "box")
    assert (line.ordered, line.ordered_price, line.factor) == (Decimal(2), Decimal(150), Decimal(12))
    assert (line.vat_code, line.vat_source, line.scenario) == ("V21", ValueSource.TABLE, "nl_high")


def test_the_first_order_of_a_vendor_is_validated_by_a_person(buying: Buying) -> None:
    order = buying.coded()
    assert order.state == State.PROPOSED
    assert "first order" in order.proposed_because


def test_an_order_of_a_test_division_does_not_make_the_next_one_not_the_first(buying: Buying) -> None:
    earlier = buying.ordered_before()
    assert earlier.posting
    earlier.posting.division = make_buying().division
    earlier.posting.save(update_fields=["division"])
    assert buying.coded().state == State.PROPOSED


@pytest.mark.parametrize(
    ("mode", "state"),
    [(Mode.PILOT, State.READY), (Mode.PROPOSE, State.PROPOSED), (Mode.AUTOMATIC, State.READY)],
)
def test_the_mode_of_the_administration_decides(mode: str, state: str) -> None:
    buying = make_buying(mode)
    buying.ordered_before()
    order = buying.coded()
    assert order.state == state
    assert (order.waits_for == WaitsFor.PILOT) == (mode == Mode.PILOT)


def test_units_of_the_item_become_purchase_units(buying: Buying) -> None:
    order = buying.coded(
        {"quantity": Decimal(24), "unit": "C62", "price": Decimal("12.5"), "net": Decimal(300)}
    )
    line = line_of(order)
    assert (line.ordered, line.ordered_price) == (Decimal(2), Decimal(150))
    assert "24" in line.unit_why


def test_a_discount_is_worked_in(buying: Buying) -> None:
    order = buying.coded(
        {"price": Decimal(160), "discount": Decimal(5), "net": Decimal(304)}, net=Decimal(304)
    )
    assert line_of(order).ordered_price == Decimal(152)


def test_an_unknown_item_is_asked_and_names_its_line(buying: Buying) -> None:
    order = buying.coded({"seller_item": "NOBODY", "description": "Anker"})
    line = line_of(order)
    assert states(order) == (State.ATTENTION, Cause.ITEM_UNKNOWN)
    assert "Anker" in order.detail
    assert line.item is None
    assert line.item_question == ItemQuestion.objects.get()
    assert line.ordered is None


def test_a_unit_that_exact_does_not_know_the_item_in_is_a_gap(buying: Buying) -> None:
    order = buying.coded({"unit": "KGM"})
    assert states(order) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    order.waived = [Cause.NEEDS_APPROVAL]
    assert [one.is_gap for one in in_the_way(order)] == [True]
    assert line_of(order).ordered is None


def test_broken_purchase_units_need_approval_and_no_more(buying: Buying) -> None:
    order = buying.coded(
        {"quantity": Decimal(18), "unit": "C62", "price": Decimal("12.5"), "net": Decimal(225)},
        net=Decimal(225),
    )
    assert states(order) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    assert line_of(order).ordered == Decimal("1.5")
    order.waived = [Cause.NEEDS_APPROVAL]
    assert in_the_way(order) == []


@pytest.mark.parametrize(("price", "is_held"), [(157, False), (158, True), (143, False), (142, True)])
def test_a_price_outside_the_band_needs_approval(buying: Buying, price: int, is_held: bool) -> None:
    buying.ordered_before()
    order = buying.coded({"price": Decimal(price), "net": Decimal(price * 2)}, net=Decimal(price * 2))
    assert (order.state == State.ATTENTION) == is_held
    if is_held:
        assert order.cause == Cause.NEEDS_APPROVAL
        assert str(price) in line_of(order).price_why
        assert "150" in line_of(order).price_why


def test_the_band_is_the_administrations_own(buying: Buying) -> None:
    OrderTerms.objects.create(administration=buying.administration, price_band=Decimal(50))
    buying.ordered_before()
    assert buying.coded({"price": Decimal(200), "net": Decimal(400)}, net=Decimal(400)).state == State.READY


def test_without_a_price_the_suppliers_is_taken_and_a_person_looks(buying: Buying) -> None:
    buying.ordered_before()
    order = buying.coded({"price": None, "net": None}, net=None)
    assert order.state == State.PROPOSED
    assert "no price" in order.proposed_because
    assert line_of(order).ordered_price == Decimal(150)


def test_without_any_price_nothing_can_be_ordered(buying: Buying) -> None:
    SupplierItem.objects.update(price=None)
    order = buying.coded({"price": None, "net": None}, net=None)
    assert states(order) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    assert [one.is_gap for one in in_the_way(order)] == [True]


def test_the_price_follows_from_the_amount_of_the_line(buying: Buying) -> None:
    order = buying.coded({"price": None, "net": Decimal(300)})
    assert line_of(order).ordered_price == Decimal(150)


def test_a_price_in_another_currency_is_not_compared_but_told(buying: Buying) -> None:
    buying.ordered_before()
    order = buying.coded({"price": Decimal(900), "net": Decimal(1800)}, net=Decimal(1800), currency="USD")
    assert order.state == State.PROPOSED
    assert "USD" in order.proposed_because


@pytest.mark.parametrize(
    ("line", "total"), [({"net": Decimal(301)}, Decimal(301)), ({"net": Decimal(300)}, Decimal(350))]
)
def test_amounts_that_do_not_add_up_are_told(
    buying: Buying, line: dict[str, Decimal], total: Decimal
) -> None:
    order = buying.coded(line, net=total)
    assert states(order) == (State.ATTENTION, Cause.TOTALS_DIFFER)


def test_what_the_document_says_of_vat_goes_by_the_table(buying: Buying) -> None:
    order = buying.coded({"category": "S", "rate": Decimal(9)})
    assert states(order) == (State.ATTENTION, Cause.NO_VAT_CODE)
    assert line_of(order).scenario == "nl_low"


def test_a_rate_alone_is_the_standard_category(buying: Buying) -> None:
    assert line_of(buying.coded({"category": "", "rate": Decimal(21)})).vat_code == "V21"


def test_without_vat_on_the_document_the_items_code_counts_then_the_cards(buying: Buying) -> None:
    VATCodeFactory(division=buying.division, code="VI")
    VATCodeFactory(division=buying.division, code="VC")
    Relation.objects.update(purchase_vat_code="VC")
    silent = {"category": "", "rate": None}
    assert line_of(buying.coded(silent)).vat_code == "VC"
    SupplierItem.objects.update(vat_code="VI")
    line = line_of(buying.coded(silent))
    assert (line.vat_code, line.vat_source) == ("VI", ValueSource.ITEM)


def test_no_vat_code_at_all_waits(buying: Buying) -> None:
    order = buying.coded({"category": "", "rate": None})
    assert states(order) == (State.ATTENTION, Cause.NO_VAT_CODE)


def test_a_rule_gives_vat_code_and_cost_centre(buying: Buying) -> None:
    VATCodeFactory(division=buying.division, code="VR")
    CostCenterFactory(division=buying.division, code="SCHIP")
    BookingRuleFactory(seller_item="T-12", vat_code="VR", cost_center="SCHIP", name="Ropes")
    line = line_of(buying.coded())
    assert (line.vat_code, line.cost_center, line.cost_center_source) == ("VR", "SCHIP", ValueSource.RULE)
    assert {one["name"] for one in line.rules} == {"Ropes"}


def test_a_rule_may_want_a_person_to_look(buying: Buying) -> None:
    buying.ordered_before()
    BookingRuleFactory(seller_item="T-12", never_automatic=True, name="Ropes")
    order = buying.coded()
    assert order.state == State.PROPOSED
    assert "Ropes" in order.proposed_because


def test_the_cost_centre_on_the_document_counts_when_exact_has_it(buying: Buying) -> None:
    CostCenterFactory(division=buying.division, code="SCHIP")
    line = line_of(buying.coded({"document_cost_center": "SCHIP"}))
    assert (line.cost_center, line.cost_center_source) == ("SCHIP", ValueSource.DOCUMENT)
    assert line_of(buying.coded({"document_cost_center": "KADE"})).cost_center == ""


def test_a_cost_centre_that_the_account_wants_is_missed(buying: Buying) -> None:
    GLAccount.objects.update(use_cost_center=CostRule.MANDATORY)
    assert states(buying.coded()) == (State.ATTENTION, Cause.COST_CENTRE_MISSING)


def test_a_cost_centre_that_the_account_forbids_is_left_out(buying: Buying) -> None:
    CostCenterFactory(division=buying.division, code="SCHIP")
    GLAccount.objects.update(use_cost_center=CostRule.NOT_ALLOWED)
    assert line_of(buying.coded({"document_cost_center": "SCHIP"})).cost_center == ""


def test_an_unknown_vendor_is_asked(buying: Buying) -> None:
    order = buying.coded(vendor_name="Nobody", vendor_key="kvk 90000003")
    assert states(order) == (State.ATTENTION, Cause.VENDOR_UNKNOWN)
    assert order.question


def test_a_blocked_supplier_waits(buying: Buying) -> None:
    Relation.objects.update(blocked=True)
    assert states(buying.coded()) == (State.ATTENTION, Cause.SUPPLIER_BLOCKED)


def exact_order(buying: Buying, order: PurchaseOrder, **values: object) -> ExactOrder:
    known = {
        "division": buying.division,
        "exact_id": uuid4(),
        "order_id": uuid4(),
        "order_number": 26000042,
        "supplier": buying.supplier.exact_id,
        "your_ref": order.number,
        "order_status": 10,
    }
    return ExactOrder.objects.create(**known | values)


def test_a_number_that_exact_has_an_order_of_is_a_possible_double(buying: Buying) -> None:
    order = buying.order()
    exact_order(buying, order)
    code(again(order))
    order = again(order)
    assert states(order) == (State.ATTENTION, Cause.POSSIBLE_DOUBLE)
    assert "26000042" in order.detail


@pytest.mark.parametrize("values", [{"order_status": 40}, {"supplier": uuid4()}, {"line_number": 1}])
def test_what_is_cancelled_or_of_another_supplier_is_no_double(
    buying: Buying, values: dict[str, object]
) -> None:
    order = buying.order()
    exact_order(buying, order, **values)
    assert not [one for one in in_the_way(again(order)) if one.cause == Cause.POSSIBLE_DOUBLE]


def test_an_order_of_our_own_is_no_double_of_the_next_with_its_number(buying: Buying) -> None:
    earlier, order = buying.ordered_before(), buying.order()
    assert earlier.posting
    exact_order(buying, order, order_id=earlier.posting.exact_id)
    assert not [one for one in in_the_way(again(order)) if one.cause == Cause.POSSIBLE_DOUBLE]


def test_the_same_number_of_one_supplier_is_a_possible_double_whatever_the_papers_say_of_it(
    buying: Buying,
) -> None:
    first = buying.coded(number="PO-77")
    by_code = {"name": "", "code": buying.supplier.code, "keys": []}
    second = buying.coded({"quantity": Decimal(3)}, number="PO-77", net=None, vendor=by_code, vendor_name="")
    assert states(second) == (State.ATTENTION, Cause.POSSIBLE_DOUBLE)
    assert second.double_of == first
    code(again(first))
    assert again(first).state == State.PROPOSED
    code(again(second), waived=[Cause.POSSIBLE_DOUBLE])
    assert again(second).state == State.PROPOSED


@pytest.mark.parametrize(
    "values", [{"number_key": "po-78"}, {"state": State.IGNORED}, {"kind": Kind.RESPONSE}]
)
def test_another_number_and_what_was_put_aside_is_no_double(buying: Buying, values: dict[str, Any]) -> None:
    first = buying.coded(number="PO-77")
    PurchaseOrder.objects.filter(pk=first.pk).update(cause="", **values)
    second = buying.coded(number="PO-77")
    assert (second.state, second.double_of) == (State.PROPOSED, None)


def test_the_item_that_a_person_chose_on_the_line_stays(buying: Buying) -> None:
    other = ItemFactory(division=buying.division, code="ANDER", unit="pc")
    order = buying.order({"unit": "pc"})
    order.lines.update(item=other.exact_id, item_code="ANDER", item_source=ValueSource.PERSON)
    code(again(order))
    assert line_of(order).item_code == "ANDER"


def test_a_chosen_item_that_is_gone_waits(buying: Buying) -> None:
    order = buying.order()
    order.lines.update(item=uuid4(), item_code="WEG", item_source=ValueSource.PERSON)
    code(again(order))
    assert states(again(order)) == (State.ATTENTION, Cause.ITEM_UNKNOWN)
    assert "WEG" in again(order).detail


def test_an_order_without_lines_waits_to_be_filled_in(buying: Buying) -> None:
    order = buying.order()
    order.lines.all().delete()
    order.line_count = 0
    order.save(update_fields=["line_count"])
    code(again(order))
    assert states(again(order)) == (State.ATTENTION, Cause.UNREADABLE)


def test_answers_and_what_is_on_its_way_are_never_coded(buying: Buying) -> None:
    with pytest.raises(ValueError, match="cannot be coded"):
        code(buying.order(kind=Kind.RESPONSE))


def test_what_a_person_took_back_is_not_ordered_by_itself(buying: Buying) -> None:
    order = buying.ordered_before()
    assert order.posting
    order.posting.withdraw()
    mine = order
    mine.move(State.PROPOSED, who="a test", why="a test", at=order.changed_at, outcome="", done_at=None)
    PurchaseOrderLineFactory(
        order=mine, position=1, seller_item="T-12", quantity=2, unit="BX", price=150, net=Decimal(300)
    )
    mine.line_count, mine.net = 1, Decimal(300)
    mine.save(update_fields=["line_count", "net"])
    buying.ordered_before()
    code(again(mine))
    assert again(mine).state == State.PROPOSED


@pytest.mark.parametrize("known", [True, False])
def test_two_hundred_lines_cost_few_queries(buying: Buying, known: bool) -> None:
    lines = []
    for number in range(200):
        if known:
            item = ItemFactory(division=buying.division, unit="pc")
            SupplierItemFactory(
                division=buying.division, item=item.exact_id, supplier=buying.supplier.exact_id,
                supplier_code=f"A-{number}", unit="box", factor=Decimal(12), price=Decimal(150), currency="EUR",
            )  # fmt: skip
        lines.append({"seller_item": f"A-{number}", "net": Decimal(300)})
    for resource in RESOURCES:  # what was built from the mirrors is kept, as in a division that is synced
        SyncStateFactory(division=buying.division, resource=resource, synced_at=clock.now())
    buying.coded()
    order = again(buying.order(*lines, net=Decimal(60_000)))
    with CaptureQueriesContext(connection) as queries:
        code(order)
    written = [one["sql"].split(" (")[0] for one in queries if one["sql"].startswith("INSERT")]
    read = len(queries) - len(written)
    assert read + len(set(written)) <= 25  # SQLite takes some twenty rows at a time
    assert again(order).state == (State.PROPOSED if known else State.ATTENTION)


@pytest.mark.parametrize(
    "line",
    [{"quantity": Decimal(-2)}, {"price": Decimal(-150)}, {"price": Decimal(0)}, {"discount": Decimal(100)}],
    ids=["less than nothing", "a negative price", "no price", "all discount"],
)
def test_less_than_nothing_or_for_nothing_is_not_ordered_unseen(buying: Buying, line: dict[str, Any]) -> None:
    SupplierItem.objects.update(price=None)
    order = buying.coded({"net": None, **line}, net=None)
    assert (order.state, order.cause) == (State.ATTENTION, Cause.NEEDS_APPROVAL)
    assert "Is that meant?" in order.detail


def test_a_price_that_was_never_agreed_on_is_looked_at_by_a_person(buying: Buying) -> None:
    buying.ordered_before()
    SupplierItem.objects.update(price=None)
    order = buying.coded()
    assert order.state == State.PROPOSED
    assert "no price of this supplier" in order.proposed_because
    assert line_of(order).ordered_price == Decimal(150)
