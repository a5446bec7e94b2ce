"""Documents alone: nothing needs to be known about the booking, and nothing is called booked."""

from uuid import uuid4

import pytest

from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.invoices.collecting import collect
from apps.invoices.delivering import plan_of, submit
from apps.invoices.handing_over import OF_ENTRIES, that_count
from apps.invoices.models import ActiveMethod, Invoice, Kind, Outcome, State, ValueSource, WaitsFor
from apps.posting.models import Method, Posting, PostingState
from apps.vendors.models import Question
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import anonymous, xml
from tests.invoices.factories import ActiveMethodFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alone(books: Books) -> Books:
    """Books whose invoices are handed over as documents alone."""
    ActiveMethodFactory(administration=books.administration)
    return books


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("administration", "posting", "part").get(pk=invoice.pk)


def outbox(invoice: Invoice) -> Posting:
    posting = again(invoice).posting
    assert posting
    return posting


def test_a_document_of_an_unknown_vendor_is_ready_and_nobody_is_asked(alone: Books) -> None:
    invoice = coded(anonymous(), administration=alone.administration)
    assert (invoice.state, invoice.waits_for, invoice.supplier) == (State.READY, WaitsFor.HOLD_BACK, None)
    assert not Question.objects.exists()


def test_a_credit_note_is_still_booked(alone: Books) -> None:
    assert coded(xml(kind="CreditNote")).supplier
    assert ActiveMethod.objects.method_for(alone.administration.pk, Kind.CREDIT_NOTE) == Method.ENTRY


def test_a_doubt_about_the_document_itself_still_waits_for_a_person() -> None:
    obstacles = [Obstacle(cause) for cause in Cause] + [Obstacle(Cause.NEEDS_APPROVAL, is_gap=True)]
    counted = that_count(obstacles, Method.DOCUMENT)
    assert {Cause.POSSIBLE_DOUBLE, Cause.IBAN_CHANGED, Cause.NEEDS_APPROVAL} <= {one.cause for one in counted}
    assert not {one.cause for one in counted} & OF_ENTRIES
    assert not any(one.is_gap for one in counted)
    assert that_count(obstacles, Method.ENTRY) == obstacles


def test_the_plan_holds_the_document_with_its_files_and_no_entry(alone: Books) -> None:
    known = coded(xml())
    steps = plan_of(known, alone.division, "PK-1")["steps"]
    assert [step["resource"] for step in steps[:2]] == [
        "documents/Documents",
        "documents/DocumentAttachments",
    ]
    assert "purchaseentry/PurchaseEntries" not in {step["resource"] for step in steps}
    assert steps[0]["payload"]["Account"] == str(known.supplier)
    assert "PK-1" in steps[0]["payload"]["Subject"]
    unknown = coded(anonymous(number="2"), administration=alone.administration)
    assert "Account" not in plan_of(unknown, alone.division, "PK-2")["steps"][0]["payload"]


def test_what_was_handed_over_is_done_with_its_number_and_is_not_called_booked(alone: Books) -> None:
    invoice = coded(anonymous(), administration=alone.administration)
    assert submit(invoice, alone.division)
    posting = outbox(invoice)
    assert (posting.method, posting.state) == (Method.DOCUMENT, PostingState.WAITING)
    posting.finish(exact_id=str(uuid4()), number="10000001", url="https://x", adopted=False)
    collect(alone.division)
    done = again(invoice)
    assert (done.state, done.outcome, done.exact_number, done.exact_url) == (
        State.DONE,
        Outcome.HANDED_OVER,
        "10000001",
        "https://x",
    )


def test_what_was_decided_on_as_a_document_is_coded_before_it_is_booked(alone: Books) -> None:
    invoice = coded(anonymous(), administration=alone.administration)
    ActiveMethod.objects.update(method=Method.ENTRY)
    assert submit(again(invoice), alone.division) is None
    kept = again(invoice)
    assert (kept.state, kept.cause, kept.posting) == (State.ATTENTION, Cause.VENDOR_UNKNOWN, None)


def test_an_entry_that_may_be_in_exact_already_stays_an_entry(books: Books) -> None:
    invoice = coded(xml())
    assert submit(invoice, books.division)
    posting = outbox(invoice)
    posting.keep("entry", state="started")
    posting.refuse(cause=Cause.OUTCOME_UNCERTAIN, words="no answer")
    collect(books.division)
    ActiveMethodFactory(administration=books.administration)
    Invoice.objects.filter(pk=invoice.pk).update(state=State.READY, cause="", detail="")
    assert submit(again(invoice), books.division)
    assert outbox(invoice).method == Method.ENTRY
    assert again(invoice).lines.exclude(vat_source=ValueSource.NOBODY).exists()
