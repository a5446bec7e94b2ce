"""The page for people beside an e-invoice without a PDF."""

import re
import zlib
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from apps.intake import ubl
from apps.intake.parsing import Unreadable
from apps.intake.rendering import MOST_LINES, page
from apps.sandbox import time
from tests.intake import samples
from tests.intake.samples import replaced
from tests.shared import ROOT


def words(pdf: bytes) -> str:
    """Return the texts of an uncomplicated PDF, in their order."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    content = b"\n".join(zlib.decompress(one) for one in streams)
    return "\n".join(text.decode("cp1252") for text in re.findall(rb"\((.*?)\) Tj", content))


def rendered(text: str) -> str:
    return words(page(ubl.read(text.encode())))


def test_the_page_shows_parties_numbers_lines_vat_totals_and_payment() -> None:
    shown = rendered(samples.ubl(lines=2))
    for text in (
        "Anker en Touw", "Werf De Hoop", "2611 AA Delft NL", "NL8976.20.458.B.01", "34567892", "2026-0042",
        "15-9-2026", "15-10-2026", "PO-7", "NL47BUNQ0649621411", "Touw 2 mm", "21 %", "200,00", "42,00",
        "EUR 242,00", "Dank voor uw opdracht",
    ):  # fmt: skip
        assert text in shown, text


def test_the_page_is_dutch_whoever_asks() -> None:
    assert "Totaal" in rendered(samples.ubl())
    assert "Creditnota 2026-0042" in rendered(samples.ubl(kind="CreditNote"))


@pytest.mark.django_db
def test_a_later_page_of_the_same_document_is_the_same_file() -> None:
    document = ubl.read(samples.ubl().encode())
    first = page(document)
    time.advance(timedelta(days=3))
    assert page(document) == first


def test_letters_that_the_font_lacks_lose_their_accents_or_are_marked() -> None:
    shown = rendered(replaced(samples.ubl(), "Anker en Touw", "Dvořák 東京 €"))
    assert "Dvorak ?? €" in shown


def test_hundreds_of_lines_take_several_pages_and_more_than_fit_are_counted() -> None:
    assert "Touw 500 mm" in rendered(samples.ubl(lines=500))
    shown = rendered(samples.ubl(lines=MOST_LINES + 7))
    assert f"Touw {MOST_LINES} mm" in shown
    assert f"Touw {MOST_LINES + 1} mm" not in shown
    assert re.search(r"^Nog 7 regels", shown, re.MULTILINE)


def test_every_invoice_of_the_demo_has_a_page() -> None:
    shown = 0
    for path in sorted(Path(ROOT, "fixtures/documents").glob("*.xml")):
        with suppress(Unreadable):
            document = ubl.read(path.read_bytes())
            assert document.number in words(page(document)), path.name
            shown += 1
    assert shown > 50
