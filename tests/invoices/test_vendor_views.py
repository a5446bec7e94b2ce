"""The page of unmapped vendors stands whatever is written into its address."""

import pytest
from django.urls import reverse

from apps.people.models import Role
from apps.vendors.models import Question
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import xml
from tests.office import browser, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]


@pytest.mark.parametrize(
    "asked", ["least=1e999999", "least=-1e40", "least=NaN", "q=%00", "kind=%00", "days=999999999999"]
)
def test_the_page_reads_any_address(asked: str) -> None:
    page = browser(person(Role.ADMINISTRATOR)).get(f"{reverse('admin:vendors_question_changelist')}?{asked}")
    assert page.status_code == 200


def test_suppliers_are_looked_for_by_any_text(books: Books) -> None:
    coded(xml(vat="", kvk="11112222", iban="", domain="x.example"))
    address = reverse("admin:vendors_question_suppliers", args=[Question.objects.get().pk])
    page = browser(person(Role.ADMINISTRATOR)).get(f"{address}?q=%00Anker")
    assert page.status_code == 200
    assert books.supplier.code in page.content.decode()


def test_a_name_of_a_vendor_is_no_markup() -> None:
    coded(
        xml(
            vat="",
            kvk="11112222",
            iban="",
            domain="x.example",
            vendor="&lt;script&gt;alert(1)&lt;/script&gt;",
        )
    )
    page = browser(person(Role.ADMINISTRATOR)).get(reverse("admin:vendors_question_changelist"))
    assert "&lt;script&gt;alert(1)" in page.content.decode()
    assert "<script>alert(1)" not in page.content.decode()
