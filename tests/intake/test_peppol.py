from typing import Any

import pytest

from apps.core import clock
from apps.econnect import parties
from apps.econnect.models import Inbound, Party, Stage
from apps.econnect.registration import default_account
from apps.intake import peppol
from apps.intake.models import Channel, Receipt
from apps.sandbox import faults
from apps.sandbox.econnect import network
from apps.sandbox.models import FaultKind
from tests.clients.factories import AdministrationFactory
from tests.econnect.factories import InboundFactory
from tests.intake.factories import ReceiptFactory

pytestmark = pytest.mark.django_db
CONTENT = b"<Invoice><ID>F-1</ID></Invoice>"


@pytest.fixture
def party(db: None) -> Party:
    """A party of the firm, linked to an administration."""
    parties.refresh(default_account())
    found = Party.objects.filter(permissions__canReceiveDocument=True).order_by("pk")[0]
    parties.link(found, AdministrationFactory())
    return found


@pytest.fixture
def inbound(party: Party) -> Inbound:
    made: Inbound = InboundFactory(
        party=party, number="F/1", document_id=network.send(party.party_id, CONTENT)
    )
    return made


def test_a_document_becomes_a_receipt_of_the_partys_administration(inbound: Inbound) -> None:
    peppol.take_in()
    receipt = Receipt.objects.get()
    part = receipt.parts.get()
    assert (receipt.channel, receipt.administration) == (Channel.PEPPOL, inbound.party.administration)
    assert (receipt.sender, receipt.recipient) == (inbound.sender, inbound.party.party_id)
    assert (part.original.content(), part.filename) == (CONTENT, "1.xml")  # never a path
    inbound.refresh_from_db()
    assert (inbound.stage, inbound.sha256) == (Stage.KEPT, part.original_id)
    assert peppol.inbound_of(receipt) == inbound


def test_killed_between_keeping_and_marking_it_ends_the_same(inbound: Inbound) -> None:
    peppol.keep(inbound, CONTENT)  # and the worker dies here
    inbound.refresh_from_db()
    assert inbound.stage == Stage.KNOWN
    peppol.take_in()
    receipt = Receipt.objects.get()
    inbound.refresh_from_db()
    assert (inbound.stage, inbound.sha256) == (Stage.KEPT, receipt.parts.get().original_id)


def test_another_conversion_of_the_same_document_is_no_second_receipt(inbound: Inbound) -> None:
    peppol.keep(inbound, CONTENT + b"<!-- converted a second earlier -->")
    peppol.take_in()
    (part,) = Receipt.objects.get().parts.all()
    inbound.refresh_from_db()
    assert inbound.sha256 == part.original_id  # of the bytes that are here, not of those that came last


def test_fetching_twice_changes_nothing(inbound: Inbound) -> None:
    peppol.take_in()
    assert peppol.fetch(inbound.pk) is None
    Inbound.objects.update(next_attempt_at=clock.now())
    peppol.take_in()
    assert Receipt.objects.count() == 1


def test_a_fault_leaves_it_for_later(inbound: Inbound) -> None:
    faults.arm(FaultKind.ERROR_BEFORE_COMMIT, path="econnect/download")
    peppol.take_in()
    assert not Receipt.objects.exists()
    inbound.refresh_from_db()
    assert (inbound.stage, bool(inbound.trouble)) == (Stage.KNOWN, True)


def test_the_daily_pass_takes_up_what_was_forgotten_and_counts_what_is_soon_gone(
    inbound: Inbound, settings: Any
) -> None:
    Inbound.objects.update(next_attempt_at=None)
    settings.ECONNECT_KEEPS_DAYS = 1
    gone = InboundFactory(party=inbound.party)
    assert peppol.reconcile() == 1
    inbound.refresh_from_db()
    gone.refresh_from_db()
    assert (inbound.stage, gone.stage) == (Stage.KEPT, Stage.KNOWN)


def test_without_econnect_nothing_happens(settings: Any) -> None:
    settings.SANDBOX = False
    peppol.take_in()


def test_receipts_of_other_channels_came_from_no_peppol_message(inbound: Inbound) -> None:
    assert peppol.inbound_of(ReceiptFactory(source_key=f"econnect {inbound.document_id}")) is None
    assert peppol.inbound_of(ReceiptFactory(channel=Channel.PEPPOL)) is None
