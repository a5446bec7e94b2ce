"""Connections, divisions and mirrors in the admin."""

from typing import Any

import pytest
from django.urls import reverse

from apps.clients.models import Administration
from apps.core.queue import OrmQ
from apps.people.models import Role
from config.navigation import MENU
from tests import office
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory
from tests.office import Books

pytestmark = pytest.mark.django_db

DIVISIONS = "/exact/division/"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def administrator() -> Any:
    return office.browser(office.person(Role.ADMINISTRATOR))


def test_the_connections_page_has_the_button_that_connects(books: Books, administrator: Any) -> None:
    assert reverse("exact:connect") in administrator.get("/exact/connection/").content.decode()


def test_tokens_and_secrets_stand_on_no_page(books: Books, administrator: Any) -> None:
    for name, row in (("connection", books.connection), ("exactapp", books.connection.app)):
        for page in ("change", "history"):
            text = administrator.get(reverse(f"admin:exact_{name}_{page}", args=(row.pk,))).content.decode()
            assert "access of a test" not in text
            assert "refresh of a test" not in text
            assert "a secret of a test" not in text


def test_sync_now_rings_for_linked_divisions_only(books: Books) -> None:
    DivisionFactory()
    browser = office.browser(office.person(Role.BOOKKEEPER, books.client))
    before = OrmQ.objects.count()
    answer = browser.post(
        DIVISIONS, {"action": "sync_now", "_selected_action": [books.division.pk]}, follow=True
    )
    assert "1 divisions are being read" in answer.content.decode()
    assert OrmQ.objects.count() == before + 1


def test_a_partner_syncs_nothing(books: Books) -> None:
    text = office.browser(office.person(Role.PARTNER, books.client)).get(DIVISIONS).content.decode()
    assert "sync_now" not in text


def test_an_administrator_links_a_division(books: Books, administrator: Any) -> None:
    division, administration = DivisionFactory(), AdministrationFactory()
    page = reverse("admin:exact_division_change", args=(division.pk,))
    assert administration.name in administrator.get(page).content.decode()
    administrator.post(
        reverse("admin:exact_division_link", args=(division.pk,)), {"administration": administration.pk}
    )
    division.refresh_from_db()
    assert division.administration == administration


def test_linking_what_is_taken_is_refused_in_words(books: Books, administrator: Any) -> None:
    division = DivisionFactory()
    answer = administrator.post(
        reverse("admin:exact_division_link", args=(division.pk,)),
        {"administration": books.administration.pk},
        follow=True,
    )
    assert "is linked to division" in answer.content.decode()


def test_only_administrators_link(books: Books) -> None:
    browser = office.browser(office.person(Role.REVIEWER, books.client))
    assert browser.post(reverse("admin:exact_division_link", args=(books.division.pk,))).status_code == 403


def test_administrations_are_made_for_divisions(administrator: Any) -> None:
    division = DivisionFactory(name="Nieuwe Boeken B.V.", customer_name="Nieuwe Klant")
    values = {"action": "create_administrations", "_selected_action": [division.pk]}
    assert "1 administrations are made" in administrator.post(DIVISIONS, values, follow=True).content.decode()
    made = Administration.objects.get(division=division)
    assert (made.name, made.client.name) == ("Nieuwe Boeken B.V.", "Nieuwe Klant")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("role", office.ROLES)
def test_every_page_that_the_menu_offers_opens(role: str, language: str, books: Books) -> None:
    user = office.person(role, books.client, language=language)
    browser, opened = office.browser(user), 0
    for _title, items in MENU:
        for item in items:
            if item["permission"] == "superuser":
                continue
            if user.has_perm(item["permission"]) and not item["view"].startswith("/"):
                answer = browser.get(reverse(item["view"]), {"stage": item["stage"]} if item["stage"] else {})
                assert answer.status_code == 200, item["view"]
                opened += 1
    assert opened >= 15


@pytest.mark.parametrize("name", ["relation", "glaccount", "vatcode", "journal", "item", "ledgerline"])
def test_mirrors_are_read_only(name: str, books: Books, administrator: Any) -> None:
    row = next(row for row in books.rows if row._meta.label_lower == f"exact.{name}")
    assert administrator.get(reverse(f"admin:exact_{name}_change", args=(row.pk,))).status_code == 200
    assert administrator.post(reverse(f"admin:exact_{name}_change", args=(row.pk,)), {}).status_code == 403
    assert administrator.get(reverse(f"admin:exact_{name}_add")).status_code == 403
