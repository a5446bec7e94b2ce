"""The buttons of a document: the one that solves it comes first."""

import pytest

from apps.clients.models import Administration, Mode
from apps.core.causes import ADVICE, Cause
from apps.invoices.acts import acts_for
from apps.invoices.models import InExact, Invoice, State, WaitsFor
from apps.posting.models import Posting


def waiting(cause: str, **values: object) -> Invoice:
    return Invoice(**{"administration_id": 1, "state": State.ATTENTION, "cause": cause, **values})


@pytest.mark.parametrize(
    ("cause", "name"),
    [
        (Cause.NO_GL_ACCOUNT, "edit"),
        (Cause.NO_VAT_CODE, "edit"),
        (Cause.COST_CENTRE_MISSING, "edit"),
        (Cause.SUPPLIER_BLOCKED, "retry"),
        (Cause.REJECTED_BY_EXACT, "retry"),
        (Cause.POSSIBLE_DOUBLE, "book_anyway"),
        (Cause.IBAN_CHANGED, "case"),
    ],
)
def test_each_cause_that_a_refusal_means_has_its_button_first(cause: str, name: str) -> None:
    first = acts_for(waiting(cause))[0]
    assert (first.name, first.is_main) == (name, True)
    assert ADVICE[cause].remedy


def test_a_closed_period_is_opened_in_exact_and_tried_again() -> None:
    acts = acts_for(waiting(Cause.PERIOD_CLOSED))
    assert acts[0].is_main
    assert "retry" in [act.name for act in acts]


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_leaves_something_to_do_and_each_act_once(cause: str) -> None:
    names = [act.name for act in acts_for(waiting(cause))]
    assert names
    assert len(names) == len(set(names))


@pytest.mark.parametrize("waits_for", list(WaitsFor))
def test_what_is_ready_can_be_undone_unless_a_pilot_holds_it(waits_for: str) -> None:
    ready = Invoice(administration_id=1, state=State.READY, waits_for=waits_for)
    assert [act.name for act in acts_for(ready)] == ([] if waits_for == WaitsFor.PILOT else ["undo"])


def booked(**values: object) -> Invoice:
    """A document that was booked, by a posting that wrote it unless `adopted` says otherwise."""
    posting = Posting(adopted=bool(values.pop("adopted", False)))
    administration = Administration(pk=1)
    return Invoice(**{"administration": administration, "state": State.DONE, "posting": posting, **values})


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({}, ["undo"]),
        ({"adopted": True}, []),
        ({"administration": Administration(pk=1, mode=Mode.PILOT)}, []),
        ({"in_exact": InExact.PROCESSED}, []),
        ({"in_exact": InExact.CHANGED}, ["note", "undo"]),
        ({"in_exact": InExact.CHANGED, "in_exact_seen": True}, ["undo"]),
        ({"in_exact": InExact.DELETED}, ["reopen", "note"]),
        ({"in_exact": InExact.DELETED, "in_exact_seen": True}, ["reopen"]),
    ],
)
def test_what_is_booked_can_be_taken_back_while_it_is_ours_and_open(
    values: dict[str, object], names: list[str]
) -> None:
    assert [act.name for act in acts_for(booked(**values))] == names


def test_taking_back_in_exact_asks_first() -> None:
    (act,) = acts_for(booked())
    assert act.opens == "undo"


def test_a_changed_account_leads_to_its_case_and_nobody_books_anyway() -> None:
    acts = {act.name: act for act in acts_for(waiting(Cause.IBAN_CHANGED))}
    assert "book_anyway" not in acts
    assert (acts["case"].leads, acts["case"].opens) == ("admin:invoices_invoice_case", "")
    keys = [act.key for act in acts.values() if act.key]
    assert len(keys) == len(set(keys))
