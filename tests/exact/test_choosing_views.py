from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.clients.models import Administration
from apps.core import clock
from apps.exact.losses import Loss
from apps.exact.models import Connection, Division, DivisionStatus
from apps.people.models import Role
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory, ClientFactory
from tests.exact.factories import ConnectionFactory, DivisionFactory, SyncPlanFactory, SyncStateFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db
CHOOSE, CONNECTING = reverse("exact:choose"), reverse("exact:connecting")
KVK = "64134164"


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(UserFactory(role=Role.ADMINISTRATOR, language="en"))
    return client


@pytest.fixture
def connection() -> Connection:
    made: Connection = ConnectionFactory()
    return made


def text(browser: Client, address: str, **query: Any) -> str:
    return browser.get(address, query).content.decode()


def ours(name: str = "Ours B.V.", kvk: str = KVK) -> Administration:
    administration: Administration = AdministrationFactory(name=name)
    AdministrationIdentifierFactory(administration=administration, kind="kvk", value=kvk)
    return administration


def test_each_division_stands_there_with_its_proposal_and_why(
    browser: Client, connection: Connection
) -> None:
    administration = ours()
    division = DivisionFactory(
        connection=connection, chamber_of_commerce=KVK, vat_number="NL899646402B01", customer_name="De Aar"
    )
    DivisionFactory(connection=connection, name="Archief", status=DivisionStatus.ARCHIVED)
    DivisionFactory(connection=connection, name="Dicht", blocking=1)
    DivisionFactory(name="Of another connection")
    page = text(browser, CHOOSE, connection=connection.pk)
    for words in (division.name, str(division.code), "De Aar", KVK, "NL899646402B01", "archived", "blocked"):
        assert words in page
    assert f"Ours B.V. has the same KvK {KVK}." in page
    assert f'<option value="certain:{administration.pk}" selected>Link to Ours B.V.</option>' in page
    assert page.count('value="certain:') == 1
    assert "Of another connection" not in page
    assert "Of another connection" in text(browser, CHOOSE)
    assert "Organization administration" not in page


def test_a_short_list_is_explained_with_what_to_do(browser: Client, connection: Connection) -> None:
    DivisionFactory(connection=connection)
    Connection.objects.update(list_is_partial=True)
    for query in ({"connection": connection.pk}, {}):
        assert "Organization administration" in text(browser, CHOOSE, **query)


@pytest.mark.parametrize("accepted", [True, False])
def test_the_certain_ones_are_taken_together_or_not(
    browser: Client, connection: Connection, accepted: bool
) -> None:
    administration = ours()
    division = DivisionFactory(connection=connection, chamber_of_commerce=KVK)
    box = {"certain": "on"} if accepted else {}
    answer = browser.post(CHOOSE, {f"choice-{division.pk}": f"certain:{administration.pk}", **box})
    assert answer["Location"] == (CONNECTING if accepted else CHOOSE)
    division.refresh_from_db()
    assert division.administration == (administration if accepted else None)


def test_what_is_filled_in_goes_before_the_list_and_what_is_refused_is_told(
    browser: Client, connection: Connection
) -> None:
    first, second, third = (DivisionFactory(connection=connection) for _at in range(3))
    administration = ours()
    client = ClientFactory()
    answer = browser.post(
        CHOOSE,
        {
            f"choice-{first.pk}": f"create:{client.pk}",
            f"other-{first.pk}": f"Ours [{administration.pk}]",
            f"choice-{second.pk}": f"link:{administration.pk}",
            f"choice-{third.pk}": "none",
            "choice-x": "create:",
            "choice-9999999": "create:",
        },
        follow=True,
    )
    page = answer.content.decode()
    first.refresh_from_db()
    assert first.administration == administration
    assert Division.objects.exclude(administration=None).count() == 1
    assert "1 division was not linked." in page
    assert f"Ours B.V. is linked to division {first} already." in page
    assert "1 division is linked" in page


def test_the_progress_of_each_is_told_until_all_are_read(
    browser: Client, connection: Connection, django_assert_max_num_queries: Any
) -> None:
    made = [
        DivisionFactory(connection=connection, administration=AdministrationFactory()) for _at in range(25)
    ]
    waits, reads, *others = made
    SyncPlanFactory(division=waits, due_at=clock.now())
    now = clock.now()
    SyncPlanFactory(division=reads, due_at=None, began_at=now, rows=1234, calls=56)
    SyncStateFactory(division=reads, rows=1234, calls=56, synced_at=now)
    SyncStateFactory(division=reads, resource="journals", trouble="No.", resume_at=None)
    with django_assert_max_num_queries(20):
        page = text(browser, CONNECTING)
    assert 'http-equiv="refresh"' in page
    assert "0 of 25" in page and "1,234 rows" in page and "56 calls" in page
    assert "1 list was refused by Exact" in page
    for division in others:
        SyncPlanFactory(division=division, due_at=None, began_at=now, ended_at=now)
    session = browser.session
    session["exact_chosen"] = {"linked": [one.pk for one in made], "refused": []}
    session.save()
    assert "23 of 25" in text(browser, CONNECTING)
    for division in (waits, reads):
        type(division.sync_plan).objects.filter(division=division).update(
            due_at=None, began_at=now, ended_at=now
        )
    page = text(browser, CONNECTING)
    assert "All read" in page
    assert "refresh" not in page.replace("refresh</span>", "")


def test_one_that_nobody_can_read_says_what_to_do_and_is_not_waited_for(
    browser: Client, connection: Connection
) -> None:
    DivisionFactory(connection=connection, administration=AdministrationFactory(), refused=Loss.NO_ACCESS)
    DivisionFactory(connection=None, administration=AdministrationFactory())
    page = text(browser, CONNECTING)
    assert "No connection reaches this division." in page
    assert "Waiting" in page
    assert 'http-equiv="refresh"' not in page


def test_the_page_costs_the_same_at_any_number(
    browser: Client, connection: Connection, django_assert_max_num_queries: Any
) -> None:
    for at in range(40):
        ours(f"Company {at}", f"6{at:07}")
        DivisionFactory(connection=connection, chamber_of_commerce=f"6{at:07}")
    with django_assert_max_num_queries(20):
        page = text(browser, CHOOSE, connection=connection.pk)
    assert page.count('value="certain:') == 40
    assert "Accept all 40 certain proposals" in page


def test_nothing_left_is_said(browser: Client) -> None:
    assert "Every division that can be reached has its administration." in text(browser, CHOOSE)
    assert "No administration is being connected now." in text(browser, CONNECTING)
    assert browser.post(CHOOSE, {})["Location"] == CHOOSE


@pytest.mark.parametrize("address", [CHOOSE, CONNECTING])
@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.REVIEWER, Role.PARTNER])
def test_choosing_is_for_administrators(client: Client, address: str, role: Role) -> None:
    assert client.get(address)["Location"].startswith("/accounts/login/")
    client.force_login(UserFactory(role=role))
    assert client.get(address).status_code == 403
    division = DivisionFactory()
    assert client.post(address, {f"choice-{division.pk}": "create:"}).status_code == 403
    assert not Administration.objects.exists()
