"""One factory per model of apps.invoices."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.intake.models import PartOutcome
from apps.invoices.models import (
    ActiveMethod,
    Approval,
    Autonomy,
    CardAct,
    CardWrite,
    ClientQuestion,
    Invoice,
    InvoiceEvent,
    InvoiceItem,
    InvoiceLine,
    Kind,
    State,
    ValueSource,
)
from apps.posting.models import Method
from tests.clients.factories import AdministrationFactory
from tests.intake.factories import PartFactory
from tests.people.factories import UserFactory
from tests.posting.factories import PostingFactory


class InvoiceFactory(DjangoModelFactory):
    """A received invoice of 121.00, 21.00 of it VAT, without lines. Other states need what they imply."""

    class Meta:
        model = Invoice

    administration = factory.SubFactory(AdministrationFactory)
    part = factory.SubFactory(
        PartFactory,
        outcome=PartOutcome.DOCUMENT,
        administration=factory.SelfAttribute("..administration"),
        receipt__administration=factory.SelfAttribute("..administration"),
    )
    state = State.RECEIVED
    kind = Kind.INVOICE
    format = "bis3"
    number = factory.Sequence(lambda n: f"2026-{n:05}")
    number_key = factory.LazyAttribute(lambda o: o.number.casefold())
    double_key = factory.Sequence(lambda n: f"{n:064}")
    issue_date = date(2026, 9, 15)
    due_date = date(2026, 10, 15)
    currency = "EUR"
    net = Decimal("100.00")
    tax = Decimal("21.00")
    gross = factory.LazyAttribute(lambda o: o.net + (o.tax or 0))
    payable = factory.SelfAttribute("gross")
    vendor_name = "Anker en Touw"
    vendor_key = "kvk 34567892"
    vendor = factory.LazyAttribute(lambda o: {"name": o.vendor_name, "country": "NL", "keys": [o.vendor_key]})
    received_at = factory.LazyFunction(clock.now)
    changed_at = factory.LazyFunction(clock.now)


class InvoiceLineFactory(DjangoModelFactory):
    """A line of 100.00 at 21 %."""

    class Meta:
        model = InvoiceLine

    invoice = factory.SubFactory(InvoiceFactory)
    position = factory.Sequence(lambda n: n + 1)
    description = "Touw, geslagen"
    net = Decimal("100.00")
    category = "S"
    rate = Decimal(21)


class InvoiceItemFactory(DjangoModelFactory):
    """The item of a line, found by the code that the supplier gives it."""

    class Meta:
        model = InvoiceItem

    line = factory.SubFactory(InvoiceLineFactory)
    item = factory.LazyFunction(uuid4)
    item_code = factory.Sequence(lambda n: f"A{n:05}")
    item_name = "Touw, geslagen"
    source = ValueSource.CARD
    quantity = Decimal(10)
    unit = "stuk"


class InvoiceEventFactory(DjangoModelFactory):
    class Meta:
        model = InvoiceEvent

    invoice = factory.SubFactory(InvoiceFactory)
    from_state = State.RECEIVED
    to_state = State.ATTENTION
    who = "Postkamer"
    why = "a test"
    at = factory.LazyFunction(clock.now)


class CardWriteFactory(DjangoModelFactory):
    """A new supplier that waits for its turn."""

    class Meta:
        model = CardWrite

    administration = factory.SubFactory(AdministrationFactory)
    posting = factory.SubFactory(
        PostingFactory,
        method=Method.SUPPLIER,
        division__administration=factory.SelfAttribute("...administration"),
    )
    act = CardAct.CREATE
    name = "Anker en Touw"
    values = factory.LazyAttribute(lambda o: {"name": o.name})
    asked_at = factory.LazyFunction(clock.now)


class ActiveMethodFactory(DjangoModelFactory):
    """Invoices of an administration are handed over as documents alone."""

    class Meta:
        model = ActiveMethod

    administration = factory.SubFactory(AdministrationFactory)
    kind = Kind.INVOICE
    method = Method.DOCUMENT


class AutonomyFactory(DjangoModelFactory):
    """A vendor that nobody knows anything of yet."""

    class Meta:
        model = Autonomy

    administration = factory.SubFactory(AdministrationFactory)
    supplier = factory.LazyFunction(uuid4)
    supplier_name = "Anker en Touw B.V."
    changed_at = factory.LazyFunction(clock.now)


class ApprovalFactory(DjangoModelFactory):
    class Meta:
        model = Approval

    invoice = factory.SubFactory(InvoiceFactory)
    by = factory.SubFactory(UserFactory)
    at = factory.LazyFunction(clock.now)
    version = 1


class ClientQuestionFactory(DjangoModelFactory):
    """A question that waits to be asked by hand."""

    class Meta:
        model = ClientQuestion

    invoice = factory.SubFactory(InvoiceFactory)
    text = "Waar was dit voor?"
    asked_by = factory.SubFactory(UserFactory)
    asked_at = factory.LazyFunction(clock.now)
