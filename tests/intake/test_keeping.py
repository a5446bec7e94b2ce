"""Bytes are kept before anybody reads them, once per content, and nothing of a failed arrival is left."""

import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, connections

from apps.intake.keeping import keep
from apps.intake.models import Channel, Original, Part, PartOutcome, Receipt
from tests.bells import calls, rung
from tests.clients.factories import AdministrationFactory
from tests.intake.factories import PartFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


def path_of(original: Original) -> Path:
    return Path(storages["originals"].path(original.content_name))


def test_each_file_is_an_unread_part_with_its_bytes_as_they_came_in() -> None:
    contents = [b"\x00\xff\r\n", b"", "ß".encode("utf-16")]
    receipt = keep(
        [(f"{n}.xml", content) for n, content in enumerate(contents)],
        channel=Channel.MAIL,
        sender="a@b.example",
    )
    parts = list(receipt.parts.order_by("position"))
    assert [part.original.content() for part in parts] == contents
    assert [(part.position, part.filename, part.outcome) for part in parts] == [
        (1, "0.xml", PartOutcome.RECEIVED),
        (2, "1.xml", PartOutcome.RECEIVED),
        (3, "2.xml", PartOutcome.RECEIVED),
    ]
    assert parts[0].original.pk == hashlib.sha256(contents[0]).hexdigest()
    assert (parts[0].original.size, receipt.sender) == (4, "a@b.example")


def test_the_same_bytes_are_stored_once_however_often_they_come_in() -> None:
    first, second = (keep([("a.xml", b"the same bytes")], channel=Channel.UPLOAD) for _ in range(2))
    assert first.parts.get().original == second.parts.get().original
    assert Part.objects.count() == 2


def test_bytes_that_the_archive_lost_are_whole_again_when_they_come_in_again() -> None:
    lost = keep([("a.xml", b"lost and found")], channel=Channel.UPLOAD).parts.get().original
    path_of(lost).unlink()
    keep([("a.xml", b"lost and found")], channel=Channel.UPLOAD)
    assert Original.objects.get(pk=lost.pk).content() == b"lost and found"


def test_a_worker_is_rung_for_the_receipt() -> None:
    receipt = keep([("a.xml", b"a"), ("b.xml", b"b")], channel=Channel.UPLOAD)
    assert rung() == calls("parts_kept", receipt.pk)


def test_who_brought_it_and_for_whom_is_kept() -> None:
    administration, user = AdministrationFactory(), UserFactory()
    receipt = keep([("a.xml", b"a")], channel=Channel.UPLOAD, administration=administration, user=user)
    assert (receipt.administration, receipt.user) == (administration, user)
    assert receipt.parts.get().administration == administration


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\factuur.xml", "factuur.xml"),
        ("a\r\nb\x00.xml", "ab.xml"),
        ("", "unnamed"),
        ("map/", "unnamed"),
        ("n" * 300, "n" * 255),
        ("ünïcode ß.xml", "ünïcode ß.xml"),
    ],
)
def test_a_file_name_is_a_name_and_nothing_more(written: str, kept: str) -> None:
    assert keep([(written, b"a")], channel=Channel.UPLOAD).parts.get().filename == kept


def test_what_cannot_be_kept_whole_is_not_kept_at_all() -> None:
    with pytest.raises((IntegrityError, ValueError)):
        keep([("a.xml", b"a")], channel=Channel.UPLOAD, user=UserFactory.build(pk=None))
    assert (Receipt.objects.count(), Part.objects.count(), rung()) == (0, 0, [])


def test_the_stored_file_is_for_the_product_alone() -> None:
    original = keep([("a.xml", os.urandom(16))], channel=Channel.UPLOAD).parts.get().original
    assert path_of(original).stat().st_mode & 0o777 == 0o600


def test_long_subjects_and_senders_are_cut() -> None:
    receipt = keep([("a.xml", b"a")], channel=Channel.MAIL, sender="s" * 300, subject="t" * 300)
    assert (len(receipt.sender), len(receipt.subject)) == (255, 255)


def test_what_no_column_can_hold_is_left_out_of_subjects_and_senders() -> None:
    receipt = keep([("a.xml", b"a")], channel=Channel.MAIL, sender="a\x00b", subject="een\x00\r\ntwee")
    assert (receipt.sender, receipt.subject) == ("ab", "eentwee")


def test_a_part_gets_its_outcome_once() -> None:
    part = PartFactory()
    other = Part.objects.get(pk=part.pk)
    assert part.settle(PartOutcome.REJECTED, reason="no XML")
    assert not other.settle(PartOutcome.DOCUMENT)
    other.refresh_from_db()
    assert (part.outcome, other.outcome, other.reason) == (
        PartOutcome.REJECTED,
        PartOutcome.REJECTED,
        "no XML",
    )


@pytest.mark.parametrize(
    "values", [{"outcome": PartOutcome.REJECTED}, {"outcome": PartOutcome.DUPLICATE, "reason": "again"}]
)
def test_the_database_refuses_an_outcome_without_what_it_implies(values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError):
        Part.objects.filter(pk=PartFactory().pk).update(**values)


@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_in_the_same_moment_are_one_original() -> None:
    content, gate = os.urandom(16), threading.Barrier(4)

    def run(n: int) -> Receipt:
        gate.wait()
        try:
            return keep([(f"{n}.xml", content)], channel=Channel.UPLOAD)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(run, range(4)))
    assert len({receipt.parts.get().original_id for receipt in receipts}) == 1
    assert Original.objects.get().content() == content
