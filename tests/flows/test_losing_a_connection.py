"""Each way to lose a connection, or a division, ends with its sentence and its remedy in both languages."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from apps.core.http import RemoteError
from apps.exact import connection_tasks, registration, signing_in
from apps.exact.client import Exact
from apps.exact.losses import REMEDIES, Loss
from apps.exact.models import Connection, ConnectionStatus, Division
from apps.exact.visitor import Visitor
from apps.people.models import Role, User
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import oauth
from apps.sandbox.models import ExactUser, RegisteredApp
from tests.office import browser
from tests.people.factories import UserFactory

BAKERY = 3100101


def _elsewhere() -> None:
    """The same user signs in to the same app, but not through us."""
    app, user = RegisteredApp.objects.get(), ExactUser.objects.order_by("pk")[0]
    oauth.exchange(app, oauth.allow(app, user, [BAKERY], app.redirect_uri), app.redirect_uri)


def _lose_the_answer() -> None:
    faults.arm("lost_refresh")


def _wrong_secret() -> None:
    RegisteredApp.objects.update(secret="another")


def _no_rights() -> None:
    faults.arm("forbidden", path="oauth2/token")


def _month() -> None:
    time.advance(timedelta(days=31))


WAYS: list[tuple[Callable[[], object], str, Loss]] = [
    (switches.change_password, "lost", Loss.PASSWORD),
    (switches.withdraw_consent, "lost", Loss.CONSENT),
    (lambda: switches.block_user("BlockedUser"), "blocked", Loss.BLOCKED_USER),
    (lambda: switches.block_user("InactiveUser"), "blocked", Loss.INACTIVE_USER),
    (lambda: switches.block_user("BlockedCustomer"), "blocked", Loss.BLOCKED_CUSTOMER),
    (lambda: switches.block_user("LicenseExpired"), "blocked", Loss.LICENCE),
    (_elsewhere, "lost", Loss.REPLACED),
    (_month, "lost", Loss.UNUSED),
    (_wrong_secret, "lost", Loss.SECRET),
    (_lose_the_answer, "lost", Loss.NO_ANSWER),
    (_no_rights, "blocked", Loss.RIGHTS),
]


def _page_of(connection: Connection, reader: User) -> str:
    address = reverse("admin:exact_connection_change", args=[connection.pk])
    return unescape(browser(reader).get(address).content.decode())


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("lose", "status", "loss"), WAYS, ids=[str(way[2]) for way in WAYS])
def test_a_lost_connection_says_why_and_what_helps(
    connected: Connection, lose: Callable[[], object], status: str, loss: Loss, language: str
) -> None:
    owner = UserFactory(role=Role.ADMINISTRATOR, language=language)
    Connection.objects.update(owner=owner)
    lose()
    time.advance(600)
    for _minute in range(2):
        connection_tasks.look_after(connected.pk)
        time.advance(61)
    connection_tasks.tell(connected.pk)
    stored = Connection.objects.get(pk=connected.pk)
    assert (stored.status, stored.loss) == (status, loss)
    with translation.override(language):
        assert stored.remedy
        said = [str(stored.remedy.sentence), str(stored.remedy.remedy)]
    assert all(sentence in _page_of(stored, owner) for sentence in said)
    assert all(sentence in mail.outbox[-1].body for sentence in said)
    assert mail.outbox[-1].to == [owner.email]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    ("reason", "loss"),
    [
        ("DivisionBlocked", Loss.DIVISION_BLOCKED),
        ("NoDivisionAccess", Loss.NO_ACCESS),
        ("LicenseExpired", Loss.LICENCE),
    ],
)
def test_a_division_that_is_refused_leaves_the_connection_alone(
    division: Division, reason: str, loss: Loss, language: str
) -> None:
    reader = UserFactory(role=Role.ADMINISTRATOR, language=language)
    switches.block_division(division.code, reason)
    with suppress(RemoteError):
        Exact(division).find("hrm/Costcenters", "")
    assert division.connection
    connection_tasks.look_after(division.connection.pk)
    stored = Connection.objects.get()
    assert (stored.status, Division.objects.get(pk=division.pk).refused) == (ConnectionStatus.ALIVE, loss)
    with translation.override(language):
        said = [str(REMEDIES[loss].sentence), str(REMEDIES[loss].remedy)]
    assert all(sentence in _page_of(stored, reader) for sentence in said)
    switches.block_division(division.code, "")
    Exact(division).find("hrm/Costcenters", "")
    assert Division.objects.get(pk=division.pk).refused == ""


@pytest.mark.parametrize("lose", [switches.change_password, _elsewhere, _lose_the_answer])
def test_signing_in_again_mends_it(connected: Connection, lose: Callable[[], object]) -> None:
    lose()
    time.advance(600)
    for _minute in range(2):
        connection_tasks.look_after(connected.pk)
        time.advance(61)
    assert Connection.objects.get().status == ConnectionStatus.LOST
    consent = signing_in.begin(registration.default_app())
    again = signing_in.complete(Visitor().consent(consent, divisions=[BAKERY]))
    assert again.pk == connected.pk
    assert Exact(again).me()["FullName"]
