"""What ClamAV knows is never read and never shown; while it is away everything waits."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from apps.core import clock
from apps.core.http import Rejected, RemoteCallInTransaction, Temporary
from apps.intake import clamd, scanning
from apps.intake.models import Original, Part, PartOutcome
from apps.people.models import Role
from tests import office
from tests.intake import samples, scanners, zips
from tests.intake.factories import OriginalFactory, PartFactory, ReceiptFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
needs_clamd = pytest.mark.skipif(scanners.CLAMD is None, reason="ClamAV is not on this machine")
INFECTED = samples.enclosing(samples.ubl(), ("bon.pdf", b"%PDF-1.7 " + scanners.MARKER)).encode()


@pytest.fixture(scope="module")
def addresses() -> Iterator[tuple[str, str]]:
    with TemporaryDirectory(prefix="clamd") as folder, scanners.clamd(Path(folder) / "own") as made:
        yield made


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def part(data: bytes, **values: Any) -> Part:
    made: Part = PartFactory(original=OriginalFactory(data=data), **values)
    return made


def test_without_a_scanner_everything_passes_and_nothing_is_noted() -> None:
    one = part(scanners.EICAR)
    assert scanning.is_clean(one) is True
    assert (one.original.scanned_at, one.outcome, scanning.unscanned()) == (None, PartOutcome.RECEIVED, 0)


@needs_clamd
@pytest.mark.parametrize("way", [0, 1], ids=["tcp", "socket"])
def test_a_real_scanner_finds_what_it_knows(way: int, addresses: tuple[str, str]) -> None:
    assert clamd.scan(scanners.EICAR, addresses[way]) == "Eicar-Test.UNOFFICIAL"
    assert clamd.scan(zips.packed(("in.bin", b"x" * 50_000 + scanners.MARKER)), addresses[way])
    assert clamd.scan(b"", addresses[way]) == ""
    assert clamd.scan(samples.ubl().encode() + b" " * 300_000, addresses[way]) == ""


@needs_clamd
def test_a_real_scanner_refuses_what_is_larger_than_it_takes(addresses: tuple[str, str]) -> None:
    with pytest.raises((Rejected, Temporary)):  # it hangs up while more is sent, or says so
        clamd.scan(bytes(3 * 1024**2), addresses[0])


@needs_clamd
@pytest.mark.parametrize("data", [scanners.EICAR, INFECTED], ids=["file", "inside an e-invoice"])
def test_what_is_infected_is_rejected_with_its_reason(
    data: bytes, addresses: tuple[str, str], settings: Any
) -> None:
    settings.CLAMAV_ADDRESS = addresses[0]
    one, clean = part(data), part(samples.ubl().encode())
    assert (scanning.is_clean(one), scanning.is_clean(clean)) == (False, True)
    one.refresh_from_db()
    assert one.outcome == PartOutcome.REJECTED
    assert "UNOFFICIAL in this file" in one.reason
    original = Original.objects.get(pk=one.original_id)
    assert original.virus
    assert original.scanned_at
    assert Original.objects.get(pk=clean.original_id).virus == ""


def test_an_outcome_counts_for_a_day(settings: Any) -> None:
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    now = clock.now()
    fresh = OriginalFactory(scanned_at=now - timedelta(hours=23))
    stale = OriginalFactory(scanned_at=now - timedelta(hours=25))
    known = OriginalFactory(scanned_at=now, virus="Old-Virus")
    found = [scanning.is_clean(PartFactory(original=original)) for original in (fresh, stale, known)]
    assert found == [True, None, False]


def test_while_the_scanner_is_away_parts_wait_and_it_is_said(settings: Any, free_port: int) -> None:
    settings.CLAMAV_ADDRESS = f"127.0.0.1:{free_port}"
    receipt = ReceiptFactory(received_at=clock.now() - timedelta(minutes=6))
    one = part(b"<a/>", receipt=receipt)
    assert scanning.is_clean(one) is None
    one.refresh_from_db()
    assert (one.outcome, scanning.unscanned()) == (PartOutcome.RECEIVED, 1)
    assert (
        scanning.trouble() == "The virus scanner does not answer (Connection refused). See that clamd runs."
    )
    with scanners.answering(b"stream: OK\0") as address:
        settings.CLAMAV_ADDRESS = address
        assert scanning.is_clean(one) is True
    assert (scanning.unscanned(), scanning.trouble()) == (0, "")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (None, Temporary),
        (b"", Temporary),
        (b"stream: OK maybe\0", Temporary),
        (b"\xff" * 9000, Temporary),
        (b"INSTREAM size limit exceeded. ERROR\0", Rejected),
    ],
)
def test_an_answer_that_is_none_is_no_clean_file(answer: bytes | None, error: type[Exception]) -> None:
    with scanners.answering(answer) as address, pytest.raises(error):
        clamd.scan(b"x", address)


@pytest.mark.parametrize(
    "address", ["192.88.99.1:3310", "8.8.8.8:3310", "0.0.0.0:3310", "localhost", "here:there"]
)
def test_nothing_is_sent_beyond_the_own_network(address: str) -> None:
    with pytest.raises(Rejected) as caught:
        clamd.scan(b"x", address)
    assert "CLAMAV_ADDRESS" in caught.value.words


def test_a_socket_that_is_not_there_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(Temporary):
        clamd.scan(b"x", str(tmp_path / "none"))


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_inside_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(RemoteCallInTransaction):
        clamd.scan(b"x", "127.0.0.1:1")


def test_what_is_infected_is_not_shown_to_anybody() -> None:
    books = office.books("Ooievaar")
    browser = office.browser(office.person(Role.BOOKKEEPER, books.client))
    original = OriginalFactory(data=INFECTED, virus="Own-Marker", scanned_at=clock.now())
    one = PartFactory(original=original, administration=books.administration)
    one.receipt.message = original
    one.receipt.administration = books.administration
    one.receipt.save(update_fields=["message", "administration"])
    for name, keys in (
        ("part_original", (one.pk,)),
        ("part_attachment", (one.pk, 1)),
        ("receipt_message", (one.receipt_id,)),
    ):
        answer = browser.get(reverse(f"admin:intake_{name}", args=keys))
        assert answer.status_code == 403, name
        assert "Own-Marker" in answer.content.decode()
        assert scanners.MARKER not in answer.content
