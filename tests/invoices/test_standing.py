"""How many documents stand where; the figures add up."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.core import clock
from apps.core.causes import Cause
from apps.intake.models import PartOutcome
from apps.invoices.models import Outcome, State, WaitsFor
from apps.invoices.standing import standing, summary
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory
from tests.intake.factories import PartFactory
from tests.invoices.factories import InvoiceFactory
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db


def one_of_each() -> dict[str, Any]:
    """A linked administration with a document in every state, an empty one, and documents of nobody."""
    busy, empty = AdministrationFactory(slug="busy"), AdministrationFactory(slug="empty")
    division = DivisionFactory(administration=busy)
    for values in (
        {"state": State.RECEIVED},
        {"state": State.ATTENTION, "cause": Cause.NO_VAT_CODE},
        {"state": State.ATTENTION, "cause": Cause.NO_VAT_CODE},
        {"state": State.ATTENTION, "cause": Cause.IBAN_CHANGED},
        {"state": State.PROPOSED},
        {"state": State.READY, "waits_for": WaitsFor.HOLD_BACK},
        {"state": State.READY, "waits_for": WaitsFor.PILOT},
        {"state": State.POSTING, "posting": PostingFactory(division=division)},
        {
            "state": State.UNCERTAIN,
            "cause": Cause.OUTCOME_UNCERTAIN,
            "posting": PostingFactory(division=division),
        },
        {"state": State.DONE, "outcome": "booked", "done_at": clock.now()},
        {
            "state": State.IGNORED,
            "part__outcome": PartOutcome.IGNORED,
            "part__settled_by": "Sanne",
        },
    ):
        InvoiceFactory(administration=busy, **values)
    nobody = InvoiceFactory(administration=None, state=State.ATTENTION, cause=Cause.NOT_OURS)
    PartFactory(outcome=PartOutcome.REJECTED, reason="no XML")
    PartFactory(outcome=PartOutcome.DUPLICATE, duplicate_of=nobody.part)
    return {"busy": busy, "empty": empty, "division": division}


def test_the_status_counts_states_causes_parts_and_each_administration() -> None:
    one_of_each()
    found = standing()
    assert found["states"] == {
        "RECEIVED": 1,
        "ATTENTION": 4,
        "PROPOSED": 1,
        "READY": 2,
        "POSTING": 1,
        "UNCERTAIN": 1,
        "DONE": 1,
        "IGNORED": 1,
    }
    assert found["causes"] == {"no_vat_code": 2, "iban_changed": 1, "outcome_uncertain": 1, "not_ours": 1}
    assert found["parts"] == {"document": 11, "ignored": 1, "rejected": 1, "duplicate": 1}
    busy, empty = found["administrations"]
    assert (busy["slug"], busy["states"]["ATTENTION"], busy["causes"]["no_vat_code"]) == ("busy", 3, 2)
    assert empty == {"slug": "empty", "states": {}, "causes": {}}
    assert list(found) == ["states", "causes", "parts", "administrations"]


def test_the_summary_counts_each_document_once() -> None:
    division = one_of_each()["division"]
    found = summary()
    assert found == {
        "documents": 14,
        "booked": 1,
        "proposed": 1,
        "ready": 3,
        "uncertain": 1,
        "waiting": {"iban_changed": 1, "no_vat_code": 2, "not_ours": 1},
        "ignored": 1,
        "rejected": 1,
        "duplicates": 1,
        "shadow": 1,
        "administrations": [{"slug": "busy", "division": division.code, "booked": 1, "waiting": 4}],
    }
    single = sum(value for name, value in found.items() if isinstance(value, int) and name != "documents")
    assert found["documents"] == single + sum(found["waiting"].values())


def test_what_was_handed_over_is_counted_apart_from_what_was_booked() -> None:
    done = {"state": State.DONE, "done_at": clock.now()}
    InvoiceFactory(outcome=Outcome.HANDED_OVER, **done)
    InvoiceFactory(outcome=Outcome.BOOKED, **done)
    found = summary()
    assert (found["booked"], found["handed_over"], found["documents"]) == (1, 1, 2)


def test_nothing_at_all_is_counted_as_nothing() -> None:
    assert standing() == {"states": {}, "causes": {}, "parts": {}, "administrations": []}
    assert summary()["documents"] == 0


def test_the_status_costs_the_same_for_any_number_of_documents(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    one_of_each()
    with django_assert_num_queries(3):
        standing()


def test_what_is_booked_in_a_test_division_is_counted_apart() -> None:
    division = DivisionFactory(administration=AdministrationFactory(), is_test=True)
    InvoiceFactory(
        administration=division.administration,
        state=State.DONE,
        outcome=Outcome.BOOKED,
        done_at=clock.now(),
        posting=PostingFactory(division=division),
    )
    figures = summary()
    assert (figures["documents"], figures["booked"], figures["tried"]) == (1, 0, 1)
    assert figures["administrations"][0]["booked"] == 0
