"""Connections, divisions and mirrors in the admin."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from pytest_django import Settings

from apps.clients.models import Administration
from apps.core import clock, leases
from apps.core.queue import OrmQ
from apps.exact.losses import OF_DIVISION, REMEDIES, Loss
from apps.exact.models import Connection, Division, ExactApp, SyncPlan, SyncState
from apps.exact.resources import RESOURCES
from apps.people.models import Role
from config.navigation import MENU
from tests import office
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import (
    CallWindowFactory,
    DivisionFactory,
    LedgerLineFactory,
    SyncPlanFactory,
    SyncStateFactory,
)
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


def test_sync_now_makes_linked_divisions_due_and_rings_once(books: Books) -> None:
    administrations = AdministrationFactory.create_batch(2, client=books.client)
    linked = {DivisionFactory(administration=administration).pk for administration in administrations}
    linked.add(books.division.pk)
    browser = office.browser(office.person(Role.BOOKKEEPER, books.client))
    before = OrmQ.objects.count()
    chosen = [*linked, DivisionFactory().pk]
    answer = browser.post(DIVISIONS, {"action": "sync_now", "_selected_action": chosen}, follow=True)
    assert "3 divisions are being read" in answer.content.decode()
    assert OrmQ.objects.count() == before + 1
    due = SyncPlan.objects.filter(due_at__lte=clock.now()).values_list("division", flat=True)
    assert set(due) == linked


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
    chosen = [division.pk, DivisionFactory().pk]
    values = {"action": "create_administrations", "_selected_action": chosen}
    OrmQ.objects.all().delete()
    assert "2 administrations are made" in administrator.post(DIVISIONS, values, follow=True).content.decode()
    assert [bell.func() for bell in OrmQ.objects.all()].count("apps.exact.tasks.sync_round") == 1
    assert SyncPlan.objects.filter(division__in=chosen, due_at__lte=clock.now()).count() == 2
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


def lost(books: Books, loss: str, status: str = "lost") -> Connection:
    Connection.objects.filter(pk=books.connection.pk).update(
        status=status, loss=loss, trouble="words of Exact", troubled_at=clock.now()
    )
    books.connection.refresh_from_db()
    return books.connection


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("loss", sorted(set(Loss) - OF_DIVISION))
def test_the_page_of_a_connection_says_what_is_wrong_and_what_helps(
    books: Books, loss: str, language: str
) -> None:
    connection = lost(books, loss)
    browser = office.browser(office.person(Role.ADMINISTRATOR, language=language))
    text = unescape(
        browser.get(reverse("admin:exact_connection_change", args=[connection.pk])).content.decode()
    )
    remedy = connection.remedy
    assert remedy
    with translation.override(language):
        assert str(remedy.sentence) in text
        assert str(remedy.remedy) in text
    assert "words of Exact" in text


@pytest.mark.parametrize("loss", sorted(OF_DIVISION))
def test_a_division_that_exact_refuses_says_so_on_both_pages(
    books: Books, administrator: Any, loss: str
) -> None:
    Division.objects.filter(pk=books.division.pk).update(refused=loss)
    for page, pk in (("connection", books.connection.pk), ("division", books.division.pk)):
        text = unescape(administrator.get(reverse(f"admin:exact_{page}_change", args=[pk])).content.decode())
        with translation.override("en"):
            assert str(REMEDIES[loss].sentence) in text


def test_every_page_warns_of_a_connection_in_trouble_whoever_may_mend_it(
    books: Books, administrator: Any
) -> None:
    assert "pk-alarm" not in administrator.get("/").content.decode()
    lost(books, Loss.PASSWORD)
    assert "pk-alarm" in administrator.get("/").content.decode()
    bookkeeper = office.person(Role.BOOKKEEPER, books.client)
    assert "pk-alarm" not in office.browser(bookkeeper).get("/").content.decode()
    Connection.objects.update(owner=bookkeeper)
    assert "pk-alarm" in office.browser(bookkeeper).get("/").content.decode()


def test_a_blocked_connection_is_tried_once_more_by_a_button(books: Books, administrator: Any) -> None:
    connection = lost(books, Loss.BLOCKED_USER, "blocked")
    before = OrmQ.objects.count()
    address = reverse("admin:exact_connection_try", args=[connection.pk])
    assert "tried now" in administrator.post(address, follow=True).content.decode()
    assert OrmQ.objects.count() == before + 1
    lost(books, Loss.PASSWORD)
    assert "cannot help" in administrator.post(address, follow=True).content.decode()
    bookkeeper = office.browser(office.person(Role.BOOKKEEPER, books.client))
    assert bookkeeper.post(address).status_code in (403, 404)


def test_the_page_of_a_division_tells_calls_lines_and_the_sync(books: Books, administrator: Any) -> None:
    today = int(clock.now().timestamp()) // 86_400
    CallWindowFactory(division=books.division, day=today, day_used=1_880)
    for number in range(2):
        LedgerLineFactory(division=books.division, booked_on=clock.today(), line_number=number)
    text = administrator.get(
        reverse("admin:exact_division_change", args=[books.division.pk])
    ).content.decode()
    assert "3,120 of 5,000" in text
    assert "<strong>1</strong>" in text
    assert "of 10,000 in the package" in text


def test_a_sync_is_begun_and_stopped_from_the_page(books: Books) -> None:
    browser = office.browser(office.person(Role.BOOKKEEPER, books.client))
    before = OrmQ.objects.count()
    browser.post(reverse("admin:exact_division_sync", args=[books.division.pk]))
    assert OrmQ.objects.count() == before + 1
    stop = reverse("admin:exact_division_stop", args=[books.division.pk])
    assert "No sync is under way" in browser.post(stop, follow=True).content.decode()
    plan = SyncPlanFactory(division=books.division, began_at=clock.now(), ended_at=None)
    assert leases.take(books.division, seconds=60), "somebody reads it"
    browser.post(stop)
    plan.refresh_from_db()
    assert plan.stop_asked and plan.ended_at is None
    Division.objects.filter(pk=books.division.pk).update(lease=None, leased_until=None)
    browser.post(stop)
    after = SyncPlan.objects.get(pk=plan.pk)
    assert after.ended_at and not after.stop_asked
    assert office.browser(office.person(Role.PARTNER, books.client)).post(stop).status_code == 403


def test_a_sync_that_ends_on_another_day_says_which(books: Books, administrator: Any) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    SyncPlanFactory(division=books.division, began_at=clock.now(), ended_at=None)
    SyncStateFactory(division=books.division, resource="balances", full=False, resume_at=tomorrow)
    page = reverse("admin:exact_division_change", args=[books.division.pk])
    with translation.override("en"):
        told = f"done at about {date_format(clock.local_date(tomorrow), 'j F')}"
    for name in set(RESOURCES) - {"balances"}:
        SyncState.objects.update_or_create(
            division=books.division, resource=name, defaults={"full": False, "synced_at": clock.now()}
        )
    assert told in administrator.get(page).content.decode()


def test_the_package_of_a_division_is_said_by_administrators_and_nothing_else(
    books: Books, administrator: Any
) -> None:
    address = reverse("admin:exact_division_change", args=[books.division.pk])
    form = {
        "package_type": "Accounting",
        "package_variant": "premium",
        "volume_packs": "1",
        "name": "Changed",
    }
    inlines = {
        f"{prefix}-{name}_FORMS": "0"
        for prefix in ("sync_states", "subscriptions")
        for name in ("TOTAL", "INITIAL")
    }
    assert administrator.post(address, {**form, **inlines}).status_code == 302
    books.division.refresh_from_db()
    assert books.division.lines_a_month == 50_000
    assert books.division.name != "Changed"
    assert books.division.history.count() == 2, "made, and changed"


def test_a_registration_in_another_country_keeps_its_secret_to_itself(
    administrator: Any, settings: Settings
) -> None:
    form = {
        "name": "Exact Belgium",
        "country": "BE",
        "client_id": "11111111-1111-4111-8111-111111111111",
        "redirect_uri": "https://postkamer.example/exact/callback/",
    }
    address = reverse("admin:exact_exactapp_add")
    assert (
        "Set SANDBOX=0" in administrator.post(address, {**form, "new_client_secret": "s3"}).content.decode()
    )
    settings.SANDBOX = False
    assert "App Center" in administrator.post(address, form).content.decode()
    assert administrator.post(address, {**form, "new_client_secret": "very secret"}).status_code == 302
    app = ExactApp.objects.get(name="Exact Belgium")
    assert (app.base_url, app.client_secret, app.is_default) == (
        "https://start.exactonline.be",
        "very secret",
        False,
    )
    page = reverse("admin:exact_exactapp_change", args=[app.pk])
    assert "very secret" not in administrator.get(page).content.decode()
    assert administrator.post(page, {**form, "client_id": "other"}).status_code == 302
    app.refresh_from_db()
    assert (app.client_id, app.client_secret) == ("other", "very secret")
