"""What came in as one message is opened once, and nothing in it is lost."""

from email.message import EmailMessage
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.storage import storages
from pytest_django import Settings

from apps.intake.keeping import keep_message
from apps.intake.models import Channel, PartOutcome, Receipt
from apps.intake.opening import open_message, unopened

pytestmark = pytest.mark.django_db


def a_mail(*files: tuple[str, bytes]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "facturen@ketels.example", "post@kantoor.example", "Factuur"
    mail.set_content("Bijgaand onze factuur.")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def a_zip(*files: tuple[str, bytes]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def kept(content: bytes, channel: str = Channel.MAIL, *, subject: str = "", source_key: str = "") -> Receipt:
    return keep_message(content, channel=channel, subject=subject, source_key=source_key)


def test_a_mail_is_kept_whole_and_opened_once() -> None:
    receipt = kept(a_mail(("a.xml", b"<a/>"), ("b.xml", b"<b/>")), source_key="imap 1 2 3")
    assert receipt.message and not receipt.parts.exists()
    assert unopened() == [receipt.pk]
    assert open_message(receipt) == 2
    assert [part.original.content() for part in receipt.parts.order_by("position")] == [b"<a/>", b"<b/>"]
    again = Receipt.objects.get()
    assert open_message(again) == 0
    assert open_message(receipt) == 0  # as another worker read it, before the first one was done
    assert again.parts.count() == 2
    assert unopened() == []


def test_the_same_arrival_is_kept_once() -> None:
    first = kept(a_mail(("a.xml", b"<a/>")), source_key="imap 1 2 3")
    assert kept(a_mail(("a.xml", b"<a/>")), source_key="imap 1 2 3") == first
    assert kept(a_mail(("a.xml", b"<a/>")), source_key="imap 1 2 4") != first
    assert kept(a_mail(("a.xml", b"<a/>"))) != kept(a_mail(("a.xml", b"<a/>")))


def test_a_zip_file_is_opened() -> None:
    receipt = kept(a_zip(("in/a.xml", b"<a/>")), Channel.UPLOAD, subject="facturen.zip")
    assert open_message(receipt) == 1
    assert receipt.parts.get().filename == "a.xml"


@pytest.mark.parametrize("channel", [Channel.MAIL, Channel.UPLOAD])
def test_what_holds_nothing_is_one_rejected_part_with_its_reason(channel: str) -> None:
    receipt = kept(a_mail() if channel == Channel.MAIL else a_zip(), channel)
    assert open_message(receipt) == 1
    part = receipt.parts.get()
    assert (part.outcome, bool(part.reason), part.original) == (PartOutcome.REJECTED, True, receipt.message)


def test_bytes_that_the_archive_lost_are_a_reason() -> None:
    receipt = kept(a_mail(("a.xml", b"<a/>")))
    assert receipt.message
    storages["originals"].delete(receipt.message.content_name)
    assert open_message(receipt) == 1
    assert receipt.parts.get().outcome == PartOutcome.REJECTED


def test_a_file_that_is_too_large_is_kept_and_refused_and_the_others_are_read(settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 10
    receipt = kept(a_mail(("a.xml", b"<a>too large</a>"), ("b.xml", b"<b/>")))
    open_message(receipt)
    first, second = receipt.parts.order_by("position")
    assert (first.outcome, first.original.content()) == (PartOutcome.REJECTED, b"<a>too large</a>")
    assert second.outcome == PartOutcome.RECEIVED


def test_of_too_many_files_the_last_are_refused_and_listed(settings: Settings) -> None:
    settings.MAX_PARTS = 2
    receipt = kept(a_mail(*((f"{n}.xml", f"<a>{n}</a>".encode()) for n in range(4))))
    assert open_message(receipt) == 4
    outcomes = list(receipt.parts.order_by("position").values_list("outcome", flat=True))
    assert outcomes == [PartOutcome.RECEIVED] * 2 + [PartOutcome.REJECTED] * 2
