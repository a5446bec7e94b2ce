"""The ceilings of firm and client, and who sets them."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from apps.invoices.ceilings import amount_of, ceilings_of
from apps.invoices.models import Limits
from apps.people.models import Role
from tests import office
from tests.clients.factories import ClientFactory
from tests.invoices.conftest import Books
from tests.invoices.factories import InvoiceFactory, LimitsFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_of_amounts_the_lower_holds_and_of_bookings_the_higher(books: Books) -> None:
    assert ceilings_of(books.administration).automatic_up_to is None
    LimitsFactory(automatic_up_to=Decimal(500), four_eyes_above=Decimal(900), untouched=2)
    LimitsFactory(
        client=books.administration.client,
        automatic_up_to=Decimal(800),
        four_eyes_above=Decimal(600),
        untouched=5,
    )
    LimitsFactory(client=ClientFactory(), automatic_up_to=Decimal(1), untouched=50)
    found = ceilings_of(books.administration)
    assert (found.automatic_up_to, found.four_eyes_above) == (Decimal(500), Decimal(600))
    assert found.untouched == 5


def test_a_limit_of_nothing_is_a_ceiling_too(books: Books) -> None:
    LimitsFactory(automatic_up_to=Decimal(0))
    assert ceilings_of(books.administration).automatic_up_to == 0


def test_an_amount_is_told_in_the_divisions_currency(books: Books) -> None:
    invoice = InvoiceFactory(administration=books.administration, gross=Decimal(100), currency="USD")
    assert amount_of(invoice, books.administration) is None
    invoice.rate = Decimal("0.9")  # the sender's own word lifts no ceiling
    assert amount_of(invoice, books.administration) is None
    invoice.currency = books.division.currency
    assert amount_of(invoice, books.administration) == 100


def test_the_firm_has_one_set_of_limits() -> None:
    LimitsFactory()
    with pytest.raises(IntegrityError):
        LimitsFactory()


def page(limits: Limits) -> str:
    return f"/invoices/limits/{limits.pk}/change/"


def test_who_sets_which_limits(books: Books) -> None:
    firms = LimitsFactory()
    clients = LimitsFactory(client=books.administration.client)
    others = LimitsFactory(client=ClientFactory())
    reviewer = office.browser(office.person(Role.REVIEWER, books.administration.client))
    form: dict[str, Any] = {"automatic_up_to": "100", "four_eyes_above": "", "untouched": ""}
    for one in (firms, clients, others):
        reviewer.post(page(one), form)
    said = dict(Limits.objects.values_list("pk", "automatic_up_to"))
    assert {key for key, amount in said.items() if amount == 100} == {clients.pk}
    administrator = office.browser(office.person(Role.ADMINISTRATOR))
    administrator.post(page(firms), form)
    assert Limits.objects.get(pk=firms.pk).automatic_up_to == 100


def test_a_reviewer_cannot_make_limits_of_the_firm(books: Books) -> None:
    reviewer = office.browser(office.person(Role.REVIEWER, books.administration.client))
    reviewer.post("/invoices/limits/add/", {"client": "", "automatic_up_to": "100"})
    assert not Limits.objects.exists()


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.PARTNER])
def test_others_set_none(books: Books, role: Role) -> None:
    limits = LimitsFactory(client=books.administration.client)
    browser = office.browser(office.person(role, books.administration.client))
    browser.post(page(limits), {"automatic_up_to": "100"})
    assert Limits.objects.get().automatic_up_to != 100
