"""One factory per model of apps.rules."""

import factory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.rules.models import BookingRule, VATTable
from apps.rules.scenario import Scenario
from tests.clients.factories import AdministrationFactory


class BookingRuleFactory(DjangoModelFactory):
    """A rule of the firm about every supplier with an "e" in its name; `administration=` or `client=` owns it."""

    class Meta:
        model = BookingRule

    name = factory.Sequence(lambda n: f"Rule {n}")
    supplier_contains = "e"


class VATTableFactory(DjangoModelFactory):
    """A confirmed row; `confirmed_at=None, confirmed_by=""` for a proposal."""

    class Meta:
        model = VATTable

    administration = factory.SubFactory(AdministrationFactory)
    scenario = Scenario.NL_HIGH
    vat_code = "V21"
    confirmed_at = factory.LazyFunction(clock.now)
    confirmed_by = "a test"
