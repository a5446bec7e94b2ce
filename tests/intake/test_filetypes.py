"""What a file is, by its bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.intake.filetypes import SHOWN_AS_TEXT, FileType, detect, shown_as, signature
from tests.intake import samples, zips

MAIL = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Factuur\r\n\r\nHierbij\r\n"
XML = samples.ubl().encode()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", FileType.PDF),
        (b"\r\n\r\nnoise %PDF-1.4", FileType.PDF),
        (b"\x89PNG\r\n\x1a\n", FileType.PNG),
        (b"\xff\xd8\xff\xe0", FileType.JPEG),
        (b"GIF89a", FileType.GIF),
        (b"II*\0rest", FileType.TIFF),
        (b"MM\0*rest", FileType.TIFF),
        (XML, FileType.XML),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><!-- <html> --><a/>", FileType.XML),
        ("<?xml version='1.0' encoding='UTF-16'?><Invoice/>".encode("utf-16"), FileType.XML),
        ("<Invoice/>".encode("utf-16-le"), FileType.XML),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", FileType.XML),
        (b"<!DOCTYPE Invoice [<!ENTITY a 'b'>]><Invoice/>", FileType.XML),
        (b"<!doctype HTML><p>", FileType.HTML),
        (b"<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'/>", FileType.HTML),
        (b" <Script>alert(1)</Script>", FileType.HTML),
        (zips.packed(("a.xml", XML)), FileType.ZIP),
        (zips.packed(), FileType.ZIP),
        (b"PK\x03\x04 damaged", FileType.ZIP),
        (zips.office(), FileType.OFFICE),
        (zips.packed(("in.xlsx", zips.office()), method=0), FileType.ZIP),
        (MAIL, FileType.EML),
        (b"Received: from x\n\tby y\nMIME-Version: 1.0\n\nText", FileType.EML),
        (b"From ada Mon Jan 1\n" + MAIL, FileType.EML),
        (b"Subject: an essay\nDate: today\n\nNo mail says neither sender nor path", FileType.TEXT),
        (b"From: here to there\n\nno mail", FileType.TEXT),
        (b"naam;bedrag\nA;1", FileType.TEXT),
        (b"hello <html><script>alert(1)</script>", FileType.TEXT),
        (b"MZ\x90\x00\x03", FileType.UNKNOWN),
        (b"", FileType.UNKNOWN),
    ],
)
def test_the_bytes_say_what_a_file_is(content: bytes, kind: FileType) -> None:
    assert detect(content) is kind


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"noise %PDF-1.7", None),  # readers take it for a PDF, browsers may take it for anything
        (b"<!-- %PDF- --><html>", SHOWN_AS_TEXT),
        (b"\xef\xbb\xbf  <svg>", SHOWN_AS_TEXT),
        (b"text <html><script>", None),
        (b"GIF89a<script>", None),
        (MAIL, None),
        (zips.office(), None),
        (b"", None),
    ],
)
def test_a_browser_is_shown_what_cannot_run_and_gets_the_rest_as_a_download(
    content: bytes, shown: str | None
) -> None:
    assert shown_as(content) == shown


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<", b"From: ", b"PK\x05\x06", b"PK\x03\x04", b"\xff\xfe<"]),
)
def test_any_bytes_have_a_type_and_none_is_shown_as_a_page(content: bytes, start: bytes) -> None:
    assert detect(start + content) in FileType
    assert signature(start + content) in FileType
    assert shown_as(start + content) in {None, SHOWN_AS_TEXT, "application/pdf", "image/png", "image/jpeg"}


def test_a_long_file_costs_no_more_than_its_head() -> None:
    assert detect(b"<!--" + b"<!--" * 500_000) is FileType.TEXT
    assert detect(b"a:b\n" * 2_000_000) is FileType.TEXT
