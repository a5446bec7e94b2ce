"""One factory per model of apps.rules."""

from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.rules.models import BookingRule, Correction, Replay, RuleSplit, ScenarioSignOff, VATTable
from apps.rules.scenario import Scenario
from tests.clients.factories import AdministrationFactory
from tests.people.factories import UserFactory


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


class RuleSplitFactory(DjangoModelFactory):
    """The rest of what a rule books."""

    class Meta:
        model = RuleSplit

    rule = factory.SubFactory(BookingRuleFactory)
    gl_code = "4000"


class CorrectionFactory(DjangoModelFactory):
    """Somebody chose another ledger account than history had."""

    class Meta:
        model = Correction

    administration = factory.SubFactory(AdministrationFactory)
    supplier = factory.LazyFunction(uuid4)
    text_key = "touw"
    field = "gl_code"
    rejected = "4000"
    source = "history"
    chosen = "4100"
    by = factory.SubFactory(UserFactory)
    at = factory.LazyFunction(clock.now)


class ReplayFactory(DjangoModelFactory):
    """A replay that was asked for and not begun."""

    class Meta:
        model = Replay

    asked_by = factory.SubFactory(UserFactory)
    asked_at = factory.LazyFunction(clock.now)


class ScenarioSignOffFactory(DjangoModelFactory):
    """Somebody stands for a table of scenarios."""

    class Meta:
        model = ScenarioSignOff

    digest = "ab" * 32
    signed_by = factory.SubFactory(UserFactory)
    signed_at = factory.LazyFunction(clock.now)
