"""One factory per model of apps.clients."""

import factory
from factory.django import DjangoModelFactory

from apps.clients.models import Administration, AdministrationIdentifier, Assignment, Client
from tests.people.factories import UserFactory


class ClientFactory(DjangoModelFactory):
    class Meta:
        model = Client

    name = factory.Sequence(lambda n: f"Client {n}")
    slug = factory.Sequence(lambda n: f"client-{n}")


class AdministrationFactory(DjangoModelFactory):
    class Meta:
        model = Administration

    client = factory.SubFactory(ClientFactory)
    name = factory.Sequence(lambda n: f"Administration {n} B.V.")
    slug = factory.Sequence(lambda n: f"administration-{n}")


class AdministrationIdentifierFactory(DjangoModelFactory):
    class Meta:
        model = AdministrationIdentifier

    administration = factory.SubFactory(AdministrationFactory)
    kind = "kvk"
    value = factory.Sequence(lambda n: f"{60_000_000 + n}")


class AssignmentFactory(DjangoModelFactory):
    class Meta:
        model = Assignment

    user = factory.SubFactory(UserFactory)
    client = factory.SubFactory(ClientFactory)
