"""Our own bookings count as history until the ledger shows them, and never twice."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.core import clock
from apps.invoices.models import InExact, Invoice, Outcome, State
from apps.invoices.own_past import own_past
from apps.posting.models import PostingState
from apps.rules.history import Past
from tests.exact.factories import GLAccountFactory, LedgerLineFactory, RelationFactory
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import xml
from tests.invoices.factories import InvoiceFactory, InvoiceLineFactory
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db


def done(books: Books, **more: Any) -> Invoice:
    """A document of the supplier, booked on 4500."""
    now = clock.now()
    posting = PostingFactory(
        division=books.division, state=PostingState.DONE, finished_at=now, exact_id=uuid4()
    )
    values = {"state": State.DONE, "outcome": Outcome.BOOKED, "done_at": now, "posting": posting, **more}
    invoice: Invoice = InvoiceFactory(
        administration=books.administration, supplier=books.supplier.exact_id, exact_number="1", **values
    )
    InvoiceLineFactory(invoice=invoice, gl_code="4500", vat_code="V21", cost_center="K1")
    return invoice


def past(books: Books) -> list[Past]:
    return own_past(books.administration, str(books.supplier.exact_id))


def test_a_booked_document_is_history_with_all_its_codes(books: Books) -> None:
    invoice = done(books, issue_date=date(2026, 8, 3))
    line = invoice.lines.get()
    (found,) = past(books)
    assert found[:6] == ("4500", "V21", "K1", "", line.description, date(2026, 8, 3))
    assert str(invoice.pk) in found.entry


def test_the_day_is_that_of_the_entry(books: Books) -> None:
    done(books, issue_date=date(2026, 8, 3), entry_date=date(2026, 9, 1))
    assert past(books)[0].day == date(2026, 9, 1)


@pytest.mark.parametrize("is_gone", [False, True])
def test_what_the_ledger_shows_or_showed_counts_there_alone(books: Books, is_gone: bool) -> None:
    invoice = done(books)
    assert invoice.posting
    LedgerLineFactory(
        division=books.division,
        entry_id=invoice.posting.exact_id,
        gone_at=clock.now() if is_gone else None,
    )
    assert past(books) == []


def test_only_what_was_booked_and_stands_counts(books: Books) -> None:
    done(books, in_exact=InExact.DELETED)
    done(books, outcome=Outcome.HANDED_OVER)
    done(books, done_at=clock.now() - timedelta(days=61))
    proposed = InvoiceFactory(
        administration=books.administration, supplier=books.supplier.exact_id, state=State.PROPOSED
    )
    InvoiceLineFactory(invoice=proposed, gl_code="4500")
    assert past(books) == []
    done(books, in_exact=InExact.CHANGED)
    assert len(past(books)) == 1


def test_other_suppliers_and_administrations_do_not_count(books: Books) -> None:
    done(books)
    assert own_past(books.administration, str(uuid4())) == []
    elsewhere = RelationFactory()
    assert own_past(InvoiceFactory().administration, str(elsewhere.exact_id)) == []


def test_a_split_line_counts_with_each_of_its_parts(books: Books) -> None:
    invoice = done(books)
    share = {"amount": None, "vat_code": "", "cost_center": "", "cost_unit": "", "gl_account": str(uuid4())}
    parts = [{**share, "percentage": "50", "gl_code": code} for code in ("4100", "4200")]
    invoice.lines.update(split=parts)
    assert [one.gl_code for one in past(books)] == ["4100", "4200"]


def test_the_next_document_is_coded_from_it(books: Books, english: None) -> None:
    GLAccountFactory(division=books.division, code="4500")
    books.supplier.gl_account_purchase = None
    books.supplier.save()
    first = coded(xml())
    text = first.lines.get().description
    assert first.lines.get().gl_code == ""
    for place in range(3):
        done(books, issue_date=date(2026, 8, 1 + place)).lines.update(description=text)
    line = coded(xml(number="next")).lines.get()
    assert (line.gl_code, line.gl_source) == ("4500", "history")
    assert line.gl_why == f"3 of the last 3 lines “{text}”, last on 3-8-2026"
