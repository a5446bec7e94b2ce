"""One factory per model of apps.items."""

from decimal import Decimal
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.items.models import ItemKind, ItemMapping, ItemQuestion
from tests.clients.factories import AdministrationFactory
from tests.people.factories import UserFactory


class ItemMappingFactory(DjangoModelFactory):
    """A code of a supplier that a person mapped."""

    class Meta:
        model = ItemMapping

    administration = factory.SubFactory(AdministrationFactory)
    supplier = factory.LazyFunction(uuid4)
    supplier_name = "Supplier of an item"
    kind = ItemKind.SELLER_ITEM
    value = factory.Sequence(lambda n: f"T-{n:04}")
    item = factory.LazyFunction(uuid4)
    item_code = factory.Sequence(lambda n: f"A{n:05}")
    item_name = "Touw, geslagen"
    learned_from = factory.SubFactory(UserFactory)
    learned_at = factory.LazyFunction(clock.now)


class ItemQuestionFactory(DjangoModelFactory):
    """An open question about an item that nobody knows."""

    class Meta:
        model = ItemQuestion

    administration = factory.SubFactory(AdministrationFactory)
    supplier = factory.LazyFunction(uuid4)
    supplier_name = "Anker en Touw"
    seller_item = factory.Sequence(lambda n: f"T-{n:04}")
    identity = factory.LazyAttribute(lambda o: f"seller_item {o.seller_item}")
    name = "Touw, geslagen, 12 mm"
    unit = "C62"
    price = Decimal("12.50")
    asked_at = factory.LazyFunction(clock.now)
