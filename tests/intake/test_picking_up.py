"""What is put into a folder becomes one arrival, and leaves it when it was read."""

import os
from pathlib import Path
from typing import Any

import pytest

from apps.core import leases
from apps.intake import folder_place, keeping
from apps.intake.models import Channel, Folder, Part, PartOutcome, Receipt
from apps.intake.opening import open_message
from apps.intake.picking_up import look_into, look_into_all
from tests.intake import zips
from tests.intake.factories import FolderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Folder:
    settings.FOLDERS_ROOT, settings.FOLDER_SETTLE_SECONDS = tmp_path, 0
    made: Folder = FolderFactory(path="scans")
    folder_place.prepare(tmp_path, "scans")
    return made


@pytest.fixture
def path(folder: Folder, settings: Any) -> Path:
    return Path(settings.FOLDERS_ROOT) / folder.path


def look(folder: Folder) -> str:
    look_into(folder)
    folder.refresh_from_db()
    assert folder.lease is None
    assert folder.checked_at
    return folder.trouble


def files(path: Path) -> list[str]:
    found = (one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file())
    return sorted(name for name in found if name != ".taken/.clock")


def settle(outcome: str = PartOutcome.IGNORED, **values: str) -> None:
    for part in Part.objects.filter(outcome=PartOutcome.RECEIVED):
        part.settle(
            outcome, **({"settled_by": "somebody"} if outcome == PartOutcome.IGNORED else {}), **values
        )


def test_a_file_is_kept_for_its_administration_and_waits_until_it_was_read(
    folder: Folder, path: Path
) -> None:
    (path / "a.xml").write_bytes(b"<a/>")
    assert look(folder) == ""
    part = Part.objects.get()
    assert (part.receipt.channel, part.receipt.administration) == (Channel.FOLDER, folder.administration)
    assert (part.filename, part.original.content(), part.receipt.subject) == ("a.xml", b"<a/>", "a.xml")
    assert (len(files(path)), folder.waiting) == (1, 1)
    settle()
    look(folder)
    assert (files(path), folder.waiting, Receipt.objects.count()) == (["done/a.xml"], 0, 1)


def test_what_was_rejected_lies_in_failed_with_its_reason(folder: Folder, path: Path) -> None:
    (path / "a.xml").write_bytes(b"<a/>")
    look(folder)
    settle(PartOutcome.REJECTED, reason="It is not XML.")
    look(folder)
    assert files(path) == ["failed/a.xml", "failed/a.xml.txt"]
    assert (path / "failed/a.xml.txt").read_text() == "a.xml: It is not XML.\n"


def test_the_same_file_put_in_twice_is_two_arrivals(folder: Folder, path: Path) -> None:
    for _time in range(2):
        (path / "a.xml").write_bytes(b"<a/>")
        look(folder)
        settle()
        look(folder)
    assert files(path) == ["done/a (2).xml", "done/a.xml"]
    assert Receipt.objects.count() == 2


def test_an_e_invoice_and_its_pdf_are_one_arrival_with_two_parts(folder: Folder, path: Path) -> None:
    (path / "a.xml").write_bytes(b"<a/>")
    (path / "a.pdf").write_bytes(b"%PDF-1.7")
    look(folder)
    parts = Receipt.objects.get().parts.order_by("position")
    assert [part.filename for part in parts] == ["a.pdf", "a.xml"]
    parts.filter(filename="a.pdf").update(outcome=PartOutcome.REJECTED, reason="No PDF.")
    look(folder)
    assert files(path)[1:] == ["failed/a.pdf", "failed/a.pdf.txt"]
    settle()
    look(folder)
    assert files(path) == ["done/a.xml", "failed/a.pdf", "failed/a.pdf.txt"]


def test_a_half_that_was_taken_alone_before_a_kill_gets_its_other_half(folder: Folder, path: Path) -> None:
    (path / ".taken" / f"{'a' * 32}-a.xml").write_bytes(b"<a/>")
    (path / "a.pdf").write_bytes(b"%PDF-1.7")
    (path / "b.xml").write_bytes(b"<b/>")
    look(folder)
    assert sorted(receipt.parts.count() for receipt in Receipt.objects.all()) == [1, 2]
    (path / "a.pdf").write_bytes(b"%PDF-1.7 another")
    (path / "b.xml").write_bytes(b"<b2/>")
    look(folder)
    assert Receipt.objects.count() == 4


def test_what_was_kept_before_a_kill_is_not_kept_again(folder: Folder, path: Path) -> None:
    mark = "b" * 32
    (path / ".taken" / f"{mark}-a.xml").write_bytes(b"<a/>")
    keeping.keep([("a.xml", b"<a/>")], channel=Channel.FOLDER, source_key=f"folder {folder.pk} {mark}")
    look(folder)
    settle()
    look(folder)
    assert (files(path), Receipt.objects.count()) == (["done/a.xml"], 1)


