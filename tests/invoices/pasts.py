"""A year of bookings to try rules on: documents of ours, and lines of the ledger."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from apps.core import clock
from apps.exact.models import LedgerLine
from apps.invoices.models import Invoice, InvoiceLine, Outcome, State
from tests.exact.factories import GLAccountFactory, LedgerLineFactory
from tests.invoices.conftest import Books
from tests.invoices.factories import InvoiceFactory, InvoiceLineFactory
from tests.posting.factories import PostingFactory

LINE = {"vat_code": "V21", "scenario": "nl_high"}


def in_ledger(
    books: Books,
    code: str = "4000",
    text: str = "Touw",
    *,
    days: int = 30,
    entry: UUID | None = None,
    **more: Any,
) -> LedgerLine:
    """Make one line of an entry of the sample's supplier."""
    values = {
        "division": books.division,
        "entry_id": entry or uuid4(),
        "line_number": 1,
        "type": 30,
        "relation": books.supplier.exact_id,
        "gl_code": code,
        "vat_code": "V21",
        "description": text,
        "date": clock.today() - timedelta(days=days),
        "amount": Decimal(100),
        **more,
    }
    line: LedgerLine = LedgerLineFactory(**values)
    return line


def our_own(
    books: Books,
    code: str = "4000",
    text: str = "Touw",
    *,
    entry: UUID | None = None,
    adopted: bool = False,
    **more: Any,
) -> InvoiceLine:
    """Make one line of a document that we booked; `more` are columns of the document."""
    posting = PostingFactory(
        division=books.division,
        state="done",
        finished_at=clock.now(),
        exact_id=entry or uuid4(),
        adopted=adopted,
        plan={"steps": []},
    )
    values = {
        "administration": books.administration,
        "state": State.DONE,
        "outcome": Outcome.BOOKED,
        "done_at": clock.now(),
        "posting": posting,
        "supplier": books.supplier.exact_id,
        "supplier_name": books.supplier.name,
        "issue_date": clock.today() - timedelta(days=30),
        **more,
    }
    invoice: Invoice = InvoiceFactory(**values)
    line: InvoiceLine = InvoiceLineFactory(invoice=invoice, description=text, gl_code=code, **LINE)
    return line


def more_accounts(books: Books, *codes: str) -> None:
    """Give the books further ledger accounts, and one for VAT."""
    for code in codes:
        GLAccountFactory(division=books.division, code=code, type=121)
