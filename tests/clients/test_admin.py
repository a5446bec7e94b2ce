"""The page of an administration: pause and resume."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.people.models import Role
from tests import office
from tests.clients.factories import AdministrationFactory
from tests.office import Books
from tests.posting.factories import HaltFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


def browser(books: Books, role: str) -> Any:
    return office.browser(office.person(role, books.client))


def page(books: Books, name: str = "change") -> str:
    return reverse(f"admin:clients_administration_{name}", args=(books.administration.pk,))


def test_whoever_may_change_it_pauses_and_resumes(books: Books, english: None) -> None:
    administrator = browser(books, Role.ADMINISTRATOR)
    assert "pk-pause" in administrator.get(page(books)).content.decode()
    assert administrator.post(page(books, "pause")).status_code == 302
    books.administration.refresh_from_db()
    assert books.administration.paused_at
    assert "pk-resume" in administrator.get(page(books)).content.decode()
    assert administrator.post(page(books, "resume")).status_code == 302
    books.administration.refresh_from_db()
    assert books.administration.paused_at is None


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.PARTNER])
def test_whoever_may_only_look_sees_that_it_is_paused_and_cannot_change_it(books: Books, role: str) -> None:
    books.administration.paused_at = clock.now()
    books.administration.save(update_fields=["paused_at"])
    looker = browser(books, role)
    shown = looker.get(page(books)).content.decode()
    assert "pk-trouble" in shown
    assert 'form="pk-resume"' not in shown
    assert looker.post(page(books, "resume")).status_code == 403
    books.administration.refresh_from_db()
    assert books.administration.paused_at


def test_a_halt_shows_with_exacts_words_and_the_button_for_who_works_the_queue(books: Books) -> None:
    halt = HaltFactory(division=books.division)
    shown = browser(books, Role.BOOKKEEPER).get(page(books)).content.decode()
    assert halt.words in shown
    assert 'form="pk-go-on"' in shown
    assert 'form="pk-go-on"' not in browser(books, Role.PARTNER).get(page(books)).content.decode()


def test_a_page_that_was_opened_before_does_not_put_back_what_changed_since(admin_client: Browser) -> None:
    administration = AdministrationFactory(mode=Mode.AUTOMATIC)
    address = reverse("admin:clients_administration_change", args=(administration.pk,))
    form = admin_client.get(address).context["adminform"].form
    opened = {name: form.initial.get(name) or form.fields[name].initial or "" for name in form.fields}
    nobody = {"identifiers-TOTAL_FORMS": 0, "identifiers-INITIAL_FORMS": 0}
    Administration.objects.filter(pk=administration.pk).update(mode=Mode.PILOT)  # as the end of a trial does
    refused = admin_client.post(address, {**opened, **nobody})
    assert refused.status_code == 200
    assert Administration.objects.get().mode == Mode.PILOT
    form = admin_client.get(address).context["adminform"].form
    now = {**opened, "seen": form.fields["seen"].initial, "mode": Mode.PROPOSE}
    assert admin_client.post(address, {**now, **nobody}).status_code == 302
    assert Administration.objects.get().mode == Mode.PROPOSE
