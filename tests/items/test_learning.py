from uuid import uuid4

import pytest

from apps.items.learning import remember, remembered
from apps.items.models import ItemMapping
from apps.items.wanted import Key
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import ItemFactory
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
