from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from apps.core import clock
from apps.exact import mirror
from apps.exact.models import Division, SupplierItem, SyncState
from apps.items.catalogue import catalogue_of
from apps.items.matching import Outcome, match
from apps.items.wanted import Wanted
from apps.sandbox import switches
from tests.exact.factories import (
    DivisionFactory,
    ItemFactory,
    SupplierItemFactory,
    SyncStateFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
SUPPLIER = uuid4()


def price_of(division: Division, **dates: Any) -> Decimal | None:
    item = ItemFactory(division=division, unit="stuk")
    SupplierItemFactory(division=division, item=item.exact_id, supplier=SUPPLIER, price=Decimal(9), **dates)
    card = catalogue_of(division).card_of(item.exact_id, SUPPLIER)
    return card.price if card else Decimal(-1)


def test_only_a_price_that_holds_today_counts() -> None:
    division, today, day = DivisionFactory(), clock.today(), timedelta(days=1)
    assert price_of(division) == price_of(division, starts_on=today, ends_on=today) == 9
    assert price_of(division, starts_on=today + day) is None
    assert price_of(division, ends_on=today - day) is None


def test_of_a_price_that_holds_and_one_that_comes_the_present_one_counts() -> None:
    division, today = DivisionFactory(), clock.today()
    item = ItemFactory(division=division)
    for days, price in ((30, 3), (-30, 1), (-60, 2)):
        SupplierItemFactory(
            division=division, item=item.exact_id, supplier=SUPPLIER, price=price,
            starts_on=today + timedelta(days=days),
        )  # fmt: skip
    card = catalogue_of(division).card_of(item.exact_id, SUPPLIER)
    assert card and card.price == 1


@pytest.mark.parametrize(
    ("bought", "days_left", "usable"),
    [(True, None, True), (False, None, False), (True, -1, False), (True, 0, True)],
)
def test_an_item_may_be_bought_until_it_ends(bought: bool, days_left: int | None, usable: bool) -> None:
    ends_on = None if days_left is None else clock.today() + timedelta(days=days_left)
    item = ItemFactory(is_purchase_item=bought, ends_on=ends_on)
    assert catalogue_of(item.division).cards[item.exact_id].usable is usable


def test_it_is_kept_until_a_mirror_was_read_anew() -> None:
    unit = UnitFactory()
    division, item = unit.division, ItemFactory(division=unit.division, unit="doos")
    for name in ("items", "supplier_items", "units"):
        SyncStateFactory(division=division, resource=name, synced_at=clock.now())
    first = catalogue_of(division)
    card = first.card_of(item.exact_id, SUPPLIER)
    assert card and card.unit_name == "Doos"
    assert catalogue_of(division) is first
    SyncState.objects.filter(division=division, resource="items").update(
        synced_at=clock.now() + timedelta(seconds=1)
    )
    assert catalogue_of(division) is not first


def test_every_supplier_item_of_the_firm_matches_its_item(division: Division) -> None:
    switches.change(minute_limit=10_000)
    mirror.sync(division, ["items", "supplier_items", "units"])
    catalogue, outcomes = catalogue_of(division), []
    for offer in SupplierItem.objects.filter(division=division).exclude(supplier_code=""):
        found = match(catalogue, Wanted(seller_item=offer.supplier_code), offer.supplier)
        assert found.item and found.item.exact_id == offer.item
        assert (found.item.factor, found.item.price) == (offer.factor, offer.price)
        outcomes.append(found.outcome)
    assert len(outcomes) > 20 and set(outcomes) == {Outcome.MATCHED}
