"""One factory per model of apps.preflight."""

from factory.declarations import LazyFunction, SubFactory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.preflight.models import Preflight
from tests.clients.factories import AdministrationFactory


class PreflightFactory(DjangoModelFactory[Preflight]):
    """One with a defect."""

    class Meta:
        model = Preflight

    administration = SubFactory(AdministrationFactory)
    points = LazyFunction(
        lambda: [{"key": "journal", "group": "books", "level": "poor", "case": "none", "values": {}}]
    )
    score = 0
    poor = 1
    checked_at = LazyFunction(clock.now)
