"""One factory per model of apps.posting."""

from typing import Any
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.core.causes import Cause
from apps.posting.models import Halt, Posting, PostingCall
from tests.exact.factories import DivisionFactory


def look(**values: Any) -> dict[str, Any]:
    """Return how an entry of 121.00 for a supplier of nobody would be looked for."""
    known = {"supplier": str(uuid4()), "your_ref": "2026-0042", "date": "2026-09-15", "amount": "121.00"}
    return {**known, **values}


class PostingFactory(DjangoModelFactory):
    """A posting that is due and has nothing to do; `plan=` for what there is to do."""

    class Meta:
        model = Posting

    reference = factory.Sequence(lambda n: f"PK-{n:012}")
    division = factory.SubFactory(DivisionFactory)
    plan = factory.LazyFunction(lambda: {"steps": [], "look": look()})
    next_attempt_at = factory.LazyFunction(clock.now)
    created_at = factory.LazyFunction(clock.now)


class HaltFactory(DjangoModelFactory):
    """A division that halted just now: Exact refused the journal three times in a row."""

    class Meta:
        model = Halt

    division = factory.SubFactory(DivisionFactory)
    cause = Cause.REJECTED_BY_EXACT
    words = "Ongeldige referentie: Dagboek"
    times = 3
    halted_at = factory.LazyFunction(clock.now)


class PostingCallFactory(DjangoModelFactory):
    """An entry that was sent and made."""

    class Meta:
        model = PostingCall

    posting = factory.SubFactory(PostingFactory)
    at = factory.LazyFunction(clock.now)
    step = "entry"
    verb = "POST"
    resource = "purchaseentry/PurchaseEntries"
    status = 201
