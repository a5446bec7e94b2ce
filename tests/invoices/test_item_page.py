"""What the page of a purchase invoice shows: items and why, what may be chosen, and what would be posted."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.clients.models import Mode
from apps.exact.models import Item, SupplierItem
from apps.invoices import page
from apps.invoices.models import Invoice, InvoiceItem
from apps.invoices.reviewing import accept
from apps.people.models import Role
from tests import office
from tests.invoices.buying import takes_items
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import xml
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def item(books: Books) -> Item:
    books.administration.mode = Mode.PROPOSE
    books.administration.save(update_fields=["mode"])
    return takes_items(books)


def shown(invoice: Invoice) -> dict[str, Any]:
    fresh = Invoice.objects.select_related("administration", "posting", "part").get(pk=invoice.pk)
    return page.content(fresh, may_act=True, user=UserFactory(role=Role.ADMINISTRATOR))


def text_of(invoice: Invoice) -> str:
    assert invoice.administration
    browser = office.browser(office.person(Role.BOOKKEEPER, invoice.administration.client))
    url = reverse("admin:invoices_invoice_change", args=(invoice.pk,))
    return str(browser.get(url).content.decode())


def test_a_line_shows_its_item_first_and_no_account_to_choose(item: Item) -> None:
    (line,) = shown(coded(xml()))["lines"]
    first, account, *_rest = line["values"]
    assert (first["field"], first["value"], first["text"]) == ("item", "TOUW", "Touw, geslagen, 10 stuk")
    assert "T-1 on the document" in first["why"]
    assert (account["field"], account["is_fixed"]) == ("gl_code", True)


def test_the_exact_purchase_invoice_is_shown_before_it_is_posted(item: Item) -> None:
    invoice = coded(xml())
    plan = shown(invoice)["plan"]
    (line,) = plan["lines"]
    assert (plan["header"]["Type"], plan["is_coming"], plan["of_items"]) == (8033, True, True)
    assert (line["item"], line["Quantity"], line["Amount"]) == ("TOUW", 10.0, 100.0)
    text = text_of(invoice)
    assert "The exact purchase invoice that would be posted" in text
    assert 'name="item-' in text and 'name="gl_code-' not in text
    assert '<option value="TOUW - Touw, geslagen">' in text


def test_on_pilot_the_same_is_shown(books: Books, item: Item) -> None:
    books.administration.mode = Mode.PILOT
    books.administration.save(update_fields=["mode"])
    assert shown(coded(xml()))["plan"]["of_items"]


def test_an_unknown_item_shows_what_it_may_be_and_leads_to_its_page(item: Item) -> None:
    SupplierItem.objects.all().delete()
    invoice = coded(xml())
    (line,) = shown(invoice)["lines"]
    assert [one["code"] for one in line["candidates"]] == ["TOUW"]
    assert "edit" in shown(invoice)["opens"]
    text = text_of(invoice)
    assert reverse("admin:items_itemquestion_changelist") in text
    assert "Perhaps: TOUW" in text


def test_an_item_is_chosen_on_the_page(item: Item) -> None:
    SupplierItem.objects.all().delete()
    invoice = coded(xml())
    assert invoice.administration
    browser = office.browser(office.person(Role.BOOKKEEPER, invoice.administration.client))
    line = invoice.lines.get()
    data = {"version": invoice.version, f"item-{line.pk}": "TOUW - Touw", f"vat_code-{line.pk}": "V21"}
    browser.post(reverse("admin:invoices_invoice_act", args=(invoice.pk, "edit")), data)
    assert InvoiceItem.objects.get().item_code == "TOUW"
    fresh = Invoice.objects.get(pk=invoice.pk)
    accept(fresh, by=UserFactory(), version=fresh.version)


def test_where_entries_are_made_no_item_is_shown(books: Books) -> None:
    content = shown(coded(xml()))
    assert content["items"] == []
    assert content["lines"][0]["values"][0]["field"] == "gl_code"


def test_many_lines_cost_no_more_queries(item: Item) -> None:
    counts = []
    for number, lines in (("F-1", 2), ("F-2", 40)):
        invoice = coded(xml(number=number, lines=lines))
        with CaptureQueriesContext(connection) as counted:
            shown(invoice)
        counts.append(len(counted))
    assert counts[1] <= counts[0]
    assert counts[1] <= 20
