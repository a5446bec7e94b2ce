"""One factory per model of apps.vendors."""

from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.vendors.models import Mapping, Question, QuestionKind
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
