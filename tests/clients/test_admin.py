"""The page of an administration: pause and resume."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.clients.models import Administration, Client, ClientGroup, EntryLines, Mode, Package
from apps.core import clock
from apps.people.models import Role
from tests import office
from tests.clients.factories import AdministrationFactory, ClientFactory, ClientGroupFactory
from tests.office import Books
from tests.posting.factories import HaltFactory
from tests.rules.factories import BookingRuleFactory

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


def filled_in(browser: Browser, address: str, **more: Any) -> dict[str, Any]:
    """Return what the form at `address` sends when only `more` is changed on it."""
    form = browser.get(address).context["adminform"].form
    values = {name: form.initial.get(name) or form.fields[name].initial or "" for name in form.fields}
    empty = {
        f"{name}-{count}_FORMS": 0
        for name in ("identifiers", "assignments")
        for count in ("TOTAL", "INITIAL")
    }
    return {**values, **empty, **more}


def test_how_entries_are_made_is_set_on_the_page_of_the_administration(admin_client: Browser) -> None:
    administration = AdministrationFactory()
    address = reverse("admin:clients_administration_change", args=(administration.pk,))
    chosen = filled_in(admin_client, address, entry_lines=EntryLines.GROUPED, suspense_account="1900")
    assert admin_client.post(address, chosen).status_code == 302
    administration.refresh_from_db()
    assert (administration.entry_lines, administration.suspense_account) == (EntryLines.GROUPED, "1900")


def test_a_new_administration_is_made_on_the_same_page(admin_client: Browser) -> None:
    address = reverse("admin:clients_administration_add")
    named = filled_in(admin_client, address, name="New", slug="new", client=ClientFactory().pk)
    assert admin_client.post(address, named).status_code == 302
    assert Administration.objects.get().slug == "new"


def test_who_may_only_look_is_not_shown_how_the_page_was(books: Books, english: None) -> None:
    shown = browser(books, Role.BOOKKEEPER).get(page(books)).content.decode()
    assert "suspense account" in shown.casefold()
    assert "seen" not in shown.casefold()


def test_a_client_gets_a_group_and_an_address_for_questions(admin_client: Browser) -> None:
    client, group = ClientFactory(), ClientGroupFactory()
    address = reverse("admin:clients_client_change", args=(client.pk,))
    chosen = filled_in(admin_client, address, group=group.pk, question_email="boss@bakery.example")
    assert admin_client.post(address, chosen).status_code == 302
    client.refresh_from_db()
    assert (client.group, client.question_email) == (group, "boss@bakery.example")
    assert group.name in admin_client.get(reverse("admin:clients_client_changelist")).content.decode()


def test_groups_say_how_many_clients_they_have_and_go_unless_a_rule_is_for_them(
    admin_client: Browser,
) -> None:
    group = ClientGroupFactory()
    client = ClientFactory(group=group)
    text = admin_client.get(reverse("admin:clients_clientgroup_changelist")).content.decode()
    assert group.name in text
    address = reverse("admin:clients_clientgroup_delete", args=(group.pk,))
    rule = BookingRuleFactory(client_group=group)
    admin_client.post(address, {"post": "yes"})
    assert ClientGroup.objects.count() == 1
    rule.delete()
    admin_client.post(address, {"post": "yes"})
    assert not ClientGroup.objects.exists()
    assert Client.objects.get() == client


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.REVIEWER, Role.PARTNER])
def test_groups_are_the_administrators(books: Books, role: str) -> None:
    assert browser(books, role).get(reverse("admin:clients_clientgroup_changelist")).status_code == 403


@pytest.mark.parametrize(
    ("version", "stored", "words"),
    [
        ("new", "", "This names no version of Exact Globe"),
        ("412SP3", "412SP3", "Exact Globe 412SP3 takes nothing out of a digital mailbox"),
        ("420SP5", "420SP5", ""),
    ],
)
def test_the_version_of_exact_globe_is_checked(
    books: Books, english: None, version: str, stored: str, words: str
) -> None:
    administrator = browser(books, Role.ADMINISTRATOR)
    assert "globe_version" not in administrator.get(page(books)).content.decode()
    Administration.objects.update(package=Package.EXACT_GLOBE)
    values = filled_in(administrator, page(books), globe_version=version)
    text = administrator.post(page(books), values, follow=True).content.decode()
    books.administration.refresh_from_db()
    assert books.administration.globe_version == stored
    assert words in text
    assert bool(words) == ("Exact Globe 4" in text or "names no version" in text)
