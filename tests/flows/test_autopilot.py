"""The same invoice by Peppol, by mail with its PDF, and by hand, within a minute: booked once, with its originals."""

from itertools import permutations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.core import clock
from apps.econnect import hooks, parties
from apps.econnect.models import Party
from apps.econnect.registration import default_account
from apps.exact.models import Division
from apps.intake.management.commands.receive_mail import keep
from apps.intake.models import Channel, Part, PartOutcome
from apps.intake.tasks import fetch_peppol
from apps.invoices.management.commands.deliver import deliver_patiently
from apps.invoices.models import Invoice, State
from apps.invoices.processing import process
from apps.people.models import Role
from apps.sandbox.econnect import network
from apps.sandbox.exact import documents as files
from apps.sandbox.exact import store
from tests import office
from tests.flows.conftest import BAKERY
from tests.intake import mails

pytestmark = pytest.mark.django_db

PEPPOL, MAIL, UPLOAD = "peppol", "mail", "upload"
ENTRIES, ATTACHMENTS = "purchaseentry/PurchaseEntries", "documents/DocumentAttachments"


@pytest.fixture
def party(bakery: Division) -> Party:
    """The bakery at eConnect, with the hook in place."""
    account = default_account()
    parties.refresh(account)
    hooks.register(account)
    parties.link_proposed(Party.objects.all())
    return Party.objects.get(administration=bakery.administration)


def come_in(door: str, party: Party) -> None:
    """Bring the invoice in by one door, as far as the door goes; the worker does the rest."""
    if door == PEPPOL:
        network.send(party.party_id, mails.UBL)
        network.deliver_due()
        fetch_peppol()
    elif door == MAIL:
        keep(mails.invoice_mail().as_bytes(), "")
    else:
        form = {"documents": [SimpleUploadedFile("factuur.xml", mails.UBL)]}
        browser = office.browser(office.person(Role.ADMINISTRATOR))
        assert browser.post(reverse("admin:intake_receipt_upload"), form).status_code == 302


def files_in_exact(invoice: Invoice) -> set[bytes]:
    assert invoice.posting
    entry = store.find(ENTRIES, BAKERY, str(invoice.posting.exact_id))
    assert entry
    rows = store.rows(ATTACHMENTS, BAKERY).filter(data__Document=entry.data["Document"])
    return {bytes(files.content(row.key) or b"") for row in rows}


@pytest.mark.parametrize("order", list(permutations((PEPPOL, MAIL, UPLOAD))), ids="-".join)
def test_three_doors_give_one_entry_with_its_originals_and_two_duplicates(
    order: tuple[str, ...], party: Party, bakery: Division
) -> None:
    booked_before, begun = store.rows(ENTRIES, BAKERY).count(), clock.now()
    for door in order:
        come_in(door, party)
        process()
    assert (clock.now() - begun).total_seconds() < 60
    deliver_patiently(bakery)

    invoice = Invoice.objects.select_related("posting", "part__receipt").get()
    assert (invoice.state, invoice.part.receipt.channel) == (State.DONE, order[0]), invoice.detail
    assert store.rows(ENTRIES, BAKERY).count() == booked_before + 1
    assert {invoice.part.original.content(), mails.PDF} <= files_in_exact(invoice)

    parts = Part.objects.select_related("receipt", "duplicate_of", "attached_to")
    duplicates = parts.filter(outcome=PartOutcome.DUPLICATE)
    assert {part.receipt.channel for part in duplicates} == set(order[1:])
    assert {part.duplicate_of for part in duplicates} == {invoice.part}
    pdf = parts.get(outcome=PartOutcome.ATTACHMENT)
    assert pdf.attached_to and pdf.attached_to.receipt.channel == Channel.MAIL
    logo = parts.exclude(pk__in=[invoice.part_id, pdf.pk, *(part.pk for part in duplicates)]).get()
    assert logo.outcome == PartOutcome.IGNORED
