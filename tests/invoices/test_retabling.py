"""A VAT table that is confirmed lets documents go on; one that is doubted holds them: by the bell, and without it."""

from typing import Any

import pytest

from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import VATCode
from apps.invoices import retabling, tasks
from apps.invoices.coding import code
from apps.invoices.models import Invoice, State, ValueSource
from apps.rules import rechecking, vat_table
from apps.rules.models import VATTable
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import xml

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("administration", "posting", "part").get(pk=invoice.pk)


def stands(invoice: Invoice) -> tuple[str, str]:
    found = again(invoice)
    return found.state, found.cause


def row(books: Books) -> VATTable:
    return VATTable.objects.get(administration=books.administration)


def unconfirm(books: Books) -> None:
    VATTable.objects.filter(pk=row(books).pk).update(confirmed_at=None, confirmed_by="")


def block(books: Books, **values: Any) -> None:
    """Change the code in Exact and read that, as after a sync."""
    vat_table.confirm_rows(VATTable.objects.all(), "Sanne")
    rechecking.recheck(books.administration)
    VATCode.objects.filter(division=books.division, code="V21").update(**(values or {"type": "N"}))
    assert rechecking.recheck(books.administration) == 1


def test_a_document_without_a_code_goes_on_once_its_row_is_confirmed(books: Books) -> None:
    unconfirm(books)
    waiting = coded(xml())
    assert stands(waiting) == (State.ATTENTION, Cause.NO_VAT_CODE)
    vat_table.confirm(books.administration, "Sanne")
    tasks.vat_table_changed(books.administration.pk)
    assert stands(waiting) == (State.READY, "")
    assert again(waiting).events.order_by("-pk")[0].why == "the VAT table was confirmed"


def test_without_the_bell_the_sweeper_does_it_once(books: Books) -> None:
    unconfirm(books)
    waiting = coded(xml())
    assert retabling.sweep() == 0
    vat_table.confirm(books.administration, "Sanne")
    assert retabling.sweep() == 1
    assert stands(waiting) == (State.READY, "")
    assert retabling.sweep() == 0


def test_what_still_lacks_a_code_is_not_tried_each_minute(books: Books) -> None:
    waiting = coded(xml().replace(b"<cbc:Percent>21<", b"<cbc:Percent>9<"))
    assert stands(waiting)[1] in {Cause.NO_VAT_CODE, Cause.TOTALS_DIFFER}
    Invoice.objects.filter(pk=waiting.pk).update(cause=Cause.NO_VAT_CODE, changed_at=row(books).confirmed_at)
    VATTable.objects.update(confirmed_at=clock.now())
    assert retabling.sweep() == 1
    assert retabling.sweep() == 0


def test_documents_of_other_administrations_are_left_alone(books: Books) -> None:
    other = make_books(kvk="11112222")
    unconfirm(books)
    waiting = coded(xml())
    version = again(waiting).version
    tasks.vat_table_changed(other.administration.pk)
    assert again(waiting).version == version


@pytest.mark.parametrize("accepted", [True, False])
def test_what_was_coded_with_a_code_that_changed_waits_and_says_why(books: Books, accepted: bool) -> None:
    ready = coded(xml())
    if accepted:
        code(again(ready), accepted=True)
    assert stands(ready) == (State.READY, "")
    block(books)
    tasks.vat_table_changed(books.administration.pk)
    assert stands(ready) == (State.ATTENTION, Cause.NO_VAT_CODE)
    assert "VAT code V21 must be confirmed again in the VAT table: The type was" in again(ready).detail


def test_it_goes_on_when_the_row_is_confirmed_again(books: Books) -> None:
    ready = coded(xml())
    block(books, description="x", percentage="0.22")
    assert retabling.sweep() == 1
    assert stands(ready) == (State.ATTENTION, Cause.NO_VAT_CODE)
    vat_table.confirm(books.administration, "Piet")
    tasks.vat_table_changed(books.administration.pk)
    assert stands(ready) == (State.READY, "")


def test_a_code_that_a_person_chose_stays(books: Books) -> None:
    ready = coded(xml())
    ready.lines.update(vat_source=ValueSource.PERSON)
    version = again(ready).version
    block(books)
    assert retabling.sweep() == 0
    assert again(ready).version == version


def test_twice_changes_nothing_more(books: Books) -> None:
    ready = coded(xml())
    block(books)
    tasks.vat_table_changed(books.administration.pk)
    moved = again(ready).events.count()
    assert retabling.sweep() == 0
    assert again(ready).events.count() == moved
