"""A firm at work: linked administrations and the sample documents."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings
from pytest_django.plugin import blocking_manager_key

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.exact import linking, mirror
from apps.exact.models import Division
from apps.intake.keeping import keep
from apps.invoices.demo import FIXTURES
from apps.invoices.models import Invoice
from apps.invoices.processing import process
from apps.rules import vat_table
from apps.sandbox import time
from tests import smtp
from tests.flows.mailboxes import OURS
from tests.signing import sign_in
from tests.smtp import MailServer
from tests.worlds import World

BAKERY = 3100101

TakeIn = Callable[..., list[Invoice]]


def link(code: int, mode: str = Mode.AUTOMATIC) -> Administration:
    """Sync and link one division with its proposals accepted; return the administration."""
    division = Division.objects.select_related("app", "connection").get(code=code)
    mirror.sync(division)
    administration = linking.create_for(division)
    vat_table.propose(administration)
    vat_table.confirm(administration, by="test")
    administration.purchase_journal = vat_table.propose_journal(administration)
    administration.mode = mode
    administration.save(update_fields=["purchase_journal", "mode"])
    return administration


def _make() -> None:
    """Sign in and link the bakery at the next noon: whatever the time here, no night's sync falls into a story."""
    here = clock.now().astimezone(clock.DUTCH)
    noon = here.replace(hour=12, minute=0, second=0, microsecond=0)
    time.move_to(noon if noon > here else noon + timedelta(days=1))
    sign_in()
    link(BAKERY)
    time.advance(timedelta(minutes=1))


WORLD = World("bakery", _make)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest) -> None:
    """Make the world before the test's own transactions begin: pytest-django opens them in this fixture of its own."""
    if fixturedef.argname == "_django_db_helper" and WORLD.is_of(request.node):
        with request.config.stash[blocking_manager_key].unblock():
            WORLD.enter()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Leave the world before a test that does not begin in it."""
    if not WORLD.is_of(nextitem):
        with item.config.stash[blocking_manager_key].unblock():
            WORLD.leave()


@pytest.fixture
def bakery(db: None) -> Division:
    """The bakery's division, linked to an automatic administration; its first sync used up another minute's calls."""
    WORLD.begin()
    return Division.objects.select_related("app", "connection", "administration").get(code=BAKERY)


@pytest.fixture
def take_in(db: None) -> TakeIn:
    """Take sample documents in by name and return what became documents, as the worker would."""

    def run(*names: str) -> list[Invoice]:
        files = [(name, (FIXTURES / "documents" / name).read_bytes()) for name in names]
        receipt = keep(files, channel="upload")
        process(receipt.pk)
        return list(Invoice.objects.filter(part__receipt=receipt).order_by("pk"))

    return run


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """A mail server on loopback that our mail goes to."""
    with smtp.running() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 5
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EXACT_MAILBOX_FROM = OURS
        yield running
