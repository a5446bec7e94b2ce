"""Books to code in, made of mirror rows alone: nothing here calls Exact."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from apps.clients.models import Administration, Mode
from apps.exact.models import Division, GLAccount, Relation
from apps.intake.keeping import keep
from apps.intake.models import Channel
from apps.invoices.models import Invoice
from apps.invoices.processing import code_one
from apps.invoices.receiving import Received, receive
from apps.people.models import Role, User
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory
from tests.exact.factories import (
    BankAccountFactory,
    DivisionFactory,
    FinancialPeriodFactory,
    GLAccountFactory,
    RelationFactory,
    VATCodeFactory,
)
from tests.invoices import documents
from tests.people.factories import UserFactory
from tests.rules.factories import VATTableFactory

Receive = Callable[..., Received]
TakeIn = Callable[..., Invoice]


@dataclass
class Books:
    """An administration with its division, the sample's vendor as a supplier, and an account to book on."""

    administration: Administration
    division: Division
    supplier: Relation
    account: GLAccount


def make_books(*, kvk: str = documents.OUR_KVK, mode: str = Mode.AUTOMATIC) -> Books:
    """Return the books of the administration with this KvK number: the sample document can be booked in them."""
    administration = AdministrationFactory(mode=mode, purchase_journal="60")
    AdministrationIdentifierFactory(administration=administration, kind="kvk", value=kvk)
    division = DivisionFactory(administration=administration)
    account = GLAccountFactory(division=division, code="4000")
    supplier = RelationFactory(
        division=division,
        code="10023",
        name="Anker en Touw B.V.",
        vat_number=documents.THEIR_VAT,
        chamber_of_commerce=documents.THEIR_KVK,
        gl_account_purchase=account.exact_id,
        payment_condition_purchase="30",
    )
    BankAccountFactory(division=division, relation=supplier.exact_id, iban=documents.THEIR_IBAN)
    VATCodeFactory(division=division, code="V21")
    VATTableFactory(administration=administration, vat_code="V21")
    FinancialPeriodFactory(division=division, start_date=date(2026, 1, 1), end_date=date(2026, 12, 31))
    return Books(administration, division, supplier, account)


def read_in(
    content: bytes, *, name: str = "factuur.xml", administration: Administration | None = None
) -> Received:
    """Keep one file and read it, as the worker would; return what became of it."""
    receipt = keep([(name, content)], channel=Channel.UPLOAD, administration=administration)
    return receive(receipt.parts.select_related("receipt", "original").get())


def coded(content: bytes, **how: object) -> Invoice:
    """Keep, read and code one file; return its document as stored."""
    received = read_in(content, **how)  # type: ignore[arg-type]
    assert received.invoice
    if received.invoice.administration_id:
        code_one(received.invoice)
    return Invoice.objects.select_related("administration", "posting", "part").get(pk=received.invoice.pk)


@pytest.fixture
def books(db: None) -> Books:
    """The books of the sample's receiver, in automatic mode."""
    return make_books()


@pytest.fixture
def bookkeeper(db: None) -> User:
    user: User = UserFactory()
    return user


@pytest.fixture
def reviewer(db: None) -> User:
    user: User = UserFactory(role=Role.REVIEWER)
    return user
