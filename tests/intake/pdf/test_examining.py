"""PDFs of strangers: what they hold, or a clear reason, and never a hang."""

import io
import zlib
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from apps.intake.pdf import Examined, examine, examining
from tests.shared import CORPUS, needs_corpus

FILES = CORPUS / "invoices"


def written(writer: PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def page(text: str = "", stream: bytes = b"") -> PdfWriter:
    """Return a PDF of one page with `text`, or with a content stream of one's own."""
    writer = PdfWriter()
    sheet = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    sheet[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    content = DecodedStreamObject()
    content.set_data(stream or f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode())
    sheet[NameObject("/Contents")] = writer._add_object(content)
    return writer


def test_the_text_of_the_first_page_is_found() -> None:
    assert examine(written(page("Betalingsherinnering"))) == Examined("Betalingsherinnering")


def test_only_the_first_two_pages_are_read() -> None:
    writer = page("one")
    for text in ("two", "three"):
        writer.append(io.BytesIO(written(page(text))))
    assert examine(written(writer)).text.split() == ["one", "two"]


def test_embedded_xml_comes_out_and_nothing_else_does() -> None:
    writer = page("Factuur")
    writer.add_attachment("factuur.xml", b"<Invoice/>")
    writer.add_attachment("logo.png", b"\x89PNG")
    assert examine(written(writer)).embedded == (("factuur.xml", b"<Invoice/>"),)


def test_what_carries_a_file_is_never_taken_for_one_that_carries_none() -> None:
    writer = page("Factuur")
    assert not examining.may_carry_files(written(writer))
    writer.add_attachment("factuur.xml", b"<Invoice/>")
    plain = written(writer)
    assert examining.may_carry_files(plain)
    spelled = plain.replace(b"/EmbeddedFile", b"/Em#62eddedFile")  # ISO 32000-1, 7.3.5
    assert examining.may_carry_files(spelled)
    assert examining.may_carry_files(b"%PDF-1.7 /Type /ObjStm")


def test_a_locked_pdf_says_so_and_one_that_only_forbids_printing_is_read() -> None:
    writer = page("Factuur")
    writer.encrypt("secret", algorithm="AES-256")
    assert examine(written(writer)) == Examined(trouble="encrypted")
    writer = page("Factuur")
    writer.encrypt("", "owner", algorithm="AES-256")
    assert examine(written(writer)).text == "Factuur"


def test_a_script_is_not_run() -> None:
    writer = page("Factuur")
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("while (true) {}")}
    action = DictionaryObject({NameObject(key): value for key, value in script.items()})
    writer._root_object[NameObject("/OpenAction")] = writer._add_object(action)
    assert examine(written(writer)) == Examined("Factuur")


@pytest.mark.parametrize(
    "content",
    [b"%PDF-", b"%PDF-1.7\n" + b"\0" * 10_000, b"%PDF-1.7\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"],
)
def test_what_is_damaged_says_so(content: bytes) -> None:
    assert examine(content).trouble == "broken"


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_half_a_pdf_gives_an_answer(cut: float) -> None:
    whole = written(page("Factuur"))
    assert examine(whole[: int(len(whole) * cut)]).trouble in {"", "broken"}


def test_a_bomb_gives_an_answer_within_its_limits() -> None:
    packed = zlib.compress(b"\0" * (600 * 1024 * 1024), 9)
    body = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"4 0 obj<</Filter/FlateDecode/Length LENGTH>>stream\n"
        + packed
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    ).replace(b"LENGTH", b"%d" % len(packed))
    assert examine(body).trouble in examining.TROUBLES


def test_a_page_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "CPU_SECONDS", 1)
    slow = page(stream=b"BT /F1 12 Tf " + b"(x) Tj 1 0 0 1 1 1 Tm " * 400_000 + b"ET")
    assert examine(written(slow)).trouble == "too_slow"


def test_a_process_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text("import time\ntime.sleep(60)")
    monkeypatch.setattr(examining, "_CHILD", child)
    monkeypatch.setattr(examining, "WALL_SECONDS", 1)
    assert examine(b"%PDF-1.7").trouble == "too_slow"


@pytest.mark.parametrize("program", ["print('x')", "import sys; sys.exit(3)", "print('[1]')"])
def test_an_answer_that_is_none_is_a_trouble(
    program: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child = tmp_path / "child.py"
    child.write_text(program)
    monkeypatch.setattr(examining, "_CHILD", child)
    assert examine(b"%PDF-1.7").trouble in examining.TROUBLES


@needs_corpus
@pytest.mark.parametrize(
    ("name", "words", "embedded"),
    [
        ("oca-edi-pdf/AzureInterior.pdf", "INV/2023/03/0008", ["UBL-Invoice-2.1.xml"]),
        ("oca-edi-pdf/Facture_FR_EN16931.pdf", "Facture FA-2017-0010", ["factur-x.xml"]),
        ("oca-edi-pdf/unknown_invoice.pdf", "empty invoice", []),
        ("invoice2data-pdf/coolblue1.pdf", "FACTUUR", []),
        ("invoice2data-pdf/QualityHosting.pdf", "QualityHosting", []),
        ("invoice2data-pdf/AmazonWebServices.pdf", "VAT", []),
    ],
)
def test_real_invoices_are_read(name: str, words: str, embedded: list[str]) -> None:
    found = examine((FILES / name).read_bytes())
    assert found.trouble == ""
    assert words in found.text
    assert [name for name, _content in found.embedded] == embedded
    assert examining.may_carry_files((FILES / name).read_bytes()) or not embedded
