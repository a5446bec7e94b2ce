"""From a file of any kind to the order in it."""

import pytest

from apps.intake.order_reading import NoOrderInPDF, NotInPDF, read, written
from apps.intake.order_sheets.examples import order
from apps.intake.parsing import Unreadable
from tests.intake import samples
from tests.intake.order_samples import sample
from tests.intake.pdf.test_examining import page
from tests.intake.pdf.test_examining import written as pdf

ORDER = sample("zwaluw-order.xml")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("zwaluw-order.xml", "BGA-261001"),
        ("zwaluw-bevestiging.xml", "OB-2026-3381"),
        ("zwaluw-sheet.xlsx", "BGA-2026-0917"),
        ("zwaluw-sheet.csv", "BGA-2026-0917"),
    ],
)
def test_each_kind_of_file_is_read(name: str, number: str) -> None:
    found = read(sample(name), name)
    assert found.number == number


def test_a_pdf_that_carries_an_order_is_read_as_that() -> None:
    maker = page("Order")
    maker.add_attachment("factuur.xml", samples.ubl().encode())
    maker.add_attachment("order.xml", ORDER)
    assert read(pdf(maker), "order.pdf") == read(ORDER, "order.xml")


@pytest.mark.parametrize("carried", [None, samples.ubl().encode(), b"<broken"])
def test_a_pdf_without_an_order_gives_its_text(carried: bytes | None, english: None) -> None:
    maker = page("Orderbevestiging 4711")
    if carried:
        maker.add_attachment("a.xml", carried)
    with pytest.raises(NoOrderInPDF) as raised:
        read(pdf(maker), "a.pdf")
    assert isinstance(raised.value, NotInPDF)
    assert "Orderbevestiging 4711" in raised.value.text
    assert str(raised.value.reason) == "This PDF carries no order (XML) that can be read."


def test_a_pdf_that_cannot_be_opened_says_why(english: None) -> None:
    with pytest.raises(NoOrderInPDF) as raised:
        read(b"%PDF-1.7 nothing", "a.pdf")
    assert "damaged" in str(raised.value.reason)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 50, "order.xls", "old Excel file"),
        (b"\0\1\2", "order.bin", "not XML"),
        (samples.ubl().encode(), "order.xml", "no order, order response"),
        (b"hello", "order.txt", "does not name these columns"),
        (b"", "order.xml", "is empty"),
    ],
)
def test_anything_else_is_refused_for_a_reason_that_fits(
    content: bytes, name: str, words: str, english: None
) -> None:
    with pytest.raises(Unreadable) as raised:
        read(content, name)
    assert words in str(raised.value.reason)


def test_what_a_form_writes_is_read_as_an_order() -> None:
    assert read(written(order()), "order.csv") == order()
