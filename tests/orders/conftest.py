"""Administrations that order, and files that come in for them."""

from typing import Any

import pytest

from apps.clients.models import Administration, Mode
from apps.intake.keeping import keep
from apps.intake.models import Channel, Part, PartKind, Receipt
from apps.orders.models import PurchaseOrder
from apps.orders.receiving import Received, receive
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory
from tests.orders.documents import OUR_KVK, Paper


def make_buyer(kvk: str = OUR_KVK, **values: Any) -> Administration:
    """Return an administration that is known by this KvK number."""
    made: Administration = AdministrationFactory(**{"mode": Mode.PROPOSE, **values})
    AdministrationIdentifierFactory(administration=made, kind="kvk", value=kvk)
    return made


def handed_on(*files: tuple[str, bytes], form: str = "order", **arrival: Any) -> Receipt:
    """Keep files and hand them on as orders, as reading does; return their receipt."""
    receipt = keep(files, **{"channel": Channel.UPLOAD, **arrival})
    for part in receipt.parts.all():
        assert part.hand_on(PartKind.ORDER, form)
    return receipt


def read_in(content: bytes | Paper, *, name: str = "order.xml", **arrival: Any) -> Received:
    """Keep one file, hand it on, and store it as the worker would; return what became of it."""
    data = content.xml() if isinstance(content, Paper) else content
    receipt = handed_on((name, data), **arrival)
    return receive(Part.objects.select_related("receipt", "original").get(receipt=receipt))


def received(content: bytes | Paper, **arrival: Any) -> PurchaseOrder:
    """Store one file and return its order."""
    order = read_in(content, **arrival).order
    assert order
    return order


@pytest.fixture
def buyer(db: None) -> Administration:
    """The administration that the sample orders are for."""
    return make_buyer()
