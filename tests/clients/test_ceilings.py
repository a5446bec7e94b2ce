"""The ceilings of firm and client, and who sets them."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from apps.clients.ceilings import ceilings_of
from apps.clients.models import Administration, Limits
from apps.people.models import Role
from tests import office
from tests.clients.factories import AdministrationFactory, ClientFactory, LimitsFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def administration(db: None) -> Administration:
    made: Administration = AdministrationFactory()
    return made


def test_of_amounts_the_lower_holds_and_of_bookings_the_higher(administration: Administration) -> None:
    assert ceilings_of(administration).automatic_up_to is None
    LimitsFactory(automatic_up_to=Decimal(500), four_eyes_above=Decimal(900), untouched=2)
    LimitsFactory(
        client=administration.client,
        automatic_up_to=Decimal(800),
        four_eyes_above=Decimal(600),
        untouched=5,
    )
    LimitsFactory(client=ClientFactory(), automatic_up_to=Decimal(1), untouched=50)
    found = ceilings_of(administration)
    assert (found.automatic_up_to, found.four_eyes_above) == (Decimal(500), Decimal(600))
    assert found.untouched == 5


def test_a_limit_of_nothing_is_a_ceiling_too(administration: Administration) -> None:
    LimitsFactory(automatic_up_to=Decimal(0))
    assert ceilings_of(administration).automatic_up_to == 0


def test_the_firm_has_one_set_of_limits() -> None:
    LimitsFactory()
    with pytest.raises(IntegrityError):
        LimitsFactory()


def page(limits: Limits) -> str:
    return f"/clients/limits/{limits.pk}/change/"


def test_who_sets_which_limits(administration: Administration) -> None:
    firms = LimitsFactory()
    clients = LimitsFactory(client=administration.client)
    others = LimitsFactory(client=ClientFactory())
    reviewer = office.browser(office.person(Role.REVIEWER, administration.client))
    form: dict[str, Any] = {"automatic_up_to": "100", "four_eyes_above": "", "untouched": ""}
    for one in (firms, clients, others):
        reviewer.post(page(one), form)
    said = dict(Limits.objects.values_list("pk", "automatic_up_to"))
    assert {key for key, amount in said.items() if amount == 100} == {clients.pk}
    administrator = office.browser(office.person(Role.ADMINISTRATOR))
    administrator.post(page(firms), form)
    assert Limits.objects.get(pk=firms.pk).automatic_up_to == 100


def test_a_reviewer_cannot_make_limits_of_the_firm(administration: Administration) -> None:
    reviewer = office.browser(office.person(Role.REVIEWER, administration.client))
    reviewer.post("/clients/limits/add/", {"client": "", "automatic_up_to": "100"})
    assert not Limits.objects.exists()


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.PARTNER])
def test_others_set_none(administration: Administration, role: Role) -> None:
    limits = LimitsFactory(client=administration.client)
    browser = office.browser(office.person(role, administration.client))
    browser.post(page(limits), {"automatic_up_to": "100"})
    assert Limits.objects.get().automatic_up_to != 100
