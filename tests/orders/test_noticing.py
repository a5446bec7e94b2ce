"""What Exact shows of an order is kept with it."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from apps.core.transitions import Changed
from apps.exact.models import Division, VATCode
from apps.orders import noticing
from apps.orders.exact_side import GONE, Seen, SeenLine
from apps.orders.models import PurchaseOrder, Standing
from tests.orders.confirmations import DAY, PRICE, make_division, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def division() -> Division:
    return make_division()


@pytest.fixture
def order(division: Division) -> PurchaseOrder:
    return standing(division, 2)


def seen(order: PurchaseOrder) -> Seen:
    """The order as it was put there."""
    lines = (
        SeenLine(uuid4(), number, line.item, "", line.ordered or Decimal(), PRICE, DAY)
        for number, line in enumerate(order.lines.all(), start=1)
    )
    return Seen(Standing.OPEN, DAY, tuple(lines))


def noticed(order: PurchaseOrder, what: Seen, division: Division) -> bool:
    return noticing.notice(order, what, division, noticing.inclusive_in(division))


def test_the_ids_of_its_lines_are_kept_by_their_numbers_and_items(
    order: PurchaseOrder, division: Division
) -> None:
    there = seen(order)

    assert not noticed(order, there, division)

    assert [line.exact_line for line in order.lines.all()] == [line.exact_id for line in there.lines]


def test_a_line_with_another_item_is_not_ours(order: PurchaseOrder, division: Division) -> None:
    there = seen(order)
    other = replace(there.lines[1], item=uuid4())

    noticed(order, replace(there, lines=(there.lines[0], other)), division)

    assert [one["field"] for one in order.noticed] == ["removed", "added"]
    assert order.lines.get(position=2).exact_line is None


def test_a_line_is_known_by_its_id_wherever_it_stands(order: PurchaseOrder, division: Division) -> None:
    there = seen(order)
    noticed(order, there, division)
    moved = tuple(replace(line, number=line.number + 7) for line in there.lines)

    assert not noticed(order, replace(there, lines=moved), division)


def test_a_price_that_includes_vat_there_is_ours_without(order: PurchaseOrder, division: Division) -> None:
    VATCode.objects.filter(division=division, code="2").update(type="I")
    there = seen(order)
    gross = tuple(replace(line, price=PRICE * Decimal("1.21")) for line in there.lines)

    assert not noticed(order, replace(there, lines=gross), division)
    assert noticed(order, there, division)


def test_what_is_gone_keeps_what_was_noticed_before(order: PurchaseOrder, division: Division) -> None:
    there = seen(order)
    noticed(order, replace(there, lines=there.lines[:1]), division)
    known = order.noticed

    assert noticed(order, GONE, division)

    assert (order.standing, order.noticed, order.is_news) == (Standing.GONE, known, True)


def test_what_another_moved_meanwhile_is_told(order: PurchaseOrder, division: Division) -> None:
    same = PurchaseOrder.objects.get(pk=order.pk)
    noticed(order, GONE, division)

    with pytest.raises(Changed):
        noticed(same, GONE, division)
