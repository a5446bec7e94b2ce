"""One factory per model of apps.orders."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.intake.models import PartKind, PartOutcome
from apps.orders.models import (
    ItemWrite,
    Kind,
    OrderTerms,
    PurchaseOrder,
    PurchaseOrderEvent,
    PurchaseOrderLine,
    State,
)
from apps.posting.models import Method
from tests.clients.factories import AdministrationFactory
from tests.intake.factories import PartFactory
from tests.posting.factories import PostingFactory


class PurchaseOrderFactory(DjangoModelFactory):
    """A received order of 100.00 without VAT, without lines. Other states need what they imply."""

    class Meta:
        model = PurchaseOrder

    administration = factory.SubFactory(AdministrationFactory)
    part = factory.SubFactory(
        PartFactory,
        outcome=PartOutcome.DOCUMENT,
        kind=PartKind.ORDER,
        administration=factory.SelfAttribute("..administration"),
        receipt__administration=factory.SelfAttribute("..administration"),
    )
    state = State.RECEIVED
    kind = Kind.ORDER
    format = "ubl order"
    number = factory.Sequence(lambda n: f"PO-{n:05}")
    number_key = factory.LazyAttribute(lambda o: o.number.casefold())
    double_key = factory.Sequence(lambda n: f"{n:064}")
    order_date = date(2026, 9, 15)
    receipt_date = date(2026, 9, 29)
    currency = "EUR"
    net = Decimal("100.00")
    vendor_name = "Anker en Touw"
    vendor_key = "kvk 34567892"
    vendor = factory.LazyAttribute(lambda o: {"name": o.vendor_name, "country": "NL", "keys": [o.vendor_key]})
    received_at = factory.LazyFunction(clock.now)
    changed_at = factory.LazyFunction(clock.now)


class PurchaseOrderLineFactory(DjangoModelFactory):
    """A line of 8 pieces at 12.50, 21 %."""

    class Meta:
        model = PurchaseOrderLine

    order = factory.SubFactory(PurchaseOrderFactory)
    position = factory.Sequence(lambda n: n + 1)
    number = factory.LazyAttribute(lambda o: str(o.position))
    description = "Touw, geslagen"
    seller_item = factory.Sequence(lambda n: f"T-{n:04}")
    quantity = Decimal(8)
    unit = "C62"
    price = Decimal("12.50")
    net = factory.LazyAttribute(lambda o: (o.quantity * o.price).quantize(Decimal("0.01")))
    category = "S"
    rate = Decimal(21)


class PurchaseOrderEventFactory(DjangoModelFactory):
    class Meta:
        model = PurchaseOrderEvent

    order = factory.SubFactory(PurchaseOrderFactory)
    from_state = State.RECEIVED
    to_state = State.ATTENTION
    who = "Postkamer"
    why = "a test"
    at = factory.LazyFunction(clock.now)


class OrderTermsFactory(DjangoModelFactory):
    class Meta:
        model = OrderTerms

    administration = factory.SubFactory(AdministrationFactory)


class ItemWriteFactory(DjangoModelFactory):
    """A new item that waits for its turn."""

    class Meta:
        model = ItemWrite

    administration = factory.SubFactory(AdministrationFactory)
    posting = factory.SubFactory(
        PostingFactory,
        method=Method.ITEM,
        division__administration=factory.SelfAttribute("...administration"),
    )
    code = "NIEUW"
    values = factory.LazyAttribute(lambda o: {"code": o.code})
    asked_at = factory.LazyFunction(clock.now)
