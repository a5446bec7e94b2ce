"""Codes that are filled in on the page of a document."""

from typing import Any

import pytest
from django.http import QueryDict

from apps.invoices.forms import accounts_of, edits_in
from apps.invoices.models import Invoice, InvoiceLine
from apps.invoices.reviewing import Refused
from tests.exact.factories import GLAccountFactory, LedgerLineFactory
from tests.invoices.conftest import Books
from tests.invoices.factories import InvoiceFactory, InvoiceLineFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def invoice(books: Books) -> Invoice:
    made: Invoice = InvoiceFactory(administration=books.administration, supplier=books.supplier.exact_id)
    said = {"field": "gl_code", "value": "4000", "pk": 1, "name": "R", "owner": "", "won": True}
    InvoiceLineFactory(invoice=made, rules=[said])
    return made


def edit(invoice: Invoice, **typed: str) -> Any:
    line: InvoiceLine = invoice.lines.get()
    data = QueryDict(mutable=True)
    data.update({f"{name}-{line.pk}": text for name, text in typed.items()})
    return edits_in(data, [line], accounts_of(invoice))[0]


def test_a_word_is_taken_from_what_the_supplier_was_booked_on(books: Books, invoice: Invoice) -> None:
    touw = GLAccountFactory(division=books.division, code="4100", description="Touw")
    for account, day in ((touw, "2026-03-01"), (books.account, "2026-02-01"), (books.account, "2026-01-01")):
        LedgerLineFactory(
            division=books.division, relation=books.supplier.exact_id, gl_account=account.exact_id,
            type=30, line_number=1, date=day,
        )  # fmt: skip
    found = {
        word: edit(invoice, gl_code=word).gl_code for word in ("vorige", "meest", "regel", "touw", "4100")
    }
    assert found == {"vorige": "4100", "meest": "4000", "regel": "4000", "touw": "4100", "4100": "4100"}


def test_other_codes_may_carry_their_texts(invoice: Invoice) -> None:
    found = edit(invoice, gl_code="4000", vat_code="4 - High", cost_center="A", cost_unit=" B ")
    assert (found.gl_code, found.vat_code, found.cost_center, found.cost_unit) == ("4000", "4", "A", "B")


def test_what_means_no_account_is_refused_with_its_line(invoice: Invoice) -> None:
    with pytest.raises(Refused, match=r"Line \d+: No ledger account is called “zzz”"):
        edit(invoice, gl_code="zzz")


def test_where_no_division_is_linked_nothing_is_known() -> None:
    assert accounts_of(InvoiceFactory(administration=None)).names == {}
