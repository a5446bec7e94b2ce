"""Orders come in by every door, become one order each in the right administration, and know their supplier."""

import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from apps.core.causes import Cause
from apps.core.queue import OrmQ
from apps.econnect import hooks, parties
from apps.econnect.models import Party
from apps.econnect.registration import default_account
from apps.exact.models import Division
from apps.intake import folder_place, uploading
from apps.intake.models import Channel, Part, PartKind, PartOutcome
from apps.intake.picking_up import look_into
from apps.intake.tasks import fetch_peppol
from apps.intake.uploading import Upload
from apps.invoices import tasks as invoices
from apps.invoices.models import Invoice
from apps.orders import rerouting
from apps.orders import tasks as orders
from apps.orders.models import Kind, PurchaseOrder, State
from apps.sandbox.econnect import network
from tests.intake.factories import FolderFactory
from tests.intake.mails import attach, message
from tests.intake.order_samples import sample
from tests.intake.pdf.test_examining import page, written
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db
ORDER, RESPONSE = sample("zwaluw-order.xml"), sample("zwaluw-bevestiging.xml")
SHEET, CANCELLATION = sample("zwaluw-sheet.xlsx"), sample("zwaluw-annulering.xml")


def work() -> None:
    """What the worker does each minute."""
    fetch_peppol()
    invoices.process()
    orders.sweep()
    invoices.process()


def upload(division: Division, *files: tuple[str, bytes]) -> None:
    taken = [SimpleUploadedFile(name, content) for name, content in files]
    uploading.take_in(Upload(UserFactory(), None, ""), taken)
    work()


def only() -> PurchaseOrder:
    return PurchaseOrder.objects.select_related("administration", "part__receipt").get()


def came_by(channel: str, division: Division) -> None:
    order = only()
    assert order.part.receipt.channel == channel
    assert (order.administration, order.kind) == (division.administration, Kind.ORDER)
    assert (order.part.outcome, order.part.kind) == (PartOutcome.DOCUMENT, PartKind.ORDER)
    assert order.supplier_name.startswith("Maalderij De Zwaluw")
    assert order.state in (State.PROPOSED, State.ATTENTION)
    assert order.cause in ("", Cause.ITEM_UNKNOWN, Cause.NEEDS_APPROVAL)
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(("name", "content"), [("order.xml", ORDER), ("order.xlsx", SHEET)])
def test_an_upload_becomes_an_order(bakery: Division, name: str, content: bytes) -> None:
    upload(bakery, (name, content))
    came_by(Channel.UPLOAD, bakery)


def test_a_mail_becomes_an_order_with_the_pdf_beside_it(
    bakery: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = message()
    attach(mail, written(page("Order BGA-261001")), "order.pdf")
    attach(mail, ORDER, "order.xml")
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(mail.as_bytes())))
    call_command("receive_mail", "--recipient", "post@kantoor.example")
    work()
    came_by(Channel.MAIL, bakery)
    paper = Part.objects.get(filename="order.pdf")
    assert (paper.outcome, paper.attached_to) == (PartOutcome.ATTACHMENT, only().part)


def test_a_file_in_a_folder_becomes_an_order(bakery: Division, settings: Any, tmp_path: Path) -> None:
    settings.FOLDERS_ROOT, settings.FOLDER_SETTLE_SECONDS = tmp_path, 0
    folder = FolderFactory(path="scans", administration=bakery.administration)
    folder_place.prepare(tmp_path, "scans")
    (tmp_path / "scans" / "order.csv").write_bytes(sample("zwaluw-sheet.csv"))
    look_into(folder)
    work()
    came_by(Channel.FOLDER, bakery)
    look_into(folder)
    assert (tmp_path / "scans" / "done" / "order.csv").exists()


def test_a_peppol_order_becomes_an_order(bakery: Division) -> None:
    account = default_account()
    parties.refresh(account)
    hooks.register(account)
    assert parties.link_proposed(Party.objects.all()) >= 1
    party = Party.objects.filter(administration=bakery.administration).first()
    assert party
    network.send(party.party_id, ORDER)
    network.deliver_due()
    work()
    came_by(Channel.PEPPOL, bakery)


def test_by_whatever_doors_it_comes_it_is_one_order(bakery: Division) -> None:
    for name in ("a.xml", "b.xml", "c.xml"):
        upload(bakery, (name, ORDER))
    assert Part.objects.filter(outcome=PartOutcome.DUPLICATE, duplicate_of=only().part).count() == 2


def test_an_order_and_its_answers_in_one_arrival_know_each_other(bakery: Division) -> None:
    upload(bakery, ("a.xml", RESPONSE), ("b.xml", CANCELLATION), ("c.xml", ORDER))
    order = PurchaseOrder.objects.get(kind=Kind.ORDER)
    assert set(order.answers.values_list("kind", flat=True)) == {Kind.RESPONSE, Kind.CANCELLATION}


def test_a_confirmation_alone_becomes_the_order(bakery: Division) -> None:
    upload(bakery, ("bevestiging.xml", RESPONSE))
    order = only()
    assert (order.kind, order.number) == (Kind.ORDER, "BGA-261001")
    upload(bakery, ("annulering.xml", CANCELLATION))
    assert PurchaseOrder.objects.get(kind=Kind.CANCELLATION).about == order


def test_an_order_as_a_pdf_waits_for_a_person(bakery: Division) -> None:
    upload(bakery, ("order.pdf", written(page("Purchase order"))))
    order = only()
    assert order.cause == Cause.NOT_OURS
    assert bakery.administration
    rerouting.reroute(order, bakery.administration, by=UserFactory())
    work()
    order.refresh_from_db()
    assert (order.state, order.cause) == (State.ATTENTION, Cause.UNREADABLE)


def test_the_bell_of_what_was_handed_on_calls_the_reading_of_orders(bakery: Division) -> None:
    taken = [SimpleUploadedFile("order.xml", ORDER)]
    uploading.take_in(Upload(UserFactory(), None, ""), taken)
    OrmQ.objects.all().delete()
    invoices.process()
    assert "apps.orders.tasks.process" in [one.task["func"] for one in OrmQ.objects.all()]
