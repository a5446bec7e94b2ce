"""What eConnect reads of a document."""

from apps.sandbox.econnect import formats
from tests.sandbox.econnect.driver import INVOICE, NLCIUS
from tests.shared import ROOT

SAMPLE = (ROOT / "fixtures/documents/01-zwaluw-bloem.xml").read_bytes()


def test_a_sample_tells_its_type_parties_and_number() -> None:
    assert formats.document_type(SAMPLE) == (
        "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice"
        "##urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1"
    )
    assert (formats.sender(SAMPLE), formats.receiver(SAMPLE)) == ("0106:51439807", "0106:64134164")
    assert formats.number(SAMPLE) == "2026-10441"


def test_what_is_no_ubl_tells_nothing() -> None:
    for content in (b"", b"%PDF-1.7", b"<Invoice/>", b"\xff\xfe"):
        assert formats.document_type(content) == ""
        assert formats.sender(content) == formats.receiver(content) == formats.number(content) == ""
        assert formats.in_format(content, NLCIUS) == content


def test_only_the_customization_changes_with_the_format() -> None:
    changed = formats.in_format(INVOICE, NLCIUS)
    assert formats.document_type(changed) == NLCIUS
    assert len(changed.splitlines()) == len(INVOICE.splitlines())
    assert formats.in_format(changed, formats.document_type(INVOICE)) == INVOICE
    assert formats.in_format(INVOICE, "pdf") == INVOICE
