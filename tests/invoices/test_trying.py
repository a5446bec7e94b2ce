"""The report of a trial in a test division, held against what was done."""

from decimal import Decimal

import pytest

from apps.core import clock
from apps.core.causes import Cause
from apps.invoices.models import Invoice, InvoiceLine, State, ValueSource
from apps.invoices.trying import Tried, trial
from apps.posting.models import PostingState
from tests.exact.factories import LedgerLineFactory
from tests.invoices.conftest import coded
from tests.invoices.documents import anonymous, xml
from tests.invoices.trials import Trial, booked, make_trial
from tests.posting.factories import PostingCallFactory, PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Trial:
    return make_trial()


def row_of(invoice: Invoice, made: Trial) -> Tried:
    return next(row for row in trial(made.test).rows if row.invoice == invoice)


def head(invoice: Invoice, made: Trial, amount: str) -> None:
    assert invoice.posting
    LedgerLineFactory(
        division=made.test,
        entry_id=invoice.posting.exact_id,
        line_number=0,
        amount=Decimal(amount),
        amount_fc=Decimal(amount),
    )


def test_what_was_booked_stands_next_to_the_document(made: Trial) -> None:
    right, wrong, told, silent = (booked(coded(xml(number=str(n))), made.test, str(n)) for n in range(4))
    head(right, made, "-121.00")
    head(wrong, made, "-111.00")
    PostingCallFactory(posting=told.posting, answer={"AmountFC": 121.0})
    report = trial(made.test)
    assert [row_of(one, made).booked for one in (right, wrong, told, silent)] == [
        Decimal("121.00"), Decimal("111.00"), Decimal("121.00"), None,
    ]  # fmt: skip
    assert row_of(wrong, made).difference == Decimal("-10.00")
    totals = report.totals["EUR"]
    sums = (Decimal(363), Decimal(353), Decimal(-10))
    assert (totals.documents, totals.booked, totals.difference) == sums
    assert (report.booked, report.untouched, report.is_exact) == (4, 4, False)


def test_a_document_whose_vendor_was_asked_for_is_not_matched_by_itself(made: Trial) -> None:
    known, asked = coded(xml(number="1")), coded(anonymous(number="2"))
    assert row_of(known, made).is_matched
    assert not row_of(asked, made).is_matched
    assert trial(made.test).matched == 1


def test_a_line_that_a_person_set_is_a_change(made: Trial) -> None:
    plain, changed = coded(xml(number="1")), coded(xml(number="2"))
    InvoiceLine.objects.filter(invoice=changed).update(vat_source=ValueSource.PERSON)
    assert (row_of(plain, made).is_coded, row_of(changed, made).is_coded) == (True, False)
    InvoiceLine.objects.filter(invoice=plain).update(gl_code="")
    assert trial(made.test).coded == 0


def test_refusals_are_counted_by_their_causes_also_when_it_went_well_later(made: Trial) -> None:
    first, second, third = (coded(xml(number=str(n))) for n in range(3))
    for invoice, words in ((first, "Niet toegestaan: BTW-code"), (second, "Iets wat niemand kent")):
        posting = PostingFactory(
            division=made.test,
            state=PostingState.REFUSED,
            cause=Cause.NO_VAT_CODE if invoice == first else Cause.REJECTED_BY_EXACT,
            words=words,
            finished_at=clock.now(),
        )
        invoice.move(
            State.ATTENTION, who="Exact", why=words, at=clock.now(), cause=posting.cause, posting=posting
        )
    booked(first, made.test)
    report = trial(made.test)
    assert report.refused == 2
    assert sorted(report.causes) == sorted(
        [(str(Cause.NO_VAT_CODE.label), 1), (str(Cause.REJECTED_BY_EXACT.label), 1)]
    )
    assert row_of(third, made).causes == ()


def test_what_was_put_aside_is_no_part_of_it(made: Trial) -> None:
    invoice = coded(xml())
    invoice.move(State.IGNORED, who="Rosa", why="not ours", at=clock.now())
    assert trial(made.test).rows == []
