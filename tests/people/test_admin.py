"""Users in the admin, and the menu each role gets."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from apps.people.models import Role, User
from tests import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> office.Books:
    return office.books("Ooievaar")


def menu(role: str, books: office.Books, **more: Any) -> list[str]:
    text = office.browser(office.person(role, books.client, **more)).get("/").content.decode()
    inner = text[text.index("nav-sidebar-apps") : text.index('id="main"')]
    return [re.sub(r"\s+", " ", found).strip() for found in re.findall(r"<span>([^<]+)</span>", inner)]


def test_the_menu_follows_the_role(books: office.Books) -> None:
    assert "Upload" in menu(Role.BOOKKEEPER, books)
    assert "Reports" not in menu(Role.BOOKKEEPER, books)
    assert "Upload" not in menu(Role.PARTNER, books)
    assert "Reports" in menu(Role.PARTNER, books)
    assert "Connections" not in menu(Role.REVIEWER, books)
    assert {"Connections", "Users", "Health", "Sandbox"} <= set(menu(Role.ADMINISTRATOR, books))
    assert "Schedules" not in menu(Role.ADMINISTRATOR, books)
    assert "Schedules" in menu(Role.ADMINISTRATOR, books, is_superuser=True)


def test_the_menu_speaks_dutch(books: office.Books) -> None:
    assert {"Te doen", "Ontvangsten", "Rapporten"} <= set(menu(Role.ADMINISTRATOR, books, language="nl"))


def test_an_administrator_makes_a_user_who_can_sign_in(books: office.Books) -> None:
    browser = office.browser(office.person(Role.ADMINISTRATOR))
    values = {
        "email": "Nieuw@Kantoor.example",
        "first_name": "Noor",
        "last_name": "de Wit",
        "role": Role.BOOKKEEPER,
        "language": "nl",
        "password1": "een lang wachtwoord",
        "password2": "een lang wachtwoord",
        "assignments-TOTAL_FORMS": "0",
        "assignments-INITIAL_FORMS": "0",
    }
    answer = browser.post(reverse("admin:people_user_add"), values)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    made = User.objects.get(email__iexact="nieuw@kantoor.example")
    assert made.is_staff
    assert made.check_password("een lang wachtwoord")
    assert not made.is_superuser


def test_only_a_superuser_makes_superusers(books: office.Books) -> None:
    user = office.person(Role.BOOKKEEPER)
    values = {
        "email": user.email,
        "role": Role.REVIEWER,
        "language": "en",
        "is_active": "on",
        "is_superuser": "on",
        "assignments-TOTAL_FORMS": "1",
        "assignments-INITIAL_FORMS": "0",
        "assignments-0-client": str(books.client.pk),
    }
    address = reverse("admin:people_user_change", args=(user.pk,))
    assert office.browser(office.person(Role.ADMINISTRATOR)).post(address, values).status_code == 302
    user.refresh_from_db()
    assert (user.role, user.is_superuser) == (Role.REVIEWER, False)
    assert [one.client for one in user.assignments.all()] == [books.client]


def test_the_pages_of_the_task_library_are_replaced_by_pages_to_look_at() -> None:
    names = {model._meta.label: kind for model, kind in admin.site._registry.items()}
    assert {label for label in names if label.startswith("django_q.")} == {
        "django_q.Schedule",
        "django_q.Task",
    }
    superuser = office.browser(office.person(Role.ADMINISTRATOR, is_superuser=True))
    for name in ("schedule", "task"):
        assert superuser.get(reverse(f"admin:django_q_{name}_changelist")).status_code == 200
        assert superuser.get(reverse(f"admin:django_q_{name}_add")).status_code == 403
    administrator = office.browser(office.person(Role.ADMINISTRATOR))
    assert administrator.get(reverse("admin:django_q_task_changelist")).status_code == 403


def test_refusals_are_pages_in_words(books: office.Books) -> None:
    browser = office.browser(office.person(Role.BOOKKEEPER, books.client, language="nl"))
    missing = browser.get("/invoices/invoice/0/change/")
    assert missing.status_code == 404
    assert "Deze pagina bestaat niet" in missing.content.decode()
    refused = browser.get("/reports/")
    assert refused.status_code == 403
    assert "Uw rol staat dit niet toe" in refused.content.decode()


def test_the_admin_has_no_door_of_its_own() -> None:
    user = office.person(Role.ADMINISTRATOR, is_superuser=True)
    answer = office.browser().post("/login/", {"username": user.email, "password": "correct horse battery"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert office.browser().get("/").status_code == 302
