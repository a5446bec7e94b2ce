"""The files inside an e-invoice: which go along, which do not, and their bytes."""

from base64 import b64encode

import pytest

from apps.intake import ubl
from apps.intake.document import Document
from apps.intake.enclosures import LARGEST, PAGE, content_of, examine
from tests.intake import samples
from tests.intake.samples import enclosing

PDF, PNG = b"%PDF-1.7 bon", b"\x89PNG\r\n\x1a\nbeeld"


def document(*files: tuple[str, bytes]) -> Document:
    return ubl.read(enclosing(samples.ubl(), *files).encode())


def test_pdfs_and_images_go_along_in_their_order() -> None:
    found, findings = examine(document(("bon.pdf", PDF), ("foto.PNG", PNG)), 1000)
    assert found == [(1, "bon.pdf", True), (2, "foto.PNG", False)]
    assert not findings


def test_a_file_is_what_its_bytes_say_and_its_name_follows() -> None:
    found, _findings = examine(document(("bon.exe", PDF)), 1000)
    assert found == [(1, "bon.exe.pdf", True)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("macro.pdf", b"MZ\x90", "enclosure_unsafe"),
        ("uren.csv", b"=cmd()", "enclosure_unsafe"),
        ("pagina.html", b"<script>", "enclosure_unsafe"),
        ("groot.pdf", PDF + bytes(LARGEST), "enclosure_too_large"),
    ],
)
def test_what_does_not_go_along_is_said_with_its_name(name: str, content: bytes, code: str) -> None:
    found, findings = examine(document(("bon.pdf", PDF), (name, content)), 1000)
    assert [one.position for one in found] == [1]
    assert [(one.code, one.values["file"], one.blocks) for one in findings] == [(code, name, False)]
    assert name in findings[0].sentence()


def test_damaged_base64_is_said_and_costs_nothing_else() -> None:
    text = enclosing(samples.ubl(), ("bon.pdf", PDF)).replace(b64encode(PDF).decode(), "%%%")
    found, findings = examine(ubl.read(text.encode()), 1000)
    assert (found, [one.code for one in findings]) == ([], ["enclosure_unreadable"])


def test_an_e_invoice_larger_than_exact_takes_is_said() -> None:
    assert [one.code for one in examine(document(), LARGEST + 1)[1]] == ["original_too_large"]
    assert not examine(document(), LARGEST)[1]


def test_the_bytes_of_each_file_come_out_as_they_were_put_in() -> None:
    original = enclosing(samples.ubl(), ("bon.pdf", PDF), ("foto.png", PNG)).encode()
    assert content_of(original, None) == original
    assert [content_of(original, position) for position in (1, 2)] == [PDF, PNG]
    assert content_of(original, PAGE).startswith(b"%PDF-")
