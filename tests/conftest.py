"""Shared by all tests: both databases, a sandbox with its firm, real time, and a connection to Exact."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from apps.exact.models import Connection, Division
from tests import databases, dovecot
from tests.dovecot import Dovecot
from tests.processes import Place, place_at
from tests.signing import sign_in

assert settings.SANDBOX, "The tests run in the sandbox."
settings.PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # the real one takes a second each

DATABASE_FIXTURES = {"db", "transactional_db", "client", "admin_client"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Open the sandbox's database wherever the product's is open: the two are one world."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures: set[str] = set(getattr(item, "fixturenames", ()))
        if marker is not None or fixtures & DATABASE_FIXTURES:
            options = {**(marker.kwargs if marker else {}), "databases": "__all__"}
            transactional = {"transaction": True} if "transactional_db" in fixtures else {}
            item.add_marker(pytest.mark.django_db(**{**options, **transactional}), append=False)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Make both databases, whatever tests run, with a filled sandbox: every test starts from the same firm."""
    from apps.sandbox import seed

    is_kept = django_db_keepdb and not django_db_createdb and databases.are_there()
    own = tmp_path_factory.getbasetemp()
    with django_db_blocker.unblock(), ExitStack() as stack:
        if not is_kept:
            is_worker = "PYTEST_XDIST_WORKER" in os.environ
            stack.enter_context(databases.copied(own.parent if is_worker else own))
        made = setup_databases(0, interactive=False, keepdb=True, serialized_aliases=[])
        if is_kept:
            seed.reset()
        with django_db_blocker.block():
            yield
        if not django_db_keepdb:
            teardown_databases(made, 0)


@pytest.fixture(autouse=True)
def _house_language() -> Iterator[None]:
    """Begin each test in Dutch, whatever language a request before it left behind."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def english(_house_language: None) -> Iterator[None]:
    """Texts as they stand in the source."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _real_time() -> Iterator[None]:
    """Forget what the clock remembers of a sandbox that a test moved and rolled back."""
    from apps.sandbox import time

    time.forget()
    yield
    time.forget()


@pytest.fixture
def connected(db: None) -> Connection:
    """A living connection that reaches the firm's four divisions: a new one, or that of the test's world."""
    return Connection.objects.first() or sign_in()


@pytest.fixture
def division(connected: Connection) -> Division:
    """The first division of the firm, not linked yet."""
    return Division.objects.select_related("connection__app").get(code=3100101)


@pytest.fixture
def place(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[Place]:
    """A world of its own for real processes; not to be used together with `db`."""
    with django_db_blocker.unblock(), place_at(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Dovecot]:
    """A real mail server, one for all tests: each takes accounts of its own."""
    if not dovecot.PROGRAM:
        pytest.skip(dovecot.WHY_NOT)
    with dovecot.running() as server:
        yield server


@pytest.fixture
def count_calls(db: None) -> Callable[..., int]:
    """Count the calls in the sandbox's log from here on: `count_calls(path="", **conditions)`."""
    from apps.sandbox.models import Call

    newest = Call.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def count(path: str = "", **conditions: Any) -> int:
        found = Call.objects.filter(pk__gt=newest, **conditions)
        return (found.filter(path=path) if path else found).count()

    return count