def test_a_zip_file_is_kept_whole_and_leaves_when_all_in_it_was_read(folder: Folder, path: Path) -> None:
    (path / "a.zip").write_bytes(zips.packed(("a.xml", b"<a/>"), ("b.xml", b"<b/>"), (".DS_Store", b"x")))
    look(folder)
    receipt = Receipt.objects.get()
    assert (receipt.opened_at, receipt.parts.count()) == (None, 0)
    look(folder)
    assert files(path)[0].startswith(".taken/")
    open_message(receipt)
    receipt.parts.filter(filename="b.xml").update(outcome=PartOutcome.REJECTED, reason="Not for us.")
    settle()
    look(folder)
    assert files(path) == ["failed/a.zip", "failed/a.zip.txt"]
    assert (path / "failed/a.zip.txt").read_text().splitlines() == [
        "b.xml: Not for us.",
        "Everything else in this file was taken in.",
    ]


def test_a_mail_in_a_folder_is_opened_as_a_mail(folder: Folder, path: Path) -> None:
    mail = (
        "From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n"
        '--B\nContent-Type: application/xml\nContent-Disposition: attachment; filename="in.xml"\n\n<a/>\n--B--\n'
    )
    (path / "a.eml").write_text(mail)
    look(folder)
    open_message(Receipt.objects.get())
    assert [part.filename for part in Part.objects.all()] == ["in.xml"]


def test_what_is_too_large_to_read_is_kept_and_rejected(folder: Folder, path: Path, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1024**2
    (path / "a.pdf").write_bytes(b"%PDF-" + bytes(1024**2))
    look(folder)
    open_message(Receipt.objects.get())
    part = Part.objects.get()
    assert (part.filename, part.outcome, part.administration) == ("a.pdf", "rejected", folder.administration)
    assert "larger than 1 MB" in part.reason
    look(folder)
    assert files(path) == ["failed/a.pdf", "failed/a.pdf.txt"]


def test_what_is_too_large_to_keep_is_told_until_it_is_gone(
    folder: Folder, path: Path, settings: Any
) -> None:
    settings.MAX_MAIL_BYTES = 1024**2
    (path / "a.pdf").write_bytes(b"%PDF-" + bytes(1024**2))
    for _time in range(2):
        trouble = look(folder)
        assert "“a.pdf” lies in “failed”" in trouble
        assert "1 MB" in trouble
    assert (files(path), Receipt.objects.count()) == (["failed/a.pdf", "failed/a.pdf.txt"], 0)
    (path / "failed/a.pdf").unlink()
    assert look(folder) == ""


def test_a_file_that_is_not_whole_yet_waits(folder: Folder, path: Path, settings: Any) -> None:
    settings.FOLDER_SETTLE_SECONDS = 60
    (path / "a.xml").write_bytes(b"<a/>")
    look(folder)
    assert (files(path), folder.waiting, Receipt.objects.count()) == (["a.xml"], 1, 0)


def test_a_writer_that_goes_on_gets_its_file_back(folder: Folder, path: Path) -> None:
    taken = path / ".taken" / f"{'c' * 32}-a.xml"
    with taken.open("wb") as writer:
        writer.write(b"<a")
        writer.flush()
        look(folder)
        assert (files(path), Receipt.objects.count()) == (["a.xml"], 0)
        writer.write(b"/>")
    look(folder)
    assert Part.objects.get().original.content() == b"<a/>"


def test_one_file_that_cannot_be_taken_is_told_and_the_others_are_taken(folder: Folder, path: Path) -> None:
    long = "x" * 240 + ".xml"
    for name in (long, "a.xml"):
        (path / name).write_bytes(b"<a/>")
    trouble = look(folder)
    assert long in trouble
    assert "File name too long" in trouble
    assert [part.filename for part in Part.objects.all()] == ["a.xml"]


def test_a_folder_that_is_not_there_is_told_and_the_next_one_is_looked_into(
    folder: Folder, path: Path
) -> None:
    FolderFactory(path="nowhere")
    FolderFactory(path="closed", is_open=False)
    (path / "a.xml").write_bytes(b"<a/>")
    look_into_all()
    rows = {row.path: row for row in Folder.objects.all()}
    assert "cannot be reached (No such file or directory)" in rows["nowhere"].trouble
    assert (rows["closed"].trouble, rows["closed"].checked_at) == ("", None)
    assert Receipt.objects.count() == 1
    (path.parent / "nowhere").mkdir()  # where the disk should be
    look_into_all()
    assert Folder.objects.get(path="nowhere").trouble


def test_a_folder_that_somebody_holds_is_left_alone(folder: Folder, path: Path) -> None:
    (path / "a.xml").write_bytes(b"<a/>")
    lease = leases.take(folder, seconds=60)
    look_into(folder)
    assert not Receipt.objects.exists()
    assert lease
    leases.free(folder, lease)
    look(folder)
    assert Receipt.objects.count() == 1


def test_names_that_no_text_can_hold_are_taken_as_well(folder: Folder, path: Path) -> None:
    for name in (b"r\xe9el.xml", b"a\nb.xml", b"--help.xml", "€ \u202elmx.xml".encode()):
        (path / os.fsdecode(name)).write_bytes(b"<a/>")
    assert look(folder) == ""
    assert {part.filename for part in Part.objects.all()} == {"rel.xml", "ab.xml", "--help.xml", "€ lmx.xml"}
    settle()
    look(folder)
    assert len(list((path / "done").iterdir())) == 4
