"""One factory per model of apps.vendors."""

from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.vendors.models import (
    CaseState,
    CollectiveVendor,
    IBANCase,
    Mapping,
    NumberSource,
    Question,
    QuestionKind,
    SharedDomain,
)
from tests.clients.factories import AdministrationFactory
from tests.people.factories import UserFactory


class MappingFactory(DjangoModelFactory):
    class Meta:
        model = Mapping

    administration = factory.SubFactory(AdministrationFactory)
    kind = "kvk"
    value = factory.Sequence(lambda n: f"{70_000_000 + n}")
    supplier = factory.LazyFunction(uuid4)
    supplier_name = "Supplier of a mapping"
    learned_from = factory.SubFactory(UserFactory)
    learned_at = factory.LazyFunction(clock.now)


class QuestionFactory(DjangoModelFactory):
    """An open question about a vendor that nobody knows."""

    class Meta:
        model = Question

    class Params:
        number = factory.Sequence(lambda n: f"{71_000_000 + n}")

    administration = factory.SubFactory(AdministrationFactory)
    identity = factory.LazyAttribute(lambda o: f"kvk {o.number}")
    kind = QuestionKind.UNKNOWN
    name = factory.Sequence(lambda n: f"Vendor {n}")
    party = factory.LazyAttribute(lambda o: {"identity": ["kvk", o.number]})
    asked_at = factory.LazyFunction(clock.now)


class IBANCaseFactory(DjangoModelFactory):
    """A case that nobody has called about."""

    class Meta:
        model = IBANCase

    administration = factory.SubFactory(AdministrationFactory)
    supplier = factory.LazyFunction(uuid4)
    supplier_name = "Supplier of a case"
    iban = "NL91ABNA0417164300"
    known = factory.LazyFunction(lambda: ["NL20INGB0001234567"])
    opened_at = factory.LazyFunction(clock.now)

    class Params:
        called = factory.Trait(
            state=CaseState.CALLED,
            called_by=factory.SubFactory(UserFactory),
            called_at=factory.LazyFunction(clock.now),
            called_number="020-1234567",
            number_source=NumberSource.CARD,
            spoke_to="Ada",
        )
        accepted = factory.Trait(
            called=True,
            state=CaseState.ACCEPTED,
            decided_by=factory.SubFactory(UserFactory),
            decided_at=factory.LazyFunction(clock.now),
        )
        rejected = factory.Trait(
            state=CaseState.REJECTED,
            decided_by=factory.SubFactory(UserFactory),
            decided_at=factory.LazyFunction(clock.now),
        )


class CollectiveVendorFactory(DjangoModelFactory):
    class Meta:
        model = CollectiveVendor

    administration = factory.SubFactory(AdministrationFactory)
    name = factory.Sequence(lambda n: f"Fuel {n}")
    words = "Shell\nEsso"
    supplier = factory.LazyFunction(uuid4)
    supplier_name = "Fuel"


class SharedDomainFactory(DjangoModelFactory):
    class Meta:
        model = SharedDomain

    domain = factory.Sequence(lambda n: f"platform{n}.example")
