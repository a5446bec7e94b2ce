"""The page of a document says which rules spoke, and why a person must look."""

from typing import Any

import pytest
from django.urls import reverse

from apps.invoices.models import Invoice
from apps.people.models import Role
from tests import office
from tests.office import Books
from tests.rules.factories import BookingRuleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def browser(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


def text_of(browser: Any, invoice: Invoice) -> str:
    return str(browser.get(reverse("admin:invoices_invoice_change", args=(invoice.pk,))).content.decode())


def test_the_rule_that_won_leads_to_its_page_and_one_that_is_gone_is_named(
    books: Books, browser: Any
) -> None:
    rule = BookingRuleFactory(administration=books.administration, name="Telecom")
    invoice = books.invoices["proposed"]
    common = {"owner": "Ooievaar B.V.", "field": "gl_code"}
    invoice.lines.update(
        rules=[
            {"pk": rule.pk, "name": "Telecom", "value": "4510", "won": True, **common},
            {"pk": rule.pk + 1000, "name": "Gone by now", "value": "4520", "won": False, **common},
        ]
    )
    text = text_of(browser, invoice)
    assert "Rule “Telecom” won" in text
    assert "1 other answer was beaten" in text
    assert reverse("admin:rules_bookingrule_change", args=(rule.pk,)) in text
    assert reverse("admin:rules_bookingrule_change", args=(rule.pk + 1000,)) not in text
    assert "Gone by now" in text


def test_where_a_person_chose_rules_are_told_as_beaten(books: Books, browser: Any) -> None:
    invoice = books.invoices["proposed"]
    said = {"pk": 1, "name": "Telecom", "owner": "x", "field": "gl_code", "value": "4510", "won": False}
    invoice.lines.update(rules=[said])
    assert "Rules spoke, and something else was taken" in text_of(browser, invoice)


def test_why_a_person_must_look_is_told_on_a_proposal(books: Books, browser: Any) -> None:
    invoice = books.invoices["proposed"]
    Invoice.objects.filter(pk=invoice.pk).update(proposed_because="rule Telecom: do not automate\nnew here")
    text = text_of(browser, invoice)
    assert "Why a person must look" in text
    assert text.count("new here") == 1
    assert "rule Telecom: do not automate<br>new here" in text
    assert "Why a person must look" not in text_of(browser, books.invoices["ready"])
