"""A firm at work: linked administrations and the sample documents."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apps.clients.models import Administration, Mode
from apps.exact import linking, mirror
from apps.exact.models import Connection, Division
from apps.intake.keeping import keep
from apps.invoices.demo import FIXTURES
from apps.invoices.models import Invoice
from apps.invoices.processing import process
from apps.rules import vat_table
from apps.sandbox import time

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


@pytest.fixture
def bakery(connected: Connection) -> Division:
    """The bakery's division, linked to an automatic administration; its first sync used up another minute's calls."""
    link(BAKERY)
    time.advance(timedelta(minutes=1))
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
