"""One factory per model of apps.clients."""

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from apps.clients.models import (
    Administration,
    AdministrationIdentifier,
    Assignment,
    Client,
    ClientGroup,
    Limits,
)
from tests.people.factories import UserFactory


class ClientGroupFactory(DjangoModelFactory[ClientGroup]):
    class Meta:
        model = ClientGroup

    name = Sequence(lambda n: f"Group {n}")


class ClientFactory(DjangoModelFactory[Client]):
    class Meta:
        model = Client

    name = Sequence(lambda n: f"Client {n}")
    slug = Sequence(lambda n: f"client-{n}")


class AdministrationFactory(DjangoModelFactory[Administration]):
    class Meta:
        model = Administration

    client = SubFactory(ClientFactory)
    name = Sequence(lambda n: f"Administration {n} B.V.")
    slug = Sequence(lambda n: f"administration-{n}")


class AdministrationIdentifierFactory(DjangoModelFactory[AdministrationIdentifier]):
    class Meta:
        model = AdministrationIdentifier

    administration = SubFactory(AdministrationFactory)
    kind = "kvk"
    value = Sequence(lambda n: f"{60_000_000 + n}")


class AssignmentFactory(DjangoModelFactory[Assignment]):
    class Meta:
        model = Assignment

    user = SubFactory(UserFactory)
    client = SubFactory(ClientFactory)


class LimitsFactory(DjangoModelFactory[Limits]):
    """The firm's own ceilings, none of them set."""

    class Meta:
        model = Limits
