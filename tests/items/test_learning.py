from uuid import uuid4

import pytest

from apps.core import clock
from apps.exact.models import Division
from apps.items.learning import CARDS, carry_over, remember, remembered
from apps.items.models import ItemMapping
from apps.items.wanted import Key
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, ItemFactory, RelationFactory, SyncStateFactory
from tests.items.factories import ItemMappingFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db
CODE, BARCODE = Key("seller_item", "T-1"), Key("gtin", "08711253001202")


def test_what_was_decided_is_remembered_for_this_supplier_alone() -> None:
    mapping = ItemMappingFactory(value="T-1", seen=[list(BARCODE)])
    ItemMappingFactory(administration=mapping.administration, value="T-1")
    (decision,) = remembered(mapping.administration, mapping.supplier).values()
    assert (decision.item, set(decision.seen)) == (mapping.item, {BARCODE})
    assert decision.source == mapping.pk
    mapping.take_back(by=UserFactory())
    assert remembered(mapping.administration, mapping.supplier) == {}


def test_the_same_decision_again_adds_only_what_was_seen_then() -> None:
    administration, item, supplier, by = AdministrationFactory(), ItemFactory(), uuid4(), UserFactory()
    first = remember(administration, supplier, CODE, item, by=by, seen=[CODE])
    again = remember(administration, supplier, CODE, item, by=by, seen=[CODE, BARCODE])
    assert first == again
    assert ItemMapping.objects.get().seen == [list(BARCODE)]
    assert (again.item_code, again.item_name) == (item.code, item.description)


def test_another_decision_takes_the_place_of_the_earlier_which_stays_to_be_seen() -> None:
    administration, supplier, by = AdministrationFactory(), uuid4(), UserFactory()
    first = remember(administration, supplier, CODE, ItemFactory(), by=by)
    second = remember(administration, supplier, CODE, ItemFactory(), by=by)
    first.refresh_from_db()
    assert (first.forgotten_by, second.forgotten_at) == (by, None)
    assert remembered(administration, supplier)[CODE].source == second.pk
    assert second.history.get().history_user == by


SUPPLIER = {"code": "10023", "name": "Anker B.V.", "chamber_of_commerce": "34567892"}
ITEM = {"code": "TOUW12", "description": "Touw 12 mm"}


def learned() -> tuple[ItemMapping, Division]:
    """Return what was decided in a division that was left, and the division that came in its place, read."""
    before = DivisionFactory()
    supplier, item = RelationFactory(division=before, **SUPPLIER), ItemFactory(division=before, **ITEM)
    mapping = ItemMappingFactory(supplier=supplier.exact_id, item=item.exact_id, item_code=item.code)
    now: Division = DivisionFactory(administration=mapping.administration)
    for resource in CARDS:
        SyncStateFactory(division=now, resource=resource, synced_at=clock.now())
    return mapping, now


def test_what_was_learned_is_carried_over_to_the_same_cards_of_another_division() -> None:
    mapping, now = learned()
    supplier, item = RelationFactory(division=now, **SUPPLIER), ItemFactory(division=now, **ITEM)
    assert carry_over(mapping.administration, now) == (1, 0)
    mapping.refresh_from_db()
    assert (mapping.supplier, mapping.item, mapping.item_code) == (
        supplier.exact_id,
        item.exact_id,
        item.code,
    )
    assert carry_over(mapping.administration, now) == (0, 0)


@pytest.mark.parametrize(
    ("supplier", "item"),
    [
        ({"code": "10024"}, {}),
        ({"name": "Touw B.V."}, {}),
        ({"blocked": True}, {}),
        ({}, {"code": "TOUW13"}),
        ({}, {"description": "Verf"}),
        ({}, {"barcode": "8711253001202"}),
        ({}, {"is_purchase_item": False}),
    ],
    ids=str,
)
def test_what_may_be_another_card_is_forgotten_and_asked_again(
    supplier: dict[str, object], item: dict[str, object]
) -> None:
    mapping, now = learned()
    RelationFactory(division=now, **{**SUPPLIER, **supplier})
    ItemFactory(division=now, **{**ITEM, **item})
    elsewhere = ItemMappingFactory(supplier=mapping.supplier, item=mapping.item)
    assert carry_over(mapping.administration, now) == (0, 1)
    assert list(ItemMapping.objects.all()) == [elsewhere]


def test_what_was_decided_anew_meanwhile_stands() -> None:
    mapping, now = learned()
    supplier, item = RelationFactory(division=now, **SUPPLIER), ItemFactory(division=now, **ITEM)
    newer = ItemMappingFactory(
        administration=mapping.administration,
        supplier=supplier.exact_id,
        value=mapping.value,
        item=item.exact_id,
    )
    assert carry_over(mapping.administration, now) == (0, 1)
    assert list(ItemMapping.objects.all()) == [newer]


def test_nothing_is_forgotten_before_the_cards_were_read_or_where_one_is_gone_in_exact() -> None:
    mapping, now = learned()
    now.sync_states.filter(resource="items").delete()
    assert carry_over(mapping.administration, now) == (0, 0)
    gone = RelationFactory(division=now, gone_at=clock.now())
    stays = ItemMappingFactory(administration=mapping.administration, supplier=gone.exact_id)
    unknown = ItemMappingFactory(administration=mapping.administration)
    SyncStateFactory(division=now, resource="items", synced_at=clock.now())
    assert carry_over(mapping.administration, now) == (0, 1)
    assert set(ItemMapping.objects.all()) == {stays, unknown}
