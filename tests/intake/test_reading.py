"""The invoice in a file: XML, or a PDF that carries it."""

import pytest

from apps.intake.detection import Format, NotAnInvoice
from apps.intake.parsing import Unreadable
from apps.intake.reading import NotInPDF, read
from tests.intake import samples
from tests.intake.pdf.test_examining import page, written
from tests.shared import CORPUS, needs_corpus

CII = b'<CrossIndustryInvoice xmlns="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>'


def carrying(*files: bytes) -> bytes:
    writer = page("Factuur 2026-0042")
    for place, content in enumerate(files):
        writer.add_attachment(f"{place}.xml", content)
    return written(writer)


def test_xml_is_read_as_it_is() -> None:
    found = read(samples.ubl().encode())
    assert (found.number, found.in_pdf) == ("2026-0042", False)


def test_a_pdf_is_read_by_the_invoice_that_it_carries() -> None:
    found = read(carrying(b"<metadata/>", b"<broken", samples.ubl().encode()))
    assert (found.number, found.in_pdf) == ("2026-0042", True)


def test_factur_x_is_recognised_and_not_read() -> None:
    with pytest.raises(NotAnInvoice) as raised:
        read(carrying(CII))
    assert raised.value.format is Format.CII


def test_a_pdf_without_an_invoice_gives_its_text() -> None:
    with pytest.raises(NotInPDF) as raised:
        read(written(page("Aanmaning")))
    assert (raised.value.text, raised.value.code) == ("Aanmaning", "pdf")


def test_a_pdf_that_cannot_be_opened_says_why() -> None:
    writer = page("Factuur")
    writer.encrypt("secret", algorithm="AES-256")
    with pytest.raises(Unreadable) as raised:
        read(written(writer))
    assert raised.value.code == "encrypted"
    assert str(raised.value.reason)


@needs_corpus
def test_a_real_pdf_with_ubl_is_an_invoice() -> None:
    found = read((CORPUS / "invoices/oca-edi-pdf/AzureInterior.pdf").read_bytes())
    assert found.in_pdf
    assert found.number == "INV/2023/03/0008"
