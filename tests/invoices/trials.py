"""An administration that is live on a test division, and its real division beside it: mirror rows alone."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.exact.models import Division, Relation
from apps.invoices.models import Invoice, Outcome, State
from apps.invoices.starting_again import NEEDED, USEFUL
from apps.posting.models import PostingState
from tests.exact.factories import (
    BankAccountFactory,
    DivisionFactory,
    FinancialPeriodFactory,
    GLAccountFactory,
    JournalFactory,
    RelationFactory,
    SyncStateFactory,
    VATCodeFactory,
)
from tests.invoices import documents
from tests.invoices.conftest import Books, make_books
from tests.posting.factories import PostingFactory


@dataclass
class Trial:
    """The books of the test division, the real division, and the sample's vendor there."""

    books: Books
    real: Division
    supplier: Relation

    @property
    def administration(self) -> Administration:
        return Administration.objects.get(pk=self.books.administration.pk)

    @property
    def test(self) -> Division:
        return Division.objects.get(pk=self.books.division.pk)


def make_trial(*, mode: str = Mode.AUTOMATIC) -> Trial:
    """Return a trial; its real division is mirrored, but not read since anything."""
    books = make_books(mode=mode)
    books.division.mark(is_test=True)
    real = DivisionFactory(name="The real one", connection=books.division.connection)
    account = GLAccountFactory(division=real, code="4900")
    supplier = RelationFactory(
        division=real,
        code="10023",
        name="Anker en Touw B.V.",
        vat_number=documents.THEIR_VAT,
        chamber_of_commerce=documents.THEIR_KVK,
        gl_account_purchase=account.exact_id,
    )
    BankAccountFactory(division=real, relation=supplier.exact_id, iban=documents.THEIR_IBAN)
    VATCodeFactory(division=real, code="2", description="BTW hoog, exclusief")
    JournalFactory(division=real, code="70")
    FinancialPeriodFactory(division=real, start_date=date(2026, 1, 1), end_date=date(2026, 12, 31))
    return Trial(books, real, supplier)


def read(division: Division) -> None:
    """Say that `division` was read to its end just now."""
    for resource in (*NEEDED, *USEFUL):
        SyncStateFactory(division=division, resource=resource, synced_at=clock.now())


def booked(invoice: Invoice, division: Division, number: str = "26600001") -> Invoice:
    """Say that `invoice` was booked in `division`."""
    now = clock.now()
    posting = PostingFactory(
        division=division, state=PostingState.DONE, finished_at=now, exact_id=uuid4(), exact_number=number
    )
    invoice.move(
        State.DONE, who="Exact", why=f"booked as {number}", at=now, posting=posting,
        outcome=Outcome.BOOKED, exact_number=number, exact_url="https://exact.example", done_at=now,
    )  # fmt: skip
    return invoice
